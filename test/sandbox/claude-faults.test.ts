import Anthropic, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  AuthenticationError,
  InternalServerError,
  OverloadedError,
  PaymentRequiredError,
  PermissionDeniedError,
  RateLimitError,
} from '@anthropic-ai/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { FAULT_KINDS } from '../../sandbox/claude/types.ts'
import type { ClaudeChange, FaultKind } from '../../sandbox/claude/types.ts'
import { KEY, MODEL, opening, requestOf, runSession, startClaude } from './claude-support.ts'
import type { Stage } from './claude-support.ts'

const MINUTE = 60_000
let now = Date.UTC(2026, 10, 2, 9, 30)
let stage: Stage

beforeEach(async () => {
  stage = await startClaude({ now: () => now })
})
afterEach(() => stage.claude.stop())

const create = (change: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) =>
  stage.client.messages.create({ ...requestOf(opening('Any')), ...change })

describe('faults of the service', () => {
  test.each<[kind: FaultKind, errorClass: abstract new (...args: never[]) => Error, told: Record<string, unknown>]>([
    ['401', AuthenticationError, { status: 401, type: 'authentication_error' }],
    ['402', PaymentRequiredError, { status: 402, type: 'billing_error' }],
    ['403', PermissionDeniedError, { status: 403, type: 'permission_error' }],
    ['429', RateLimitError, { status: 429, type: 'rate_limit_error' }],
    ['500', InternalServerError, { status: 500, type: 'api_error' }],
    ['529', OverloadedError, { status: 529, type: 'overloaded_error' }],
  ])('%s', async (kind, errorClass, told) => {
    stage.claude.addFault({ kind, times: 1 })
    const error: unknown = await create().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(errorClass)
    expect(error).toMatchObject({ ...told, requestID: expect.stringMatching(/^req_/) as string })
    expect(stage.claude.requests.at(-1)).toMatchObject({ status: told['status'], error: told['type'], fault: kind })
    expect((await create()).stop_reason).toBe('tool_use')
  })

  test('429 says how long to wait', async () => {
    stage.claude.addFault({ kind: '429', retryAfterS: 17 })
    const error: unknown = await create().catch((thrown: unknown) => thrown)
    expect(error instanceof APIError && error.headers?.get('retry-after')).toBe('17')
  })

  test('no answer, and connections that are cut', async () => {
    stage.claude.addFault({ kind: 'timeout', times: 1 })
    const impatient = new Anthropic({ apiKey: KEY, baseURL: stage.url, maxRetries: 0, timeout: 60 })
    await expect(impatient.messages.create(requestOf(opening('Any')))).rejects.toBeInstanceOf(APIConnectionTimeoutError)
    stage.claude.addFault({ kind: 'reset', times: 1 })
    await expect(create()).rejects.toBeInstanceOf(APIConnectionError)
    expect(stage.claude.snapshot().replies).toBe(0)
    stage.claude.addFault({ kind: 'lost', times: 1 })
    await expect(create()).rejects.toBeInstanceOf(APIConnectionError)
    // It was done and charged; only the answer did not come.
    expect(stage.claude.requests.at(-1)).toMatchObject({ status: 0, fault: 'lost', calls: ['note_progress'] })
    expect(stage.claude.snapshot()).toMatchObject({ replies: 1, faults: [] })
  })

  test("a proxy's page", async () => {
    stage.claude.addFault({ kind: 'html' })
    expect(await create().catch((error: unknown) => error)).not.toHaveProperty('stop_reason')
    stage.claude.clearFaults()
    stage.claude.addFault({ kind: 'html', status: 502 })
    await expect(create()).rejects.toBeInstanceOf(InternalServerError)
  })

  test('come in order, each as often as it was asked for, and are told', async () => {
    const heard: ClaudeChange[] = []
    const leave = stage.claude.on((change) => heard.push(change))
    stage.claude.addFault({ kind: '529', times: 2 })
    stage.claude.addFault({ kind: '500' })
    const statuses: number[] = []
    for (let time = 0; time < 4; time += 1)
      await create().catch((error: unknown) => statuses.push(error instanceof APIError ? Number(error.status) : 0))
    expect(statuses).toEqual([529, 529, 500, 500])
    stage.claude.clearFaults()
    await create()
    leave()
    expect(heard.map((change) => (change.kind === 'request' ? change.request.status : change.what))).toEqual([
      'fault: 529',
      'fault: 500',
      529,
      529,
      500,
      500,
      'faults cleared',
      200,
    ])
    expect(() => stage.claude.addFault({ kind: '500', times: 0 })).toThrow()
  })
})

