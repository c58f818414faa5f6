import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import type { World } from '../world.ts'
import { runAct } from './acts.ts'
import type { ActDeps } from './acts.ts'
import { readCommands } from './commands.ts'
import { refusalOf } from './guard.ts'
import type { Lock } from './guard.ts'
import { takeParts } from './snapshot.ts'
import { createSlackSwitches } from './slack-switches.ts'
import { readStaticFiles } from './static-files.ts'
import { createStream } from './stream.ts'
import type { Stream } from './stream.ts'
import { beginTour } from './tour-stage.ts'
import { TOUR } from './tour-steps.ts'
import { createTour } from './tour.ts'
import type { TourControl } from './tour.ts'

export interface ConsoleOptions {
  /** Multiplies the tour's pauses for reading. */
  readonly pace?: number
}

/** One page that shows the world and lets people do things to it; on loopback only. */
export interface Console {
  /** Gives its address. */
  start(): Promise<string>
  stop(): Promise<void>
  readonly tour: TourControl
}

const MAX_BODY_BYTES = 64 * 1024

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const

function reply(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type }).end(body)
}

const replyJson = (response: ServerResponse, status: number, body: unknown): void =>
  reply(response, status, JSON.stringify(body), 'application/json; charset=utf-8')

/** Null: too long. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  return size > MAX_BODY_BYTES ? null : Buffer.concat(chunks).toString('utf8')
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

interface Site {
  readonly lock: Lock
  readonly deps: ActDeps
  readonly stream: Stream
}

async function takeAct({ deps, stream }: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request)
  if (body === null) return replyJson(response, 413, { ok: false, why: 'That is too long.' })
  const answer = await runAct(deps, readJson(body))
  stream.changed()
  return replyJson(response, answer.ok ? 200 : answer.status, answer)
}

function createHandler(site: () => Site): (request: IncomingMessage, response: ServerResponse) => void {
  const files = readStaticFiles(join(import.meta.dirname, 'browser'))
  return (request, response) => {
    const { lock, stream } = site()
    const refusal = refusalOf(request, lock)
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    if (refusal !== null) return reply(response, refusal.status, refusal.why)
    if (request.method === 'POST' && path === '/act')
      return void takeAct(site(), request, response).catch((error: unknown) => replyJson(response, 500, { ok: false, why: String(error) }))
    if (request.method === 'GET' && path === '/events') {
      for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
      return stream.open(response)
    }
    const file = request.method === 'GET' ? files.get(path) : undefined
    if (file === undefined) return reply(response, 404, 'There is nothing here.')
    return reply(response, 200, path === '/' ? file.body.replace('{{token}}', lock.token) : file.body, file.type)
  }
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
}

/** Everything that can change what the page shows. */
function watch({ slack, google, claude, host, bot }: World, changed: () => void): () => void {
  const leaves = [slack.on(changed), google.on(changed), claude.on(changed), host.on(changed), bot.on(changed)]
  return () => leaves.forEach((leave) => leave())
}

export function createConsole(world: World, { pace = 1 }: ConsoleOptions = {}): Console {
  const switches = createSlackSwitches(world.slack)
  const tour = createTour({
    steps: TOUR,
    begin: () => beginTour(world, switches),
    finish: ({ leave }) => leave(),
    changed: () => stream.changed(),
    pace,
  })
  const commands = readCommands()
  const stream = createStream(() => takeParts({ world, switches, tour: () => tour.view(), commands }, Date.now()))
  const site: { lock: Lock; deps: ActDeps; stream: Stream } = {
    lock: { host: '', token: randomBytes(24).toString('base64url') },
    deps: { world, switches, tour },
    stream,
  }
  const server = createServer(createHandler(() => site))
  let leave: (() => void) | undefined
  return {
    tour,
    async start() {
      const host = await listen(server)
      site.lock = { ...site.lock, host }
      leave = watch(world, () => stream.changed())
      return `http://${host}/`
    },
    async stop() {
      leave?.()
      tour.control('stop')
      stream.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        // What the page was last told is on its way.
        setTimeout(() => server.closeAllConnections(), 100).unref()
      })
    },
  }
}
