import { businessTerms } from '../../src/services/status/business.ts'
import type { Home } from '../../src/services/status/read-home.ts'
import { FRESH_SYNC_STATE } from '../../src/services/sheets/sync-state.ts'
import type { Session } from '../../src/services/agent/session.ts'
import type { Task, TaskState } from '../../src/services/tasks/task.ts'
import type { Sailing } from '../../src/services/status/sailings.ts'
import { dayOfAudits, healthOf } from './host-health.ts'
import { NOON } from './incident-samples.ts'

/** Ten minutes after the sync of noon, UTC, on Monday 2026-03-02. */
export const NOW = NOON + 600_000
const MINUTE = 60_000
const HOUR = 3_600_000

const usage = { input: 12_000, output: 900, cacheRead: 80_000, cacheWrite: 4000 }

export const task = (id: number, state: TaskState, title = `Task number ${id}`): Task => ({
  id,
  kind: 'general',
  title,
  details: '',
  priority: 'normal',
  dueOn: null,
  dependsOn: [],
  parentId: null,
  role: null,
  charterId: null,
  origin: { via: 'slack', by: 'U0MARA' },
  state,
  ranOut: 0,
  outcome: null,
  createdAt: NOW - 5 * HOUR,
  updatedAt: NOW - HOUR,
  version: 1,
})

export const session = (id: number, change: Partial<Session> = {}): Session => ({
  id,
  taskId: 4,
  kind: 'general',
  model: 'claude',
  day: '2026-03-02',
  slot: 1,
  status: 'finished',
  wait: null,
  epoch: 1,
  version: 3,
  turns: 6,
  maxTurns: 30,
  tainted: false,
  usage,
  cost: 140_000,
  contextTokens: 0,
  failures: 0,
  breaks: 0,
  beginning: null,
  handingOver: null,
  reminded: false,
  step: 'done',
  summary: null,
  exitCode: 0,
  muted: false,
  startedAt: NOW - 2 * HOUR,
  endedAt: NOW - HOUR,
  ...change,
})

export const sailing = (id: string, change: Partial<Sailing> = {}): Sailing => ({
  id,
  startsAt: NOON + 5 * HOUR,
  endsAt: NOON + 9 * HOUR,
  vessel: 'Meridian',
  captain: 'Capt. Sam',
  undecided: false,
  hasPage: true,
  readAt: NOON,
  signed: 1,
  asked: 2,
  ...change,
})

const tasks = [
  task(4, 'needs-person', 'Ring the harbour office'),
  task(5, 'waiting', 'Find a boat for the big party'),
  task(6, 'queued', 'Check the agreements of March'),
  task(7, 'failed', 'Compare all charters of the year'),
]
const counts = { queued: 1, 'needs-person': 1, waiting: 1, failed: 1, done: 12 }

const sessions = [
  session(5, {
    taskId: 5,
    status: 'waiting',
    wait: { for: 'request', until: null },
    slot: 2,
    turns: 4,
    endedAt: null,
    startedAt: NOW - 70 * MINUTE,
  }),
  session(3),
]

const sailings = [
  sailing('JC-1104'),
  sailing('JC-1105', {
    startsAt: NOON + 53 * HOUR,
    endsAt: NOON + 57 * HOUR,
    captain: '',
    hasPage: false,
    signed: 0,
    asked: 0,
    undecided: true,
  }),
]

/** A working day: one charter soon, one task for a person, one session over and one that asks. */
export const HOME: Home = {
  now: NOW,
  business: businessTerms(NOON, sailings, NOW),
  status: {
    now: NOW,
    sync: { ...FRESH_SYNC_STATE, lastAttemptAt: NOON, lastSuccessAt: NOON, lastReadAt: NOON, tabs: ['2026-03'] },
    stale: false,
    standing: null,
    lastRun: null,
    running: false,
    waiting: null,
    tabs: [],
    holds: [],
    quarantined: 0,
    connection: { email: 'office@jada.example', consentedAt: NOW - 50 * HOUR, refreshExpiresAt: NOW + 118 * HOUR },
    incidents: [],
    backlog: [],
  },
  nextSyncAt: NOON + 30 * MINUTE,
  server: healthOf(dayOfAudits(), NOW),
  quota: {
    now: NOW,
    limits: { sessionsPerDay: 5, reservedSessions: 0, maxTurns: 30, dailyBudget: 5_000_000 },
    hasKey: true,
    pause: null,
    used: 2,
    dayEndsAt: NOON + 12 * HOUR,
    today: { cost: 280_000, turns: 10, usage },
    month: { cost: 420_000, turns: 16, usage },
    sessions: sessions.toReversed(),
    tasks: counts,
    dryAt: null,
  },
  polledAt: NOW - 30_000,
  pollMs: 60_000,
  repliedAt: NOW - HOUR,
  tasks: { now: NOW, rows: tasks.map((one) => ({ task: one, waitsFor: [] })), counts },
  sessions: {
    now: NOW,
    rows: sessions.map((one) => ({ session: one, task: one.id === 5 ? (tasks[1] ?? null) : task(2, 'done', 'Sum up last week') })),
  },
  requests: [
    {
      id: 1,
      sessionId: 5,
      toolUseId: 't',
      what: { type: 'question', question: 'Which of the two boats?', choices: [] },
      argumentsHash: '',
      state: 'open',
      version: 1,
      askedAt: NOW - HOUR,
      expiresAt: NOW + 23 * HOUR,
      decidedBy: null,
      decidedAt: null,
      answer: null,
    },
  ],
  sailings,
}
