import type { Severity, Signal } from '../signals/signal.ts'
import { decideSignal, RANK, type NextIncident, type Transition } from './decide.ts'
import { firstReminder } from './escalate.ts'
import { isOpen, type CommonCause, type Effect, type Incident, type Symptom } from './incident.ts'

/**
 * Symptoms of one cause become one incident. The duty that failed first keeps its card; another one that fails of the same
 * cause joins it. When the evidence says otherwise, they are told of apart again.
 */

type Failing = Extract<Signal, { status: 'failing' }>
type Seen = Pick<Failing, 'key' | 'kind' | 'severity' | 'evidence'>

const of =
  (key: Seen['key'], holds: (evidence: Seen['evidence']) => boolean = () => true) =>
  (seen: Seen): boolean =>
    seen.key === key && holds(seen.evidence)

/** The one table of what fails together, and of what. A duty stands in a row only as far as its own evidence fits. */
const SYMPTOMS: Readonly<Record<CommonCause, readonly ((seen: Seen) => boolean)[]>> = {
  // All that leaves the server goes the same way.
  network: [
    of('port-sheet/sync', (evidence) => evidence.class === 'network'),
    of('agent/model', (evidence) => evidence.class === 'unreachable' && evidence.status === null),
    of('host/reach', (evidence) => evidence.hint === 'network'),
  ],
  // A server that is down, or does not answer, cannot be looked into.
  server: [of('host/status-checks'), of('host/reach', (evidence) => evidence.hint === 'inside')],
  // The kernel ends a service when memory runs out.
  memory: [of('host/memory'), of('host/service', (evidence) => evidence.hint === 'oom-kill')],
  // A backup is a second copy on the same disk.
  disk: [of('host/disk', (evidence) => evidence.hint === 'own-host'), of('bot/backup', (evidence) => evidence.hint === 'disk-full')],
}

const CAUSES = Object.keys(SYMPTOMS) as CommonCause[]

const fits = (cause: CommonCause, seen: Seen): boolean => SYMPTOMS[cause].some((holds) => holds(seen))

export interface Reported {
  /** To be committed, in order. */
  readonly transitions: readonly Transition[]
  /** Duties that have left a common incident: to be reported once more, after that. */
  readonly apart: readonly Signal[]
}

interface Known {
  /** The latest incident of the signal's own duty; null: it never had one. */
  readonly current: Incident | null
  /** All open ones. */
  readonly open: readonly Incident[]
}

const toSymptom = ({ key, kind, severity, evidence }: Seen): Symptom => ({
  key,
  kind,
  severity,
  evidence,
  failing: true,
  summary: null,
})

const toSignal = ({ key, kind, severity, evidence }: Symptom): Signal => ({ status: 'failing', key, kind, severity, evidence })

const worse = (a: Severity, b: Severity): Severity => (RANK[a] >= RANK[b] ? a : b)

const replace = (symptoms: readonly Symptom[], by: Symptom): Symptom[] => symptoms.map((one) => (one.key === by.key ? by : one))

/** What it opened with counts as a symptom from the moment another one joins it. */
const symptomsOf = (incident: Incident): readonly Symptom[] => (incident.symptoms.length > 0 ? incident.symptoms : [toSymptom(incident)])

/** The cause that an open incident and a failing duty have in common; null: none. A recovery in between speaks against it. */
function commonCause(incident: Incident, signal: Failing): CommonCause | null {
  const symptoms = symptomsOf(incident)
  if (incident.key === signal.key || symptoms.some(isDone)) return null
  return CAUSES.find((cause) => (incident.cause ?? cause) === cause && [...symptoms, signal].every((seen) => fits(cause, seen))) ?? null
}

/** The incident as it goes on after a duty of it was seen; what became worse burns anew. */
function goOn(incident: Incident, change: Partial<Incident>, now: number): Incident {
  const version = incident.version + 1
  const next: Incident = { ...incident, ...change, version, signals: incident.signals + 1, lastSeenAt: now }
  if (RANK[next.severity] <= RANK[incident.severity]) return next
  return { ...next, state: 'open', burningSince: version, snoozedUntil: null, ...firstReminder(next.severity, now) }
}

function join(incident: Incident, cause: CommonCause, signal: Failing, now: number): Transition {
  const symptom = toSymptom(signal)
  const severity = worse(incident.severity, signal.severity)
  const escalated = severity !== incident.severity
  const effects: Effect[] = [
    { do: 'edit-card' },
    { do: 'note', note: { type: 'folded', kind: signal.kind, escalated }, reply: true },
    { do: 'alert-line', symptom },
  ]
  return { next: goOn(incident, { cause, severity, symptoms: [...symptomsOf(incident), symptom] }, now), effects }
}

const isDone = ({ failing }: Symptom): boolean => !failing

