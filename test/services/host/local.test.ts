import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isKnown, valueOf } from '../../../src/services/host/figure.ts'
import { killsIn } from '../../../src/services/host/journal.ts'
import { createLocalCollector } from '../../../src/services/host/local.ts'
import type { Reading } from '../../../src/services/host/reading.ts'
import { hasJournalMaker, makeJournal } from '../../support/host-journal.ts'
import { NOON } from '../../support/incident-samples.ts'
import { temporaryFolder } from '../../support/repo-database.ts'

const UNIT = 'jada-agent.service'
const HOUR = 3_600_000
const PATH = '/usr/bin:/bin'

const PROC: Readonly<Record<string, string>> = {
  uptime: '86400.51 170000.02\n',
  meminfo: 'MemTotal:         936000 kB\nMemFree:           50000 kB\nMemAvailable:     468000 kB\n',
  stat: 'cpu  100 0 50 9000 800 0 20 30 0 0\ncpu0 100 0 50 9000 800 0 20 30 0 0\nintr 5\n',
  'net/dev':
    'Inter-|   Receive                                                |  Transmit\n face |bytes    packets\n    lo: 999 1 0 0 0 0 0 0 999 1 0 0 0 0 0 0\n  ens5: 7000 9 0 0 0 0 0 0 3000 8 0 0 0 0 0 0\n docker0:10 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0\n',
  'self/cgroup': '0::/system.slice/other.service\n',
}

interface Machine {
  readonly proc?: Readonly<Record<string, string | null>>
  /** Shell scripts in place of the system's programs; null: it is not there. */
  readonly programs?: Readonly<Record<string, string>>
  readonly journalArgs?: readonly string[]
  readonly unit?: string
}

const WELL_UNIT = `cat <<'X'
SubState=running
MemoryCurrent=151000000
NRestarts=2
Result=success
LoadState=loaded
ActiveState=active
StateChangeTimestamp=@1772445600
X`
const WELL: Readonly<Record<string, string>> = { systemctl: WELL_UNIT, journalctl: 'exit 0', timedatectl: 'echo NTPSynchronized=yes' }

function look({ proc = {}, programs = {}, journalArgs, unit = UNIT }: Machine): Promise<Reading> {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries({ ...PROC, ...proc })) {
    const path = join(folder, 'proc', name)
    mkdirSync(join(path, '..'), { recursive: true })
    if (text !== null) writeFileSync(path, text)
  }
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  for (const [name, script] of Object.entries({ ...WELL, ...programs })) {
    if (script === 'REAL') continue
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  const collector = createLocalCollector({
    unit,
    host: 'here',
    folder,
    proc: join(folder, 'proc'),
    env: { PATH: `${bin}:${PATH}` },
    ...(journalArgs === undefined ? {} : { journalArgs }),
  })
  return collector.collect(NOON, new AbortController().signal)
}

const whyOf = (figure: Reading[keyof Reading]): string | undefined =>
  typeof figure === 'object' && figure !== null && 'unknown' in figure ? figure.unknown : undefined

test('a machine is read as it is', async () => {
  const reading = await look({ programs: { journalctl: 'echo \'{"__REALTIME_TIMESTAMP":"1772452740000000","MESSAGE":"hello"}\'' } })
  expect(reading).toMatchObject({
    source: 'local',
    host: 'here',
    unitName: UNIT,
    own: false,
    unit: {
      at: NOON,
      value: { active: 'active', sub: 'running', result: 'success', restarts: 2, since: 1_772_445_600_000, memoryBytes: 151_000_000 },
    },
    uptimeMs: { value: 86_400_510 },
    memory: { value: { totalBytes: 936_000 * 1024, availableBytes: 468_000 * 1024 } },
    cpuTimes: { value: { busy: 200, total: 10_000 } },
    network: { value: { received: 7010, sent: 3020 } },
    clock: { value: { skewMs: null, synchronized: true } },
    journal: { value: { lines: 1, unreadable: 0, cut: false } },
    cloud: null,
  })
  expect(valueOf(reading.disk)?.totalBytes).toBeGreaterThan(1_000_000)
})

