import type { SessionNote } from './note.ts'

/** What a row of the outbox brings about for the agent. Cards always show the latest state. */
export type AgentDispatch =
  | { readonly kind: 'session-card'; readonly sessionId: number }
  | { readonly kind: 'session-edit'; readonly sessionId: number; readonly version: number }
  | { readonly kind: 'session-reply'; readonly sessionId: number; readonly note: SessionNote; readonly at: number }
  | { readonly kind: 'request-card'; readonly requestId: number; readonly sessionId: number }
  | { readonly kind: 'request-edit'; readonly requestId: number; readonly version: number }
