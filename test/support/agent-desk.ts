import { onTestFinished } from 'vitest'
import { createClaude as createStandIn, type Claude } from '../../sandbox/claude/claude.ts'
import { createPollJob, createSessionJob } from '../../src/jobs/agent-jobs.ts'
import type { Job } from '../../src/jobs/job.ts'
import { createRunner, type Runner } from '../../src/jobs/runner.ts'
import { Secret } from '../../src/secret.ts'
import type { Agent } from '../../src/services/agent/agent.ts'
import type { SessionNote } from '../../src/services/agent/note.ts'
import type { Playbook } from '../../src/services/agent/playbook.ts'
import type { PersonRequest } from '../../src/services/agent/request.ts'
import type { Session } from '../../src/services/agent/session.ts'
import { createClaude } from '../../src/services/model/claude.ts'
import type { Charter, Field } from '../../src/services/sheets/charter.ts'
import { addTask, readWish } from '../../src/services/tasks/add-task.ts'
import type { Task } from '../../src/services/tasks/task.ts'
import type { AllPorts } from '../../src/store/unit.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import { createTestLog, type TestLog } from './job-log.ts'
import { openTestDatabase, type TestDatabase } from './repo-database.ts'

/** 2026-11-02 09:30 UTC. */
export const START = Date.UTC(2026, 10, 2, 9, 30)
/** Ten times longer than in real life: a day of looks takes its time. */
const POLL_MS = 600_000
export const KEY = 'sk-ant-test-key'
export const MARA = 'U0MARA'

export const PRICES = { 'claude-sonnet-5-5': { input: 3, output: 15, cacheWrite: 3.75, cacheRead: 0.3 } }

export const GENERAL: Playbook = {
  kind: 'general',
  title: 'Office task',
  model: 'claude-sonnet-5-5',
  maxTurns: 30,
  maxTokens: 5_000_000,
  maxCost: 50_000_000,
  replyTokens: 4000,
  tools: ['list_charters', 'read_charter', 'create_task', 'note_progress', 'ask_operator'],
  approval: [],
  api: true,
  privateColumns: [],
  mcp: {},
  instructions: 'Do the task.',
}

export const PRIVATE = new Set(['contact', 'grossRevenue', 'crewCost', 'portFee'] as const satisfies Field[])

/** A charter as a sync would have stored it. */
export function charter(change: Partial<Charter> = {}): Charter {
  const date = change.date ?? '2026-11-04'
  const startsAt = Date.parse(`${date}T17:00:00Z`)
  return {
    id: 'JC-1101',
    date,
    start: 540,
    end: 780,
    vessel: 'Meridian',
    source: 'Sailo',
    client: 'Ana Ruiz',
    guests: 6,
    guestNames: 'Ana Ruiz, Leo Ruiz',
    contact: 'ana@guests.example +1 619 555 0101',
    captain: 'Sam',
    crew: 'Kai',
    grossRevenue: 98_765_00,
    crewCost: 43_210_00,
    portFee: 17_777_00,
    agreement: 'pending',
    status: 'confirmed',
    notes: 'Birthday on board',
    tab: '2026-11',
    startsAt,
    endsAt: startsAt + 4 * 3_600_000,
    ...change,
  }
}

export interface Desk {
  readonly clock: FakeClock
  readonly claude: Claude
  readonly store: TestDatabase
  readonly agent: Agent
  readonly runner: Runner
  readonly log: TestLog
  add(title: string, more?: Readonly<Record<string, unknown>>): Promise<Task>
  charters(...charters: readonly Charter[]): Promise<void>
  /** Begins to poll, and works until nothing is due at this instant. */
  work(): Promise<void>
  /** Lets time pass, stopping wherever something is due. */
  pass(ms: number): Promise<void>
  in<T>(body: (ports: AllPorts) => Promise<T>): Promise<T>
  task(id: number): Promise<Task>
  sessions(): Promise<Session[]>
  /** The newest session. */
  session(): Promise<Session>
  notes(sessionId: number): Promise<SessionNote[]>
  requests(): Promise<PersonRequest[]>
}