test.each<[string, Machine, keyof Reading, string]>([
  [
    'no such unit',
    { programs: { systemctl: 'echo LoadState=not-found; echo ActiveState=inactive' } },
    'unit',
    'there is no jada-agent.service on this host',
  ],
  [
    'a masked unit',
    { programs: { systemctl: 'echo LoadState=masked; echo ActiveState=inactive' } },
    'unit',
    'systemd could not load jada-agent.service (masked)',
  ],
  [
    'no systemd',
    { programs: { systemctl: 'echo "System has not been booted with systemd as init system (PID 1)." >&2; exit 1' } },
    'unit',
    'systemd does not run here',
  ],
  ['nonsense', { programs: { systemctl: 'echo hello' } }, 'unit', 'systemctl answered something else than properties'],
  ['a failure', { programs: { systemctl: 'exit 4' } }, 'unit', 'systemctl ended with exit code 4'],
  [
    'no permission',
    { programs: { journalctl: 'echo "Hint: You are currently not seeing messages from other users and the system." >&2' } },
    'journal',
    'this user may not read the journal; add it to the group systemd-journal',
  ],
  ['an empty journal', { programs: { journalctl: 'exit 0' } }, 'journal', 'there is no journal here that this user can see'],
  [
    'no clock',
    { programs: { timedatectl: 'echo "Failed to connect to bus: Host is down" >&2; exit 1' } },
    'clock',
    'systemd does not run here',
  ],
  ['no /proc/meminfo', { proc: { meminfo: null } }, 'memory', '/proc/meminfo cannot be read here (ENOENT)'],
  ['a strange /proc/stat', { proc: { stat: 'no cpu here\n' } }, 'cpuTimes', '/proc/stat is not as expected'],
  ['an old kernel', { proc: { meminfo: 'MemTotal: 5 kB\n' } }, 'memory', '/proc/meminfo is not as expected'],
])('%s is unknown, and says why', async (_name, machine, figure, why) => {
  expect(whyOf((await look(machine))[figure])).toBe(why)
})

test('kernel lines that may not be read make kills unknown, and the rest stays known', async () => {
  const hint = 'echo "Hint: You are currently not seeing messages from other users and the system." >&2'
  const line = `echo '{"__REALTIME_TIMESTAMP":"1772452740000000","MESSAGE":"hello"}'`
  const { journal } = await look({ programs: { journalctl: `case "$*" in *_TRANSPORT=kernel*) ${hint} ;; *) ${line} ;; esac` } })
  expect(valueOf(journal)?.lines).toBe(1)
  expect(killsIn(journal, 24)).toEqual({
    at: NOON,
    unknown: "the kernel's lines could not be read: this user may not read the journal; add it to the group systemd-journal",
  })
})

test('a program that is not installed is said', async () => {
  const folder = temporaryFolder()
  const collector = createLocalCollector({ unit: UNIT, host: 'here', folder, proc: folder, env: { PATH: join(folder, 'none') } })
  const reading = await collector.collect(NOON, new AbortController().signal)
  expect([whyOf(reading.unit), whyOf(reading.journal), whyOf(reading.clock)]).toEqual([
    'systemctl is not installed here',
    'journalctl is not installed here',
    'timedatectl is not installed here',
  ])
  expect(isKnown(reading.disk)).toBe(true)
})

test('an audit that is broken off ends its programs and says so', async () => {
  const deadline = new AbortController()
  const folder = temporaryFolder()
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  for (const name of ['systemctl', 'journalctl', 'timedatectl']) {
    writeFileSync(join(bin, name), '#!/bin/sh\nexec sleep 60\n')
    chmodSync(join(bin, name), 0o755)
  }
  const collector = createLocalCollector({ unit: UNIT, host: 'here', folder, proc: folder, env: { PATH: `${bin}:${PATH}` } })
  const looking = collector.collect(NOON, deadline.signal)
  deadline.abort()
  expect(whyOf((await looking).unit)).toBe('systemctl did not answer in time')
})

test.each([
  ['0::/system.slice/jada-bot.service\n', 'jada-bot.service', true],
  ['0::/system.slice/jada-bot.service/app\n', 'jada-bot.service', true],
  ['0::/system.slice/jada-bot.service\n', 'jada-agent.service', false],
  ['0::/system.slice/not-jada-bot.service\n', 'jada-bot.service', false],
])('%j runs in %s: %s', async (cgroup, unit, own) => {
  expect((await look({ proc: { 'self/cgroup': cgroup }, unit })).own).toBe(own)
})

