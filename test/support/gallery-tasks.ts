import { beginCommand } from '../../src/bot/commands/run.ts'
import type { AgentCommand, Command } from '../../src/bot/commands/parse.ts'
import type { BotDeps } from '../../src/bot/deps.ts'
import type { MessageView } from '../../src/bot/views/alert.ts'
import { plainView } from '../../src/bot/views/answers.ts'
import { quotaView } from '../../src/bot/views/quota.ts'
import { taskFromMessage, taskModal, toldModal } from '../../src/bot/views/task-modal.ts'
import { taskView } from '../../src/bot/views/task.ts'
import { addedView, problemsView, sessionsView, tasksView } from '../../src/bot/views/tasks.ts'
import type { Session, SessionStatus } from '../../src/services/agent/session.ts'
import { NO_USAGE } from '../../src/services/model/model.ts'
import { forecastDry, type QuotaStatus } from '../../src/services/status/read-quota.ts'
import type { TaskStory } from '../../src/services/status/read-tasks.ts'
import type { Task, TaskState } from '../../src/services/tasks/task.ts'
import { OPEN_QUESTION, sampleSession, sampleTask, SESSION_NOTES, SUMMARY } from './gallery-agent.ts'
import type { ShownModal } from './gallery-answers.ts'
import type { Shown } from './gallery-cards.ts'
import { createFakeClock } from './fake-clock.ts'
import { NOON } from './incident-samples.ts'
import { newTask } from './agent-samples.ts'
import { openTestDatabase } from './repo-database.ts'

/** Answers about tasks, sessions and the day's quota, and the window that adds a task. */

type Named = Readonly<Record<string, MessageView>>

const HOUR = 3_600_000
const MARA = 'U0MARA'

const one = (id: number, state: TaskState, change: Partial<Task> = {}): Task =>
  sampleTask({ id, state, updatedAt: NOON - (15 - id) * HOUR, createdAt: NOON - (15 - id) * 7 * HOUR, ...change })

/** A task in every state, as the list shows it. */
const LISTED: Readonly<Record<TaskState, readonly Task[]>> = {
  running: [one(12, 'running')],
  waiting: [one(11, 'waiting', { title: 'Ask about the berth of JC-1105' })],
  'needs-person': [one(9, 'needs-person', { kind: 'person', title: 'Call the guest of JC-1105', priority: 'high', dueOn: '2026-03-01' })],
  queued: [
    one(13, 'queued', { title: 'Crew page of JC-1110', kind: 'crew-page', dueOn: '2026-03-20' }),
    one(14, 'queued', { title: 'Sum up the week', priority: 'low', dependsOn: [12, 13] }),
  ],
  failed: [one(6, 'failed', { title: 'Compare all charters of the year' })],
  done: [one(8, 'done', { title: 'Signatures for JC-1105', kind: 'e-signature' })],
  cancelled: [one(7, 'cancelled', { title: 'Crew page of JC-1101', kind: 'crew-page' })],
}

const rows = Object.values(LISTED)
  .flat()
  .map((task) => ({ task, waitsFor: [...task.dependsOn] }))
const counts = Object.fromEntries(Object.entries(LISTED).map(([state, all]) => [state, all.length]))

/** Each took half an hour; all began on the day of `NOON`. */
const HALF = HOUR / 2
const over = { summary: SUMMARY }
const SESSIONS: Readonly<Record<SessionStatus, Parameters<typeof sampleSession>[0]>> = {
  running: {},
  waiting: { wait: { for: 'request', until: null } },
  finished: over,
  'ran-out': { ...over, turns: 30, handingOver: 'turns' },
  'gave-up': over,
  cancelled: { ...over, step: 'stopped' },
}
const sessions = Object.entries(SESSIONS).map(([status, change], index) => {
  const startedAt = NOON - HALF - index * HOUR
  const endedAt = status === 'running' || status === 'waiting' ? null : startedAt + HALF
  return sampleSession({
    id: 9 - index,
    taskId: 12 - index,
    slot: 6 - index,
    status: status as SessionStatus,
    startedAt,
    endedAt,
    ...change,
  })
})

const story = (state: TaskState, change: Partial<TaskStory> & { about?: Partial<Task> } = {}): MessageView =>
  taskView(
    {
      now: NOON,
      task: one(12, state, { id: 12, createdAt: NOON - 5 * HOUR, updatedAt: NOON - 60_000, ...change.about }),
      waitsFor: [],
      children: [],
      sessions: [],
      openRequests: [],
      story: [],
      may: {
        cancel: state !== 'done' && state !== 'failed' && state !== 'cancelled',
        retry: state === 'needs-person' || state === 'failed',
        close: state === 'needs-person' || state === 'failed',
      },
      ...change,
    },
    true,
  )

