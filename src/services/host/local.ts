import { readFile, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../errors.ts'
import { runCommand, type Ended } from './command.ts'
import { isKnown, known, unknown, type Figure } from './figure.ts'
import { createTally, type Journal } from './journal.ts'
import { parseMeminfo, parseNetDev, parseStat, parseUptime } from './proc.ts'
import type { ClockState, Collector, Memory, UnitState } from './reading.ts'
import { parseUnit, UNIT_PROPERTIES } from './unit.ts'

export interface LocalDeps {
  readonly unit: string
  readonly host: string
  /** Where `systemctl`, `journalctl` and `timedatectl` are found. */
  readonly env: Readonly<Record<string, string>>
  /** Whose file system is measured: where the bot keeps its state. */
  readonly folder: string
  /** `/proc`, but for tests. */
  readonly proc: string
  /** Which journal, if not the host's own: `--directory=...`. For tests. */
  readonly journalArgs?: readonly string[]
}

const TIMEOUT_MS = 15_000
const DAY_SECONDS = 86_400
/** A day of a daemon that polls every minute is well below; what is newest is read first. */
const MOST_JOURNAL_BYTES = 24_000_000
const MOST_KERNEL_BYTES = 8_000_000

/** Why a program gave nothing; null: it did. */
function whyNot(program: string, ended: Ended): string | null {
  if (ended.kind === 'missing') return `${program} is not installed here`
  if (ended.kind === 'timeout') return `${program} did not answer in time`
  if (ended.code === 0 || ended.cut) return null
  const said = ended.stderr.trim().split('\n')[0] ?? ''
  if (/not been booted with systemd|connect to bus|Failed to connect/i.test(said)) return 'systemd does not run here'
  return `${program} ended with exit code ${ended.code ?? 'none'}`
}

/** What `journalctl` says on standard error, and with that its silence, means. Null: nothing stands in the way. */
export function journalTrouble(stderr: string): string | null {
  if (/insufficient permissions|not seeing messages from other users/i.test(stderr)) {
    return 'this user may not read the journal; add it to the group systemd-journal'
  }
  if (/Permission denied/i.test(stderr)) return 'this user may not open the journal; add it to the group systemd-journal'
  return /No journal files were (?:found|opened)/i.test(stderr) ? 'there are no journal files on this host' : null
}

async function readProc<T>(deps: LocalDeps, name: string, parse: (text: string) => T | null, now: number): Promise<Figure<T>> {
  try {
    const value = parse(await readFile(join(deps.proc, name), 'utf8'))
    return value === null ? unknown(`/proc/${name} is not as expected`, now) : known(value, now)
  } catch (error) {
    return unknown(`/proc/${name} cannot be read here (${errorCode(error) ?? 'unknown'})`, now)
  }
}

async function readUnit(deps: LocalDeps, now: number, signal: AbortSignal): Promise<Figure<UnitState>> {
  const args = ['show', `--property=${UNIT_PROPERTIES}`, '--timestamp=unix', '--', deps.unit]
  const ended = await runCommand({ file: 'systemctl', args, env: deps.env, timeoutMs: TIMEOUT_MS, mostBytes: 100_000 }, signal)
  const why = whyNot('systemctl', ended)
  return why === null && ended.kind === 'ended' ? parseUnit(ended.stdout, deps.unit, now) : unknown(why ?? 'no answer', now)
}

async function readJournal(deps: LocalDeps, now: number, signal: AbortSignal): Promise<Figure<Journal>> {
  const tally = createTally(now)
  const since = `@${Math.floor(now / 1000) - DAY_SECONDS}`
  const where = deps.journalArgs ?? []
  const rest = ['-o', 'json', '--output-fields=MESSAGE,PRIORITY', '--since', since, '--reverse', '--no-pager']
  const ask = async (matches: readonly string[], mostBytes: number, line: (text: string) => void) => {
    const args = [...where, ...matches, ...rest]
    const ended = await runCommand({ file: 'journalctl', args, env: deps.env, timeoutMs: TIMEOUT_MS, mostBytes, line }, signal)
    return { ended, why: (ended.kind === 'ended' ? journalTrouble(ended.stderr) : null) ?? whyNot('journalctl', ended) }
  }
  // Not -k, which means this boot only: what ran out of memory may have been rebooted since.
  const [{ ended, why }, kernel] = await Promise.all([
    ask(['-u', deps.unit], MOST_JOURNAL_BYTES, (text) => tally.add(text)),
    ask(['_TRANSPORT=kernel'], MOST_KERNEL_BYTES, (text) => tally.addKernel(text)),
  ])
  if (why !== null || ended.kind !== 'ended') return unknown(why ?? 'no answer', now)
  if (kernel.why !== null) tally.kernelUnread(`the kernel's lines could not be read: ${kernel.why}`)
  const journal = tally.journal(ended.cut)
  // Asked for one service, journalctl says nothing also where there is no journal at all.
  if (journal.lines === 0 && !(await hasEntries(deps, signal))) return unknown(NO_JOURNAL, now)
  return known(journal, now)
}

const NO_JOURNAL = 'there is no journal here that this user can see'

async function hasEntries({ journalArgs = [], env }: LocalDeps, signal: AbortSignal): Promise<boolean> {
  const args = [...journalArgs, '-n', '1', '-o', 'json', '--no-pager']
  const ended = await runCommand({ file: 'journalctl', args, env, timeoutMs: TIMEOUT_MS, mostBytes: 1_000_000 }, signal)
  return ended.kind === 'ended' && ended.stdout.trim() !== ''
}

async function readDisk({ folder }: LocalDeps, now: number): Promise<Figure<Memory>> {
  try {
    const { bsize, blocks, bavail, bfree } = await statfs(folder)
    // As df does: what only root may still use counts as used by neither.
    const usable = blocks - bfree + bavail
    return usable === 0
      ? unknown('the file system does not say how large it is', now)
      : known({ totalBytes: usable * bsize, availableBytes: bavail * bsize }, now)
  } catch (error) {
    return unknown(`the file system cannot be asked (${errorCode(error) ?? 'unknown'})`, now)
  }
}

async function readClock(deps: LocalDeps, now: number, signal: AbortSignal): Promise<Figure<ClockState>> {
  const args = ['show', '--property=NTPSynchronized']
  const ended = await runCommand({ file: 'timedatectl', args, env: deps.env, timeoutMs: TIMEOUT_MS, mostBytes: 10_000 }, signal)
  const why = whyNot('timedatectl', ended)
  const [, answer] = (ended.kind === 'ended' && /NTPSynchronized=(yes|no)/.exec(ended.stdout)) || []
  return answer === undefined
    ? unknown(why ?? 'timedatectl does not say', now)
    : known({ skewMs: null, synchronized: answer === 'yes' }, now)
}

/** Looks at the machine the bot itself runs on. */
export function createLocalCollector(deps: LocalDeps): Collector {
  return {
    collect: async (now, signal) => {
      const [unit, journal, disk, clock, uptimeMs, memory, cpuTimes, network, cgroup] = await Promise.all([
        readUnit(deps, now, signal),
        readJournal(deps, now, signal),
        readDisk(deps, now),
        readClock(deps, now, signal),
        readProc(deps, 'uptime', parseUptime, now),
        readProc(deps, 'meminfo', parseMeminfo, now),
        readProc(deps, 'stat', parseStat, now),
        readProc(deps, 'net/dev', parseNetDev, now),
        readProc(deps, 'self/cgroup', (text) => text, now),
      ])
      const own = isKnown(cgroup) && cgroup.value.split('\n').some((line) => line.split('/').includes(deps.unit))
      const base = { at: now, source: 'local' as const, host: deps.host, unitName: deps.unit, own, cloud: null }
      return { ...base, unit, journal, disk, clock, uptimeMs, memory, cpuTimes, network }
    },
  }
}
