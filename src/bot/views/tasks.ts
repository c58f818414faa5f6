import type { KnownBlock } from '@slack/types'
import type { SessionList, TaskList } from '../../services/status/read-tasks.ts'
import type { Added } from '../../services/tasks/add-task.ts'
import type { Task, TaskState } from '../../services/tasks/task.ts'
import { count, dollars, outside, toldContext, toldSection, unlinked } from './agent-text.ts'
import { sessionState, TASK_STATE } from './agent-words.ts'
import type { MessageView } from './alert.ts'
import { ago, duration, fitLines, LIMITS } from './text.ts'

/** Lists of tasks and sessions. Titles are other people's words. */

/** What is under way first, then what asks for somebody, then what waits for its turn, then what is over. */
const ORDER: readonly TaskState[] = ['running', 'waiting', 'needs-person', 'queued', 'failed', 'done', 'cancelled']
const OVER: ReadonlySet<TaskState> = new Set(['failed', 'done', 'cancelled'])

/** Characters of all groups together. */
const ROOM = 9000
const EACH_GROUP = 2500

/** `due 2026-11-30`, and whether that is over, by the UTC date. */
export function dueText({ dueOn, state }: Pick<Task, 'dueOn' | 'state'>, now: number): string {
  if (dueOn === null) return ''
  const late = !OVER.has(state) && dueOn < new Date(now).toISOString().slice(0, 10)
  return late ? `was due ${dueOn}` : `due ${dueOn}`
}

/** A task with its age, due date and priority. */
export function taskLine(task: Task, waitsFor: readonly number[], now: number): string {
  const facts = [
    outside(task.kind, 60),
    ...(task.priority === 'normal' ? [] : [task.priority]),
    dueText(task, now),
    OVER.has(task.state) ? ago(task.updatedAt, now) : `${duration(now - task.createdAt)} old`,
    waitsFor.length === 0 ? '' : `waits for ${waitsFor.slice(0, 5).join(', ')}${waitsFor.length > 5 ? ' and more' : ''}`,
  ]
  return `*${task.id}* ${outside(task.title, 120)} (${facts.filter((fact) => fact !== '').join(', ')})`
}

const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

function groups({ rows, counts, now }: TaskList): KnownBlock[] {
  let room = ROOM
  return ORDER.flatMap((state) => {
    const own = rows.filter(({ task }) => task.state === state)
    const all = counts[state] ?? own.length
    if (all === 0) return []
    const hidden = all - own.length
    const lines = [
      `*${capitalised(TASK_STATE[state])}* (${all})`,
      ...own.map(({ task, waitsFor }) => taskLine(task, waitsFor, now)),
      ...(hidden > 0 ? [own.length === 0 ? '' : `… and ${hidden} more`] : []),
    ].filter((line) => line !== '')
    const text = fitLines(lines, Math.max(200, Math.min(EACH_GROUP, room)))
    room -= text.length
    return [toldSection(text)]
  })
}

/** `/jada tasks`: by state, with age, due date, priority and what stands in the way. */
export function tasksView(list: TaskList): MessageView {
  const total = Object.values(list.counts).reduce((sum, one) => sum + one, 0)
  if (total === 0) {
    const text = 'There is no task yet. `/jada task add` adds one.'
    return { text, blocks: [toldSection(text)] }
  }
  const live = ORDER.filter((state) => !OVER.has(state)).reduce((sum, state) => sum + (list.counts[state] ?? 0), 0)
  return {
    text: `Tasks: ${live} to do, ${total - live} over`,
    blocks: [...groups(list), toldContext('`/jada task 12` tells all about one. `/jada task add` adds one.')],
  }
}

/** A session with its task, turns and cost. */
export function sessionLine({ session, task }: SessionList['rows'][number], now: number): string {
  const about = task === null ? `task ${session.taskId}` : `task ${task.id}, ${outside(task.title, 80)}`
  const facts = [count(session.turns, 'turn'), dollars(session.cost), `began ${ago(session.startedAt, now)}`]
  return `*${session.id}* ${sessionState(session)}: ${about} (${facts.join(', ')})`
}

/** `/jada sessions`: the newest ones with their tasks, turns and cost. */
export function sessionsView({ rows, now }: SessionList): MessageView {
  if (rows.length === 0) {
    const text = 'There has been no session yet.'
    return { text, blocks: [toldSection(text)] }
  }
  const lines = rows.map((row) => sessionLine(row, now))
  return {
    text: `The latest ${count(rows.length, 'session')}`,
    blocks: [toldSection(fitLines(lines, 2900)), toldContext('`/jada task 12` shows a task with its sessions.')],
  }
}

/** `Task 12 added: ...` and what comes next, for messages and modals. */
export function addedText(added: Added, hasKey: boolean): string {
  if (added.kind === 'no-such-task') return `There is no task ${added.id}, so nothing was added.`
  const { task } = added
  const name = outside(task.title, 200)
  if (added.kind === 'conflict') return `Nothing was added: task ${task.id} was asked for under the same key. It is: ${name}`
  if (added.kind === 'known') return `Task ${task.id} was added before: ${name}`
  const next = task.state === 'queued' ? 'It is queued.' : 'It waits for a person.'
  const key = task.state === 'queued' && !hasKey ? ' No key for Claude is set, so no session begins yet.' : ''
  return `Task ${task.id} added: ${name}\n${next}${key} \`/jada task ${task.id}\` shows it.`
}

export function addedView(added: Added, hasKey: boolean): MessageView {
  const text = addedText(added, hasKey)
  return { text: unlinked(text), blocks: [toldSection(text)] }
}

const FIELD: Readonly<Record<string, string>> = { dueOn: 'The due date', dependsOn: 'The list of tasks before it' }

/** Why nothing was added, each problem a line. */
export function problemsView(problems: readonly { readonly field: string; readonly problem: string }[]): MessageView {
  const lines = problems.map(({ field, problem }) => `• ${FIELD[field] ?? `The ${outside(field, 40)}`} ${outside(problem, 300)}.`)
  const text = `Nothing was added:\n${fitLines(lines, LIMITS.sectionText)}`
  return { text: unlinked(text), blocks: [toldSection(text)] }
}
