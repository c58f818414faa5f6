import type { CpuTimes, Memory, NetworkCounters } from './reading.ts'

/** Files of /proc, parsed. Null: the text is not what Linux writes. */

function kilobytes(text: string, name: string): number | null {
  const [, amount] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text) ?? []
  return amount === undefined ? null : Number(amount) * 1024
}

export function parseMeminfo(text: string): Memory | null {
  const totalBytes = kilobytes(text, 'MemTotal')
  const availableBytes = kilobytes(text, 'MemAvailable')
  return totalBytes === null || availableBytes === null || totalBytes === 0 ? null : { totalBytes, availableBytes }
}

/** proc(5): user nice system idle iowait irq softirq steal guest guest_nice; guest is counted in user already. */
export function parseStat(text: string): CpuTimes | null {
  const [, line] = /^cpu +([\d ]+)$/m.exec(text) ?? []
  if (line === undefined) return null
  const times = line.trim().split(/ +/).slice(0, 8).map(Number)
  const total = times.reduce((sum, time) => sum + time, 0)
  const [, , , idle = 0, iowait = 0] = times
  return times.length < 5 ? null : { total, busy: total - idle - iowait }
}

/** Milliseconds since the machine booted. */
export function parseUptime(text: string): number | null {
  const [, seconds] = /^(\d+(?:\.\d+)?) /.exec(text) ?? []
  return seconds === undefined ? null : Math.round(Number(seconds) * 1000)
}

export function parseNetDev(text: string): NetworkCounters | null {
  const rows = [...text.matchAll(/^\s*([^\s:]+):\s*([\d ]+)$/gm)].map(([, name = '', numbers = '']) => ({
    name,
    numbers: numbers.trim().split(/ +/).map(Number),
  }))
  if (rows.length === 0) return null
  const real = rows.filter(({ name }) => name !== 'lo')
  const sum = (column: number): number => real.reduce((total, { numbers }) => total + (numbers[column] ?? 0), 0)
  return { received: sum(0), sent: sum(8) }
}
