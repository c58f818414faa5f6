import { expect, test } from 'vitest'
import { auditJson, auditLines, auditNow, exitCodeOf } from '../../src/app/audit.ts'
import { decideAudit, type Audit } from '../../src/services/host/audit.ts'
import { known, unknown } from '../../src/services/host/figure.ts'
import type { Reading } from '../../src/services/host/reading.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { wellReading } from '../support/host-samples.ts'
import { NOON } from '../support/incident-samples.ts'
import { openTestDatabase } from '../support/repo-database.ts'

const MB = 1024 * 1024
const TARGET = { source: 'local', host: 'jada-server', unitName: 'jada-agent.service' } as const

/** What a terminal sees ten minutes after an audit of the bot that was well, so that counters can be compared. */
async function audited(change: (at: number) => Partial<Reading>): Promise<Audit> {
  const store = await openTestDatabase()
  await store.uow.run(async ({ host }) => {
    const { state, audit, sample } = decideAudit(wellReading(NOON - 600_000), [], await host.state())
    await host.write(state, audit)
    await host.addSample(sample)
  })
  const collector = { collect: (now: number) => Promise.resolve(wellReading(now, change(now))) }
  return auditNow({ uow: store.uow, clock: createFakeClock(NOON) }, { collector, target: TARGET })
}

const failedUnit = (at: number): Partial<Reading> => ({
  unit: known({ active: 'failed', sub: 'failed', result: 'exit-code', restarts: 0, since: at, memoryBytes: null }, at),
})

test.each<[string, (at: number) => Partial<Reading>, number, string, string]>([
  ['all is well', () => ({}), 0, 'ok', 'Server jada-server: OK'],
  ['a service is down', failedUnit, 1, 'critical', 'Server jada-server: CRITICAL'],
  [
    'the disk fills up',
    (at) => ({ disk: known({ totalBytes: 100 * MB, availableBytes: 15 * MB }, at) }),
    1,
    'warning',
    'Server jada-server: WARNING',
  ],
  [
    'something cannot be seen',
    (at) => ({ clock: unknown('timedatectl does not say', at) }),
    3,
    'unknown',
    'Server jada-server: PARTLY UNKNOWN',
  ],
  ['something is no longer seen that once was', (at) => ({ disk: unknown('the disk does not answer', at) }), 1, 'warning', 'WARNING'],
  ['trouble weighs more than what is unknown', (at) => ({ ...failedUnit(at), disk: unknown('x', at) }), 1, 'critical', 'CRITICAL'],
])('%s: exit code, verdict and words', async (_name, change, code, verdict, words) => {
  const audit = await audited(change)
  expect(exitCodeOf(audit)).toBe(code)
  expect(auditLines(audit)[0]).toContain(words)
  expect(JSON.parse(auditJson(audit))).toMatchObject({ verdict, host: 'jada-server', at: new Date(NOON).toISOString() })
  expect(auditJson(audit)).not.toContain('\n')
})

test('the terminal changes nothing of what the bot has seen', async () => {
  const store = await openTestDatabase()
  const collector = { collect: (now: number) => Promise.resolve(wellReading(now)) }
  await auditNow({ uow: store.uow, clock: createFakeClock(NOON) }, { collector, target: TARGET })
  expect(await store.uow.run(async ({ host }) => [await host.last(), await host.samples(0)])).toEqual([null, []])
})
