import type { KnownBlock } from '@slack/types'
import type { Sample } from '../../services/host/sample.ts'
import { context, section } from './blocks.ts'

/** A day's figures as Slack's line charts, or as a table of text where Slack does not take those. */

const DAY_MS = 86_400_000
/** Slack takes at most 20 points a line; two hours are easy to read. */
const INTERVALS = 12

interface Line {
  readonly name: string
  readonly short: string
  of(sample: Sample): number | null
}

const PERCENT: readonly Line[] = [
  { name: 'CPU %', short: 'CPU %', of: ({ cpu }) => cpu },
  { name: 'Memory %', short: 'Mem %', of: ({ memory }) => memory },
]
const kilobytes = (value: number | null): number | null => (value === null ? null : value / 1024)
const TRAFFIC: readonly Line[] = [
  { name: 'In KB/s', short: 'In KB/s', of: ({ received }) => kilobytes(received) },
  { name: 'Out KB/s', short: 'Out KB/s', of: ({ sent }) => kilobytes(sent) },
]

interface Interval {
  readonly label: string
  readonly samples: readonly Sample[]
}

function intervals(samples: readonly Sample[], now: number, zone: string): Interval[] {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
  const length = DAY_MS / INTERVALS
  return Array.from({ length: INTERVALS }, (_, index) => {
    const from = now - DAY_MS + index * length
    return { label: clock.format(from), samples: samples.filter(({ at }) => at > from && at <= from + length) }
  })
}

function mean(line: Line, { samples }: Interval): number | null {
  const values = samples.flatMap((sample) => line.of(sample) ?? [])
  if (values.length === 0) return null
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 10) / 10
}

/** Every line must have a point for every category: intervals that a line has no figure of are left out, and said. */
function chart(title: string, all: readonly Line[], day: readonly Interval[]): KnownBlock[] {
  const known = (line: Line): number => day.filter((interval) => mean(line, interval) !== null).length
  // A line that has begun only now would leave hardly anything of the others.
  const fewest = Math.max(1, ...all.map((line) => known(line) / 2))
  const lines = all.filter((line) => known(line) >= fewest)
  const whole = day.filter((interval) => lines.every((line) => mean(line, interval) !== null))
  if (lines.length === 0 || whole.length < 2) return [context(`${title}: no chart yet, fewer than two intervals have figures.`)]
  const series = lines.map((line) => ({
    name: line.name,
    data: whole.map((interval) => ({ label: interval.label, value: mean(line, interval) ?? 0 })),
  }))
  const block = {
    type: 'data_visualization',
    title,
    chart: { type: 'line', series, axis_config: { categories: whole.map(({ label }) => label), x_label: 'from' } },
  }
  const missing = [
    ...(whole.length < day.length
      ? [`${day.length - whole.length} of ${day.length} intervals of 2 h have no figures and are left out`]
      : []),
    ...all
      .filter((line) => !lines.includes(line))
      .map((line) => `${line.name} ${known(line) === 0 ? 'is unknown' : 'has too few figures yet'}`),
  ]
  // Newer than the types of the library.
  return [block as unknown as KnownBlock, ...(missing.length === 0 ? [] : [context(`${title}: ${missing.join('; ')}.`)])]
}

export function chartBlocks(samples: readonly Sample[], now: number, zone: string): KnownBlock[] {
  const day = intervals(samples, now, zone)
  return [...chart('CPU and memory, 24 h', PERCENT, day), ...chart('Network, 24 h', TRAFFIC, day)]
}

/** The same figures as a table of text. */
export function tableText(samples: readonly Sample[], now: number, zone: string): string {
  const lines = [...PERCENT, ...TRAFFIC]
  // As narrow as its header: it is read on phones.
  const widths = [5, ...lines.map(({ short }) => short.length + 1)]
  const row = (cells: readonly string[]): string =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join('')
  const day = intervals(samples, now, zone)
  const rows = day.map((interval) => row([interval.label, ...lines.map((line) => String(mean(line, interval) ?? '-'))]))
  const text = [row(['from', ...lines.map(({ short }) => short)]), ...rows].join('\n')
  return `*24 h, means of 2 h; - is unknown*\n\`\`\`\n${text}\n\`\`\``
}

export const tableBlocks = (samples: readonly Sample[], now: number, zone: string): KnownBlock[] => [section(tableText(samples, now, zone))]