const ended = sampleSession({ ...over, status: 'finished', startedAt: NOON - 2 * HOUR, endedAt: NOON - 2 * HOUR + HALF })
/** What such a session said. */
const saidSince = (startedAt: number) =>
  SESSION_NOTES.slice(0, 4).map(({ note }, index) => {
    const at = startedAt + (index + 1) * 60_000
    return { sessionId: 3, at, note: note.type === 'model-wait' ? { ...note, until: at + 60_000 } : note }
  })
const lines = saidSince(ended.startedAt)
const CHARTER = {
  kind: 'e-signature',
  title: 'Signatures for JC-1105',
  details: '',
  origin: { via: 'bot', by: null },
  charterId: 'JC-1105',
} as const

/** One task in every state. */
const STORIES: Readonly<Record<TaskState, Named>> = {
  queued: {
    alone: story('queued'),
    'waits for others': story('queued', {
      waitsFor: [one(9, 'needs-person', { title: 'Call the guest of JC-1105' })],
      about: { dueOn: '2026-03-01' },
    }),
  },
  running: { '': story('running', { sessions: [sampleSession({ startedAt: NOON - 600_000 })], story: saidSince(NOON - 600_000) }) },
  waiting: {
    '': story('waiting', {
      sessions: [sampleSession({ status: 'waiting', wait: { for: 'request', until: null }, startedAt: NOON - HALF })],
      openRequests: [OPEN_QUESTION],
    }),
  },
  'needs-person': {
    'a person’s own': story('needs-person', {
      about: { kind: 'person', title: 'Call the guest of JC-1105', parentId: 8, role: 'followup', origin: { via: 'agent', by: null } },
    }),
    blocked: story('needs-person', { sessions: [ended], about: { outcome: 'The guest wants to sign on paper.' }, story: lines }),
    stopped: story('needs-person', {
      sessions: [{ ...ended, status: 'cancelled', step: 'stopped', summary: null }],
      about: { outcome: `Stopped by <@${MARA}>.` },
    }),
  },
  done: {
    'by a session': story('done', {
      sessions: [ended],
      about: { outcome: SUMMARY },
      story: lines,
      children: [one(13, 'queued', { title: 'Look over the papers of JC-1105' })],
    }),
    'by code': story('done', { about: { ...CHARTER, outcome: '2 signature requests are ready; a person sends them.' } }),
    'by a person': story('done', { about: { outcome: `Closed by <@${MARA}>.` } }),
  },
  failed: {
    '': story('failed', {
      sessions: [{ ...ended, status: 'ran-out', handingOver: 'turns', turns: 30 }],
      about: { outcome: 'Done: seven of twelve charters were read.' },
    }),
  },
  cancelled: {
    'by a person': story('cancelled', { about: { outcome: `Cancelled by <@${MARA}>.` } }),
    'called off': story('cancelled', { about: { ...CHARTER, outcome: 'Cancelled: the charter does not sail.' } }),
  },
}

const calm: QuotaStatus = {
  now: NOON,
  limits: { sessionsPerDay: 5, reservedSessions: 1, maxTurns: 30, dailyBudget: 5_000_000 },
  hasKey: true,
  pause: null,
  used: 0,
  dayEndsAt: NOON + 12 * HOUR,
  today: { cost: 0, turns: 0, usage: NO_USAGE },
  month: { cost: 310_000, turns: 14, usage: NO_USAGE },
  sessions: [],
  tasks: {},
  dryAt: null,
}
/** A day with these sessions: what they used together, and when they would all be used. */
function dayWith(own: readonly Session[], queued: number): QuotaStatus {
  const sum = (of: (session: Session) => number): number => own.reduce((all, session) => all + of(session), 0)
  const usage = {
    input: sum((one) => one.usage.input),
    output: sum((one) => one.usage.output),
    cacheRead: sum((one) => one.usage.cacheRead),
    cacheWrite: sum((one) => one.usage.cacheWrite),
  }
  const today = { cost: sum(({ cost }) => cost), turns: sum(({ turns }) => turns), usage }
  const waiting = own.filter(({ status }) => status === 'waiting').length
  return {
    ...calm,
    used: own.length,
    today,
    month: { cost: calm.month.cost + today.cost, turns: calm.month.turns + today.turns, usage },
    sessions: own,
    tasks: { queued, waiting, 'needs-person': 2 },
    dryAt: forecastDry({ used: own.length, limit: calm.limits.sessionsPerDay, waiting: queued, now: NOON }),
  }
}
const pause = { since: NOON - HOUR, until: NOON + HOUR, by: MARA, reason: null, refusals: 0 }
const QUOTA: Named = {
  'a fresh day': quotaView(calm),
  'a busy day': quotaView(dayWith(sessions.slice(0, 3).toReversed(), 6)),
  'used up': quotaView(dayWith(sessions.slice(0, 5).toReversed(), 6)),
  'paused by a person': quotaView({ ...calm, pause }),
  'paused by a refusal': quotaView({
    ...calm,
    pause: { ...pause, until: null, by: null, reason: 'Your credit balance is too low to access the Anthropic API.' },
  }),
  'without a key': quotaView({ ...calm, hasKey: false }),
}

