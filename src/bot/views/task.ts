import type { Button, KnownBlock } from '@slack/types'
import type { TaskStory } from '../../services/status/read-tasks.ts'
import type { Task } from '../../services/tasks/task.ts'
import { ACTION } from './action-ids.ts'
import { count, cutMarked, dollars, outside, person, quoted, toldContext, toldFields, toldSection } from './agent-text.ts'
import { sessionState, TASK_STATE } from './agent-words.ts'
import type { MessageView } from './alert.ts'
import { actions, button } from './blocks.ts'
import { sessionNoteText } from './session-note.ts'
import { dueText } from './tasks.ts'
import { ago, duration, fitEnds, fitLines, moment } from './text.ts'

/** `/jada task N`: all about one task. */

const VIA: Readonly<Record<Task['origin']['via'], string>> = {
  slack: 'in Slack',
  api: 'over the API',
  agent: 'by a session',
  bot: 'by the bot',
}

function originText({ origin, parentId, role, createdAt }: Task): string {
  const by = origin.by === null ? '' : ` by ${person(origin.by)}`
  const parent = parentId === null ? '' : `, ${role === 'followup' ? 'follow-up of' : 'part of'} task ${parentId}`
  return `${moment(createdAt)} ${VIA[origin.via]}${by}${parent}`
}

const ACTED = /^(?:(?:Cancelled|Closed|Stopped) by <@[UW][A-Z0-9]{2,}>|Cancelled: the charter does not sail)\.$/

/** How it ended. Where code wrote that a person did it, the name may stand; a session's own words are quoted. */
function outcomeText({ task, sessions }: TaskStory): string | null {
  const { outcome } = task
  if (outcome === null) return null
  const byCode = ACTED.test(outcome) && !sessions.some(({ summary }) => summary === outcome)
  return byCode ? outcome : quoted(outcome, 1500)
}

const name = ({ id, title, state }: Task): string => `*${id}* ${outside(title, 100)} (${TASK_STATE[state]})`

function sessionLines({ sessions, now }: TaskStory): string[] {
  return sessions.map((session) => {
    const end = session.endedAt === null ? `began ${ago(session.startedAt, now)}` : `took ${duration(session.endedAt - session.startedAt)}`
    return `*Session ${session.id}* ${sessionState(session)}: ${count(session.turns, 'turn')} of ${session.maxTurns}, ${dollars(session.cost)}, ${end}`
  })
}

function storyLines({ story, sessions }: TaskStory): string[] {
  const which = sessions.length > 1
  return story.map(
    ({ sessionId, at, note }) =>
      `${moment(at)}  ${which ? `[${sessionId}] ` : ''}${cutMarked(sessionNoteText(note).split('\n').slice(0, 2).join(' ').replace(' > ', ' '), 300)}`,
  )
}

function buttonsOf({ task, may }: TaskStory): Button[] {
  const value = String(task.id)
  const confirm = {
    title: 'Cancel this task?',
    text: 'It ends, together with the session that works on it. What was done stays.',
    yes: 'Cancel the task',
    no: 'Leave it',
  }
  return [
    ...(may.retry ? [button(ACTION.retryTask, 'Queue again', { value })] : []),
    ...(may.close ? [button(ACTION.closeTask, 'Mark as done', { value, style: 'primary' as const })] : []),
    ...(may.cancel ? [button(ACTION.cancelTask, 'Cancel', { value, style: 'danger' as const, confirm })] : []),
  ]
}

function listBlock(title: string, lines: readonly string[], most: number): KnownBlock[] {
  return lines.length === 0 ? [] : [toldSection(fitLines([`*${title}*`, ...lines], most))]
}

const HOW =
  "To answer, open the thread of the session's card in the ops channel: a question takes a reply there, everything else one of its buttons."

export function taskView(view: TaskStory, mayAct: boolean): MessageView {
  const { task, now } = view
  const outcome = outcomeText(view)
  const cost = view.sessions.reduce((sum, session) => sum + session.cost, 0)
  const buttons = mayAct ? buttonsOf(view) : []
  const asks = view.openRequests.map(({ what, askedAt }) => {
    const about = what.type === 'question' ? what.question : what.title
    return `Since ${moment(askedAt)}: ${outside(about, 150)}`
  })
  const how = asks.length === 0 ? [] : [HOW]
  const facts = toldFields([
    ['State', TASK_STATE[task.state]],
    ['Kind', outside(task.kind, 60) || 'none'],
    ['Priority', [task.priority, dueText(task, now)].filter((text) => text !== '').join(', ')],
    ['Added', originText(task)],
    ...(task.charterId === null ? [] : [['Charter', outside(task.charterId, 60)] as const]),
    ['Cost', view.sessions.length === 0 ? 'no session' : `${dollars(cost)} in ${count(view.sessions.length, 'session')}`],
    ['Changed', ago(task.updatedAt, now)],
  ])
  return {
    text: `Task ${task.id}: ${TASK_STATE[task.state]}`,
    blocks: [
      toldSection(`*Task ${task.id}: ${outside(task.title, 200)}*`),
      facts,
      ...(task.details.trim() === '' ? [] : [toldSection(`*Details*\n${quoted(task.details, 2200)}`)]),
      ...(outcome === null ? [] : [toldSection(`*How it stands*\n${outcome}`)]),
      ...listBlock('Waits for a person', [...how, ...asks], 900),
      ...listBlock('Waits for these tasks', view.waitsFor.map(name), 900),
      ...listBlock('Sessions', sessionLines(view), 1200),
      ...listBlock('Tasks that follow from it', view.children.map(name), 900),
      ...(view.story.length === 0 ? [] : [toldSection(`*What happened*\n${fitEnds(storyLines(view), 2500)}`)]),
      ...(buttons.length === 0 ? [] : [actions(buttons)]),
      toldContext(buttons.length === 0 ? `From the bot's own records, ${moment(now)}.` : 'The buttons are for operators.'),
    ],
  }
}
