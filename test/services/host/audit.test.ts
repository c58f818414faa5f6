import { expect, test } from 'vitest'
import { blindReading, decideAudit, FRESH_HOST_STATE, verdictOf, type Decided } from '../../../src/services/host/audit.ts'
import { known, unknown } from '../../../src/services/host/figure.ts'
import type { Reading } from '../../../src/services/host/reading.ts'
import type { Sample } from '../../../src/services/host/sample.ts'
import { journalWith, wellCloud, wellReading } from '../../support/host-samples.ts'
import { NOON } from '../../support/incident-samples.ts'

const TEN = 600_000

/** Audits ten minutes apart, each with what the ones before it left. */
function play(readings: readonly ((at: number) => Reading)[]): Decided[] {
  const samples: Sample[] = []
  let state = FRESH_HOST_STATE
  return readings.map((make, index) => {
    const decided = decideAudit(make(NOON + index * TEN), samples, state)
    samples.push(decided.sample)
    state = decided.state
    return decided
  })
}

const well = (at: number): Reading => wellReading(at)
const levelOf = (decided: Decided | undefined, name: string): string | undefined =>
  decided?.audit.checks.find((check) => check.name === name)?.level
const textOf = (decided: Decided | undefined, name: string): string =>
  decided?.audit.checks.find((check) => check.name === name)?.text ?? ''
const unitThatIs =
  (active: string, restarts = 0) =>
  (at: number): Reading =>
    wellReading(at, { unit: known({ active, sub: 'dead', result: 'exit-code', restarts, since: at - 120_000, memoryBytes: null }, at) })
const failing = (decided: Decided | undefined): string[] =>
  (decided?.signals ?? []).flatMap((signal) => (signal.status === 'failing' ? [`${signal.key} ${signal.kind} ${signal.severity}`] : []))
const proven = (decided: Decided | undefined): string[] =>
  (decided?.signals ?? []).flatMap((signal) => (signal.status === 'ok' ? [signal.key] : []))

test('the first audit knows no CPU, so its verdict is not good; the second is, and proves all there is', () => {
  const [first, second, third] = play([well, well, well])
  expect(levelOf(first, 'cpu')).toBe('unknown')
  expect(first === undefined ? '' : verdictOf(first.audit)).toBe('unknown')
  expect(second === undefined ? '' : verdictOf(second.audit)).toBe('ok')
  // One percent of the time since the boot.
  expect(textOf(second, 'cpu')).toBe('1 % of the CPU is in use')
  expect(second?.audit.network).toBe('in 9.8 KB/s, out 2 KB/s')
  expect(second?.sample).toMatchObject({ cpu: 1, memory: 48, disk: 61.5, received: 10_000, sent: 2000, restarts: 0 })
  expect(proven(first)).toEqual([])
  expect(proven(third)).toEqual(['host/service', 'host/memory', 'host/disk', 'host/cpu', 'host/journal', 'host/clock', 'host/reach'])
})

test('a service that is down is critical at once, with since when and what was seen', () => {
  const [, down] = play([well, unitThatIs('failed')])
  expect(failing(down)).toEqual(['host/service host_down critical'])
  const signal = down?.signals.find(({ status }) => status === 'failing')
  expect(signal).toMatchObject({
    evidence: {
      class: 'host',
      code: 'service-state',
      firstFailureAt: NOON + TEN,
      lastSuccessAt: NOON,
      findings: ['jada-agent.service failed 2 min ago: it ended with an error (exit-code)'],
    },
  })
})

test('two good audits end it', () => {
  const all = play([unitThatIs('failed'), well, well])
  expect(all.map(failing)).toEqual([['host/service host_down critical'], ['host/service host_down critical'], []])
  expect(all.map((one) => proven(one).includes('host/service'))).toEqual([false, false, true])
})

