import type { AuditPorts } from '../audit/audit.ts'
import type { CardStore } from '../messages/card.ts'
import type { Outbox } from '../messages/outbox.ts'
import type { DutyKey } from '../signals/signal.ts'
import type { Incident, Note } from './incident.ts'
import type { NextIncident } from './decide.ts'
import type { AlertLine } from './alert-line.ts'

/** A line of an incident's story with who and when. */
export interface TimelineEntry {
  readonly incidentId: number
  readonly seq: number
  readonly at: number
  readonly note: Note
}

export interface IncidentStore {
  latest(key: DutyKey): Promise<Incident | null>
  find(id: number): Promise<Incident | null>
  list(limit: number): Promise<Incident[]>
  open(): Promise<Incident[]>
  /** Inserts (giving the id) or updates the row of version - 1; throws when somebody was faster. */
  save(next: NextIncident): Promise<Incident>
  addNote(incidentId: number, note: Note, at: number): Promise<number>
  timeline(incidentId: number): Promise<TimelineEntry[]>
}

/** An answer in a thread, in Slack's markup. `table` draws the same: what stands above it, and rows of plain text, the first its header. */
export interface ThreadAnswer {
  readonly text: string
  readonly table: { readonly lead: string; readonly rows: readonly (readonly string[])[] } | null
  /** It holds words of a model or of others: Slack makes no links of its own in it. It fits into one section. */
  readonly verbatim?: boolean
}

/** What a row of the outbox brings about for incidents, once. Rows live on in databases: fields keep their names. */
export type IncidentDispatch =
  | { readonly kind: 'card'; readonly incidentId: number }
  | { readonly kind: 'edit'; readonly incidentId: number; readonly version: number }
  | { readonly kind: 'reply'; readonly incidentId: number; readonly note: Note; readonly snapshot: Incident; readonly at: number }
  /** To whoever is on duty, as a direct message. */
  | { readonly kind: 'direct'; readonly incidentId: number; readonly note: Note; readonly snapshot: Incident }
  /** What a person in the thread asked for, in words made when they asked. */
  | ({ readonly kind: 'answer'; readonly incidentId: number } & ThreadAnswer)
  | { readonly kind: 'notice'; readonly text: string; /** The Slack user it was done for. */ readonly by: string | null }
  | { readonly kind: 'line'; readonly line: AlertLine }

export interface WakeStore {
  /** Asks for the job to run at that time; moves an earlier request of the same subject. */
  wakeAt(incidentId: number, at: number): Promise<void>
}

export interface IncidentPorts extends AuditPorts {
  readonly incidents: IncidentStore
  readonly outbox: Outbox<IncidentDispatch>
  readonly cards: CardStore
  readonly wakes: WakeStore
}
