import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { ClaudeFault } from '../../../sandbox/claude/types.ts'
import type { Block, ModelFailure, ModelMessage } from '../../../src/services/model/model.ts'
import { API_KEY, clientOf, modelRequest, openClient, openServer, withEnvironment } from '../../support/claude-client.ts'

const never = new AbortController().signal

async function failureOf(sending: ReturnType<ReturnType<typeof clientOf>['send']>): Promise<ModelFailure> {
  const answer = await sending
  if (answer.kind !== 'failed') throw new Error('it was answered')
  expect(inspect(answer, { depth: 9, showHidden: true })).not.toContain(API_KEY)
  return answer.failure
}

describe('a fault of the service', () => {
  it.each<[Omit<ClaudeFault, 'times'>, Partial<ModelFailure>]>([
    [{ kind: '401' }, { class: 'refused-us', status: 401, code: 'authentication_error', mayBeCharged: false, retryAfterMs: null }],
    [{ kind: '402' }, { class: 'refused-us', status: 402, code: 'billing_error', mayBeCharged: false }],
    [{ kind: '403' }, { class: 'refused-us', status: 403, code: 'permission_error', mayBeCharged: false }],
    [{ kind: '429' }, { class: 'busy', status: 429, code: 'rate_limit_error', mayBeCharged: false, retryAfterMs: 5000 }],
    [
      { kind: '429', retryAfterS: 7200 },
      { class: 'busy', retryAfterMs: 7_200_000 },
    ],
    [{ kind: '529' }, { class: 'busy', status: 529, code: 'overloaded_error', mayBeCharged: false, retryAfterMs: null }],
    [{ kind: '500' }, { class: 'unreachable', status: 500, code: 'api_error', mayBeCharged: true }],
    [{ kind: 'reset' }, { class: 'unreachable', status: null, mayBeCharged: true }],
    [{ kind: 'lost' }, { class: 'unreachable', status: null, mayBeCharged: true }],
    [{ kind: 'html' }, { class: 'unreachable', status: 200, code: 'unreadable-answer', mayBeCharged: true }],
    [
      { kind: 'html', status: 502 },
      { class: 'unreachable', status: 502, code: 'http-502', mayBeCharged: true },
    ],
    [
      { kind: 'html', status: 403 },
      { class: 'refused-us', status: 403, code: 'http-403' },
    ],
  ])('%j is told in few words, after one attempt', async (fault, told) => {
    const { claude, model } = await openClient()
    claude.addFault({ ...fault, times: 2 })
    expect(await failureOf(model.send(modelRequest(), never))).toMatchObject(told)
    expect(claude.requests).toHaveLength(1)
  })

  it('has a number to ask the service about', async () => {
    const { claude, model } = await openClient()
    claude.addFault({ kind: '529', times: 1 })
    const { requestId } = await failureOf(model.send(modelRequest(), never))
    expect(requestId).toBe(claude.requests[0]?.requestId)
  })

  it('with a wrong key does not tell the key', async () => {
    const { claude, model } = await openClient()
    claude.setApiKey('sk-ant-another')
    expect(await failureOf(model.send(modelRequest(), never))).toMatchObject({ class: 'refused-us', code: 'authentication_error' })
  })

  it('for a model that there is not is for a person to mend', async () => {
    const { model } = await openClient()
    expect(await failureOf(model.send(modelRequest({ model: 'claude-none' }), never))).toMatchObject({
      class: 'refused-us',
      status: 404,
      mayBeCharged: false,
    })
  })

  it('for a malformed request is ours, and costs nothing', async () => {
    const { model } = await openClient()
    const failure = await failureOf(model.send(modelRequest({ messages: [] }), never))
    expect(failure).toMatchObject({ class: 'our-request', status: 400, code: 'invalid_request_error', mayBeCharged: false })
  })

  it('where nobody listens was never charged', async () => {
    const { claude, url } = await openClient()
    await claude.stop()
    const failure = await failureOf(clientOf(url).send(modelRequest(), never))
    expect(failure).toEqual({
      class: 'unreachable',
      status: null,
      code: 'ECONNREFUSED',
      requestId: null,
      retryAfterMs: null,
      mayBeCharged: false,
    })
  })
})

describe('an odd answer', () => {
  const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    openServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(body))
    })
  const usage = { input_tokens: 1, output_tokens: 1 }

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a list', []],
    ['another object', { ok: true }],
    ['a message without its cost', { content: [], stop_reason: 'end_turn' }],
    ['an end that nobody knows', { content: [], stop_reason: 'tired', usage }],
  ])('%s is no reply', async (_what, body) => {
    const { model } = await json(200, body)
    expect(await failureOf(model.send(modelRequest(), never))).toMatchObject({
      class: 'unreachable',
      code: 'unreadable-answer',
      mayBeCharged: true,
    })
  })

  it('without cache counts is one that cached nothing', async () => {
    const { model } = await json(200, { content: [{ type: 'text', text: 'Hello.' }], stop_reason: 'end_turn', usage })
    expect(await model.send(modelRequest(), never)).toEqual({
      kind: 'reply',
      reply: {
        content: [{ type: 'text', text: 'Hello.' }],
        stopReason: 'end_turn',
        usage: { input: 1, output: 1, cacheWrite: 0, cacheRead: 0 },
      },
    })
  })

  it.each<[number, string, Partial<ModelFailure>]>([
    [413, '9', { class: 'our-request', status: 413, mayBeCharged: false, retryAfterMs: 9000 }],
    [408, '0.5', { class: 'unreachable', retryAfterMs: 500 }],
    [409, 'soon', { class: 'unreachable', retryAfterMs: null }],
    [503, 'Wed, 21 Oct 2026 07:28:00 GMT', { class: 'unreachable', retryAfterMs: null }],
    [418, '-1', { class: 'our-request', retryAfterMs: null }],
  ])('of status %i that says to wait %s', async (status, after, told) => {
    const { model } = await json(status, {}, { 'retry-after': after })
    expect(await failureOf(model.send(modelRequest(), never))).toMatchObject({ code: `http-${status}`, ...told })
  })
})

