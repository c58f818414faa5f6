import { describe, expect, test } from 'vitest'
import type { Job, JobResult } from '../../src/jobs/job.ts'
import { createRunner, type Runner } from '../../src/jobs/runner.ts'
import type { ClaimedWork, JobName, Reason } from '../../src/services/work/work.ts'
import type { AllPorts } from '../../src/store/unit.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { NOON } from '../support/incident-samples.ts'
import { createTestLog, type TestLog } from '../support/job-log.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

const SYNC: JobName = 'port-sheet-sync'
type Result = JobResult<AllPorts>

interface Bench {
  readonly clock: FakeClock
  readonly store: TestDatabase
  readonly log: TestLog
  readonly runner: Runner
  /** Bodies under way, to be ended by the test. */
  readonly bodies: { readonly work: ClaimedWork; readonly signal: AbortSignal; end(result: Result): void; fail(error: unknown): void }[]
  readonly lost: string[]
  readonly finished: () => number
  ask(job?: JobName, reason?: Reason): Promise<void>
  history(): Promise<string[]>
}

async function openBench(options: { store?: TestDatabase } = {}): Promise<Bench> {
  const clock = createFakeClock(NOON)
  const store = options.store ?? (await openTestDatabase())
  const log = createTestLog()
  const bodies: Bench['bodies'] = []
  const lost: string[] = []
  let finished = 0
  const job: Job<AllPorts> = {
    deadlineMs: 180_000,
    run: (work, _now, signal) =>
      new Promise<Result>((resolve, reject) => {
        bodies.push({ work, signal, end: resolve, fail: reject })
      }),
    failed: (_work, _now, { code, message }) => ({ outcome: `failed-${code}`, summary: message }),
  }
  const runner = createRunner<AllPorts>({
    uow: store.uow,
    clock,
    log,
    jobs: {
      'port-sheet-sync': job,
      'staleness-check': job,
      'consent-check': job,
      'incident-wake': job,
      housekeeping: job,
      'agent-poll': job,
      backup: job,
      digest: job,
      'agent-session': job,
      'host-audit': job,
      'answer-question': job,
    },
    finished: () => {
      finished += 1
    },
    cannotStore: (work, { outcome }, error) => {
      lost.push(`${work.job} ${outcome}: ${error instanceof Error ? error.message : ''}`)
      return Promise.resolve()
    },
  })
  return {
    clock,
    store,
    log,
    runner,
    bodies,
    lost,
    finished: () => finished,
    ask: (name = SYNC, reason = 'cron') =>
      store.uow.run(({ work }) => work.demand({ job: name, subject: '', dueAt: clock.now(), reason, by: null })),
    history: async () =>
      store.raw
        .prepare('select job, reason, started_at as s, finished_at as f, outcome from run order by id')
        .all()
        .map(
          ({ job: name, reason, s, f, outcome }) =>
            `${String(name)} ${String(reason)} ${Number(s) - NOON}-${f === null ? '' : Number(f) - NOON} ${String(outcome)}`,
        ),
  }
}

/** Lets everything that needs no timer and no outside happen. */
async function settle(): Promise<void> {
  for (let count = 0; count < 20; count += 1) await new Promise((resolve) => setImmediate(resolve))
}

const DONE: Result = { outcome: 'synced', summary: 'all read' }

describe('one run at a time', () => {
  test('a request during a run is one more run, after it', async () => {
    const bench = await openBench()
    await bench.ask()
    await bench.runner.runDue(NOON)
    await bench.ask(SYNC, 'operator')
    await bench.ask(SYNC, 'consent')
    await bench.runner.runDue(NOON)
    expect(bench.bodies).toHaveLength(1)
    bench.clock.advance(5000)
    bench.bodies[0]?.end(DONE)
    await bench.runner.idle()
    await bench.runner.runDue(bench.clock.now())
    bench.bodies[1]?.end(DONE)
    await bench.runner.idle()
    await bench.runner.runDue(bench.clock.now())
    expect(await bench.history()).toEqual(['port-sheet-sync cron 0-5000 synced', 'port-sheet-sync consent 5000-5000 synced'])
    expect(bench.finished()).toBe(2)
  })

  test('jobs of different names run beside each other: a hanging one holds up nobody', async () => {
    const bench = await openBench()
    await bench.ask()
    await bench.ask('housekeeping')
    await bench.runner.runDue(NOON)
    expect(bench.bodies.map(({ work }) => work.job)).toEqual([SYNC, 'housekeeping'])
    bench.bodies[1]?.end(DONE)
    await settle()
    expect(await bench.history()).toEqual(['port-sheet-sync cron 0- null', 'housekeeping cron 0-0 synced'])
  })

  test('what a run learned is committed with its end, or not at all', async () => {
    const bench = await openBench()
    await bench.ask()
    await bench.runner.runDue(NOON)
    bench.bodies[0]?.end({
      ...DONE,
      commit: async ({ settings, work }) => {
        await settings.set('learned', 'yes')
        await work.schedule({ job: SYNC, subject: '', dueAt: NOON + 60_000, reason: 'retry', by: null })
      },
    })
    await bench.runner.idle()
    expect(await bench.store.uow.run(({ settings }) => settings.get('learned'))).toBe('yes')
    expect(await bench.runner.nextDueAt()).toBe(NOON + 60_000)
    expect(bench.store.raw.prepare('select count(*) as n from work').get()).toEqual({ n: 1 })
  })
})

