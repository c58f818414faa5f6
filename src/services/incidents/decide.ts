import type { Severity, Signal } from '../signals/signal.ts'
import { firstReminder, reminderAfter } from './escalate.ts'
import { FLAPS, isOpen, type Act, type Effect, type Incident, type Note } from './incident.ts'

/** A new incident has no id yet: the store gives it one. */
export type NextIncident = Incident | Omit<Incident, 'id'>

export interface Transition {
  readonly next: NextIncident
  readonly effects: readonly Effect[]
}

/** Why an act changed nothing. `resolved` always wins; `outdated`: the card has changed since in what matters. */
export type Refused = 'resolved' | 'outdated' | 'already'

export type Decision = Transition | { readonly refused: Refused } | null

export const RANK: Readonly<Record<Severity, number>> = { notice: 0, warning: 1, critical: 2 }

const reply = (note: Note): Effect => ({ do: 'note', note, reply: true })
const quiet = (note: Note): Effect => ({ do: 'note', note, reply: false })
const EDIT: Effect = { do: 'edit-card' }
const LINE: Effect = { do: 'alert-line' }

type Failing = Signal & { status: 'failing' }

/** A notice is no alarm and stays out of the alert log. */
const lines = (severity: Severity): Effect[] => (severity === 'notice' ? [] : [LINE])

const FLAP_MS = 3_600_000

/** The openings within the last hour, this one included. Setting up is no trouble that comes and goes. */
const opensAt = (current: Incident | null, now: number): readonly number[] => [
  ...(current === null || current.severity === 'notice' ? [] : current.opens).filter((at) => now - at < FLAP_MS),
  now,
]

function open(current: Incident | null, signal: Failing, now: number): Transition {
  const { key, kind, severity, evidence } = signal
  const next = {
    key,
    kind,
    severity,
    evidence,
    state: 'open' as const,
    proven: false,
    version: 1,
    burningSince: 1,
    signals: 1,
    openedAt: now,
    lastSeenAt: now,
    owner: null,
    snoozedUntil: null,
    ...firstReminder(severity, now),
    opens: opensAt(current, now),
    cause: null,
    symptoms: [],
    resolvedAt: null,
    resolvedBy: null,
    resolution: null,
  }
  return { next, effects: [{ do: 'post-card' }, reply({ type: 'evidence' }), ...lines(severity)] }
}

function reopen(current: Incident, signal: Failing, now: number): Transition {
  const version = current.version + 1
  const next: Incident = {
    ...current,
    ...pick(signal),
    state: 'open',
    proven: false,
    opens: opensAt(current, now),
    cause: null,
    symptoms: [],
    version,
    burningSince: version,
    signals: current.signals + 1,
    lastSeenAt: now,
    snoozedUntil: null,
    ...firstReminder(signal.severity, now),
    resolvedAt: null,
    resolvedBy: null,
    resolution: null,
  }
  return { next, effects: [EDIT, reply({ type: 'reopened' }), ...lines(signal.severity)] }
}

const pick = ({ kind, severity, evidence }: Failing): Pick<Incident, 'kind' | 'severity' | 'evidence'> => ({ kind, severity, evidence })

function failing(current: Incident, signal: Failing, now: number): Transition {
  const version = current.version + 1
  const seen: Incident = { ...current, ...pick(signal), version, signals: current.signals + 1, lastSeenAt: now }
  const burns = { state: 'open' as const, burningSince: version, snoozedUntil: null, ...firstReminder(signal.severity, now) }
  const escalated = RANK[signal.severity] > RANK[current.severity]
  if (signal.kind !== current.kind || signal.severity !== current.severity) {
    // Whoever acknowledged or snoozed the smaller trouble has not seen the larger one.
    return {
      next: escalated || current.state === 'recovering' ? { ...seen, ...burns } : seen,
      effects: [EDIT, reply({ type: 'changed', from: current.kind, escalated }), ...lines(signal.severity)],
    }
  }
  if (current.state === 'recovering') {
    return { next: { ...seen, ...burns }, effects: [EDIT, reply({ type: 'still-failing' })] }
  }
  return { next: seen, effects: [EDIT, quiet({ type: 'still-failing' })] }
}

function recovered(current: Incident, summary: string, now: number): Transition {
  const next: Incident = {
    ...current,
    state: 'resolved',
    proven: true,
    version: current.version + 1,
    snoozedUntil: null,
    remindAt: null,
    resolvedAt: now,
    resolution: summary,
  }
  return { next, effects: [EDIT, reply({ type: 'recovered', summary }), ...lines(current.severity)] }
}

