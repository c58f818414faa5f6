import { snoozeEnd } from '../services/incidents/escalate.ts'
import { isOpen, type Act, type Incident } from '../services/incidents/incident.ts'
import type { IncidentPorts, ThreadAnswer } from '../services/incidents/ports.ts'
import { act } from '../services/incidents/report.ts'
import { readSubject } from '../services/messages/card.ts'
import { SYNC_JOB, type WorkPorts } from '../services/work/work.ts'
import type { ThreadReply } from './thread-replies.ts'
import { readWord, type Word } from './thread-words.ts'
import { NOT_ALLOWED, saying, statusAnswer, timelineAnswer, UNCLEAR } from './views/incident-thread.ts'
import { REFUSED } from './views/incident-acts.ts'
import { moment } from './views/text.ts'

/** What people write in the thread of an incident's card. Operators act; others ask. */

export interface ThreadDeps {
  readonly operators: readonly string[]
  readonly onDuty: string
  readonly zone: string
}

export type ThreadPorts = IncidentPorts & WorkPorts

/** The incident in whose thread somebody wrote; null: it is another thread. */
export async function incidentOf({ cards }: Pick<IncidentPorts, 'cards'>, reply: ThreadReply): Promise<number | null> {
  const subject = await cards.subjectAt(reply.channel, reply.threadTs)
  const about = subject === null ? null : readSubject(subject)
  return about?.of === 'incident' ? about.id : null
}

type Acting = Extract<Word, { word: 'ack' | 'resolve' | 'snooze' | 'assign' }>

/** A word is about what stands: whoever writes in the thread has seen its latest line. */
function toAct(word: Acting, by: string, { version }: Incident, zone: string, now: number): Act {
  switch (word.word) {
    case 'ack':
    case 'resolve':
      return { do: word.word, by, version }
    case 'assign':
      return { do: 'assign', by, version, to: word.to }
    case 'snooze':
      return { do: 'snooze', by, version, until: word.forMs === null ? snoozeEnd('morning', now, zone) : now + word.forMs }
  }
}

/** What is said of an act; null: its own reply says it already. */
function acted(word: Acting, incident: Incident, by: string): ThreadAnswer | null {
  switch (word.word) {
    case 'ack':
      return saying('Acknowledged. Nobody is reminded any more; the card stays until it works again.')
    case 'snooze':
      return saying(`Snoozed until ${moment(incident.snoozedUntil)}.`)
    case 'assign':
      return word.to === by ? saying('It is with you now.') : null
    case 'resolve':
      return null
  }
}

async function perform(ports: ThreadPorts, deps: ThreadDeps, incident: Incident, word: Acting, by: string, now: number) {
  const result = await act(ports, incident.id, toAct(word, by, incident, deps.zone, now), now)
  if (result.kind === 'refused') return saying(REFUSED[result.why])
  return result.kind === 'done' ? acted(word, result.incident, by) : null
}

async function retry(ports: ThreadPorts, incident: Incident, by: string, now: number): Promise<ThreadAnswer> {
  if (!isOpen(incident)) return saying(REFUSED.resolved)
  if (!incident.key.startsWith('port-sheet/')) return saying('Nothing here can be tried again by hand. `/jada resume` ends a wait of the agent.')
  await ports.work.demand({ job: SYNC_JOB, subject: '', dueAt: now, reason: 'operator', by })
  await ports.incidents.addNote(incident.id, { type: 'retried', by }, now)
  return saying('Syncing the port sheet now. The card shows how it went.')
}

async function respond(ports: ThreadPorts, deps: ThreadDeps, incident: Incident, reply: ThreadReply, now: number) {
  const { user } = reply
  const word = readWord(reply.text, user)
  switch (word.word) {
    case 'status':
      return statusAnswer(incident, now)
    case 'timeline':
      return timelineAnswer(incident, await ports.incidents.timeline(incident.id), deps.onDuty)
    case 'why':
    case 'question':
      return statusAnswer(incident, now)
    default:
      break
  }
  if (!deps.operators.includes(user)) return NOT_ALLOWED
  if (word.word === 'unclear') return UNCLEAR[word.of]
  return word.word === 'retry' ? retry(ports, incident, user, now) : perform(ports, deps, incident, word, user, now)
}

/** Does what was written, and answers in the thread; all in the caller's transaction. `eventId`: Slack's, so that it is answered once. */
export async function hearIncident(ports: ThreadPorts, deps: ThreadDeps, reply: ThreadReply, eventId: string, now: number): Promise<void> {
  const id = await incidentOf(ports, reply)
  const incident = id === null ? null : await ports.incidents.find(id)
  if (incident === null) return
  const answer = await respond(ports, deps, incident, reply, now)
  if (answer === null) return
  const lane = `incident:${incident.id}`
  const dispatch = { kind: 'answer' as const, incidentId: incident.id, ...answer }
  await ports.outbox.add({ key: `${lane}:answer:${eventId}`, target: 'slack', lane, dispatch }, now)
}
