import { expect, test } from 'vitest'
import { createBackupJob } from '../../src/jobs/backup.ts'
import type { ClaimedWork } from '../../src/services/work/work.ts'
import { NOON } from '../support/incident-samples.ts'
import { createTestLog } from '../support/job-log.ts'
import { openTestDatabase } from '../support/repo-database.ts'

const DAY = 86_400_000
const work = { job: 'backup', subject: '', dueAt: NOON, reason: 'cron', by: null, id: 1, runId: 1, demanded: false } satisfies ClaimedWork

async function openBench() {
  const store = await openTestDatabase()
  let newest: number | null = null
  let trouble: Error | null = null
  const backUp = (now: number): string => {
    if (trouble !== null) throw trouble
    newest = now
    return 'backups/one.sqlite: 4 kB'
  }
  const job = createBackupJob({ log: createTestLog(), backUp, newestAt: () => newest, nextAt: (now) => now + DAY })
  return {
    run: async (now: number, error: Error | null) => {
      trouble = error
      const result = await job.run(work, now, new AbortController().signal)
      await store.uow.run(async (ports) => {
        await result.commit?.(ports)
      })
      return result.outcome
    },
    incidents: () => store.uow.run(({ incidents }) => incidents.list(10)),
  }
}

test('a backup that fails is an incident with its reason and the age of the last good one; the next good one ends it', async () => {
  const bench = await openBench()
  expect(await bench.run(NOON, null)).toBe('kept')
  expect(await bench.incidents()).toEqual([])
  const denied = Object.assign(new Error("EACCES: permission denied, mkdir 'backups'"), { code: 'EACCES' })
  expect(await bench.run(NOON + DAY, denied)).toBe('failed')
  expect(await bench.run(NOON + 2 * DAY, denied)).toBe('failed')
  const [incident, ...others] = await bench.incidents()
  expect(others).toEqual([])
  expect(incident).toMatchObject({
    key: 'bot/backup',
    kind: 'backup_failed',
    severity: 'warning',
    evidence: {
      code: 'EACCES',
      hint: null,
      failures: 2,
      firstFailureAt: NOON + DAY,
      lastSuccessAt: NOON,
      nextAttemptAt: NOON + 3 * DAY,
      findings: ["Error EACCES: EACCES: permission denied, mkdir 'backups'"],
    },
  })
  expect(await bench.run(NOON + 3 * DAY, null)).toBe('kept')
  expect((await bench.incidents())[0]).toMatchObject({ state: 'resolved', proven: true, resolution: 'backups/one.sqlite: 4 kB.' })
})

test.each([
  ['of the file system', Object.assign(new Error('no space left'), { code: 'ENOSPC' })],
  ['of SQLite', Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 })],
])('a full disk says so in the words %s', async (_whose, error) => {
  const bench = await openBench()
  await bench.run(NOON, error)
  expect((await bench.incidents())[0]?.evidence).toMatchObject({ hint: 'disk-full', lastSuccessAt: null })
})
