/** A block of content, as it stands in a request or an answer. */
export interface Block {
  type: string
  [field: string]: unknown
}

export type StopReason = 'end_turn' | 'max_tokens' | 'tool_use' | 'pause_turn' | 'refusal' | 'model_context_window_exceeded'

export interface OfferedTool {
  name: string
  inputSchema: Record<string, unknown>
  /** The service then makes sure that inputs fit the schema. */
  strict: boolean
}

export interface ToolChoice {
  type: 'auto' | 'any' | 'tool' | 'none'
  name?: string
  disable_parallel_tool_use?: boolean
}

/** Messages in a row of one role, put together as the service does. `index` is that of the first. */
export interface Turn {
  index: number
  role: 'user' | 'assistant'
  content: Block[]
}

/** A request that the service accepts. */
export interface MessagesRequest {
  model: string
  maxTokens: number
  system: Block[]
  tools: OfferedTool[]
  toolChoice: ToolChoice
  turns: Turn[]
  thinking: { type: string; display?: string | null }
}

/** What a model says: before anything is counted, cut or checked. */
export interface Answer {
  content: Block[]
  stopReason: StopReason
}

/** An answer as a test writes it: only what matters. The ids of calls are made up when left out. */
export interface GivenAnswer {
  content: ({ type: 'text'; text: string } | { type: 'tool_use'; id?: string; name: string; input: unknown })[]
  stop_reason: StopReason
}

export interface Usage {
  input_tokens: number
  output_tokens: number
  cache_creation_input_tokens: number
  cache_read_input_tokens: number
}

export interface ModelInfo {
  id: string
  maxOutput: number
  contextWindow: number
  /** A shorter beginning is not cached. */
  minCached: number
  /** Whether `tool_choice` may force a call. */
  forcesTools: boolean
  thinkingTypes: readonly string[]
}

export const FAULT_KINDS = [
  '401',
  '402',
  '403',
  '429',
  '500',
  '529',
  'timeout',
  'reset',
  'lost',
  'html',
  'refusal',
  'max_tokens',
  'max_tokens_in_tool_use',
  'pause_turn',
  'context_window',
] as const

/**
 * `timeout` never answers; `reset` cuts the connection before any work; `lost` does the work, charges for it and cuts the
 * connection; `html` is a proxy's page; from `refusal` on it is the model that ends in an unusual way.
 */
export type FaultKind = (typeof FAULT_KINDS)[number]

export interface ClaudeFault {
  kind: FaultKind
  /** Until cleared when left out. */
  times?: number
  /** Of a 429. */
  retryAfterS?: number
  /** Of a page, in place of 200. */
  status?: number
}

/** One request, without key and texts. */
export interface RequestRecord {
  at: number
  method: string
  path: string
  /** 0 when nothing was answered. */
  status: number
  requestId: string
  /** The type of the error that was answered, and its words. */
  error?: string
  message?: string
  fault?: FaultKind
  model?: string
  /** Replies of the model in the conversation so far. */
  turns?: number
  stopReason?: StopReason
  /** The tools that the answer calls. */
  calls?: string[]
  usage?: Usage
}

export type ClaudeChange = { kind: 'request'; request: RequestRecord } | { kind: 'change'; what: string }

export interface ClaudeOptions {
  apiKey: string
  models?: readonly ModelInfo[]
  /** Milliseconds; the age of cached prompts derives from it. */
  now?: () => number
  port?: number
  /** Awaited before each reply, so that a person can watch. */
  pause?: () => Promise<void>
}

export interface ClaudeSnapshot {
  models: string[]
  faults: ClaudeFault[]
  /** Of everything answered so far. */
  usage: Usage
  replies: number
}

export interface Claude {
  /** `url` is the base URL for the SDK. */
  start(): Promise<{ url: string }>
  stop(): Promise<void>
  /** The key that is good from now on. */
  setApiKey(key: string): void
  addFault(fault: ClaudeFault): void
  clearFaults(): void
  /** Answers in the place of the scripts where it gives something; undefined takes it away. */
  answerWith(answer: ((request: MessagesRequest) => GivenAnswer | undefined) | undefined): void
  readonly requests: RequestRecord[]
  /** The newest bodies that were sent, parsed: for tests that look for what must not be in them. */
  readonly bodies: unknown[]
  on(listener: (change: ClaudeChange) => void): () => void
  snapshot(): ClaudeSnapshot
}
