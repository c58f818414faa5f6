import { Refused, errorReply, invalid } from './api-error.ts'
import { faultReply } from './faults.ts'
import type { FaultQueue } from './faults.ts'
import { jsonReply } from './http-message.ts'
import type { Call, Outcome, Reply } from './http-message.ts'
import type { Journal } from './journal.ts'
import type { createPromptCache } from './prompt-cache.ts'
import { hashOf, piecesOf, tokensOf } from './prompt.ts'
import type { Piece } from './prompt.ts'
import { answer, messageBody, newId } from './reply.ts'
import type { Hook } from './reply.ts'
import { readCacheControl } from './request/cache-control.ts'
import { readRequest } from './request/read-request.ts'
import { checkThinking } from './thinking.ts'
import type { Block, ClaudeFault, ModelInfo, RequestRecord } from './types.ts'

export interface HandlerDeps {
  readonly apiKey: () => string
  readonly hook: () => Hook
  readonly models: readonly ModelInfo[]
  readonly now: () => number
  readonly faults: FaultQueue
  readonly cache: ReturnType<typeof createPromptCache>
  readonly journal: Journal
  readonly pause: () => Promise<void>
}

type Seen = Partial<RequestRecord>
const PATH = '/v1/messages'
const MODEL_PATH = /^\/v1\/models\/([\w.-]+)$/
const VERSIONS = new Set(['2023-06-01', '2026-10-21'])

/** From a request to its outcome, with one record each. */
export function createHandler(deps: HandlerDeps): (call: Call) => Promise<Outcome> {
  const paused = new Set<string>()
  return async (call) => {
    const requestId = newId('req_011')
    const isMessages = call.method === 'POST' && call.url.pathname === PATH
    const fault = isMessages ? deps.faults.take() : undefined
    const seen: Seen = {}
    const outcome = await outcomeOf(deps, { call, requestId, fault, paused, seen, isMessages })
    deps.journal.record({
      at: deps.now(),
      method: call.method,
      path: call.url.pathname,
      status: outcome.kind === 'reply' ? outcome.reply.status : 0,
      requestId,
      ...seen,
      ...(fault === undefined ? {} : { fault: fault.kind }),
    })
    return outcome
  }
}

interface Work {
  call: Call
  requestId: string
  fault: ClaudeFault | undefined
  paused: Set<string>
  /** What the record tells. */
  seen: Seen
  isMessages: boolean
}

async function outcomeOf(deps: HandlerDeps, work: Work): Promise<Outcome> {
  const { fault, requestId, seen } = work
  if (fault?.kind === 'timeout') return { kind: 'hang' }
  if (fault?.kind === 'reset') return { kind: 'reset' }
  const early = fault && faultReply(fault, requestId)
  if (early !== undefined) {
    if (early.refused !== undefined) tellRefusal(seen, early.refused)
    return { kind: 'reply', reply: early.reply }
  }
  const reply = await replyTo(deps, work)
  return fault?.kind === 'lost' ? { kind: 'lost' } : { kind: 'reply', reply }
}

function tellRefusal(seen: Seen, refused: Refused): void {
  seen.error = refused.type
  seen.message = refused.message
}

async function replyTo(deps: HandlerDeps, work: Work): Promise<Reply> {
  try {
    return await succeed(deps, work)
  } catch (error) {
    if (error instanceof Refused) {
      tellRefusal(work.seen, error)
      return errorReply(error, work.requestId)
    }
    const message = `The stand-in itself failed: ${error instanceof Error ? error.message : String(error)}`
    Object.assign(work.seen, { error: 'stand_in_failed', message })
    return jsonReply(599, { type: 'error', error: { type: 'stand_in_failed', message } }, { 'request-id': work.requestId })
  }
}

async function succeed(deps: HandlerDeps, { call, requestId, fault, paused, seen, isMessages }: Work): Promise<Reply> {
  const asked = call.method === 'GET' ? MODEL_PATH.exec(call.url.pathname)?.[1] : undefined
  if (!isMessages && asked === undefined) throw new Refused('not_found_error', 'Not found')
  checkKey(call, deps.apiKey())
  const version = checkVersion(call)
  if (asked !== undefined) return modelReply(deps.models, asked, requestId)
  if (call.body === null) throw new Refused('request_too_large', 'Request exceeds the maximum size')
  const betas = (call.headers['anthropic-beta'] ?? '').split(',').map((one) => one.trim())
  const isPaused = (content: readonly Block[]): boolean => paused.has(pauseKey(content))
  const { request, model, body } = readRequest(call.body, { models: deps.models, isPaused, version, betas })
  const pieces = piecesOf(body)
  deps.journal.keep(body)
  Object.assign(seen, { model: model.id, turns: request.turns.filter(({ role }) => role === 'assistant').length })
  checkThinking(model.id, pieces)
  checkLength(pieces, model)
  const input = deps.cache.charge(model, request, pieces, readCacheControl(body['cache_control'], 'cache_control'))
  const message = messageBody(request, answer(request, deps.hook(), fault), pieces, input)
  if (message.stop_reason === 'pause_turn') paused.add(pauseKey(message.content))
  tellAnswer(seen, message)
  await deps.pause()
  return jsonReply(200, message, { 'request-id': requestId, 'anthropic-organization-id': 'org-of-the-sandbox' })
}

/** What the service tells about one model, for those who only want to know whether they may use it. */
function modelReply(models: readonly ModelInfo[], id: string, requestId: string): Reply {
  if (!models.some((model) => model.id === id)) throw new Refused('not_found_error', `model: ${id}`)
  const body = { type: 'model', id, display_name: id, created_at: '2026-08-31T00:00:00Z' }
  return jsonReply(200, body, { 'request-id': requestId })
}

function tellAnswer(seen: Seen, { usage, stop_reason, content }: ReturnType<typeof messageBody>): void {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage
  seen.usage = { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens }
  seen.stopReason = stop_reason
  seen.calls = content.filter(({ type }) => type === 'tool_use').map(({ name }) => String(name))
}

/** SDKs of version 1 send the key as a bearer token; both are good. */
function checkKey({ headers }: Call, apiKey: string): void {
  const bearer = /^Bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1]
  const given = headers['x-api-key'] ?? bearer
  if (given === undefined) throw new Refused('authentication_error', 'x-api-key header is required')
  if (given !== apiKey) throw new Refused('authentication_error', 'invalid x-api-key')
}

function checkVersion({ headers }: Call): string {
  const version = headers['anthropic-version'] ?? ''
  if (version === '') throw invalid('anthropic-version: header is required')
  if (!VERSIONS.has(version)) throw invalid(`anthropic-version: "${version}" is not a valid version`)
  return version
}

function checkLength(pieces: readonly Piece[], { contextWindow }: ModelInfo): void {
  const tokens = pieces.reduce((sum, { text }) => sum + tokensOf(text), 0)
  if (tokens > contextWindow) throw invalid(`prompt is too long: ${tokens} tokens > ${contextWindow} maximum`)
}

/** A paused reply is known by its last words when it comes back. */
const pauseKey = (content: readonly Block[]): string =>
  hashOf(JSON.stringify(content.findLast(({ type }) => type === 'text')?.['text'] ?? ''))