describe('faults of a reply', () => {
  test.each<[kind: FaultKind, stopReason: string]>([
    ['refusal', 'refusal'],
    ['max_tokens', 'max_tokens'],
    ['max_tokens_in_tool_use', 'max_tokens'],
    ['pause_turn', 'pause_turn'],
    ['context_window', 'model_context_window_exceeded'],
  ])('%s', async (kind, stopReason) => {
    stage.claude.addFault({ kind, times: 1 })
    const reply = await create()
    expect(reply.stop_reason).toBe(stopReason)
    const isCall = kind === 'max_tokens_in_tool_use'
    expect(reply.content.some(({ type }) => type === 'tool_use')).toBe(isCall)
    if (isCall) expect(reply.content.at(-1)).toMatchObject({ name: 'note_progress', input: {} })
    if (kind === 'refusal') expect(reply.content).toEqual([])
  })

  test.each<FaultKind>(['max_tokens', 'max_tokens_in_tool_use', 'pause_turn'])('a session outlives %s', async (kind) => {
    stage.claude.addFault({ kind, times: 1 })
    const { finished } = await runSession(stage, 'Any')
    expect(finished?.['summary']).toMatch(/2 charters/)
  })

  test('every kind is known to the tests', () => {
    expect(FAULT_KINDS).toHaveLength(15)
  })

  test('max_tokens really limits', async () => {
    const reply = await create({ max_tokens: 20 })
    expect(reply.stop_reason).toBe('max_tokens')
  })
})

describe('what a prompt costs', () => {
  const long = 'The house rules of the charter business. '.repeat(200)
  const request = { system: long, cache_control: { type: 'ephemeral' as const } }
  const costOf = async (
    change: Partial<Anthropic.MessageCreateParamsNonStreaming>,
  ): Promise<[fresh: number, written: number, read: number]> => {
    const { usage } = await create(change)
    return [usage.input_tokens, usage.cache_creation_input_tokens ?? 0, usage.cache_read_input_tokens ?? 0]
  }

  test('is the same every time, and nothing is cached unless asked for', async () => {
    const [fresh, ...cached] = await costOf({ system: long })
    expect([fresh, ...cached]).toEqual([fresh, 0, 0])
    expect(fresh).toBeGreaterThan(2000)
    expect(await costOf({ system: long })).toEqual([fresh, 0, 0])
  })

  test('is written once, then read for five minutes after its last use', async () => {
    const [fresh, all] = await costOf(request)
    expect(fresh).toBe(0)
    now += 4 * MINUTE
    expect(await costOf(request)).toEqual([0, 0, all])
    now += 4 * MINUTE
    const longer = [...opening('Any'), { role: 'user' as const, content: 'And then?' }]
    const [, added, read] = await costOf({ ...request, messages: longer })
    expect([read, added > 0 && added < 50]).toEqual([all, true])
    now += 6 * MINUTE
    expect(await costOf({ ...request, messages: longer })).toEqual([0, all + added, 0])
  })

  test('starts anew behind what was changed', async () => {
    const [, all] = await costOf(request)
    expect(await costOf({ ...request, system: `${long} One more.` })).toEqual([0, expect.any(Number), 0])
    expect(await costOf({ ...request, model: 'claude-opus-5-5' })).toEqual([0, all, 0])
    const system = [{ type: 'text' as const, text: long, cache_control: { type: 'ephemeral' as const } }]
    const [, , first] = await costOf({ ...request, system, messages: opening('One thing') })
    expect(first).toBe(0)
    const [, , second] = await costOf({ ...request, system, messages: opening('Another') })
    expect(second).toBeGreaterThan(2000)
    expect(second).toBeLessThan(all)
  })

  test('a short beginning is not cached', async () => {
    expect((await costOf({ cache_control: { type: 'ephemeral' } })).slice(1)).toEqual([0, 0])
  })

  test('a session reads what it has sent before', async () => {
    const { replies } = await runSession(stage, 'Any')
    const total = replies.reduce((sum, { usage }) => sum + usage.input_tokens + usage.output_tokens, 0)
    const { usage } = stage.claude.snapshot()
    expect(usage.input_tokens + usage.output_tokens).toBe(total)
    expect(stage.claude.requests.map(({ turns, model }) => [turns, model])).toEqual([1, 2, 3, 4].map((turns) => [turns, MODEL]))
    expect(stage.claude.bodies).toHaveLength(4)
  })
})
