import { ask } from '../services/answers/answer.ts'
import { readHistory, type HistoryOf } from '../services/answers/history.ts'
import type { QuestionPorts } from '../services/answers/question.ts'
import { causesOf } from '../services/incidents/causes.ts'
import { snoozeEnd } from '../services/incidents/escalate.ts'
import { failingDuties, isOpen, type Act, type Incident } from '../services/incidents/incident.ts'
import type { IncidentPorts, ThreadAnswer } from '../services/incidents/ports.ts'
import { act } from '../services/incidents/report.ts'
import { runbookSectionOf } from '../services/incidents/wording.ts'
import { readSubject } from '../services/messages/card.ts'
import { businessNow, type SailingDeps, type SailingPorts } from '../services/status/sailings.ts'
import { AUDIT_JOB, SYNC_JOB, type WorkPorts } from '../services/work/work.ts'
import { addRefused } from './refused.ts'
import type { ThreadReply } from './thread-replies.ts'
import { readWord, type Word } from './thread-words.ts'
import { NOT_ALLOWED, questionAnswer, saying, statusAnswer, timelineAnswer, UNCLEAR, whyAnswer } from './views/incident-thread.ts'
import { REFUSED } from './views/incident-acts.ts'
import { moment } from './views/text.ts'

/** What people write in the thread of an incident's card. Operators act; others ask. */

export interface ThreadDeps {
  readonly operators: readonly string[]
  readonly onDuty: string
  readonly zone: string
  /** The sections of the runbook by name. */
  readonly runbook: ReadonlyMap<string, string>
  /** Where it can be read; null, or left out, without a public address. */
  readonly runbookAddress?: string | null
  readonly sailing: SailingDeps
  /** Whether Claude may be asked: there is a key, and a budget for questions. */
  readonly asksClaude: boolean
}

export type ThreadPorts = IncidentPorts & WorkPorts & HistoryOf & QuestionPorts & SailingPorts

/** Where Slack's user id of the bot itself is kept among the settings, as it was last told. */
export const BOT_USER = 'slack-bot-user'

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

/** What can be tried again by hand, by the duties that it proves. */
const AGAIN = [
  { duties: 'port-sheet/', job: SYNC_JOB, said: 'Syncing the port sheet now. The card shows how it went.' },
  { duties: 'host/', job: AUDIT_JOB, said: 'Looking at the host now. The card shows how it went; two good looks close it.' },
  { duties: 'bot/backup', job: 'backup', said: 'Making a backup now. The card shows how it went.' },
] as const

async function retry(ports: ThreadPorts, incident: Incident, by: string, now: number): Promise<ThreadAnswer> {
  if (!isOpen(incident)) return saying(REFUSED.resolved)
  const again = AGAIN.filter(({ duties }) => failingDuties(incident).some((duty) => duty.startsWith(duties)))
  if (again.length === 0) return saying('Nothing here can be tried again by hand. `/jada resume` ends a wait of the agent.')
  for (const { job } of again) await ports.work.demand({ job, subject: '', dueAt: now, reason: 'operator', by })
  await ports.incidents.addNote(incident.id, { type: 'retried', by }, now)
  const details = { jobs: again.map(({ job }) => job).join(', ') }
  await ports.audit.add({ at: now, actor: by, act: 'incident.retry', subject: `incident:${incident.id}`, details })
  return saying(again.map(({ said }) => said).join(' '))
}

/** Reading changes nothing, so everybody may; null: it is no such word. */
async function read(ports: ThreadPorts, deps: ThreadDeps, incident: Incident, word: Word, now: number): Promise<ThreadAnswer | null> {
  if (word.word === 'status') {
    return statusAnswer(incident, now, { runbook: deps.runbookAddress ?? null, business: await businessNow(ports, deps.sailing, now) })
  }
  if (word.word === 'timeline') return timelineAnswer(incident, await ports.incidents.timeline(incident.id), deps.onDuty)
  if (word.word === 'why') return whyAnswer(incident, causesOf(incident, await readHistory(ports, incident), now))
  return word.word === 'unclear' && word.of === 'words' ? UNCLEAR.words : null
}

type Said = Pick<ThreadReply, 'user'> & { readonly word: Word; /** Slack's, so that it is answered once. */ readonly eventId: string }

/** Everybody may ask. Claude is asked by a run of its own: nobody waits here for the network. */
async function hearQuestion(ports: ThreadPorts, deps: ThreadDeps, incident: Incident, { user, eventId }: Said, text: string, now: number) {
  if (!deps.asksClaude) {
    const section = deps.runbook.get(runbookSectionOf(incident.kind)) ?? null
    return questionAnswer(incident, section, now, { why: 'off', runbook: deps.runbookAddress ?? null })
  }
  await ask(ports, { eventId, incidentId: incident.id, asker: user, text }, now)
  return null
}

/** What is said to a reply; null: nothing, or not yet. */
async function respond(ports: ThreadPorts, deps: ThreadDeps, incident: Incident, said: Said, now: number) {
  const { word, user } = said
  if (word.word === 'talk') return null
  if (word.word === 'question') return hearQuestion(ports, deps, incident, said, word.text, now)
  const told = await read(ports, deps, incident, word, now)
  if (told !== null) return told
  if (!deps.operators.includes(user)) {
    await addRefused(ports.audit, user, `incident:${incident.id}`, now)
    return NOT_ALLOWED
  }
  switch (word.word) {
    case 'unclear':
      return UNCLEAR[word.of]
    case 'retry':
      return retry(ports, incident, user, now)
    case 'ack':
    case 'resolve':
    case 'snooze':
    case 'assign':
      return perform(ports, deps, incident, word, user, now)
    case 'status':
    case 'timeline':
    case 'why':
      return null
  }
}

/** Does what was written, and answers in the thread; all in the caller's transaction. `eventId`: Slack's, so that it is answered once. */
export async function hearIncident(ports: ThreadPorts, deps: ThreadDeps, reply: ThreadReply, eventId: string, now: number): Promise<void> {
  const id = await incidentOf(ports, reply)
  const incident = id === null ? null : await ports.incidents.find(id)
  if (incident === null) return
  const word = readWord(reply.text, reply.user, await ports.settings.get(BOT_USER))
  const answer = await respond(ports, deps, incident, { user: reply.user, word, eventId }, now)
  if (answer === null) return
  const lane = `incident:${incident.id}`
  const dispatch = { kind: 'answer' as const, incidentId: incident.id, ...answer }
  await ports.outbox.add({ key: `${lane}:answer:${eventId}`, target: 'slack', lane, dispatch }, now)
}
