import type { DutyKey, Evidence, Severity, SignalKind } from '../signals/signal.ts'

/**
 * `recovering`: somebody did what was asked, and the proof is awaited. `resolved` with `proven` false: a person closed it
 * without proof; the next failure opens the same incident and thread again.
 */
export type IncidentState = 'open' | 'acknowledged' | 'snoozed' | 'recovering' | 'resolved'

/** What several duties may fail of at the same time. */
export type CommonCause = 'network' | 'server' | 'memory' | 'disk'

/** One of the duties that fail of a common cause, as it was last seen. */
export interface Symptom {
  readonly key: DutyKey
  readonly kind: SignalKind
  readonly severity: Severity
  readonly evidence: Evidence
  /** False: it was seen done since. */
  readonly failing: boolean
  /** What its recovery brought, in words. */
  readonly summary: string | null
}

/** Something that needs a person; one Slack thread each. Times are UTC milliseconds. */
export interface Incident {
  readonly id: number
  readonly key: DutyKey
  readonly kind: SignalKind
  readonly severity: Severity
  readonly state: IncidentState
  readonly proven: boolean
  /** Counts transitions. Buttons carry it. */
  readonly version: number
  /** The version at which it last began to burn: acts made on an older card are about something else. */
  readonly burningSince: number
  readonly evidence: Evidence
  /** Signals received while it was open. */
  readonly signals: number
  readonly openedAt: number
  readonly lastSeenAt: number
  readonly owner: string | null
  readonly snoozedUntil: number | null
  /** Reminders since it last began to burn, and when the next is due; null: nobody is to be reminded. */
  readonly reminders: number
  readonly remindAt: number | null
  /** When it, or the one before it, opened within the last hour. */
  readonly opens: readonly number[]
  /** Why several duties fail together; null: it is about one duty only. */
  readonly cause: CommonCause | null
  /** Those duties, the one it opened with first; empty without a common cause. */
  readonly symptoms: readonly Symptom[]
  readonly resolvedAt: number | null
  readonly resolvedBy: string | null
  /** What the recovery brought, in words. */
  readonly resolution: string | null
}

/** So many openings within an hour are one incident that comes and goes. */
export const FLAPS = 3

/** It comes and goes; over once it opens after an hour of quiet. */
export const isFlapping = ({ opens }: Pick<Incident, 'opens'>): boolean => opens.length >= FLAPS

/** The duties that an open incident tells of: its own, or those of several that still fail. */
export const failingDuties = ({ key, symptoms }: Pick<Incident, 'key' | 'symptoms'>): readonly DutyKey[] =>
  symptoms.length === 0 ? [key] : symptoms.flatMap((one) => (one.failing ? [one.key] : []))

export const concerns = (incident: Pick<Incident, 'key' | 'symptoms'>, duty: DutyKey): boolean => failingDuties(incident).includes(duty)

export const isOpen = (incident: Incident): boolean => incident.state !== 'resolved'

/** Something a person, or the consent flow, did about an incident. `version` is the card's the person saw. */
export type Act =
  | { readonly do: 'ack'; readonly by: string; readonly version: number }
  | { readonly do: 'snooze'; readonly by: string; readonly version: number; readonly until: number }
  | { readonly do: 'assign'; readonly by: string; readonly version: number; readonly to: string }
  | { readonly do: 'resolve'; readonly by: string; readonly version: number }
  | { readonly do: 'consented'; readonly email: string }
  | { readonly do: 'consent-refused'; readonly reason: ConsentRefusal; readonly account: string | null }
  /** The snooze is over. */
  | { readonly do: 'wake' }
  /** Nobody has reacted for a while. */
  | { readonly do: 'remind' }

export type ConsentRefusal =
  | 'denied'
  | 'wrong-account'
  | 'missing-scopes'
  | 'no-refresh-token'
  | 'probe-failed'
  | 'not-shared'
  | 'exchange-failed'
  | 'no-identity'
  | 'superseded'

/** A line of the incident's story: its timeline, and the replies in its thread. */
export type Note =
  | { readonly type: 'evidence' }
  | { readonly type: 'changed'; readonly from: SignalKind; readonly escalated: boolean }
  | { readonly type: 'reopened' }
  | { readonly type: 'still-failing' }
  | { readonly type: 'acknowledged'; readonly by: string }
  | { readonly type: 'snoozed'; readonly by: string; readonly until: number }
  | { readonly type: 'assigned'; readonly by: string; readonly to: string }
  | { readonly type: 'woken' }
  /** `number` counts the reminders; `direct`: as a message to the person on duty, not in the thread. */
  | { readonly type: 'reminded'; readonly number: number; readonly direct: boolean }
  /** An operator asked for one more try. */
  | { readonly type: 'retried'; readonly by: string }
  | { readonly type: 'consented'; readonly email: string }
  | { readonly type: 'consent-refused'; readonly reason: ConsentRefusal; readonly account: string | null }
  | { readonly type: 'recovered'; readonly summary: string }
  | { readonly type: 'closed-unproven'; readonly by: string }
  | { readonly type: 'proven-later'; readonly summary: string }
  /** Another duty fails of the same cause, and is told of here. */
  | { readonly type: 'folded'; readonly kind: SignalKind; readonly escalated: boolean }
  /** Duties that are told of apart from here on: their cause is another one. */
  | { readonly type: 'split'; readonly kinds: readonly SignalKind[] }
  /** One of several duties works again; the others have yet to be seen. */
  | { readonly type: 'partly-recovered'; readonly key: DutyKey; readonly summary: string }

/** What a transition brings about. Committed with it as rows, carried out afterwards. */
export type Effect =
  | { readonly do: 'post-card' }
  | { readonly do: 'edit-card' }
  /** One line of the timeline; `reply` also posts it into the thread. */
  | { readonly do: 'note'; readonly note: Note; readonly reply: boolean }
  /** A message to whoever is on duty, beside the thread. */
  | { readonly do: 'direct'; readonly note: Note }
  /** `symptom`: about that duty, of several. */
  | { readonly do: 'alert-line'; readonly symptom?: Symptom }
  | { readonly do: 'wake-at'; readonly at: number }