test('a loop of restarts shows although each audit finds it active', () => {
  const restarted = (count: number) => unitThatIs('active', count)
  const all = play([restarted(0), restarted(1), restarted(3), restarted(7)])
  expect(all.map(failing)).toEqual([[], [], ['host/service host_down warning'], ['host/service host_down critical']])
  expect(textOf(all[3], 'service')).toContain('it restarted 7 times within the last hour')
})

test("the bot's own service: that it is active is no evidence, and proves nothing", () => {
  const own = (at: number): Reading => wellReading(at, { own: true, unitName: 'jada-bot.service' })
  const all = play([own, own, own])
  expect(levelOf(all[2], 'service')).toBe('self')
  expect(textOf(all[2], 'service')).toContain("this is the bot's own service, so that it runs is no evidence")
  expect(all.flatMap(failing)).toEqual([])
  const rules = Object.keys(all[2]?.state.rules ?? {})
  expect(rules).toContain('restarts')
  expect(rules).not.toContain('service-state')
  // Its own sync reports a dead token itself.
  expect(rules).not.toContain('token-errors')
})

test('what was never there is unknown without an alarm; what was there and is gone is one after half an hour', () => {
  const laptop = (at: number): Reading => wellReading(at, { unit: unknown('systemd does not run here', at), journal: unknown('none', at) })
  const never = play([laptop, laptop, laptop, laptop])
  expect(never.flatMap(failing)).toEqual([])
  expect(verdictOf(never[3]?.audit ?? { checks: [] })).toBe('unknown')
  expect(levelOf(never[3], 'service')).toBe('unknown')
  expect(textOf(never[3], 'reach')).toBe(
    '2 of 5 figures cannot be seen: service state (systemd does not run here); journal (none); none of these was ever seen on this server',
  )

  const gone = play([well, laptop, laptop, laptop, well, well])
  expect(gone.map(failing)).toEqual([[], [], [], ['host/reach host_unreachable warning'], ['host/reach host_unreachable warning'], []])
})

test('of a remote host everything must be seen from the beginning', () => {
  const blind = (at: number): Reading =>
    blindReading({ source: 'lightsail', host: 'jada', unitName: 'jada-agent.service' }, 'AWS refuses our credentials', at)
  const all = play([blind, blind, blind])
  expect(failing(all[2])).toEqual(['host/reach host_unreachable warning'])
  expect(all[2]?.audit.checks.map(({ level }) => level)).toEqual([
    'unknown',
    'unknown',
    'unknown',
    'unknown',
    'unknown',
    'unknown',
    'unknown',
    'warning',
  ])
})

test('figures of another host are not compared with, and its troubles are not carried over', () => {
  const other = (at: number): Reading => wellReading(at, { host: 'another' })
  const [, moved] = play([unitThatIs('failed'), other])
  expect(failing(moved)).toEqual([])
  expect(levelOf(moved, 'cpu')).toBe('unknown')
})

test('a reboot starts the counters anew', () => {
  const rebooted = (at: number): Reading => wellReading(at, { uptimeMs: known(60_000, at), cpuTimes: known({ busy: 10, total: 6000 }, at) })
  const [, after] = play([well, rebooted])
  expect(levelOf(after, 'cpu')).toBe('unknown')
  expect(after?.sample.received).toBeNull()
})

test.each<[string, Partial<Reading>, string]>([
  ['token errors', { journal: known(journalWith({ tokenError: 4 }), NOON) }, 'host/journal host_journal critical'],
  ['tracebacks', { journal: known(journalWith({ traceback: 3 }), NOON) }, 'host/journal host_journal warning'],
  ['turn limits', { journal: known(journalWith({ maxTurns: 5 }), NOON) }, 'host/journal host_journal warning'],
  ['a kill for want of memory', { journal: known(journalWith({ outOfMemory: 1 }), NOON) }, 'host/memory host_memory warning'],
  [
    'a failed system check',
    { source: 'lightsail', cloud: wellCloud(NOON, { failedChecks: known({ instance: 0, system: 2 }, NOON) }) },
    'host/status-checks host_down critical',
  ],
  [
    'an instance that is stopped',
    { source: 'lightsail', cloud: wellCloud(NOON, { state: known('stopped', NOON) }) },
    'host/status-checks host_down critical',
  ],
])('%s: one audit is enough', (_name, change, signal) => {
  const { signals } = decideAudit(wellReading(NOON, change), [], FRESH_HOST_STATE)
  expect(signals.flatMap((one) => (one.status === 'failing' ? [`${one.key} ${one.kind} ${one.severity}`] : []))).toEqual([signal])
})

