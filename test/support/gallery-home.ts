import type { HomeView } from '@slack/types'
import { homeView, type Viewer } from '../../src/bot/views/home.ts'
import { NO_USAGE } from '../../src/services/model/model.ts'
import { FRESH_SYNC_STATE } from '../../src/services/sheets/sync-state.ts'
import { businessTerms } from '../../src/services/status/business.ts'
import type { Home } from '../../src/services/status/read-home.ts'
import { HOME, NOW, sailing, session, task } from './home-samples.ts'
import { dayOfTrouble, healthOf } from './host-health.ts'
import { incident, NOON, TOKEN_DEAD } from './incident-samples.ts'

/** The bot's Home tab, for who may act and for who may not, on days of different kinds. */

export interface ShownHome {
  readonly name: string
  readonly view: HomeView
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const MARA = 'U0MARA'

/** The token died at noon; it was tried again an hour, and then four hours later. */
const LATE = NOON + 5 * HOUR + 10 * MINUTE
const READ = NOON - 30 * MINUTE

const dead = incident({
  id: 12,
  openedAt: NOON,
  lastSeenAt: NOON + 5 * HOUR,
  state: 'acknowledged',
  owner: MARA,
  signals: 3,
  evidence: { ...TOKEN_DEAD.evidence, failures: 6, nextAttemptAt: NOON + 29 * HOUR, stale: true },
})
const refused = incident({
  id: 13,
  key: 'agent/model',
  kind: 'model_refused',
  openedAt: NOON + 2 * HOUR,
  lastSeenAt: NOON + 5 * HOUR,
  evidence: {
    ...TOKEN_DEAD.evidence,
    class: 'refused-us',
    code: 'authentication_error',
    status: 401,
    hint: 'model-key',
    firstFailureAt: NOON + 2 * HOUR,
  },
})
const memory = incident({
  id: 14,
  key: 'host/memory',
  kind: 'host_memory',
  openedAt: NOON + 4 * HOUR,
  lastSeenAt: NOON + 5 * HOUR,
  evidence: {
    ...TOKEN_DEAD.evidence,
    class: 'host',
    code: 'memory',
    firstFailureAt: NOON + 4 * HOUR - 10 * MINUTE,
    findings: ['96 % of 914 MB in use'],
  },
})

const sailings = [
  sailing('JC-1104', { readAt: READ }),
  ...Array.from({ length: 13 }, (_, index) =>
    sailing(`JC-${1105 + index}`, {
      // Two a day, at nine and at two.
      startsAt: NOON + (29 + 24 * Math.floor(index / 2) + 5 * (index % 2)) * HOUR,
      endsAt: NOON + (33 + 24 * Math.floor(index / 2) + 5 * (index % 2)) * HOUR,
      vessel: index % 2 === 0 ? 'Marisol' : 'Meridian',
      captain: index === 0 ? '' : 'Dee',
      hasPage: index > 1,
      readAt: READ,
      signed: 0,
      asked: index > 1 ? 2 : 0,
    }),
  ),
]

const waiting = Array.from({ length: 9 }, (_, index) =>
  task(20 + index, index % 3 === 0 ? 'failed' : 'needs-person', `Call the guest of JC-${1105 + index}`),
)

/** Home at another time. */
const moved = (now: number, change: Partial<Home> = {}): Home => ({
  ...HOME,
  now,
  quota: { ...HOME.quota, now },
  tasks: { ...HOME.tasks, now },
  sessions: { ...HOME.sessions, now },
  ...change,
})

const trouble = healthOf(dayOfTrouble())
const counts = { queued: 4, running: 0, waiting: 1, 'needs-person': 6, failed: 3, done: 12, cancelled: 2 }

const FAILING: Home = moved(LATE, {
  business: businessTerms(READ, sailings, LATE),
  status: {
    ...HOME.status,
    now: LATE,
    sync: {
      ...HOME.status.sync,
      lastAttemptAt: NOON + 5 * HOUR,
      lastSuccessAt: READ,
      lastReadAt: READ,
      reauthFailures: 6,
      firstFailureAt: NOON - 65_000,
      failure: {
        endpoint: 'token',
        class: 'reauth-required',
        code: 'invalid_grant',
        status: 400,
        detail: undefined,
        hint: undefined,
        retryAfterMs: undefined,
        enableUrl: undefined,
      },
      nextAttemptAt: NOON + 29 * HOUR,
    },
    stale: true,
    standing: 'reauth',
    waiting: { dueAt: NOON + 29 * HOUR, reason: 'retry' },
    quarantined: 1,
    incidents: [memory, refused, dead],
    backlog: [{ target: 'slack', count: 3, since: LATE - 15 * MINUTE, error: 'ECONNREFUSED' }],
  },
  nextSyncAt: NOON + 29 * HOUR,
  server: { ...trouble, audit: trouble.audit === null ? null : { ...trouble.audit, at: LATE - 6 * MINUTE } },
  quota: {
    ...HOME.quota,
    now: LATE,
    pause: { since: NOON + 2 * HOUR, until: null, by: null, reason: 'invalid x-api-key', refusals: 2 },
    tasks: counts,
  },
  polledAt: LATE - 30_000,
  repliedAt: NOW - HOUR,
  tasks: { now: LATE, rows: waiting.map((one) => ({ task: one, waitsFor: [] })), counts },
  sailings,
})

const HELD: Home = {
  ...HOME,
  status: {
    ...HOME.status,
    standing: 'data',
    sync: { ...HOME.status.sync, dataFailures: 1, lastSuccessAt: READ },
    holds: [
      {
        tab: '2026-03',
        contentHash: 'f'.repeat(64),
        before: 21,
        removed: Array.from({ length: 9 }, (_, index) => `JC-${1101 + index}`),
        createdAt: NOON,
        approvedBy: null,
      },
    ],
    incidents: [
      incident({
        id: 11,
        kind: 'sheet_problem',
        severity: 'warning',
        evidence: {
          ...TOKEN_DEAD.evidence,
          class: 'data',
          code: 'held',
          failures: 1,
          firstFailureAt: NOON,
          lastSuccessAt: READ,
          lastReadAt: NOON,
        },
      }),
    ],
  },
}

const FIRST_DAY: Home = {
  ...HOME,
  business: businessTerms(null, [], NOW),
  status: {
    ...HOME.status,
    sync: FRESH_SYNC_STATE,
    connection: null,
    incidents: [
      incident({
        id: 1,
        kind: 'google_not_connected',
        severity: 'notice',
        openedAt: NOW - 5 * MINUTE,
        evidence: {
          ...TOKEN_DEAD.evidence,
          class: 'not-connected',
          code: 'no-refresh-token',
          failures: 0,
          firstFailureAt: NOW - 5 * MINUTE,
        },
      }),
    ],
  },
  server: { audit: null, verdict: 'unknown', stale: false },
  quota: {
    ...HOME.quota,
    used: 0,
    today: { cost: 0, turns: 0, usage: NO_USAGE },
    month: { cost: 0, turns: 0, usage: NO_USAGE },
    sessions: [],
    tasks: {},
  },
  polledAt: null,
  repliedAt: null,
  tasks: { now: NOW, rows: [], counts: {} },
  sessions: { now: NOW, rows: [] },
  requests: [],
  sailings: [],
}

/** A session is under way, a sync too. */
const RUNNING = task(6, 'running', 'Check the agreements of March')
const BUSY: Home = {
  ...HOME,
  status: { ...HOME.status, running: true },
  tasks: {
    ...HOME.tasks,
    rows: HOME.tasks.rows.map((row) => (row.task.id === RUNNING.id ? { ...row, task: RUNNING } : row)),
    counts: { ...HOME.tasks.counts, queued: 0, running: 1 },
  },
  sessions: {
    now: NOW,
    rows: [
      {
        session: session(6, { taskId: 6, status: 'running', endedAt: null, startedAt: NOW - 4 * MINUTE, slot: 3 }),
        task: RUNNING,
      },
      ...HOME.sessions.rows,
    ],
  },
  quota: {
    ...HOME.quota,
    used: 3,
    today: { ...HOME.quota.today, cost: 420_000, turns: 16 },
    month: { ...HOME.quota.month, cost: 560_000, turns: 22 },
    sessions: [...HOME.quota.sessions, session(6, { status: 'running', endedAt: null, slot: 3 })],
  },
  repliedAt: NOW - 20_000,
}

export const HOMES: Readonly<Record<string, Home>> = {
  'a working day': HOME,
  'work under way': BUSY,
  'a change is held back': HELD,
  'everything fails': FAILING,
  'the first day': FIRST_DAY,
}

const OPERATOR: Viewer = { mayAct: true, operators: [MARA, 'U0TOM'], opsChannel: 'C0OPS' }

export function homes(): ShownHome[] {
  return Object.entries(HOMES).flatMap(([day, home]) => [
    { name: `home, ${day}, an operator`, view: homeView(home, OPERATOR) },
    { name: `home, ${day}, somebody else`, view: homeView(home, { ...OPERATOR, mayAct: false }) },
  ])
}