describe('bodies that misbehave', () => {
  test('one that throws ends as failed, and says why', async () => {
    const bench = await openBench()
    await bench.ask()
    await bench.runner.runDue(NOON)
    bench.bodies[0]?.fail(new TypeError('cells is not iterable'))
    await bench.runner.idle()
    expect(await bench.history()).toEqual(['port-sheet-sync cron 0-0 failed-internal'])
    expect(bench.log.lines).toEqual(['error [port-sheet-sync] failed unexpectedly: TypeError: cells is not iterable'])
    expect(await bench.runner.nextDueAt()).toBeNull()
  })

  test('one that never ends is told to stop at its deadline, and the job may run again', async () => {
    const bench = await openBench()
    await bench.ask()
    await bench.runner.runDue(NOON)
    bench.clock.advance(179_999)
    expect(bench.bodies[0]?.signal.aborted).toBe(false)
    bench.clock.advance(1)
    await bench.runner.idle()
    expect(bench.bodies[0]?.signal.aborted).toBe(true)
    expect(await bench.history()).toEqual(['port-sheet-sync cron 0-180000 failed-deadline'])
    await bench.ask()
    await bench.runner.runDue(bench.clock.now())
    expect(bench.bodies).toHaveLength(2)
    // What the old body still brings is nobody's business.
    bench.bodies[0]?.end({ ...DONE, commit: () => Promise.reject(new Error('must not run')) })
    bench.bodies[1]?.end(DONE)
    await bench.runner.idle()
    expect(await bench.history()).toEqual(['port-sheet-sync cron 0-180000 failed-deadline', 'port-sheet-sync cron 180000-180000 synced'])
    expect(bench.clock.pending).toBe(0)
  })

  test('a long summary is cut, the row is not', async () => {
    const bench = await openBench()
    await bench.ask()
    await bench.runner.runDue(NOON)
    bench.bodies[0]?.end({ outcome: 'synced', summary: 'x'.repeat(9000) })
    await bench.runner.idle()
    expect(bench.store.raw.prepare('select length(summary) as n from run').get()).toEqual({ n: 500 })
  })
})

describe('a result that cannot be stored', () => {
  test('a full disk: the result is kept, told outside the store, and stored when there is room', async () => {
    const bench = await openBench()
    await bench.ask()
    await bench.runner.runDue(NOON)
    // Without the WAL's slack, so that the very next page is one too many.
    const pages = bench.store.raw.prepare('PRAGMA page_count').get()?.['page_count']
    bench.store.raw.exec(`PRAGMA max_page_count = ${String(pages)}`)
    bench.bodies[0]?.end({ ...DONE, commit: ({ settings }) => settings.set('learned', 'x'.repeat(200_000)) })
    await settle()
    expect(bench.lost).toEqual([`${SYNC} synced: database or disk is full`])
    expect(bench.log.lines).toEqual([expect.stringContaining('the result cannot be stored')])
    expect(await bench.history()).toEqual(['port-sheet-sync cron 0- null'])
    bench.clock.advance(30_000)
    await settle()
    expect(bench.lost).toHaveLength(2)
    expect(bench.finished()).toBe(0)
    bench.store.raw.exec('PRAGMA max_page_count = 1073741823')
    bench.clock.advance(30_000)
    await bench.runner.idle()
    expect(await bench.history()).toEqual(['port-sheet-sync cron 0-60000 synced'])
    expect(bench.finished()).toBe(1)
    // The body ran once: what it learned was not learned twice.
    expect(bench.bodies).toHaveLength(1)
  })

  test('stopping meanwhile gives up, and the run is done again after the next start', async () => {
    const bench = await openBench()
    await bench.ask()
    await bench.runner.runDue(NOON)
    bench.store.raw.exec("create trigger no_room before update on run begin select raise(abort, 'no room'); end")
    bench.bodies[0]?.end(DONE)
    await settle()
    bench.runner.stop()
    await bench.runner.idle()
    expect(bench.lost).toEqual([`${SYNC} synced: no room`])
    bench.store.raw.exec('drop trigger no_room')
    await bench.store.close()

    const next = await openBench({ store: await openTestDatabase({ folder: bench.store.folder }) })
    await next.store.uow.run(({ jobs }) => jobs.recover(NOON + 1000))
    await next.runner.runDue(NOON + 1000)
    next.bodies[0]?.end(DONE)
    await next.runner.idle()
    expect(await next.history()).toEqual(['port-sheet-sync cron 0-1000 interrupted', 'port-sheet-sync cron 1000-0 synced'])
  })
})
