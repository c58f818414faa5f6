import Anthropic, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from '@anthropic-ai/sdk'
import type { ContentBlock, ContentBlockParam, Message, MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages'
import { errorCode } from '../../errors.ts'
import type { Secret } from '../../secret.ts'
import type { Block, Model, ModelFailure, ModelProbe, ModelReply, ModelRequest, StopReason, Usage } from './model.ts'

export interface ClaudeSettings {
  readonly apiKey: Secret
  readonly baseUrl: string | undefined
}

/** No reply within this is no reply. Leases on sessions last longer. */
const MODEL_TIMEOUT_MS = 300_000

const toParam = (block: Block): ContentBlockParam =>
  // Blocks go back exactly as they came.
  (block.type === 'other' ? block.raw : block) as ContentBlockParam

function fromContent(block: ContentBlock): Block {
  if (block.type === 'text') return { type: 'text', text: block.text }
  if (block.type === 'tool_use') return { type: 'tool_use', id: block.id, name: block.name, input: block.input }
  return { type: 'other', raw: block as unknown as Readonly<Record<string, unknown>> }
}

function toolsOf({ tools, mayUseTools }: ModelRequest): Pick<MessageCreateParamsNonStreaming, 'tools' | 'tool_choice'> {
  const offered = tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    input_schema: inputSchema as { type: 'object' },
  }))
  return { tools: offered, ...(mayUseTools ? {} : { tool_choice: { type: 'none' as const } }) }
}

function toParams(request: ModelRequest): MessageCreateParamsNonStreaming {
  return {
    model: request.model,
    max_tokens: request.maxTokens,
    // One breakpoint at the end of what never changes within a session, and one that the service moves along.
    system: [{ type: 'text', text: request.system, cache_control: { type: 'ephemeral' } }],
    cache_control: { type: 'ephemeral' },
    ...(request.tools.length === 0 ? {} : toolsOf(request)),
    messages: request.messages.map(({ role, content }) => ({ role, content: content.map(toParam) })),
  }
}

const STOP_REASONS: ReadonlySet<string> = new Set([
  'end_turn',
  'max_tokens',
  'stop_sequence',
  'tool_use',
  'pause_turn',
  'refusal',
  'model_context_window_exceeded',
] satisfies StopReason[])

function usageOf({ usage }: Message): Usage {
  return {
    input: usage.input_tokens,
    output: usage.output_tokens,
    cacheWrite: usage.cache_creation_input_tokens ?? 0,
    cacheRead: usage.cache_read_input_tokens ?? 0,
  }
}

/** Null: something answered, but not the Messages API; a proxy, for example. */
function toReply(message: Message): ModelReply | null {
  const { content, stop_reason: stopReason } = message as Partial<Message>
  if (!Array.isArray(content) || typeof stopReason !== 'string' || !STOP_REASONS.has(stopReason)) return null
  if (typeof (message as Partial<Message>).usage?.input_tokens !== 'number') return null
  return { content: content.map(fromContent), stopReason, usage: usageOf(message) }
}

const REFUSED_US: ReadonlySet<number> = new Set([401, 402, 403, 404])
const BUSY: ReadonlySet<number> = new Set([429, 529])
/** Answers that mean that the request was not worked on. */
const NOT_CHARGED: ReadonlySet<number> = new Set([400, 401, 402, 403, 404, 413, 429, 529])
// The connection was never made, so nothing can have arrived.
const NEVER_SENT: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** An account without credit has been told so with a 400 as well as with a 402. */
const isUnpaid = (error: APIError): boolean => error.status === 400 && /credit balance/i.test(error.apiMessage ?? '')

function classOf(status: number): ModelFailure['class'] {
  if (REFUSED_US.has(status)) return 'refused-us'
  if (BUSY.has(status)) return 'busy'
  return status >= 500 || status === 408 || status === 409 ? 'unreachable' : 'our-request'
}

/** Seconds or an HTTP date are what the header may hold; only seconds are used here. */
function retryAfter(headers: Headers | undefined): number | null {
  const text = headers?.get('retry-after') ?? null
  return text !== null && /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : null
}

function networkCode(error: unknown): string {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth += 1) {
    const code = errorCode(current)
    if (code !== undefined) return code
  }
  return 'no-answer'
}

/** Errors of the client hold headers with the key: nothing of them but these few words goes on. */
function toFailure(error: unknown): ModelFailure {
  const common = { status: null, requestId: null, retryAfterMs: null }
  if (error instanceof APIUserAbortError) return { ...common, class: 'aborted', code: 'aborted', mayBeCharged: true }
  if (error instanceof APIConnectionTimeoutError) return { ...common, class: 'unreachable', code: 'timeout', mayBeCharged: true }
  if (error instanceof APIConnectionError) {
    const code = networkCode(error)
    return { ...common, class: 'unreachable', code, mayBeCharged: !NEVER_SENT.has(code) }
  }
  if (error instanceof APIError && typeof error.status === 'number') {
    const status = isUnpaid(error) ? 402 : error.status
    return {
      class: classOf(status),
      status,
      code: status === 402 ? 'billing_error' : (error.type ?? `http-${status}`),
      requestId: error.requestID ?? null,
      retryAfterMs: retryAfter(error.headers),
      mayBeCharged: !NOT_CHARGED.has(status),
    }
  }
  return { ...common, class: 'unreachable', code: 'unreadable-answer', mayBeCharged: true }
}

/** Anthropic's client, without its own retries: each attempt is reserved, counted and told by us. */
export function createClaude({ apiKey, baseUrl }: ClaudeSettings): Model & ModelProbe {
  const client = new Anthropic({
    apiKey: apiKey.reveal(),
    // Given always, so that variables of the environment that we do not document have no say.
    baseURL: baseUrl ?? 'https://api.anthropic.com',
    authToken: null,
    // ANTHROPIC_CUSTOM_HEADERS may add headers, for a proxy, but takes the place of no key.
    defaultHeaders: { authorization: `Bearer ${apiKey.reveal()}`, 'x-api-key': null },
    maxRetries: 0,
    timeout: MODEL_TIMEOUT_MS,
    logLevel: 'off',
  })
  return {
    probe: async (model) => {
      try {
        await client.models.retrieve(model)
        return null
      } catch (error) {
        return toFailure(error)
      }
    },
    send: async (request, signal) => {
      try {
        const reply = toReply(await client.messages.create(toParams(request), { signal }))
        if (reply !== null) return { kind: 'reply', reply }
        const failure = { status: 200, requestId: null, retryAfterMs: null, mayBeCharged: true }
        return { kind: 'failed', failure: { ...failure, class: 'unreachable', code: 'unreadable-answer' } }
      } catch (error) {
        return { kind: 'failed', failure: toFailure(error) }
      }
    },
  }
}