/** One symptom left is none: it is the incident's own duty. */
const left = (symptoms: readonly Symptom[]): Partial<Incident> => (symptoms.length > 1 ? { symptoms } : { cause: null, symptoms: [] })

/** All of them were seen done. Each has its own line in the alert log, written when it was seen. */
function recover(holder: Incident, symptoms: readonly Symptom[], now: number): readonly Transition[] {
  const summary = symptoms.map((one) => one.summary ?? '').join(' ')
  const transition = decideSignal(holder, { status: 'ok', key: holder.key, summary }, now)
  if (transition === null) return []
  const next = { ...transition.next, ...left(symptoms) } as NextIncident
  return [{ next, effects: transition.effects.filter((effect) => effect.do !== 'alert-line') }]
}

/** One of them works again; the others have yet to be seen, by whatever looks at them next. */
function recoverOne(holder: Incident, member: Symptom, summary: string, now: number): readonly Transition[] {
  if (!member.failing) return []
  const done = { ...member, failing: false, summary }
  const line: Effect = { do: 'alert-line', symptom: done }
  const symptoms = replace(holder.symptoms, done)
  if (symptoms.every(isDone)) return recover(holder, symptoms, now).map(({ next, effects }) => ({ next, effects: [...effects, line] }))
  const note = { type: 'partly-recovered' as const, key: member.key, summary }
  return [{ next: goOn(holder, { symptoms }, now), effects: [{ do: 'edit-card' }, { do: 'note', note, reply: true }, line] }]
}

const splitNote = (gone: readonly Symptom[]): Effect[] =>
  gone.length === 0 ? [] : [{ do: 'note', note: { type: 'split', kinds: gone.map(({ kind }) => kind) }, reply: true }]

/** The duty that the card began with fails of something else: the card stays its own, and the others get theirs. */
function leave(holder: Incident, signal: Failing, now: number): Reported {
  const gone = holder.symptoms.filter(({ key, failing }) => key !== holder.key && failing)
  const transition = decideSignal({ ...holder, cause: null, symptoms: [] }, signal, now)
  const transitions = transition === null ? [] : [{ next: transition.next, effects: [...transition.effects, ...splitNote(gone)] }]
  return { transitions, apart: gone.map(toSignal) }
}

/** Another duty leaves: the rest goes on, or is over when all of it was seen done. */
function release(holder: Incident, member: Symptom, signal: Failing, now: number): Reported {
  const rest = holder.symptoms.filter(({ key }) => key !== member.key)
  const apart = [signal]
  if (rest.every(isDone)) return { transitions: recover(holder, rest, now), apart }
  const effects: Effect[] = [{ do: 'edit-card' }, ...splitNote([member])]
  return { transitions: [{ next: goOn(holder, left(rest), now), effects }], apart }
}

/** A duty that is told of in a common incident fails once more. */
function failAgain(holder: Incident, member: Symptom, signal: Failing, now: number): Reported {
  const others = holder.symptoms.filter(({ key }) => key !== member.key)
  const belongs = holder.cause !== null && fits(holder.cause, signal) && !others.some(isDone)
  if (!belongs) return member.key === holder.key ? leave(holder, signal, now) : release(holder, member, signal, now)
  const symptoms = replace(holder.symptoms, toSymptom(signal))
  const severity = worse(holder.severity, signal.severity)
  if (member.key !== holder.key) {
    return { transitions: [{ next: goOn(holder, { symptoms, severity }, now), effects: [{ do: 'edit-card' }] }], apart: [] }
  }
  const transition = decideSignal(holder, { ...signal, severity }, now)
  return { transitions: transition === null ? [] : [{ ...transition, next: { ...transition.next, symptoms } }], apart: [] }
}

/** What a signal does to the incidents there are. Pure. */
export function decideReport({ current, open }: Known, signal: Signal, now: number): Reported {
  const own = (): readonly Transition[] => {
    const transition = decideSignal(current, signal, now)
    return transition === null ? [] : [transition]
  }
  for (const holder of open) {
    const member = holder.symptoms.find(({ key }) => key === signal.key)
    if (member === undefined) continue
    if (signal.status === 'failing') return failAgain(holder, member, signal, now)
    // An earlier one that somebody closed without proof is proven by the same.
    const earlier = current === null || isOpen(current) ? [] : own()
    return { transitions: [...recoverOne(holder, member, signal.summary, now), ...earlier], apart: [] }
  }
  if (signal.status === 'ok' || (current !== null && isOpen(current))) return { transitions: own(), apart: [] }
  for (const incident of open) {
    const cause = commonCause(incident, signal)
    if (cause !== null) return { transitions: [join(incident, cause, signal, now)], apart: [] }
  }
  return { transitions: own(), apart: [] }
}