describe('giving up', () => {
  it('before anything is answered', async () => {
    const { claude, model } = await openClient()
    claude.addFault({ kind: 'timeout' })
    const stop = new AbortController()
    const sending = model.send(modelRequest(), stop.signal)
    stop.abort()
    expect(await failureOf(sending)).toMatchObject({ class: 'aborted', mayBeCharged: true })
  })

  it('while the answer is being read', async () => {
    const stop = new AbortController()
    const { model } = await openServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{"content":')
      setImmediate(() => stop.abort())
    })
    expect(await failureOf(model.send(modelRequest(), stop.signal))).toMatchObject({ class: 'aborted', mayBeCharged: true })
  })
})

describe('what is sent', () => {
  it('comes from the settings alone, whatever the environment says', async () => {
    const elsewhere = await openServer((_request, response) => response.writeHead(500).end())
    withEnvironment({
      ANTHROPIC_BASE_URL: elsewhere.url,
      ANTHROPIC_AUTH_TOKEN: 'token-of-the-environment',
      ANTHROPIC_API_KEY: 'key-of-the-environment',
      ANTHROPIC_LOG: 'debug',
      ANTHROPIC_CUSTOM_HEADERS: 'X-Api-Key: key-of-the-environment\nAuthorization: Bearer token-of-the-environment',
    })
    const { model, headers } = await openServer((_request, response) => response.writeHead(500).end())
    await model.send(modelRequest(), never)
    expect(elsewhere.headers).toEqual([])
    expect(JSON.stringify(headers)).not.toContain('of-the-environment')
    expect(JSON.stringify(headers)).toContain(API_KEY)
  })

  it('marks for the cache what never changes, and the end of the conversation', async () => {
    const { claude, model } = await openClient()
    const messages: ModelMessage[] = [{ role: 'user', content: [{ type: 'text', text: 'Begin.' }] }]
    const first = await model.send(modelRequest({ messages }), never)
    const again = await model.send(modelRequest({ messages }), never)
    const [body] = claude.bodies as { cache_control: unknown; system: { cache_control: unknown }[]; tool_choice?: unknown }[]
    expect(body?.cache_control).toEqual({ type: 'ephemeral' })
    expect(body?.system.map((block) => block.cache_control)).toEqual([{ type: 'ephemeral' }])
    expect(body?.tool_choice).toBeUndefined()
    expect(first).toMatchObject({ kind: 'reply', reply: { usage: { cacheRead: 0 } } })
    if (again.kind !== 'reply' || first.kind !== 'reply') throw new Error('no reply')
    expect(again.reply.usage.cacheRead).toBe(first.reply.usage.cacheWrite)
    expect(again.reply.usage.cacheRead).toBeGreaterThan(1000)
  })

  it('asks for words alone on the last turn', async () => {
    const { claude, model } = await openClient()
    await model.send(modelRequest({ mayUseTools: false }), never)
    expect(claude.bodies).toMatchObject([{ tool_choice: { type: 'none' }, max_tokens: 1000 }])
  })

  it('gives blocks that mean nothing to us back exactly as they came', async () => {
    const { claude, model } = await openClient()
    claude.answerWith(() => ({
      content: [{ type: 'tool_use', name: 'read_task', input: { b: 1, a: [{ z: null }] } }],
      stop_reason: 'tool_use',
    }))
    const messages: ModelMessage[] = [{ role: 'user', content: [{ type: 'text', text: 'Begin.' }] }]
    const answer = await model.send(modelRequest({ messages }), never)
    if (answer.kind !== 'reply') throw new Error('no reply')
    const { content } = answer.reply
    const [thinking, call] = content as [Extract<Block, { type: 'other' }>, Extract<Block, { type: 'tool_use' }>]
    expect(thinking).toMatchObject({ type: 'other', raw: { type: 'thinking', signature: expect.any(String) } })
    // As the store keeps it.
    const kept = JSON.parse(JSON.stringify(content)) as Block[]
    const result: Block = { type: 'tool_result', tool_use_id: call.id, content: 'no task', is_error: true }
    claude.answerWith(() => ({ content: [{ type: 'text', text: 'Done.' }], stop_reason: 'end_turn' }))
    const next = await model.send(
      modelRequest({ messages: [...messages, { role: 'assistant', content: kept }, { role: 'user', content: [result] }] }),
      never,
    )
    expect(next.kind).toBe('reply')
    const sent = (claude.bodies.at(-1) as { messages: { content: unknown[] }[] }).messages
    expect(JSON.stringify(sent[1]?.content)).toBe(
      JSON.stringify([thinking.raw, { type: 'tool_use', id: call.id, name: 'read_task', input: { b: 1, a: [{ z: null }] } }]),
    )
    expect(sent[2]?.content).toEqual([result])
  })
})
