import type { Home } from '../../src/services/status/read-home.ts'
import { FRESH_SYNC_STATE } from '../../src/services/sheets/sync-state.ts'
import type { Session } from '../../src/services/agent/session.ts'
import type { Task, TaskState } from '../../src/services/tasks/task.ts'
import type { Sailing } from '../../src/services/status/sailings.ts'

/** 2026-03-11 12:00 UTC. */
export const NOW = Date.UTC(2026, 2, 11, 12)
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
  day: '2026-03-11',
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
  startsAt: NOW + 5 * HOUR,
  endsAt: NOW + 9 * HOUR,
  vessel: 'Meridian',
  captain: 'Capt. Sam',
  undecided: false,
  hasPage: true,
  readAt: NOW - 600_000,
  signed: 1,
  asked: 2,
  ...change,
})

const tasks = [task(4, 'needs-person', 'Ring the harbour office'), task(5, 'waiting'), task(6, 'queued'), task(7, 'failed')]

/** A working day: one charter soon, one task for a person, one session over. */
export const HOME: Home = {
  now: NOW,
  business: { now: NOW, readAt: NOW - 600_000, nextSailsAt: NOW + 5 * HOUR, stalePages: 0 },
  status: {
    now: NOW,
    sync: { ...FRESH_SYNC_STATE, lastAttemptAt: NOW - 600_000, lastSuccessAt: NOW - 600_000, lastReadAt: NOW - 600_000, tabs: ['2026-03'] },
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
  quota: {
    now: NOW,
    limits: { sessionsPerDay: 5, reservedSessions: 0, maxTurns: 30, dailyBudget: 5_000_000 },
    hasKey: true,
    pause: null,
    used: 1,
    dayEndsAt: NOW + 12 * HOUR,
    today: { cost: 140_000, turns: 6, usage },
    month: { cost: 4_120_000, turns: 160, usage },
    sessions: [session(3)],
    tasks: { queued: 1, 'needs-person': 1, waiting: 1, failed: 1, done: 12 },
    dryAt: null,
  },
  polledAt: NOW - 30_000,
  pollMs: 60_000,
  repliedAt: NOW - HOUR,
  tasks: {
    now: NOW,
    rows: tasks.map((one) => ({ task: one, waitsFor: [] })),
    counts: { queued: 1, 'needs-person': 1, waiting: 1, failed: 1, done: 12 },
  },
  sessions: { now: NOW, rows: [{ session: session(3), task: tasks[0] ?? null }] },
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
      expiresAt: null,
      decidedBy: null,
      decidedAt: null,
      answer: null,
    },
  ],
  sailings: [
    sailing('JC-1190'),
    sailing('JC-1191', { startsAt: NOW + 30 * HOUR, captain: '', hasPage: false, signed: 0, asked: 0, undecided: true }),
  ],
}
