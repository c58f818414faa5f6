import { expect, test } from 'vitest'
import { createRunner, type Runner } from '../../src/jobs/runner.ts'
import { createHousekeepingJob, createStalenessJob, createWakeJob } from '../../src/jobs/small-jobs.ts'
import { act, report } from '../../src/services/incidents/report.ts'
import type { AllPorts } from '../../src/store/unit.ts'
import { FRESH_SYNC_STATE, STALE_AFTER_MS } from '../../src/services/sheets/sync-state.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { NOON, TOKEN_DEAD } from '../support/incident-samples.ts'
import { createTestLog } from '../support/job-log.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

const HOUR = 3_600_000

interface Bench {
  readonly clock: FakeClock
  readonly store: TestDatabase
  readonly runner: Runner
  /** Runs what is due until a wait comes up that is longer than `mostMs`; gives the instants of the runs. */
  pass(mostMs: number): Promise<number[]>
  state(): Promise<string | undefined>
}

async function openBench(): Promise<Bench> {
  const clock = createFakeClock(NOON)
  const store = await openTestDatabase()
  const housekeeping = createHousekeepingJob()
  const runner = createRunner<AllPorts>({
    uow: store.uow,
    clock,
    log: createTestLog(),
    jobs: {
      'port-sheet-sync': housekeeping,
      'staleness-check': createStalenessJob(),
      'consent-check': housekeeping,
      'incident-wake': createWakeJob('UTC'),
      housekeeping,
      'agent-poll': housekeeping,
      backup: housekeeping,
      digest: housekeeping,
      'agent-session': housekeeping,
      'host-audit': housekeeping,
      'answer-question': housekeeping,
    },
    finished: () => undefined,
    cannotStore: (_work, _result, error) => Promise.reject(error instanceof Error ? error : new Error('unknown')),
  })
  return {
    clock,
    store,
    runner,
    pass: async (mostMs) => {
      const until = clock.now() + mostMs
      const runs: number[] = []
      for (let dueAt = await runner.nextDueAt(); dueAt !== null && dueAt <= until; dueAt = await runner.nextDueAt()) {
        clock.advance(Math.max(0, dueAt - clock.now()))
        runs.push(clock.now() - NOON)
        if (runs.length > 20) throw new Error('it never ends')
        await runner.runDue(clock.now())
        await runner.idle()
      }
      return runs
    },
    state: async () => (await store.uow.run(({ incidents }) => incidents.find(1)))?.state,
  }
}

const snooze = async ({ store, clock }: Bench, forMs: number): Promise<void> => {
  const current = await store.uow.run(({ incidents }) => incidents.find(1))
  await store.uow.run((ports) =>
    act(ports, 1, { do: 'snooze', by: 'U0MARA', version: current?.version ?? 0, until: clock.now() + forMs }, clock.now()),
  )
}

test('a snooze ends at its hour', async () => {
  const bench = await openBench()
  await bench.store.uow.run((ports) => report(ports, TOKEN_DEAD, NOON))
  await snooze(bench, HOUR)
  expect(await bench.pass(HOUR - 1)).toEqual([])
  expect(await bench.state()).toBe('snoozed')
  expect(await bench.pass(HOUR)).toEqual([HOUR])
  expect(await bench.state()).toBe('open')
})

test('a second snooze moves the end, later or earlier', async () => {
  const bench = await openBench()
  await bench.store.uow.run((ports) => report(ports, TOKEN_DEAD, NOON))
  await snooze(bench, HOUR)
  await snooze(bench, 3 * HOUR)
  expect(await bench.pass(2 * HOUR)).toEqual([])
  await snooze(bench, HOUR)
  expect(await bench.pass(HOUR)).toEqual([HOUR])
  expect(await bench.state()).toBe('open')
})

test.each([-2 * HOUR, -HOUR / 2, 2 * HOUR])('a snooze ends although the clock jumped by %i ms', async (jumpMs) => {
  const bench = await openBench()
  await bench.store.uow.run((ports) => report(ports, TOKEN_DEAD, NOON))
  await snooze(bench, HOUR)
  bench.clock.jump(jumpMs)
  if (jumpMs < 0) await bench.store.uow.run(({ jobs }) => jobs.shift(jumpMs))
  await bench.pass(4 * HOUR)
  expect(await bench.state()).toBe('open')
})

test('staleness is told once two hours have passed without a success, and not before', async () => {
  const bench = await openBench()
  await bench.store.uow.run(async ({ syncState, work }) => {
    await syncState.write({ ...FRESH_SYNC_STATE, lastAttemptAt: NOON, lastSuccessAt: NOON })
    await work.schedule({ job: 'staleness-check', subject: '', dueAt: NOON + STALE_AFTER_MS, reason: 'due', by: null })
  })
  await bench.pass(3 * HOUR)
  expect(await bench.state()).toBeUndefined()
  await bench.store.uow.run(({ work }) =>
    work.schedule({ job: 'staleness-check', subject: '', dueAt: NOON + STALE_AFTER_MS + 1, reason: 'due', by: null }),
  )
  await bench.pass(3 * HOUR)
  const incident = await bench.store.uow.run(({ incidents }) => incidents.find(1))
  expect(incident).toMatchObject({ kind: 'sync_stale', severity: 'warning', openedAt: NOON + STALE_AFTER_MS + 1 })
})
