import type { AgentPorts } from '../agent/ports.ts'
import type { Definition, Offered } from './definition.ts'

/** A tool as it may be used. `acceptedBy` null: it was taken as it was when it was first seen. */
export interface Pin {
  readonly server: string
  readonly tool: string
  readonly accepted: Definition
  readonly acceptedBy: string | null
  readonly acceptedAt: number
  /** It is another one now: its server is stopped until an operator accepts that. */
  readonly change: { readonly seen: Definition; readonly at: number } | null
}

export interface McpStore {
  /** By server and tool. */
  pins(server?: string): Promise<Pin[]>
  savePin(pin: Pin): Promise<void>
  /** What a session was offered at its first turn; null: it has not come to that. */
  offer(sessionId: number): Promise<readonly Offered[] | null>
  /** Once for each session. */
  saveOffer(sessionId: number, tools: readonly Offered[]): Promise<void>
}

export interface McpPorts extends AgentPorts {
  readonly mcp: McpStore
}
