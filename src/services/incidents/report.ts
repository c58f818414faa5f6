import { MOST_CARDS } from '../messages/card.ts'
import type { Signal } from '../signals/signal.ts'
import { alertLine } from './alert-line.ts'
import { auditOf } from './audit.ts'
import { decideAct, type Refused, type Transition } from './decide.ts'
import { decideReport } from './fold.ts'
import type { Act, Effect, Incident } from './incident.ts'
import type { IncidentPorts } from './ports.ts'

const lane = (incident: Incident) => `incident:${incident.id}` as const

async function enact(ports: IncidentPorts, incident: Incident, effect: Effect, index: number, now: number): Promise<void> {
  const key = `${lane(incident)}:${effect.do}:${incident.version}`
  switch (effect.do) {
    case 'post-card':
      return ports.outbox.add({ key, target: 'slack', lane: lane(incident), dispatch: { kind: 'card', incidentId: incident.id } }, now)
    case 'edit-card': {
      const dispatch = { kind: 'edit' as const, incidentId: incident.id, version: incident.version }
      return ports.outbox.add({ key, target: 'slack', lane: lane(incident), dispatch }, now)
    }
    case 'note': {
      await ports.incidents.addNote(incident.id, effect.note, now)
      if (!effect.reply) return
      const dispatch = { kind: 'reply' as const, incidentId: incident.id, note: effect.note, snapshot: incident, at: now }
      return ports.outbox.add({ key: `${key}:${index}`, target: 'slack', lane: lane(incident), dispatch }, now)
    }
    case 'direct': {
      const dispatch = { kind: 'direct' as const, incidentId: incident.id, note: effect.note, snapshot: incident }
      // A lane of its own: a person who cannot be written to holds up nothing else.
      return ports.outbox.add({ key, target: 'slack', lane: `direct:${incident.id}`, dispatch }, now)
    }
    case 'alert-line':
      return ports.outbox.add(
        {
          key: effect.symptom === undefined ? key : `${key}:${effect.symptom.key}`,
          target: 'alert-log',
          lane: 'alert-log',
          dispatch: { kind: 'line', line: alertLine(incident, now, effect.symptom) },
        },
        now,
      )
    case 'wake-at':
      return ports.wakes.wakeAt(incident.id, effect.at)
  }
}

/** Saves a transition and its effects; call it inside one transaction. */
async function commit(ports: IncidentPorts, transition: Transition, now: number): Promise<Incident> {
  const incident = await ports.incidents.save(transition.next)
  for (const [index, effect] of transition.effects.entries()) await enact(ports, incident, effect, index, now)
  if (incident.remindAt !== null) await ports.wakes.wakeAt(incident.id, incident.remindAt)
  return incident
}

/** The one funnel for everything that goes wrong, and for its recovery. To be called in the transaction of whoever noticed. */
export async function report(ports: IncidentPorts, signal: Signal, now: number): Promise<void> {
  const current = await ports.incidents.latest(signal.key)
  const { transitions, apart } = decideReport({ current, open: await ports.incidents.open() }, signal, now)
  for (const transition of transitions) await commit(ports, transition, now)
  for (const one of apart) await report(ports, one, now)
}

export type ActResult =
  | { readonly kind: 'done'; readonly incident: Incident }
  | { readonly kind: 'refused'; readonly why: Refused; readonly incident: Incident }
  | { readonly kind: 'nothing' }

/** A person's act on an incident, in the caller's transaction. */
export async function act(ports: IncidentPorts, incidentId: number, what: Act, now: number): Promise<ActResult> {
  const current = await ports.incidents.find(incidentId)
  if (current === null) return { kind: 'nothing' }
  const decision = decideAct(current, what, now)
  if (decision === null) return { kind: 'nothing' }
  if ('refused' in decision) return { kind: 'refused', why: decision.refused, incident: current }
  const entry = auditOf(incidentId, what, now)
  if (entry !== null) await ports.audit.add(entry)
  return { kind: 'done', incident: await commit(ports, decision, now) }
}

/**
 * The card is gone from Slack: posts another one, before anything else of its lane. A resolved incident gets one only when
 * something still has to be told (`always`). Gives the number of cards it has had, the new one included.
 */
export async function repostCard(ports: IncidentPorts, incidentId: number, always: boolean, now: number): Promise<number> {
  const incident = await ports.incidents.find(incidentId)
  if (incident === null) return 0
  const number = await ports.cards.drop(lane(incident))
  // Whoever removes every card does not want it back at once; what is still to be told brings it back, slowly.
  if (!always && (incident.state === 'resolved' || number > MOST_CARDS)) return number
  const key = `${lane(incident)}:post-card:again:${number}`
  await ports.outbox.add({ key, target: 'slack', lane: lane(incident), dispatch: { kind: 'card', incidentId } }, now)
  return number
}
