/**
 * One call of a tool by the model. `asked`: a person's word is awaited. `intent`: it is being done; after a crash nobody
 * knows whether it was, unless it can be done again. `unknown`: a person must look. `done`: `result` is what the model reads.
 */
export interface ToolCall {
  readonly sessionId: number
  readonly toolUseId: string
  readonly name: string
  readonly input: unknown
  readonly argumentsHash: string
  readonly state: 'asked' | 'intent' | 'unknown' | 'done'
  readonly requestId: number | null
  readonly result: string | null
  readonly isError: boolean
  readonly at: number
}

/** Where to look for the effect of a call when nothing better is known. */
export const ELSEWHERE = 'the system that this tool works on'