export interface DeskOptions {
  readonly limits?: Partial<Agent['limits']>
  readonly playbook?: Partial<Playbook>
  readonly moreTools?: Agent['moreTools']
  readonly start?: number
}

/** The agent with its real store, runner and client, against the stand-in of Claude, on a fake clock. */
export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const clock = createFakeClock(options.start ?? START)
  const claude = createStandIn({ apiKey: KEY, now: () => clock.now() })
  const { url } = await claude.start()
  onTestFinished(() => claude.stop())
  const store = await openTestDatabase()
  const log = createTestLog()
  const agent: Agent = {
    uow: store.uow,
    clock,
    log,
    model: createClaude({ apiKey: new Secret(KEY), baseUrl: url }),
    playbooks: [{ ...GENERAL, ...options.playbook }],
    prices: PRICES,
    limits: { sessionsPerDay: 5, reservedSessions: 0, maxTurns: 30, dailyBudget: 50_000_000, ...options.limits },
    privateFields: PRIVATE,
    zone: 'America/Los_Angeles',
    office: null,
    ...(options.moreTools === undefined ? {} : { moreTools: options.moreTools }),
  }
  const nothing: Job<AllPorts> = {
    deadlineMs: 1000,
    run: () => Promise.resolve({ outcome: 'nothing', summary: '' }),
    failed: () => ({ outcome: 'failed', summary: '' }),
  }
  const runner = createRunner<AllPorts>({
    uow: store.uow,
    clock,
    log,
    jobs: {
      'port-sheet-sync': nothing,
      'staleness-check': nothing,
      'consent-check': nothing,
      backup: nothing,
      digest: nothing,
      'incident-wake': nothing,
      housekeeping: nothing,
      'agent-poll': createPollJob(agent, POLL_MS),
      'agent-session': createSessionJob(agent),
      'host-audit': nothing,
      'answer-question': nothing,
    },
    finished: () => undefined,
    cannotStore: (_work, _result, error) => Promise.reject(error instanceof Error ? error : new Error('unknown')),
  })
  const work = async (): Promise<void> => {
    for (;;) {
      await runner.runDue(clock.now())
      await runner.idle()
      const due = await runner.nextDueAt()
      if (due === null || due > clock.now()) return
    }
  }
  const look = (): Promise<void> =>
    store.uow.run((ports) => ports.work.ensure({ job: 'agent-poll', subject: '', dueAt: clock.now(), reason: 'cron', by: null }))
  const desk: Desk = {
    clock,
    claude,
    store,
    agent,
    runner,
    log,
    add: async (title, more = {}) => {
      const added = await store.uow.run((ports) =>
        addTask(ports, readWish({ kind: 'general', title, ...more }, ['general']), { origin: { via: 'slack', by: MARA } }, clock.now()),
      )
      if (!('task' in added)) throw new Error('not added')
      return added.task
    },
    charters: (...charters) =>
      store.uow.run((ports) =>
        ports.charters.apply(
          charters.map((one) => ({ what: 'added' as const, charter: one })),
          clock.now(),
        ),
      ),
    work: async () => {
      await look()
      await work()
    },
    pass: async (ms) => {
      await look()
      const until = clock.now() + ms
      for (;;) {
        await work()
        const due = await runner.nextDueAt()
        if (due === null || due > until) break
        clock.advance(due - clock.now())
      }
      clock.advance(until - clock.now())
    },
    in: (body) => store.uow.run(body),
    task: async (id) => {
      const found = await store.uow.run(({ tasks }) => tasks.find(id))
      if (found === null) throw new Error(`no task ${id}`)
      return found
    },
    sessions: () => store.uow.run(({ sessions }) => sessions.list(100)),
    session: async () => {
      const [newest] = await desk.sessions()
      if (newest === undefined) throw new Error(`no session; log:\n${log.lines.join('\n')}`)
      return newest
    },
    notes: async (sessionId) => (await store.uow.run(({ sessions }) => sessions.notes(sessionId))).map(({ note }) => note),
    requests: () => store.uow.run(({ requests }) => requests.open()),
  }
  return desk
}