describe.skipIf(!hasJournalMaker)('a real journal', () => {
  const read = async (entries: Parameters<typeof makeJournal>[1], script = 'REAL') => {
    const directory = makeJournal(temporaryFolder(), entries)
    return look({ programs: { journalctl: script }, journalArgs: [`--directory=${directory}`] })
  }
  const token = '[port-sheet] token error: HTTP Error 400: Bad Request'

  test('is counted an hour at a time, of the one service, for one day', async () => {
    const { journal } = await read([
      { at: NOON - 25 * HOUR, message: token },
      { at: NOON - 23.5 * HOUR, message: token },
      { at: NOON - 1.5 * HOUR, message: token },
      { at: NOON - 0.5 * HOUR, message: token },
      { at: NOON - 0.4 * HOUR, message: token, unit: 'other.service' },
      { at: NOON - 0.3 * HOUR, message: 'Hit max turns (30); exit code 1' },
      { at: NOON - 0.2 * HOUR, message: 'Traceback (most recent call last):', priority: 3 },
      { at: NOON - 0.1 * HOUR, message: 'jada-agent.service: A process of this unit has been killed by the OOM killer.', priority: 5 },
    ])
    const day = valueOf(journal)
    expect(day).toMatchObject({ lines: 6, unreadable: 0, cut: false, oldestAt: NOON - 23.5 * HOUR })
    expect(day?.counts.tokenError).toEqual([1, 1, ...Array.from({ length: 21 }, () => 0), 1])
    expect([day?.counts.maxTurns[0], day?.counts.traceback[0], day?.counts.outOfMemory[0]]).toEqual([1, 1, 1])
    expect(day?.worst.map(({ text, times }) => [text, times])).toEqual([
      ['Traceback (most recent call last):', 1],
      [token, 3],
      ['jada-agent.service: A process of this unit has been killed by the OOM killer.', 1],
      ['Hit max turns (30); exit code 1', 1],
    ])
  })

  test('counts what the kernel ended, once, whatever service it was, also before a reboot', async () => {
    const kill = (at: number, name: string) => ({
      at,
      kernel: true,
      priority: 3,
      message: `Out of memory: Killed process 4242 (${name}) total-vm:1200000kB, anon-rss:600000kB`,
    })
    const { journal } = await read([
      kill(NOON - 25 * HOUR, 'python3'),
      kill(NOON - 2.5 * HOUR, 'node'),
      { at: NOON - 0.5 * HOUR, message: 'oom-kill:constraint=CONSTRAINT_NONE,task=python3,pid=4242', kernel: true },
      kill(NOON - 0.5 * HOUR, 'python3'),
      { at: NOON - 0.5 * HOUR, message: 'jada-agent.service: A process of this unit has been killed by the OOM killer.' },
      { at: NOON - 0.1 * HOUR, message: 'Killed process 1 (hello), says somebody who is not the kernel', unit: 'other.service' },
    ])
    const day = valueOf(journal)
    expect(day?.counts.outOfMemory.slice(0, 4)).toEqual([1, 0, 1, 0])
    expect(day).toMatchObject({ lines: 1, kernelUnread: null })
    expect(day?.worst[0]).toMatchObject({ text: expect.stringContaining('Killed process 4242 (python3)') })
  })

  test('may hold bytes that are no text, and messages too long to be given', async () => {
    const { journal } = await read([
      { at: NOON - 3000, message: Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x20, ...Buffer.from(token)]), priority: 3 },
      { at: NOON - 2000, message: 'x'.repeat(9000), priority: 3 },
      { at: NOON - 1000, message: 'two\nlines \u001b[31mred and ya29.a0AfB_secret', priority: 3 },
    ])
    expect(valueOf(journal)?.counts.tokenError[0]).toBe(1)
    expect(valueOf(journal)?.worst.map(({ text }) => text)).toEqual([
      'two lines [31mred and [secret]',
      '(a message that the journal leaves out because of its length)',
      `caf\ufffd ${token}`,
    ])
  })

  test('that says nothing of the service is quiet, not unknown', async () => {
    const { journal } = await read([{ at: NOON - 1000, message: 'hello', unit: 'other.service' }])
    expect(valueOf(journal)?.lines).toBe(0)
  })

  test('without files is unknown', async () => {
    const folder = temporaryFolder()
    const { journal } = await look({ programs: { journalctl: 'REAL' }, journalArgs: [`--directory=${folder}`] })
    expect(whyOf(journal)).toMatch(/journal/)
  })

  test('that this user may not open is unknown', async () => {
    const drop = process.getuid?.() === 0 ? 'setpriv --reuid=65534 --regid=65534 --clear-groups ' : ''
    const folder = temporaryFolder()
    const directory = makeJournal(folder, [{ at: NOON - 1000, message: 'hello' }])
    chmodSync(folder, 0o755)
    chmodSync(join(directory, 'remote.journal'), drop === '' ? 0o000 : 0o600)
    const { journal } = await look({
      programs: { journalctl: `exec ${drop}/usr/bin/journalctl "$@"` },
      journalArgs: [`--directory=${directory}`],
    })
    expect(whyOf(journal)).toMatch(/may not|that this user can see/)
  })
})
