import { expect, test } from 'vitest'
import { createHostAuditJob } from '../../src/jobs/host-audit.ts'
import { known, unknown } from '../../src/services/host/figure.ts'
import type { Collector, Reading } from '../../src/services/host/reading.ts'
import type { ClaimedWork } from '../../src/services/work/work.ts'
import { wellReading } from '../support/host-samples.ts'
import { NOON } from '../support/incident-samples.ts'
import { createTestLog } from '../support/job-log.ts'
import { openTestDatabase } from '../support/repo-database.ts'

const TEN = 600_000
const DAY = 86_400_000
const target = { source: 'local', host: 'jada-server', unitName: 'jada-agent.service' } as const
const work = {
  job: 'host-audit',
  subject: '',
  dueAt: NOON,
  reason: 'cron',
  by: null,
  id: 1,
  runId: 1,
  demanded: false,
} satisfies ClaimedWork

async function openBench() {
  const store = await openTestDatabase()
  const log = createTestLog()
  let read: (at: number) => Reading = wellReading
  const collector: Collector = { collect: (now) => Promise.resolve(read(now)) }
  const job = createHostAuditJob({ log, collector, target })
  const commit = async (result: Awaited<ReturnType<typeof job.run>>): Promise<string> => {
    await store.uow.run(async (ports) => {
      await result.commit?.(ports)
    })
    return result.outcome
  }
  return {
    store,
    log,
    audit: async (at: number, as: (at: number) => Reading = wellReading) => {
      read = as
      return commit(await job.run(work, at, new AbortController().signal))
    },
    breakOff: (at: number) => commit(job.failed(work, at, { code: 'deadline', message: 'no end after 60 s' })),
    incidents: () => store.uow.run(({ incidents }) => incidents.list(10)),
    lines: async () =>
      (await store.db.selectFrom('outbox').select('dispatch').where('target', '=', 'alert-log').orderBy('id').execute()).map(
        ({ dispatch }) => (JSON.parse(dispatch) as { line: Record<string, unknown> }).line,
      ),
  }
}

const down = (at: number): Reading =>
  wellReading(at, { unit: known({ active: 'failed', sub: 'failed', result: 'exit-code', restarts: 5, since: at, memoryBytes: null }, at) })

test('a server that is well makes no incident, and is remembered', async () => {
  const bench = await openBench()
  for (const step of [0, 1, 2]) expect(await bench.audit(NOON + step * TEN)).toBe('audited')
  expect(await bench.incidents()).toEqual([])
  const { audit, samples } = await bench.store.uow.run(async ({ host }) => ({ audit: await host.last(), samples: await host.samples(0) }))
  expect(audit).toMatchObject({ at: NOON + 2 * TEN, host: 'jada-server', own: false })
  expect(samples.map(({ at, cpu }) => [at - NOON, cpu])).toEqual([
    [0, null],
    [TEN, 1],
    [2 * TEN, 1],
  ])
})

test('a service that dies opens one incident, and two good audits resolve it; all of it in the alert log', async () => {
  const bench = await openBench()
  await bench.audit(NOON)
  await bench.audit(NOON + TEN, down)
  await bench.audit(NOON + 2 * TEN, down)
  expect(await bench.incidents()).toMatchObject([{ key: 'host/service', kind: 'host_down', severity: 'critical', state: 'open' }])
  await bench.audit(NOON + 3 * TEN)
  expect(await bench.incidents()).toMatchObject([{ state: 'open' }])
  // The restarts count for an hour.
  for (const step of [9, 10]) await bench.audit(NOON + step * TEN)
  expect(await bench.incidents()).toMatchObject([{ state: 'resolved', proven: true }])
  expect(await bench.lines()).toMatchObject([
    {
      severity: 'CRITICAL',
      component: 'host',
      event: 'host_down',
      runbook: 'docs/runbook.md#host-down',
      first_failure: '2026-03-02T12:10:00.000Z',
    },
    { severity: 'RESOLVED', component: 'host', event: 'host_down' },
  ])
  expect(bench.log.lines.filter((line) => line.startsWith('warn [host] service critical'))).not.toEqual([])
})

test('an audit that breaks off leaves everything unknown, and heals nothing', async () => {
  const bench = await openBench()
  await bench.audit(NOON, down)
  for (const step of [1, 2, 3]) expect(await bench.breakOff(NOON + step * TEN)).toBe('failed')
  const open = await bench.incidents()
  expect(open.map(({ key, state }) => [key, state])).toEqual([
    ['host/reach', 'open'],
    ['host/service', 'open'],
  ])
})

test('a person closed it without proof: the next failure opens it again', async () => {
  const bench = await openBench()
  const full = (at: number): Reading => wellReading(at, { disk: known({ totalBytes: 100, availableBytes: 4 }, at), unit: unknown('x', at) })
  await bench.audit(NOON, full)
  await bench.audit(NOON + TEN, full)
  expect(await bench.incidents()).toMatchObject([{ key: 'host/disk', severity: 'critical' }])
})

test('samples are kept for eight days', async () => {
  const bench = await openBench()
  await bench.audit(NOON)
  await bench.audit(NOON + 2 * DAY)
  await bench.store.uow.run(({ housekeeping }) => housekeeping.sweep(NOON + 8 * DAY + 1))
  expect(await bench.store.uow.run(({ host }) => host.samples(0))).toMatchObject([{ at: NOON + 2 * DAY }])
})

test('the first audit of a day takes what the provider has kept; later ones have figures of their own', async () => {
  const bench = await openBench()
  const withPast = (at: number): Reading => wellReading(at, { past: [{ at: at - DAY / 2, cpu: 3, received: 10, sent: 5 }] })
  for (const step of [0, 1]) await bench.audit(NOON + step * TEN, withPast)
  const times = await bench.store.uow.run(async ({ host }) => (await host.samples(0)).map(({ at, cpu }) => [at, cpu === 3]))
  expect(times).toEqual([
    [NOON - DAY / 2, true],
    [NOON, false],
    [NOON + TEN, false],
  ])
})
