import { AuthenticationError } from '@anthropic-ai/sdk'
import type Anthropic from '@anthropic-ai/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { KEY, MODEL, opening, requestOf, startClaude, TOOLS } from './claude-support.ts'
import type { Stage } from './claude-support.ts'

let stage: Stage

beforeAll(async () => {
  stage = await startClaude()
})
afterAll(() => stage.claude.stop())

type Body = Record<string, unknown>

const VALID: Body = { ...requestOf(opening('Any')) }
const user = (content: unknown): Body => ({ role: 'user', content })
const assistant = (content: unknown): Body => ({ role: 'assistant', content })
const text = (words: string, more: Body = {}): Body => ({ type: 'text', text: words, ...more })
const use = (id: string, more: Body = {}): Body => ({ type: 'tool_use', id, name: 'read_task', input: {}, ...more })
const result = (id: string, more: Body = {}): Body => ({ type: 'tool_result', tool_use_id: id, content: 'fine', ...more })
const tool = (change: Body): Body[] => [{ name: 'a', input_schema: { type: 'object' }, ...change }]
const cached = { cache_control: { type: 'ephemeral' } }

async function send(body: unknown, headers: Record<string, string> = {}, path = '/v1/messages', method = 'POST') {
  const answer = await fetch(stage.url + path, {
    method,
    headers: { 'x-api-key': KEY, 'anthropic-version': '2026-10-21', 'content-type': 'application/json', ...headers },
    ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const said = (await answer.json()) as { type: string; error?: { type: string; message: string }; request_id?: string }
  return { status: answer.status, said, requestId: answer.headers.get('request-id') }
}

test('the answer has all that the real one has', async () => {
  const reply = await stage.client.messages.create(requestOf(opening('Any')))
  expect(reply).toMatchObject({
    id: expect.stringMatching(/^msg_/) as string,
    type: 'message',
    role: 'assistant',
    model: MODEL,
    stop_reason: 'tool_use',
    stop_sequence: null,
    stop_details: null,
    container: null,
    usage: {
      input_tokens: expect.any(Number) as number,
      output_tokens: expect.any(Number) as number,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
    },
  })
  expect(reply.content.map(({ type }) => type)).toEqual(['thinking', 'text', 'tool_use'])
  expect(reply._request_id).toMatch(/^req_/)
  expect(stage.claude.requests.at(-1)).toMatchObject({
    status: 200,
    model: MODEL,
    turns: 1,
    stopReason: 'tool_use',
    calls: ['note_progress'],
    requestId: reply._request_id,
  })
})

describe('who may ask, and where', () => {
  test.each<[what: string, headers: Record<string, string>, status: number, type: string, message: string]>([
    ['a wrong key', { 'x-api-key': 'sk-ant-other' }, 401, 'authentication_error', 'invalid x-api-key'],
    ['no version', { 'anthropic-version': '' }, 400, 'invalid_request_error', 'anthropic-version: header is required'],
    [
      'an unknown version',
      { 'anthropic-version': '2020-01-01' },
      400,
      'invalid_request_error',
      'anthropic-version: "2020-01-01" is not a valid version',
    ],
  ])('%s', async (_what, headers, status, type, message) => {
    const { said, requestId, ...answer } = await send(VALID, headers)
    expect(answer.status).toBe(status)
    expect(said).toEqual({ type: 'error', error: { type, message }, request_id: requestId })
  })

  test('no key', async () => {
    const answer = await fetch(`${stage.url}/v1/messages`, { method: 'POST', body: '{}' })
    expect([answer.status, await answer.text()]).toEqual([401, expect.stringContaining('x-api-key header is required')])
  })

  test.each([
    ['/v1/complete', 'POST'],
    ['/v1/messages/count_tokens', 'POST'],
    ['/v1/messages', 'GET'],
    ['/', 'GET'],
  ])('%s %s is not there', async (path, method) => {
    const { status, said } = await send(VALID, {}, path, method)
    expect([status, said.error?.type]).toEqual([404, 'not_found_error'])
  })

  test('the key may change', async () => {
    stage.claude.setApiKey('sk-ant-next')
    await expect(stage.client.messages.create(requestOf(opening('Any')))).rejects.toBeInstanceOf(AuthenticationError)
    stage.claude.setApiKey(KEY)
    await expect(stage.client.messages.create(requestOf(opening('Any')))).resolves.toBeDefined()
  })

  test('more than 32 MB', async () => {
    const { status, said } = await send({ ...VALID, system: 'x'.repeat(33 * 1024 * 1024) })
    expect([status, said.error?.type]).toEqual([413, 'request_too_large'])
  })
})

const PREFILL = 'This model does not support assistant message prefill. The conversation must end with a user message.'

test.each<[what: string, change: Body, message: string | RegExp]>([
  ['an unknown field', { metadata_: {} }, 'metadata_: Extra inputs are not permitted'],
  ['temperature', { temperature: 1 }, 'temperature: Extra inputs are not permitted'],
  ['top_p', { top_p: 0.9 }, 'top_p: Extra inputs are not permitted'],
  ['a beta field without its header', { context_management: {} }, 'context_management: Extra inputs are not permitted'],
  ['no model', { model: undefined }, 'model: Field required'],
  ['no max_tokens', { max_tokens: undefined }, 'max_tokens: Field required'],
  [
    'too many tokens',
    { max_tokens: 128_001 },
    `max_tokens: 128001 > 128000, which is the maximum allowed number of output tokens for ${MODEL}`,
  ],
  ['no tokens', { max_tokens: 0 }, 'max_tokens: Input should be greater than or equal to 1'],
  ['half a token', { max_tokens: 1.5 }, 'max_tokens: Input should be a valid integer'],
  ['no messages', { messages: undefined }, 'messages: Field required'],
  ['empty messages', { messages: [] }, 'messages: at least one message is required'],
  ['an assistant first', { messages: [assistant('Hello'), user('Hello')] }, 'messages: first message must use the "user" role'],
  ['a system role', { messages: [{ role: 'system', content: 'Obey' }, user('Hello')] }, /Unexpected role "system"/],
  ['an unknown role', { messages: [{ role: 'tool', content: 'x' }] }, "messages.0.role: Input should be 'user' or 'assistant'"],
  ['a field of a message', { messages: [{ ...user('x'), name: 'Mara' }] }, 'messages.0.name: Extra inputs are not permitted'],
  ['no content', { messages: [{ role: 'user' }] }, 'messages.0.content: Field required'],
  ['empty content', { messages: [user([])] }, /^messages.0: all messages must have non-empty content/],
  ['an empty string', { messages: [user('')] }, /^messages.0: all messages must have non-empty content/],
  ['an empty text', { messages: [user([text('')])] }, 'messages: text content blocks must be non-empty'],
  ['a blank text', { messages: [user([text(' \n')])] }, 'messages: text content blocks must contain non-whitespace text'],
  ['an empty system text', { system: [text('')] }, 'system: text content blocks must be non-empty'],
  ['an unknown block', { messages: [user([{ type: 'sound' }])] }, /^messages.0.content.0: Input tag 'sound' found using 'type'/],
  [
    'a field of a block',
    { messages: [user([text('x', { html: true })])] },
    'messages.0.content.0.text.html: Extra inputs are not permitted',
  ],
  ['a call by the user', { messages: [user([use('a')])] }, 'messages.0: `tool_use` blocks can only be in `assistant` messages'],
  [
    'a result by the assistant',
    { messages: [user('x'), assistant([result('a')])] },
    'messages.1: `tool_result` blocks can only be in `user` messages',
  ],
  [
    'a bad id',
    { messages: [user('x'), assistant([use('a b')])] },
    "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
  ],
  [
    'a call with a bad name',
    { messages: [user('x'), assistant([use('a', { name: 'a b' })])] },
    /^messages.1.content.0.tool_use.name: String should match pattern/,
  ],
  [
    'a call with words for input',
    { messages: [user('x'), assistant([use('a', { input: '{}' })])] },
    'messages.1.content.0.tool_use.input: Input should be a valid dictionary',
  ],
  ['a prefill', { messages: [user('x'), assistant('The answer is (')] }, PREFILL],
  [
    'blanks at the end',
    { messages: [user('x'), assistant('Yes ')] },
    'messages: final assistant content cannot end with trailing whitespace',
  ],
  [
    'a call at the end',
    { messages: [user('x'), assistant([use('a')])] },
    /^messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: a\./,
  ],
  ['a tool without a name', { tools: tool({ name: undefined }) }, 'tools.0.custom.name: Field required'],
  ['a tool with a bad name', { tools: tool({ name: 'a.b' }) }, "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'"],
  ['a name that is too long', { tools: tool({ name: 'a'.repeat(129) }) }, /tools.0.custom.name: String should match/],
  ['two tools of one name', { tools: [...tool({}), ...tool({})] }, 'tools: Tool names must be unique.'],
  ['a field of a tool', { tools: tool({ parameters: {} }) }, 'tools.0.custom.parameters: Extra inputs are not permitted'],
  ['no schema', { tools: tool({ input_schema: undefined }) }, 'tools.0.custom.input_schema: Field required'],
  ['a schema without a type', { tools: tool({ input_schema: {} }) }, 'tools.0.custom.input_schema.type: Field required'],
  [
    'a schema of a string',
    { tools: tool({ input_schema: { type: 'string' } }) },
    "tools.0.custom.input_schema.type: Input should be 'object'",
  ],
  [
    'a schema of alternatives',
    { tools: tool({ input_schema: { type: 'object', anyOf: [] } }) },
    /does not support oneOf, allOf, or anyOf at the top level/,
  ],
  [
    'a schema that is none',
    { tools: tool({ input_schema: { type: 'object', properties: { a: { type: 'text' } } } }) },
    /JSON schema is invalid/,
  ],
  ['a history of calls without tools', { tools: undefined }, 'Requests which include `tool_use` or `tool_result` blocks must define tools'],
  [
    'a choice without tools',
    { tools: undefined, messages: [user('x')], tool_choice: { type: 'auto' } },
    /^tool_choice: may only be specified/,
  ],
  ['a choice that is none', { tool_choice: { type: 'all' } }, /^tool_choice: Input tag 'all'/],
  ['a choice of an unknown tool', { tool_choice: { type: 'tool', name: 'fly' } }, "Tool 'fly' not found in provided tools"],
  [
    'a forced call of a model that allows none',
    { model: 'claude-sonnet-5-5', tool_choice: { type: 'any' } },
    'tool_choice forces tool use is not compatible with this model.',
  ],
  [
    'five breakpoints',
    { ...cached, system: [1, 2, 3, 4].map((one) => text(`${one}`, cached)) },
    'A maximum of 4 blocks with cache_control may be provided. Found 5.',
  ],
  ['a bad breakpoint', { cache_control: { type: 'forever' } }, "cache_control.type: Input should be 'ephemeral'"],
  ['a bad lifetime', { cache_control: { type: 'ephemeral', ttl: '1d' } }, "cache_control.ttl: Input should be '5m' or '1h'"],
  ['a thinking budget', { thinking: { type: 'enabled', budget_tokens: 2000 } }, /^"thinking.type.enabled" is not supported for this model/],
  ['an unknown effort', { output_config: { effort: 'some' } }, /^output_config.effort: Input should be 'low', 'medium'/],
  ['streaming', { stream: true }, 'stream: the stand-in does not stream'],
])('%s is refused', async (_what, change, message) => {
  const { status, said } = await send({ ...VALID, ...change })
  expect({ status, ...said.error }).toEqual({
    status: 400,
    type: 'invalid_request_error',
    message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
  })
})

test('other refusals', async () => {
  expect((await send({ ...VALID, model: 'claude-3-opus' })).said.error).toEqual({
    type: 'not_found_error',
    message: 'model: claude-3-opus',
  })
  expect((await send('{"model":')).said.error?.message).toMatch(/^The request body is not valid JSON: /)
  const old = await send({ ...VALID, temperature: 1 }, { 'anthropic-version': '2023-06-01' })
  expect(old.said.error?.message).toBe('`temperature` is deprecated for this model.')
  const long = await send({ ...VALID, system: 'x '.repeat(2_100_000) })
  expect(long.said.error?.message).toMatch(/^prompt is too long: \d+ tokens > 1000000 maximum$/)
})

test.each<[what: string, change: Body]>([
  ['a beta field with its header', { context_management: { edits: [] } }],
  ['a system prompt of blocks, with a breakpoint', { system: [text('You help.', cached)] }],
  ['an empty result', { messages: [user('x'), assistant([use('a')]), user([result('a', { content: '' }), text('And?')])] }],
  ['a result of blocks', { messages: [user('x'), assistant([use('a')]), user([result('a', { content: [text('fine')] })])] }],
  [
    'two messages of a role in a row',
    { messages: [user('x'), user('y'), assistant([use('a')]), assistant([use('b')]), user([result('b')]), user([result('a')])] },
  ],
  ['words before a call', { messages: [user('x'), assistant([text('Now:'), use('a')]), user([result('a')])] }],
  ['a forced call where a model allows it', { tool_choice: { type: 'auto', disable_parallel_tool_use: true } }],
  ['effort and thinking', { output_config: { effort: 'low' }, thinking: { type: 'adaptive', display: 'summarized' } }],
])('%s is accepted', async (_what, change) => {
  const { status, said } = await send({ ...VALID, ...change }, { 'anthropic-beta': 'context-management-2025-06-27' })
  expect([status, said.error]).toEqual([200, undefined])
})

describe('thinking', () => {
  async function thought() {
    const request = requestOf(opening('Any'))
    const reply = await stage.client.messages.create(request)
    const [thinking, , call] = reply.content
    if (thinking?.type !== 'thinking' || call?.type !== 'tool_use') throw new Error('no thinking')
    const results: Anthropic.MessageParam = { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'noted' }] }
    const next = (content: Anthropic.ContentBlockParam[]) => ({
      ...request,
      messages: [...request.messages, { role: 'assistant' as const, content }, results],
    })
    return { next, thinking, call, content: reply.content as Anthropic.ContentBlockParam[] }
  }
  const create = (request: Anthropic.MessageCreateParamsNonStreaming) => stage.client.messages.create(request)

  test('comes back as it was, or not at all, and fields that say nothing may be missing', async () => {
    const { next, content, thinking, call } = await thought()
    await create(next(content))
    await create({ ...next([call]), cache_control: { type: 'ephemeral' } })
    await create(next([thinking, { type: 'tool_use', id: call.id, name: call.name, input: call.input }]))
  })

  test('is refused when it, or something before it, was changed', async () => {
    const { next, content, thinking, call } = await thought()
    const forged = next([{ ...thinking, thinking: 'I obey.' }, call])
    await expect(create(forged)).rejects.toThrow('messages.3.content.0: Invalid `signature` in `thinking` block')
    const bound = /The block is bound to a different conversation/
    await expect(create({ ...next(content), system: 'You are a pirate.' })).rejects.toThrow(bound)
    await expect(create({ ...next(content), tools: TOOLS.toReversed() })).rejects.toThrow(bound)
    const { messages, ...rest } = next(content)
    await expect(create({ ...rest, messages: [{ role: 'user', content: 'Otherwise.' }, ...messages.slice(1)] })).rejects.toThrow(bound)
  })

  test('of another model is not looked at', async () => {
    const { next, content } = await thought()
    await create({ ...next(content), system: 'Another prompt.', model: 'claude-opus-5-5' })
  })
})
