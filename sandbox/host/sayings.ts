import type { HostFault } from './faults.ts'
import { journalOf } from './journal.ts'

/** Since when each fault is there; UTC milliseconds. */
export type Faulty = ReadonlyMap<HostFault, number>

export interface HostClock {
  readonly now: number
  readonly bootedAt: number
  /** When the service was started last. */
  readonly startedAt: number
}

const lines = (...all: string[]): string => `${all.join('\n')}\n`
const seconds = (ms: number): number => Math.floor(ms / 1000)
const kb = (count: number): string => `${String(count).padStart(15)} kB`

const TOTAL_KB = 936_048
const AVAILABLE_KB = { well: 441_300, full: 24_900 } as const

function meminfo(isFull: boolean): string {
  const available = isFull ? AVAILABLE_KB.full : AVAILABLE_KB.well
  return lines(
    `MemTotal: ${kb(TOTAL_KB)}`,
    `MemFree:  ${kb(Math.round(available / 4))}`,
    `MemAvailable: ${kb(available)}`,
    `Buffers:  ${kb(2312)}`,
    `Cached:   ${kb(Math.round(available * 0.7))}`,
    `SwapCached: ${kb(0)}`,
    `Active:   ${kb(TOTAL_KB - available)}`,
    `Inactive: ${kb(Math.round(available / 2))}`,
    `SwapTotal: ${kb(0)}`,
  )
}

/** Ticks of 1/100 s since the boot; one percent of them was work. */
function stat(upMs: number): string {
  const ticks = Math.floor(upMs / 10)
  const busy = Math.floor(ticks / 200)
  return lines(`cpu  ${busy} 0 ${busy} ${ticks - 2 * busy} 0 0 0 0 0 0`)
}

function netDev(upMs: number): string {
  const row = (name: string, received: number, sent: number): string => `${name}: ${received} 10 0 0 0 0 0 0 ${sent} 10 0 0 0 0 0 0`
  return lines(
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed',
    row('    lo', 4_120_000, 4_120_000),
    row('  ens5', Math.floor(upMs * 2.4), Math.floor(upMs * 1.1)),
  )
}

const DISK_KB = 40_894_464

function df(isFull: boolean): string {
  const used = Math.round(DISK_KB * (isFull ? 0.94 : 0.31))
  return lines(
    'Filesystem     1024-blocks     Used Available Capacity Mounted on',
    `/dev/nvme0n1p1    ${DISK_KB} ${used} ${DISK_KB - used}      ${Math.round((used / DISK_KB) * 100)}% /`,
  )
}

function unit(faulty: Faulty, { startedAt }: HostClock): string {
  const since = faulty.get('service')
  const [active, sub, result] = since === undefined ? ['active', 'running', 'success'] : ['failed', 'failed', 'exit-code']
  return lines(
    `Result=${result}`,
    'NRestarts=0',
    `MemoryCurrent=${since === undefined ? 151_003_136 : '[not set]'}`,
    'LoadState=loaded',
    `ActiveState=${active}`,
    `SubState=${sub}`,
    `StateChangeTimestamp=@${seconds(since ?? startedAt)}`,
  )
}

/** All that the programs of the host say now, and its files of /proc. */
export function sayingsOf(unitName: string, faulty: Faulty, clock: HostClock): Readonly<Record<string, string>> {
  const upMs = clock.now - clock.bootedAt
  return {
    'proc/uptime': lines(`${seconds(upMs)}.00 ${seconds(upMs * 0.99)}.00`),
    'proc/meminfo': meminfo(faulty.has('memory')),
    'proc/stat': stat(upMs),
    'proc/net/dev': netDev(upMs),
    df: df(faulty.has('disk')),
    timedatectl: lines('NTPSynchronized=yes'),
    [`units/${unitName}`]: unit(faulty, clock),
    journal: journalOf(unitName, faulty, clock.now),
  }
}
