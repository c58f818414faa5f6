import type { KnownBlock } from '@slack/types'
import type { DrawnMessage } from '../../services/messages/drawn.ts'
import type { DayFigures } from '../../services/status/history-ports.ts'
import type { Digest } from '../../services/status/read-digest.ts'
import type { AgeSlot } from '../../services/status/sync-age.ts'
import { toldContext, toldSection, unlinked } from './agent-text.ts'
import { chartBlocks, tableText } from './health-chart.ts'
import { serverWords } from './server.ts'
import { duration, fitLines } from './text.ts'

/** The digest's pictures: at most two a message, and the same figures as a table of text where Slack does not draw them. */

const DOLLAR = 1_000_000
const HOUR_MS = 3_600_000
/** Slack takes at most 20 points a series. */
const MOST_POINTS = 20

type Block = Readonly<Record<string, unknown>>

/** Interfaces have no index signature; the message is kept as plain data. */
const asBlock = (block: KnownBlock): Block => ({ ...block })

interface Point {
  readonly label: string
  readonly value: number
}

function bars(title: string, name: string, unit: string, data: readonly Point[]): Block {
  const axis_config = { categories: data.map(({ label }) => label), y_label: unit }
  return { type: 'data_visualization', title, chart: { type: 'bar', series: [{ name, data }], axis_config } }
}

/** As narrow as its cells: it is read on phones. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows]
  const widths = header.map((_, index) => Math.max(...all.map((cells) => cells[index]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  ')
  return `\`\`\`\n${all.map((cells) => line(cells)).join('\n')}\n\`\`\``
}

/** `Mon 08:00`, in people's zone. */
function slotLabels(slots: readonly AgeSlot[], zone: string): string[] {
  const words = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit' })
  return slots.map(({ from }) => words.format(from).replace(',', ''))
}

/** How old the port sheet's data was. A half day of which nothing is known has no bar, and is said: it is not zero. */
export function ageMessage({ ages, oldAfterMs, zone }: Pick<Digest, 'ages' | 'oldAfterMs' | 'zone'>): DrawnMessage {
  const labels = slotLabels(ages, zone)
  const known = ages.flatMap(({ minutes }, index) => (minutes === null ? [] : [{ label: labels[index] ?? '', minutes }]))
  const worst = known.reduce((most, { minutes }) => Math.max(most, minutes), 0)
  const gaps = ages.length - known.length
  const limit = `Data older than ${duration(oldAfterMs)} counts as old.`
  const unknown = gaps === 0 ? '' : ` For ${gaps} of the ${ages.length} half days nothing is known, which does not mean that all was well.`
  if (known.length === 0) return { text: "How old the port sheet's data was in the last 7 days is not known.", blocks: [], instead: '' }
  const text = `*How old the port sheet's data was, 7 days:* at worst ${duration(worst * 60_000)}. ${limit}${unknown}`
  const points = known.map(({ label, minutes }) => ({ label, value: Math.round((minutes * 60_000) / (HOUR_MS / 10)) / 10 }))
  const rows = ages.map(({ minutes }, index) => [labels[index] ?? '', minutes === null ? 'unknown' : duration(minutes * 60_000)])
  return {
    text: unlinked(text.replaceAll('*', '')),
    blocks: [
      asBlock(toldSection(text)),
      bars('Worst age of the data in each half day', 'Hours', 'hours', points),
      asBlock(toldContext('Each bar is 12 h, named after its beginning.')),
    ],
    instead: table(['12 h from', 'worst age'], rows),
  }
}

interface Span {
  readonly label: string
  readonly sessions: number
  readonly cost: number
}

/** More days than points are told two by two; the last pair is whole. */
function spans(days: readonly DayFigures[]): { readonly length: number; readonly spans: readonly Span[] } {
  const length = Math.ceil(days.length / MOST_POINTS)
  const whole = days.slice(days.length % length)
  const all = Array.from({ length: whole.length / length }, (_, index) => {
    const own = whole.slice(index * length, (index + 1) * length)
    const sum = (of: (day: DayFigures) => number): number => own.reduce((total, day) => total + of(day), 0)
    return { label: (own[0]?.day ?? '').slice(5), sessions: sum(({ sessions }) => sessions), cost: sum(({ cost }) => cost) }
  })
  return { length, spans: all }
}

const cents = (cost: number): number => Math.round((cost / DOLLAR) * 100) / 100

/** Sessions and cost of a month. Nothing was done yet: nothing is drawn. */
export function monthMessage({ days }: Pick<Digest, 'days'>): DrawnMessage[] {
  if (days.length === 0) return []
  const { length, spans: all } = spans(days)
  const each = length === 1 ? ' a day' : `, ${length} days a bar`
  const text = `Sessions and cost, the last ${days.length === 1 ? 'day' : `${days.length} days`} (UTC)`
  const rows = days.map(({ day, sessions, cost, syncs }) => [day.slice(5), String(sessions), `$${cents(cost).toFixed(2)}`, String(syncs)])
  return [
    {
      text,
      blocks: [
        bars(
          `Sessions${each}`,
          'Sessions',
          'sessions',
          all.map(({ label, sessions }) => ({ label, value: sessions })),
        ),
        bars(
          `Dollars${each}`,
          'Dollars',
          'dollars',
          all.map(({ label, cost }) => ({ label, value: cents(cost) })),
        ),
        ...(length === 1 ? [] : [asBlock(toldContext(`Each bar is named after the first of its ${length} days.`))]),
      ],
      instead: table(['day', 'sessions', 'cost', 'good syncs'], rows),
    },
  ]
}

/** The server: the last audit and the day's figures. */
export function serverMessage({ home, samples, now, zone }: Pick<Digest, 'home' | 'samples' | 'now' | 'zone'>): DrawnMessage {
  const { word, why, lines } = serverWords(home.server, now)
  const told = fitLines([`*Server: ${word}*, ${why}.`, ...lines], 2800)
  const text = unlinked(`Server: ${word}, ${why}`)
  if (samples.length === 0) return { text, blocks: [asBlock(toldSection(told))], instead: unlinked(lines.join('\n')) }
  return {
    text,
    blocks: [asBlock(toldSection(told)), ...chartBlocks(samples, now, zone).map((block) => asBlock(block))],
    instead: `${unlinked(lines.join('\n'))}\n${tableText(samples, now, zone)}`.trim(),
  }
}
