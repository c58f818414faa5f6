import { describe, expect, it } from 'vitest'
import { digestMessages } from '../../../src/bot/views/digest.ts'
import { ageMessage, monthMessage } from '../../../src/bot/views/digest-charts.ts'
import type { DrawnMessage } from '../../../src/services/messages/drawn.ts'
import { ageSlots } from '../../../src/services/status/sync-age.ts'
import { BAD, digests, QUIET } from '../../support/gallery-digest.ts'
import { expectPostable } from '../../support/incident-slack-checks.ts'

interface Chart {
  readonly type: string
  readonly title: string
  readonly chart: { readonly series: readonly { readonly data: readonly { label: string; value: number }[] }[] }
}

const charts = ({ blocks }: DrawnMessage): Chart[] =>
  blocks.map((block) => block as unknown as Chart).filter(({ type }) => type === 'data_visualization')
const words = ({ text, blocks, instead }: DrawnMessage): string => `${text}\n${JSON.stringify(blocks)}\n${instead}`
const dataOf = (message: DrawnMessage | undefined) => (message === undefined ? undefined : charts(message)[0]?.chart.series[0]?.data)

describe('the digest', () => {
  it.each(digests().map(({ name, view }) => [name, view] as const))('%s: Slack takes it', (_name, view) => {
    expectPostable(view)
  })

  it('draws at most two pictures a message, of at most 20 points', () => {
    for (const digest of [QUIET, BAD]) {
      for (const reply of digestMessages(digest).replies) {
        expect(charts(reply).length).toBeLessThanOrEqual(2)
        for (const { chart } of charts(reply)) for (const { data } of chart.series) expect(data.length).toBeLessThanOrEqual(20)
      }
    }
    const titles = digestMessages(QUIET).replies.flatMap((reply) => charts(reply).map(({ title }) => title))
    expect(titles).toEqual([
      'CPU and memory, 24 h',
      'Network, 24 h',
      'Worst age of the data in each half day',
      'Sessions, 2 days a bar',
      'Dollars, 2 days a bar',
    ])
  })

  it('says on its card which part is not OK, the server among them', () => {
    expect(words(digestMessages(QUIET).card)).toContain('Nothing is wrong with any part.')
    expect(words(digestMessages(BAD).card)).toMatch(/Not OK:.*Port sheet BLOCKED.*Server CRITICAL/)
    expect(words(digestMessages({ ...QUIET, home: { ...QUIET.home, server: { ...QUIET.home.server, stale: true } } }).card)).toMatch(
      /Nothing is known to be wrong\. Not known: Server\./,
    )
  })

  it('tells an incident that came and went once', () => {
    const [one] = BAD.opened
    const told = words(
      digestMessages({ ...QUIET, opened: one === undefined ? [] : [one], resolved: one === undefined ? [] : [one] }).replies[0] ??
        QUIET_TEXT,
    )
    expect(told).not.toContain('Incidents opened')
    expect(told).toContain('Incidents resolved')
  })
})

const QUIET_TEXT: DrawnMessage = { text: '', blocks: [], instead: '' }

describe('how old the data was', () => {
  it('has no bar for a half day of which nothing is known, and says so; the table says unknown', () => {
    const message = ageMessage(BAD)
    expect(dataOf(message)?.map(({ label, value }) => `${label} ${value}`)).toEqual([
      'Fri 08:00 0.5',
      'Fri 20:00 0.5',
      'Sat 08:00 0.5',
      'Sat 20:00 0.5',
      'Sun 08:00 0.5',
      'Sun 20:00 4.5',
      'Mon 08:00 16.5',
      'Mon 20:00 28.5',
    ])
    expect(message.text).toBe(
      "How old the port sheet's data was, 7 days: at worst 28 h 30 m. Data older than 2 h counts as old. For 6 of the 14 half days nothing is known, which does not mean that all was well.",
    )
    expect(message.instead).toContain('Tue 08:00    unknown')
    expect(message.instead).toContain('Mon 20:00  28 h 30 m')
  })

  it('draws nothing when nothing is known', () => {
    const message = ageMessage({ zone: 'UTC', oldAfterMs: 7_200_000, ages: ageSlots([], QUIET.now) })
    expect(message.blocks).toEqual([])
    expect(message.text).toContain('not known')
  })
})

describe('a month', () => {
  it('is told two days a bar, the last one whole, and each day by itself in the table', () => {
    const days = QUIET.days.slice(-29)
    const [message] = monthMessage({ days })
    const data = dataOf(message)
    expect(data).toHaveLength(14)
    expect(data?.[0]?.label).toBe(days[1]?.day.slice(5))
    expect(data?.at(-1)?.value).toBe((days.at(-1)?.sessions ?? 0) + (days.at(-2)?.sessions ?? 0))
    expect(message?.instead.split('\n')).toHaveLength(29 + 3)
  })

  it('of a few days is told a day a bar, and of none not at all', () => {
    const [message] = monthMessage({ days: QUIET.days.slice(-3) })
    expect(dataOf(message)).toHaveLength(3)
    expect(monthMessage({ days: [] })).toEqual([])
  })
})
