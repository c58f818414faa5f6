import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { startHeartbeat } from '../../src/app/heartbeat.ts'
import { loopProblems } from '../../src/app/loop-health.ts'
import { createServiceNotify, systemdNotify, watchdogPeriodMs } from '../../src/app/service-notify.ts'
import { createLog } from '../../src/log.ts'
import { createFakeClock } from '../support/fake-clock.ts'

const START = Date.UTC(2026, 10, 2, 9, 30)
const SYSTEMD = { socket: '/run/systemd/notify', watchdogUsec: '60000000', watchdogPid: '42', path: undefined }

function openBench(
  environment: Partial<typeof SYSTEMD> | { socket: undefined } = {},
  told: (fields: readonly string[]) => Promise<void> = async () => undefined,
) {
  const clock = createFakeClock(START)
  const sent: string[] = []
  const logged: string[] = []
  let lastLookAt: number | null = 0
  const problems = (since: number): readonly string[] => loopProblems(lastLookAt ?? since, clock.monotonic())
  const log = createLog({ clock, write: (line) => logged.push(line) })
  const service = createServiceNotify({
    clock,
    log,
    environment: { ...SYSTEMD, ...environment },
    pid: 42,
    problems,
    tell: (fields) => {
      sent.push(fields.join(' '))
      return told(fields)
    },
  })
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return {
    clock,
    sent,
    logged,
    service,
    log,
    problems,
    settle,
    looked: (at: number | null) => {
      lastLookAt = at
    },
    pass: async (ms: number) => {
      for (let left = ms; left > 0; left -= 20_000) {
        clock.advance(Math.min(left, 20_000))
        await settle()
      }
    },
  }
}

describe('what systemd is told', () => {
  it('readiness once, then the watchdog three times within its time', async () => {
    const { service, sent, settle, pass, clock, looked } = openBench()
    service.ready()
    await settle()
    expect(sent).toEqual(['READY=1 STATUS=Started', 'WATCHDOG=1 STATUS=The loops turn'])
    looked(clock.monotonic())
    await pass(60_000)
    expect(sent.slice(2)).toEqual(['WATCHDOG=1', 'WATCHDOG=1', 'WATCHDOG=1'])
  })

  it('nothing that feeds the watchdog when the loops stand still, whatever the timer does', async () => {
    const { service, sent, settle, pass, looked, logged, clock } = openBench()
    service.ready()
    await settle()
    looked(0)
    await pass(180_000)
    sent.length = 0
    await pass(120_000)
    expect(sent).toEqual([
      'STATUS=In trouble: a loop has not turned for 200 s',
      ...[220, 240, 260, 280, 300].map((s) => `STATUS=In trouble: a loop has not turned for ${s} s`),
    ])
    expect(logged.join('')).toContain('error [service] the watchdog is not fed: a loop has not turned for 200 s')
    looked(clock.monotonic())
    await pass(20_000)
    expect(sent.at(-1)).toBe('WATCHDOG=1 STATUS=The loops turn')
  })

  it('that it lives while the first look is still under way, as long as any look may take', async () => {
    const { service, sent, settle, pass, looked } = openBench()
    looked(null)
    service.ready()
    await settle()
    await pass(180_000)
    expect(sent.filter((fields) => fields.includes('WATCHDOG=1'))).toHaveLength(10)
    await pass(60_000)
    expect(sent.filter((fields) => fields.includes('WATCHDOG=1'))).toHaveLength(10)
  })

  it('that it stops, and after that nothing', async () => {
    const { service, sent, settle, pass } = openBench()
    service.ready()
    await settle()
    service.stopping()
    await pass(60_000)
    expect(sent.slice(2)).toEqual(['STOPPING=1 STATUS=Stopping'])
  })

  it('nothing at all without systemd', async () => {
    const { service, sent, pass, clock } = openBench({ socket: undefined })
    service.ready()
    await pass(60_000)
    service.stopping()
    expect(sent).toEqual([])
    expect(clock.pending).toBe(0)
  })

  it('again next time, when once it could not be told', async () => {
    const { service, sent, logged, settle, pass } = openBench({}, () => Promise.reject(new Error('systemd-notify ended with 1')))
    service.ready()
    await settle()
    await settle()
    await pass(20_000)
    expect(sent).toHaveLength(3)
    expect(logged[0]).toContain('warn [service] systemd was not told: Error: systemd-notify ended with 1')
  })
})

test('the watchdog is about this process, and may be off', () => {
  expect(watchdogPeriodMs(SYSTEMD, 42)).toBe(20_000)
  expect(watchdogPeriodMs(SYSTEMD, 43)).toBeNull()
  expect(watchdogPeriodMs({ ...SYSTEMD, watchdogPid: undefined }, 43)).toBe(20_000)
  expect(watchdogPeriodMs({ ...SYSTEMD, watchdogUsec: undefined }, 42)).toBeNull()
})

test('the heartbeat is a line every five minutes, and none while the loops stand still', async () => {
  const { clock, log, logged, problems, looked } = openBench()
  const stop = startHeartbeat({ clock, log, problems })
  expect(logged).toEqual(['2026-11-02T09:30:00.000Z info [heartbeat] alive\n'])
  looked(290_000)
  clock.advance(300_000)
  expect(logged).toHaveLength(2)
  clock.advance(300_000)
  expect(logged).toHaveLength(2)
  looked(890_000)
  clock.advance(300_000)
  expect(logged).toHaveLength(3)
  stop()
  expect(clock.pending).toBe(0)
})

const LISTEN = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
s.settimeout(10)
print('listening', flush=True)
# The second message is systemd-notify's barrier: it waits until we have let go of what comes with it.
for _ in range(2):
    print(s.recvmsg(4096, 4096)[0].decode(), flush=True)
`
const canListen = spawnSync('python3', ['--version']).status === 0 && spawnSync('systemd-notify', ['--version']).status === 0

test('there is a socket to speak to', () => {
  if (!canListen) console.warn('The test of systemd-notify itself is SKIPPED: it needs systemd-notify and python3.')
})

test.skipIf(!canListen)('what is said arrives at the socket of systemd', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jada-notify-'))
  const socket = join(folder, 'notify')
  const listener = spawn('python3', ['-c', LISTEN, socket])
  try {
    let heard = ''
    listener.stdout.on('data', (chunk: Buffer) => {
      heard += chunk.toString()
    })
    await once(listener.stdout, 'data')
    const ended = once(listener, 'exit')
    await systemdNotify({ ...SYSTEMD, socket, path: process.env['PATH'] })(['READY=1', 'STATUS=The loops turn'])
    await ended
    expect(heard).toContain('READY=1\nSTATUS=The loops turn')
  } finally {
    listener.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a missing systemd-notify is an error that can be told', async () => {
  await expect(systemdNotify({ ...SYSTEMD, path: '/nonexistent' })(['READY=1'])).rejects.toThrow(/ENOENT/)
})