const known = sampleTask({ state: 'queued' })
const ADDED: Named = {
  added: addedView({ kind: 'added', task: known }, true),
  'added, for a person': addedView({ kind: 'added', task: { ...known, state: 'needs-person' } }, true),
  'added, without a key': addedView({ kind: 'added', task: known }, false),
  'known before': addedView({ kind: 'known', task: known }, true),
  conflict: addedView({ kind: 'conflict', task: known }, true),
  'after a task that is not there': addedView({ kind: 'no-such-task', id: 99 }, true),
  problems: problemsView([
    { field: 'title', problem: 'is longer than 200 characters' },
    { field: 'dueOn', problem: 'must be a date such as 2026-11-30' },
  ]),
}

const KINDS = [
  { kind: 'general', title: 'Office task', api: true },
  { kind: 'crew-page', title: 'Crew page', api: false },
  { kind: 'e-signature', title: 'Guest signatures', api: false },
]

/** Commands as the bot answers them, over a store of their own with a task that needs a person and one that is queued. */
async function createDesk(): Promise<(command: Command) => Promise<MessageView>> {
  const { uow } = await openTestDatabase()
  await uow.run(async ({ tasks }) => {
    await tasks.add(newTask({ kind: 'person', state: 'needs-person' }), NOON)
    await tasks.add(newTask(), NOON)
  })
  const agent = { kinds: KINDS, mcp: { servers: [], playbooks: [] }, limits: calm.limits, hasKey: true }
  const access = { operators: [MARA], opsChannel: 'C0OPS' }
  const deps = { uow, agent, access, clock: createFakeClock(NOON), wake: () => undefined } as unknown as BotDeps
  let triggers = 0
  return async (command) => {
    const answer = await beginCommand(deps, command, { user: MARA, triggerId: `t${(triggers += 1)}` })
    const view = await answer.later?.()
    return view === null || view === undefined || 'pages' in view ? plainView('no answer') : view
  }
}

export type TaskCommand = Exclude<AgentCommand['name'], 'mcp' | 'mcp-accept'>

async function answers(): Promise<Readonly<Record<TaskCommand, Named>>> {
  const say = await createDesk()
  return {
    quota: QUOTA,
    tasks: {
      none: tasksView({ now: NOON, rows: [], counts: {} }),
      'every state': tasksView({ now: NOON, rows, counts: { ...counts, done: 40 } }),
    },
    sessions: {
      none: sessionsView({ now: NOON, rows: [] }),
      'every state': sessionsView({ now: NOON, rows: sessions.map((session) => ({ session, task: one(session.taskId, 'running') })) }),
    },
    task: {
      ...Object.fromEntries(
        Object.entries(STORIES).flatMap(([state, all]) =>
          Object.entries(all).map(([name, view]) => [`${state}${name === '' ? '' : `, ${name}`}`, view]),
        ),
      ),
      'not there': await say({ name: 'task', id: 99 }),
    },
    'task-add': { ...ADDED, 'a kind that is not there': await say({ name: 'task-add', kind: 'genral', title: 'Look' }) },
    'task-act': {
      done: await say({ name: 'task-act', id: 1, act: 'done' }),
      'nothing to do': await say({ name: 'task-act', id: 1, act: 'retry' }),
      'not to be retried': await say({ name: 'task-act', id: 2, act: 'retry' }),
      cancelled: await say({ name: 'task-act', id: 2, act: 'cancel' }),
      'not there': await say({ name: 'task-act', id: 99, act: 'cancel' }),
    },
    'pause-agent': {
      'for two hours': await say({ name: 'pause-agent', forMs: 2 * HOUR }),
      'until resumed': await say({ name: 'pause-agent', forMs: null }),
    },
    resume: { paused: await say({ name: 'resume' }), 'not paused': await say({ name: 'resume' }) },
    'pause-how': {
      '': await say({ name: 'pause-how', problem: null }),
      'not understood': await say({ name: 'pause-how', problem: 'a while' }),
    },
  }
}

export async function taskAnswers(): Promise<Shown[]> {
  return Object.entries(await answers()).flatMap(([command, named]) =>
    Object.entries(named).map(([name, view]) => ({ name: `${command}${name === '' ? '' : `, ${name}`}`, view, to: MARA })),
  )
}

const message = taskFromMessage({ text: 'Person needed: the windlass of Marisol squeaks\nIt did so on Sunday as well.', by: 'ben' })

export const TASK_MODALS: readonly ShownModal[] = [
  { name: 'add a task', view: taskModal({ kinds: KINDS, origin: null }) },
  { name: 'add a task, of a message', view: taskModal({ kinds: KINDS, ...message, origin: 'https://x.slack.com/archives/C0OPS/p1' }) },
  { name: 'add a task, no playbooks', view: taskModal({ kinds: [], origin: null }) },
  { name: 'a task was added', view: toldModal('Task 12 added: Look over the papers\nIt is queued. `/jada task 12` shows it.') },
]
