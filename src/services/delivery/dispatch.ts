import type { AgentDispatch } from '../agent/dispatch.ts'
import type { IncidentDispatch } from '../incidents/ports.ts'

/** What a row of the outbox brings about, once. */
export type Dispatch = IncidentDispatch | AgentDispatch
