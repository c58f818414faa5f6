import type { AgentDispatch } from '../agent/dispatch.ts'
import type { AlertLine } from '../incidents/alert-line.ts'
import type { IncidentDispatch } from '../incidents/ports.ts'
import type { DrawnDispatch } from '../messages/drawn.ts'
import type { OfficeDispatch } from '../office/dispatch.ts'

/** An alert line as a notice of the SNS topic. */
export interface TopicDispatch {
  readonly kind: 'topic'
  readonly line: AlertLine
}

/** What a row of the outbox brings about, once. */
export type Dispatch = IncidentDispatch | AgentDispatch | OfficeDispatch | DrawnDispatch | TopicDispatch
