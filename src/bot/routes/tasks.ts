import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Secret } from '../../secret.ts'
import type { AgentPorts } from '../../services/agent/ports.ts'
import { PERSON } from '../../services/tasks/task.ts'
import type { UnitOfWork } from '../../unit-of-work.ts'
import { addAndPoll, tryReadWish } from '../adding.ts'
import type { TaskKind } from '../views/task-modal.ts'
import { createRateLimit, type RateLimit } from './rate-limit.ts'
import { json, type ApiRequest, type ApiRoute, type Reply } from './reply.ts'

export interface TaskRouteDeps {
  readonly uow: UnitOfWork<Pick<AgentPorts, 'tasks' | 'work' | 'audit'>>
  readonly clock: Clock
  readonly log: Log
  /** Undefined: the route is off. */
  readonly token: Secret | undefined
  readonly kinds: readonly TaskKind[]
  readonly wake: () => void
}

const MOST_BYTES = 32 * 1024
const A_MINUTE = { requests: 60, ms: 60_000 }
const LONGEST_KEY = 200
const FIELDS: readonly string[] = ['kind', 'title', 'details', 'priority', 'key']

const fail = (status: number, error: string, more: { problems?: readonly string[]; headers?: Record<string, string> } = {}): Reply => {
  const reply = json(status, { error, ...(more.problems === undefined ? {} : { problems: more.problems }) })
  return { ...reply, headers: { ...reply.headers, ...more.headers } }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** In constant time: how long the comparison takes tells nothing of the token. */
function isToken(header: string | undefined, token: Secret): boolean {
  const [, given] = /^Bearer +(\S+)$/i.exec(header ?? '') ?? []
  return timingSafeEqual(digest(given ?? ''), digest(token.reveal())) && given !== undefined
}

function tooMany(waitMs: number): Reply {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return fail(429, `More than ${A_MINUTE.requests} requests within a minute; try again in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
  })
}

/** Who asks, how and how often. Wrong tokens have a limit of their own, so that they lock nobody out. */
function refuse(request: ApiRequest, token: Secret, limits: { right: RateLimit; wrong: RateLimit }, now: number): Reply | null {
  if (request.method !== 'POST') return fail(405, 'Use POST.', { headers: { allow: 'POST' } })
  if (!isToken(request.headers.authorization, token)) {
    const waitMs = limits.wrong.take(now)
    if (waitMs > 0) return tooMany(waitMs)
    return fail(401, 'Send the token as "Authorization: Bearer <token>".', { headers: { 'www-authenticate': 'Bearer' } })
  }
  const waitMs = limits.right.take(now)
  if (waitMs > 0) return tooMany(waitMs)
  const [type = ''] = (request.headers['content-type'] ?? '').split(';')
  return type.trim().toLowerCase() === 'application/json' ? null : fail(415, 'Send JSON, with the content type application/json.')
}

type Parsed =
  | { readonly kind: 'body'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'refused'; readonly reply: Reply }

async function readBody(request: ApiRequest): Promise<Parsed> {
  const bytes = await request.body(MOST_BYTES)
  if (bytes === null) return { kind: 'refused', reply: fail(413, `The body is longer than ${MOST_BYTES} bytes.`) }
  try {
    const body: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { kind: 'body', body: body as Record<string, unknown> }
  } catch {
    // Said below.
  }
  return { kind: 'refused', reply: fail(400, 'The body is not a JSON object.') }
}

function keyProblem(key: unknown): string | null {
  if (key === undefined || (typeof key === 'string' && key.trim() !== '' && key.length <= LONGEST_KEY)) return null
  return `key must be text of 1 to ${LONGEST_KEY} characters`
}

async function add(deps: TaskRouteDeps, body: Readonly<Record<string, unknown>>): Promise<Reply> {
  const { key, ...input } = body
  const unknown = Object.keys(input).filter((field) => !FIELDS.includes(field))
  const wished = Object.fromEntries(Object.entries(input).filter(([field]) => FIELDS.includes(field)))
  const read = tryReadWish(wished, deps.kinds)
  const problems = [
    ...(read.kind === 'problems' ? read.problems.map(({ field, problem }) => `${field} ${problem}`) : []),
    ...unknown.slice(0, 20).map((field) => `${field.slice(0, 100)} is not a field; there is ${FIELDS.join(', ')}`),
    ...[keyProblem(key)].filter((problem) => problem !== null),
  ]
  const { kind } = input
  const offered = deps.kinds.filter(({ api }) => api).map((one) => one.kind)
  if (typeof kind === 'string' && (kind === PERSON || deps.kinds.some((one) => one.kind === kind)) && !offered.includes(kind)) {
    const list = offered.length === 0 ? 'no kind of task' : offered.join(', ')
    return fail(403, `Tasks of the kind ${kind} cannot be added over the API; what can: ${list}.`)
  }
  if (read.kind === 'problems' || problems.length > 0) return fail(400, 'The task was not added.', { problems })
  const now = deps.clock.now()
  // Keys of callers are a world of their own: none can be another part's key.
  const adding = { origin: { via: 'api', by: null }, ...(typeof key === 'string' ? { key: `api:${key}` } : {}) } as const
  const added = await deps.uow.run((ports) => addAndPoll(ports, read.wish, adding, now))
  if (added.kind === 'no-such-task')
    return fail(400, 'The task was not added.', { problems: [`dependsOn names task ${added.id}, which is not there`] })
  if (added.kind === 'conflict') return fail(409, `The key was used before for another task, ${added.task.id}.`)
  if (added.kind === 'known') return json(200, { id: added.task.id })
  deps.log.info('api', `task ${added.task.id} (${added.task.kind}) added`)
  deps.wake()
  return json(201, { id: added.task.id })
}

/** `POST /api/tasks`: another system asks for a task. With a `key` it may ask as often as it likes, and gets one task. */
export function createTaskRoute(deps: TaskRouteDeps): ApiRoute {
  const limits = { right: createRateLimit(A_MINUTE.requests, A_MINUTE.ms), wrong: createRateLimit(A_MINUTE.requests, A_MINUTE.ms) }
  return async (request) => {
    if (deps.token === undefined) return fail(404, 'There is nothing here.')
    const refused = refuse(request, deps.token, limits, deps.clock.monotonic())
    if (refused !== null) return refused
    const parsed = await readBody(request)
    return parsed.kind === 'refused' ? parsed.reply : add(deps, parsed.body)
  }
}
