/**
 * The Messages API in the few words the agent uses. Content blocks are kept and sent back exactly as they came: the
 * service refuses a history that was changed.
 */
export type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown }
  | { readonly type: 'tool_result'; readonly tool_use_id: string; readonly content: string; readonly is_error?: boolean }
  /** Blocks that mean nothing to us, such as thinking. */
  | { readonly type: 'other'; readonly raw: Readonly<Record<string, unknown>> }

export interface ModelMessage {
  readonly role: 'user' | 'assistant'
  readonly content: readonly Block[]
}

export interface ModelTool {
  readonly name: string
  readonly description: string
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>
}

export interface ModelRequest {
  readonly model: string
  readonly system: string
  readonly tools: readonly ModelTool[]
  /** False: the reply must be words (`tool_choice: none`). */
  readonly mayUseTools: boolean
  readonly messages: readonly ModelMessage[]
  /** The longest reply, in tokens. */
  readonly maxTokens: number
}

/** Tokens, as the service counts and charges them. */
export interface Usage {
  readonly input: number
  readonly output: number
  readonly cacheWrite: number
  readonly cacheRead: number
}

export const NO_USAGE: Usage = { input: 0, output: 0, cacheWrite: 0, cacheRead: 0 }

export const addUsage = (a: Usage, b: Usage): Usage => ({
  input: a.input + b.input,
  output: a.output + b.output,
  cacheWrite: a.cacheWrite + b.cacheWrite,
  cacheRead: a.cacheRead + b.cacheRead,
})

export type StopReason =
  | 'end_turn'
  | 'max_tokens'
  | 'stop_sequence'
  | 'tool_use'
  | 'pause_turn'
  | 'refusal'
  | 'model_context_window_exceeded'

export interface ModelReply {
  readonly content: readonly Block[]
  readonly stopReason: StopReason
  readonly usage: Usage
}

/**
 * Why there is no reply. `refused-us`: key, payment, permission or model, for a person to mend. `busy`: the service asks to
 * wait. `unreachable`: no connection, no answer, or a fault on the other side. `our-request`: it was malformed or too large.
 */
export interface ModelFailure {
  readonly class: 'refused-us' | 'busy' | 'unreachable' | 'our-request' | 'aborted'
  readonly status: number | null
  /** The service's own word, such as `overloaded_error`, or a code of the network. */
  readonly code: string
  readonly requestId: string | null
  readonly retryAfterMs: number | null
  /** False: it was certainly not charged. */
  readonly mayBeCharged: boolean
}

/** Claude. Expected failures are returned; nothing is tried again inside. */
export interface Model {
  send(
    request: ModelRequest,
    signal: AbortSignal,
  ): Promise<{ kind: 'reply'; reply: ModelReply } | { kind: 'failed'; failure: ModelFailure }>
}

/** Asks about a model, which costs nothing: whether the key is taken and may use it. Null: it may. */
export interface ModelProbe {
  probe(model: string): Promise<ModelFailure | null>
}
