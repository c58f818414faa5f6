import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it, onTestFinished, test, vi } from 'vitest'

import { FAULT_WORDS, HOST_FAULTS } from '../../sandbox/host/faults.ts'
import { startHost, type Host } from '../../sandbox/host/host.ts'
import { installPrograms, writeSayings } from '../../sandbox/host/programs.ts'
import { decideAudit, FRESH_HOST_STATE, verdictOf } from '../../src/services/host/audit.ts'
import { createLightsail } from '../../src/services/host/lightsail.ts'
import type { Reading } from '../../src/services/host/reading.ts'
import { createRemoteCollector } from '../../src/services/host/remote.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { hasSshd } from '../support/host-sshd.ts'

const NOON = Date.UTC(2026, 10, 23, 20)
const TEN = 600_000
const names = { region: 'us-west-2', instance: 'jada-prod', unit: 'jada-agent.service' }

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jada-host-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

describe.skipIf(!hasSshd)('the host of the sandbox', { timeout: 20_000 }, () => {
  let directory = ''
  let host: Host

  beforeAll(async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIASANDBOX')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret-access-key')
    directory = mkdtempSync(join(tmpdir(), 'jada-host-'))
    host = await startHost({ directory, names, now: () => NOON })
  })

  afterAll(async () => {
    vi.unstubAllEnvs()
    await host.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  /** One look, by the bot's own code. */
  const look = (): Promise<Reading> => {
    const { instance, unit } = names
    const { lightsailUrl: url = '', sshPort: port = 0 } = host.places ?? {}
    const lightsail = createLightsail({ region: names.region, instance, url })
    const rest = { env: { PATH: '/usr/bin:/bin' }, runDir: join(directory, 'run'), sshMs: 10_000 }
    return createRemoteCollector({ lightsail, clock: createFakeClock(Date.now()), instance, unit, port, ...rest }).collect(
      NOON,
      new AbortController().signal,
    )
  }

  /** What is alerted after each of four looks that see the same. The machine's own `date` is not the test's: the clock is set right. */
  const alertsOf = (reading: Reading): string[][] => {
    const rightClock = { at: NOON, value: { skewMs: 0, synchronized: true } }
    const clock = 'value' in reading.clock ? rightClock : reading.clock
    let state = FRESH_HOST_STATE
    return [0, 1, 2, 3].map((step) => {
      const decided = decideAudit({ ...reading, clock, at: NOON + step * TEN }, [], state)
      ;({ state } = decided)
      return decided.signals.flatMap((signal) => (signal.status === 'failing' ? [signal.severity.toUpperCase()] : []))
    })
  }

  it('is healthy, with a day of figures', async () => {
    const reading = await look()
    expect(alertsOf(reading)).toEqual([[], [], [], []])
    expect(
      verdictOf(decideAudit({ ...reading, clock: { at: NOON, value: { skewMs: 0, synchronized: true } } }, [], FRESH_HOST_STATE).audit),
    ).toBe('ok')
    expect(reading.past?.length).toBeGreaterThan(280)
    expect(readdirSync(join(directory, 'run'))).toEqual([])
    expect(host.looks()).toBe(1)
  })

  it.each(HOST_FAULTS)('%s: the alert comes when the panel says', async (fault) => {
    await host.set(fault, true)
    expect([host.isOn(fault), host.looks()]).toEqual([true, 0])
    const { looks, follows } = FAULT_WORDS[fault]
    const alerts = alertsOf(await look())
    // What the client asks again is the same look.
    expect(host.looks()).toBe(1)
    expect(alerts.findIndex((severities) => severities.includes(follows)) + 1).toBe(looks)
    expect(alerts[0]?.length).toBe(looks === 1 ? 1 : 0)
    await host.set(fault, false)
    expect(host.isOn(fault)).toBe(false)
  })

  it('may be in several troubles, and is well again at once', async () => {
    for (const fault of HOST_FAULTS) await host.set(fault, true)
    expect(await isListening(host.places?.sshPort ?? 0)).toBe(false)
    await host.clear()
    expect(HOST_FAULTS.filter((fault) => host.isOn(fault))).toEqual([])
    expect(alertsOf(await look()).flat()).toEqual([])
  })
})

test('where a program is missing there is no host, and it says which', async () => {
  vi.stubEnv('PATH', '/nowhere')
  onTestFinished(() => void vi.unstubAllEnvs())
  const host = await startHost({ directory: newFolder(), names, now: () => NOON })
  expect(host.places).toBeNull()
  expect(host.why).toMatch(/^(?:sshd|ssh) is not installed here \(Debian: apt-get install openssh-/)
  await expect(host.set('memory', true)).rejects.toThrow('there is no host to switch')
  await host.stop()
})

test('the programs of the host refuse what the real ones would', () => {
  const folder = newFolder()
  const bin = installPrograms(folder)
  writeSayings(folder, { 'units/jada-agent.service': 'LoadState=loaded\n', journal: '{}\n', 'proc/uptime': '1.00 1.00\n' })
  const run = (name: string, ...args: string[]): string => execFileSync(join(bin, name), args, { encoding: 'utf8', stdio: 'pipe' })
  expect(run('systemctl', 'show', '--', 'jada-agent.service')).toBe('LoadState=loaded\n')
  expect(run('systemctl', 'show', '--', 'another.service')).toContain('LoadState=not-found')
  expect(() => run('systemctl', 'restart', 'jada-agent.service')).toThrow('Unknown command verb')
  expect(run('journalctl', '-u', 'another.service')).toBe('-- No entries --\n')
  expect(run('journalctl', '-u', 'jada-agent.service', '-o', 'json')).toBe('{}\n')
  expect(run('cat', '/proc/uptime')).toBe('1.00 1.00\n')
  expect(() => run('df', '-h')).toThrow('only df -P -k /')
})
