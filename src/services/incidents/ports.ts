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

/** Where an incident's card is in Slack. */
export interface Card {
  readonly channel: string
  readonly ts: string
  /** The incident's version that the card shows. */
  readonly version: number
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
  card(incidentId: number): Promise<Card | null>
  setCard(incidentId: number, card: Card): Promise<void>
  findByCard(channel: string, ts: string): Promise<Incident | null>
  /** Forgets a card that is gone and gives the number of the one to post instead. */
  dropCard(incidentId: number): Promise<number>
}

/** What a row of the outbox brings about, once. */
export type Dispatch =
  | { readonly kind: 'card'; readonly incidentId: number }
  | { readonly kind: 'edit'; readonly incidentId: number; readonly version: number }
  | { readonly kind: 'reply'; readonly incidentId: number; readonly note: Note; readonly snapshot: Incident; readonly at: number }
  | { readonly kind: 'notice'; readonly text: string; /** The Slack user it was done for. */ readonly by: string | null }
  | { readonly kind: 'line'; readonly line: AlertLine }

/** Where it goes. The two are delivered apart: a fault of one never delays the other. */
export type Target = 'slack' | 'alert-log'

export interface OutboxRow {
  readonly id: number
  /** Unique; also written into the message's metadata, so that it can be found again. */
  readonly key: string
  readonly target: Target
  /** Rows of one lane are delivered in order, a card before everything else. */
  readonly lane: string
  readonly dispatch: Dispatch
  readonly state: 'new' | 'sending' | 'sent'
  readonly tries: number
  readonly dueAt: number
  readonly claimedAt: number | null
}

export interface OutboxStore {
  /** Adds a row; a key that is there already adds nothing. */
  add(row: { key: string; target: Target; lane: string; dispatch: Dispatch }, now: number): Promise<void>
  /** The earliest time at which something can be done for this target; null: nothing waits. */
  nextDueAt(target: Target): Promise<number | null>
  /** The first row of each lane that is due, oldest first. */
  due(target: Target, now: number): Promise<OutboxRow[]>
  /** `new -> sending`, tries + 1. Null: somebody else has it. */
  claim(row: OutboxRow, now: number, graceMs: number): Promise<OutboxRow | null>
  /** `sending -> sent`, guarded by the number of tries. */
  markSent(row: OutboxRow, now: number): Promise<boolean>
  /** `sending -> new`, to be tried again at `dueAt`. */
  giveBack(row: OutboxRow, dueAt: number, error: string): Promise<boolean>
  /** Rows that wait, and since when the oldest does. */
  backlog(): Promise<{ target: Target; count: number; since: number; error: string | null }[]>
}

export interface WakeStore {
  /** Asks for the job to run at that time; moves an earlier request of the same subject. */
  wakeAt(incidentId: number, at: number): Promise<void>
}

export interface IncidentPorts {
  readonly incidents: IncidentStore
  readonly outbox: OutboxStore
  readonly wakes: WakeStore
}
