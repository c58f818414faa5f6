import type { AgentDispatch } from '../agent/dispatch.ts'
import type { IncidentDispatch } from '../incidents/ports.ts'
import type { DrawnDispatch } from '../messages/drawn.ts'
import type { OfficeDispatch } from '../office/dispatch.ts'

/** What a row of the outbox brings about, once. */
export type Dispatch = IncidentDispatch | AgentDispatch | OfficeDispatch | DrawnDispatch