/** What a signal does to the duty's latest incident (null: it never had one). Null: nothing. Pure. */
export function decideSignal(current: Incident | null, signal: Signal, now: number): Transition | null {
  if (signal.status === 'ok') {
    if (current === null || current.proven) return null
    if (isOpen(current)) return recovered(current, signal.summary, now)
    const next = { ...current, proven: true, version: current.version + 1, resolution: signal.summary }
    return { next, effects: [EDIT, quiet({ type: 'proven-later', summary: signal.summary })] }
  }
  // What comes and goes keeps its card: a new one each time would flood the channel.
  const isNew = current === null || (!isOpen(current) && current.proven && opensAt(current, now).length < FLAPS)
  if (isNew) return open(current, signal, now)
  return isOpen(current) ? failing(current, signal, now) : reopen(current, signal, now)
}

function acted(current: Incident, change: Partial<Incident>, effects: readonly Effect[]): Transition {
  return { next: { ...current, ...change, version: current.version + 1 }, effects }
}

/** Whoever is given an incident has it: it counts as acknowledged. Only somebody else than the actor is told in the thread. */
function assign(current: Incident, { by, to }: Extract<Act, { do: 'assign' }>): Decision {
  if (current.owner === to && current.state !== 'open') return { refused: 'already' }
  const note: Note = { type: 'assigned', by, to }
  const state = current.state === 'open' ? 'acknowledged' : current.state
  return acted(current, { state, owner: to, remindAt: null }, [EDIT, by === to ? quiet(note) : reply(note)])
}

/** A reminder is due, and still nobody has reacted. */
function remind(current: Incident, now: number): Transition | null {
  if (current.state !== 'open' || current.remindAt === null || current.remindAt > now) return null
  const { number, direct, next } = reminderAfter(current, now)
  const note: Note = { type: 'reminded', number, direct }
  return acted(current, { reminders: number, remindAt: next }, direct ? [quiet(note), { do: 'direct', note }] : [reply(note)])
}

/** What a person's act, or an answer to the consent, does to an incident. Pure. */
export function decideAct(current: Incident, act: Act, now: number): Decision {
  if (act.do === 'consent-refused') {
    return isOpen(current) ? acted(current, {}, [reply({ type: 'consent-refused', reason: act.reason, account: act.account })]) : null
  }
  if (!isOpen(current)) return act.do === 'wake' || act.do === 'remind' || act.do === 'consented' ? null : { refused: 'resolved' }
  if ('version' in act && act.version < current.burningSince) return { refused: 'outdated' }
  switch (act.do) {
    case 'ack':
      if (current.state === 'acknowledged' || current.state === 'recovering') return { refused: 'already' }
      return acted(current, { state: 'acknowledged', owner: act.by, snoozedUntil: null, remindAt: null }, [
        EDIT,
        quiet({ type: 'acknowledged', by: act.by }),
      ])
    case 'snooze':
      if (current.state === 'recovering') return { refused: 'outdated' }
      return acted(current, { state: 'snoozed', owner: act.by, snoozedUntil: act.until, remindAt: null }, [
        EDIT,
        quiet({ type: 'snoozed', by: act.by, until: act.until }),
        { do: 'wake-at', at: act.until },
      ])
    case 'assign':
      return assign(current, act)
    case 'resolve': {
      const change = { state: 'resolved' as const, proven: false, resolvedAt: now, resolvedBy: act.by, snoozedUntil: null, remindAt: null }
      const others = current.symptoms.filter(({ key, failing }) => failing && key !== current.key)
      const ends = [...lines(current.severity), ...others.map((symptom): Effect => ({ do: 'alert-line', symptom }))]
      return acted(current, change, [EDIT, reply({ type: 'closed-unproven', by: act.by }), ...ends])
    }
    case 'consented':
      return acted(current, { state: 'recovering', snoozedUntil: null, remindAt: null }, [
        EDIT,
        reply({ type: 'consented', email: act.email }),
      ])
    case 'wake':
      if (current.state !== 'snoozed' || (current.snoozedUntil ?? 0) > now) return null
      return acted(current, { state: 'open', snoozedUntil: null, ...firstReminder(current.severity, now) }, [
        EDIT,
        reply({ type: 'woken' }),
      ])
    case 'remind':
      return remind(current, now)
  }
}
