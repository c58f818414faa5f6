import type { KnownBlock } from '@slack/types'
import type { PersonRequest } from '../../services/agent/request.ts'
import type { Session } from '../../services/agent/session.ts'
import type { SessionView } from '../../services/agent/view.ts'
import type { Task } from '../../services/tasks/task.ts'
import { ACTION, cardValue } from './action-ids.ts'
import { count, dollars, outside, quoted, toldContext, toldFields, toldSection, tokens } from './agent-text.ts'
import { LIMIT, sessionState, TASK_STATE } from './agent-words.ts'
import type { MessageView } from './alert.ts'
import { actions, button } from './blocks.ts'
import { COLOR } from './colors.ts'
import { duration, moment } from './text.ts'

export { requestView } from './request.ts'
export { sessionNoteText } from './session-note.ts'

const isOver = ({ endedAt }: Session): boolean => endedAt !== null

function colorOf(session: Session, task: Task): string {
  switch (session.status) {
    case 'running':
      return COLOR.blue
    case 'waiting':
      return session.wait?.for === 'request' ? COLOR.amber : COLOR.grey
    case 'finished':
      return task.state === 'needs-person' ? COLOR.amber : COLOR.green
    case 'ran-out':
      return task.state === 'queued' ? COLOR.grey : COLOR.amber
    case 'gave-up':
      return COLOR.amber
    case 'cancelled':
      return COLOR.grey
  }
}

const ASKED: Readonly<Record<PersonRequest['what']['type'], string>> = {
  approval: 'a yes or no',
  question: 'an answer',
  settle: 'somebody to look whether this took effect',
}

/** More than this are counted; their cards stand in the thread. */
const LISTED = 3

const HOW = 'What it asks stands in the thread: a question takes an answer there, everything else a button.'

function waitLines({ session, openRequests }: SessionView): string[] {
  const { wait } = session
  if (session.status !== 'waiting' || wait === null) return []
  const goesOn = wait.until === null ? '`/jada resume` lets it go on.' : `It goes on ${moment(wait.until)}.`
  if (wait.for === 'budget') return [`*Waits:* the budget of the day is used up. ${goesOn}`]
  if (wait.for === 'model') return [`*Waits:* Claude cannot be used now. ${goesOn}`]
  const lines = openRequests
    .slice(0, LISTED)
    .map(
      ({ what, askedAt, expiresAt }) =>
        `*Waits for ${ASKED[what.type]}* since ${moment(askedAt)}${expiresAt === null ? '' : `, until ${moment(expiresAt)}`}: ${outside(what.type === 'question' ? what.question : what.title, 150)}`,
    )
  const more = openRequests.length > LISTED ? [`and ${openRequests.length - LISTED} more`] : []
  return lines.length === 0 ? ['*Waits* for a person.'] : [...lines, ...more, HOW]
}

/** A session that found it could not do its task has finished as well; people want to know which it was. */
const endOf = ({ session, task }: SessionView): string =>
  session.status === 'finished' && task.state === 'needs-person' ? 'could not go on' : sessionState(session)

/** Where the task stands now that the session is over, and what comes next. */
function nextLine({ session, task }: SessionView): string {
  if (session.status === 'ran-out' && task.state === 'queued') return `Task ${task.id} is queued again: one more session goes on with it.`
  if (session.status === 'ran-out' && task.state === 'failed') {
    return `Two sessions on task ${task.id} reached their limit, so a person takes over: \`/jada task ${task.id}\` names the follow-up.`
  }
  if (task.state === 'needs-person') return `Task ${task.id} needs a person: \`/jada task ${task.id}\` shows what can be done.`
  return `Task ${task.id} is ${TASK_STATE[task.state]}.`
}

const LONGEST_SUMMARY = 1800

function endBlocks(view: SessionView): KnownBlock[] {
  const { session } = view
  const took = duration((session.endedAt ?? session.startedAt) - session.startedAt)
  const limit = session.status === 'ran-out' && session.handingOver !== null ? `: ${LIMIT[session.handingOver]}` : ''
  const state = endOf(view)
  const head = `*${state.charAt(0).toUpperCase()}${state.slice(1)}* after ${took}${limit}.`
  const summary = session.summary === null ? [] : [quoted(session.summary, LONGEST_SUMMARY)]
  return [toldSection([head, ...summary].join('\n')), toldSection(nextLine(view))]
}

function stopButton(session: Session) {
  const confirm = {
    title: 'Stop this session?',
    text: 'It ends at once. What it has done stays; its task then waits for a person. The session is not given back to the day.',
    yes: 'Stop it',
    no: 'Let it work',
  }
  return button(ACTION.stopSession, 'Stop', { value: cardValue(session), style: 'danger', confirm })
}

function liveBlocks(view: SessionView): KnownBlock[] {
  const { session } = view
  const waits = waitLines(view)
  return [
    toldFields([
      ['Step', outside(session.step, 200) || 'none yet'],
      ['Turns', `turn ${session.turns} of ${session.maxTurns}`],
      ['Cost', dollars(session.cost)],
      ['Started', moment(session.startedAt)],
    ]),
    ...(waits.length === 0 ? [] : [toldSection(waits.join('\n'))]),
  ]
}

function footer({ session, task }: SessionView): KnownBlock {
  const { usage } = session
  const read = usage.input + usage.cacheRead + usage.cacheWrite
  const facts = [
    `Session ${session.id} of task ${task.id}`,
    `number ${session.slot} on ${session.day}`,
    ...(isOver(session) ? [count(session.turns, 'turn'), dollars(session.cost)] : []),
    `${tokens(read)} tokens read, ${tokens(usage.output)} written`,
    outside(session.model, 60),
    ...(session.muted ? ['muted'] : []),
  ]
  return toldContext(facts.join(' · '))
}

/** The card of a session: one message, edited in place for as long as it lives. */
export function sessionView(view: SessionView): MessageView {
  const { session, task } = view
  const text = `Session ${session.id} on task ${task.id}: ${endOf(view)}`
  const blocks = [
    toldSection(`*Task ${task.id}: ${outside(task.title, 200)}*\nKind: ${outside(session.kind, 60)}`),
    ...(isOver(session) ? endBlocks(view) : liveBlocks(view)),
    footer(view),
    ...(isOver(session) ? [] : [actions([stopButton(session)])]),
  ]
  return { text, attachments: [{ color: colorOf(session, task), fallback: text, blocks }] }
}