test('the provider says CPU and traffic of a remote host, without a second audit', () => {
  const { audit } = decideAudit(wellReading(NOON, { source: 'lightsail', cloud: wellCloud() }), [], FRESH_HOST_STATE)
  expect(audit.checks.find(({ name }) => name === 'cpu')).toEqual({
    name: 'cpu',
    level: 'ok',
    text: '2 % of the CPU is in use, and 74 % of its burst capacity is left',
  })
  expect(audit.network).toBe('in 2 KB/s, out 900 B/s')
})

test.each<[string, string, Partial<Reading>, string]>([
  [
    'a kill of the kernel',
    'service',
    { unit: known({ active: 'failed', sub: 'failed', result: 'oom-kill', restarts: 0, since: NOON - 720_000, memoryBytes: null }, NOON) },
    'jada-agent.service failed 12 min ago: the kernel ended it because memory ran out (oom-kill)',
  ],
  [
    'a state and a reason that nobody here knows',
    'service',
    { unit: known({ active: 'maintenance', sub: 'odd', result: 'new-word', restarts: 0, since: null, memoryBytes: null }, NOON) },
    'jada-agent.service is maintenance (odd): systemd gives a reason (new-word)',
  ],
  [
    'memory that is seen, kills that are not',
    'memory',
    { journal: unknown('SSH: the host refused the certificate', NOON) },
    '48 % of 914 MB of memory is in use; whether the kernel ended processes because memory ran out is unknown (SSH: the host refused the certificate)',
  ],
  [
    'a clock that is behind',
    'clock',
    { clock: known({ skewMs: -94_200, synchronized: false }, NOON) },
    "the server's clock is not synchronized and is 94 s behind the bot's",
  ],
  [
    'a clock that says nothing of itself',
    'clock',
    { clock: known({ skewMs: 2400, synchronized: null }, NOON) },
    "the server's clock is 2 s ahead of the bot's; the server does not say whether its clock is synchronized",
  ],
  [
    'failures in the journal',
    'journal',
    { journal: known(journalWith({ tokenError: 41, traceback: 1 }), NOON) },
    "the service's journal has 1204 lines of the last 24 h; it tells of 41 token errors (41 in the last hour) and 1 error trace (1 in the last hour)",
  ],
])('a line has a subject and a verb, alone as well as behind its name: %s', (_name, check, change, text) => {
  const { audit } = decideAudit(wellReading(NOON, change), [], FRESH_HOST_STATE)
  expect(audit.checks.find(({ name }) => name === check)?.text).toBe(text)
})

test('what is known in part is marked so, and what is not known at all is not', () => {
  const half = decideAudit(wellReading(NOON, { journal: unknown('none', NOON) }), [], FRESH_HOST_STATE).audit.checks
  expect(half.filter(({ partly }) => partly === true).map(({ name }) => name)).toEqual(['memory'])
  expect(half.filter(({ level }) => level === 'unknown').map(({ name }) => name)).toContain('journal')
})

test('one reason is told once for all that it hides', () => {
  const why = 'Lightsail did not answer in time'
  const cloud = wellCloud(NOON, { state: unknown(why, NOON), failedChecks: unknown(why, NOON) })
  const { audit } = decideAudit(wellReading(NOON, { source: 'lightsail', cloud }), [], FRESH_HOST_STATE)
  expect(audit.checks.find(({ name }) => name === 'status-checks')?.text).toBe(
    `the state of the instance and whether its status checks pass are unknown (${why})`,
  )
})
