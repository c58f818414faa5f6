import { expect, test } from 'vitest'
import type { JobResult } from '../../src/jobs/job.ts'
import { createSyncJob, type SyncJobPorts } from '../../src/jobs/port-sheet-sync.ts'
import { createStalenessJob } from '../../src/jobs/small-jobs.ts'
import { NOT_CONNECTED } from '../../src/services/google/classify.ts'
import type { SyncOutcome } from '../../src/services/sheets/outcome.ts'
import { NOON } from '../support/incident-samples.ts'
import { createTestLog } from '../support/job-log.ts'
import { openTestDatabase } from '../support/repo-database.ts'

const HOUR = 3_600_000
const WORK = { subject: '', dueAt: NOON, reason: 'cron', by: null, id: 1, runId: 1, demanded: false } as const

const SYNCED: SyncOutcome = {
  kind: 'synced',
  tabs: ['2026-03'],
  charters: 3,
  changes: [],
  quarantined: [],
  unknownColumns: [],
  renamed: [],
}
const DOWN: SyncOutcome = { kind: 'blocked', failure: { ...NOT_CONNECTED, class: 'network', code: 'ECONNREFUSED' } }

test('each end of a sync, and each look whether one is due, keeps how old the data has become', async () => {
  const { uow } = await openTestDatabase()
  const commit = ({ commit: body }: JobResult<SyncJobPorts>): Promise<void> => uow.run(async (ports) => body?.(ports))
  const sync = async (outcome: SyncOutcome, at: number): Promise<void> => {
    const job = createSyncJob({
      log: createTestLog(),
      sync: () => Promise.resolve(outcome),
      rules: null,
      confirmDelaysMs: [1000],
      nextCycleAt: (now) => now + HOUR / 2,
    })
    await commit(await job.run({ ...WORK, job: 'port-sheet-sync' }, at, new AbortController().signal))
  }
  const kept = async (): Promise<number[]> => (await uow.run(({ syncAge }) => syncAge.since(0))).map(({ minutes }) => minutes)

  await sync(DOWN, NOON)
  expect(await kept()).toEqual([])
  await sync(SYNCED, NOON)
  expect(await kept()).toEqual([0])
  await sync(DOWN, NOON + 1.5 * HOUR)
  expect(await kept()).toEqual([60, 90])
  const stale = await createStalenessJob().run({ ...WORK, job: 'staleness-check' }, NOON + 2.25 * HOUR, new AbortController().signal)
  await uow.run(async (ports) => stale.commit?.(ports))
  expect(await kept()).toEqual([60, 120, 135])
  // What is good again does not undo how old it was.
  await sync(SYNCED, NOON + 2.75 * HOUR)
  expect(await kept()).toEqual([60, 120, 165])
  await sync(SYNCED, NOON + 3.25 * HOUR)
  expect(await kept()).toEqual([60, 120, 165, 30])
})
