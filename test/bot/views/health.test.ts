import { expect, test } from 'vitest'
import { healthView } from '../../../src/bot/views/health.ts'
import type { Sample } from '../../../src/services/host/sample.ts'
import { expectHarmless, expectPostable, textOf } from '../../support/incident-slack-checks.ts'
import { dayOfAudits, dayOfTrouble, healthOf, laptop, ownService, type Day } from '../../support/host-health.ts'
import { NOON } from '../../support/incident-samples.ts'

const ZONE = 'America/Los_Angeles'
interface Chart {
  readonly type: string
  readonly title: string
  readonly chart: { series: { name: string; data: { label: string; value: number }[] }[]; axis_config: { categories: string[] } }
}
const charts = (day: Day): Chart[] =>
  (healthView(healthOf(day), ZONE).blocks ?? [])
    .map((block) => block as unknown as Chart)
    .filter(({ type }) => type === 'data_visualization')

const DAYS = { dayOfAudits, dayOfTrouble, laptop, ownService }

test.each(Object.entries(DAYS))('%s: Slack takes it, with and without charts, and nothing foreign is markup', (_name, make) => {
  const { plain, ...view } = healthView(healthOf(make()), ZONE)
  for (const one of [view, plain]) {
    expectPostable(one)
    expectHarmless(one)
  }
})

test('the verdict comes first, then a line for each check', () => {
  const text = textOf(healthView(healthOf(dayOfAudits()), ZONE))
  expect(text.split('\n')[2]).toBe('*Server: OK*, audited just now.')
  expect(text).toContain('• Service: jada-agent.service has been running for 23 h, and uses 144 MB of memory')
  expect(text).toContain('• Status checks: the instance is running; no status check failed in the last 15 minutes')
  expect(text).toContain('*Sessions today:* 2 of 5')
})

test('trouble is named, what cannot be seen is unknown, and foreign text cannot call anybody', () => {
  const text = textOf(healthView(healthOf(dayOfTrouble()), ZONE))
  expect(text.split('\n')[2]).toBe('*Server: CRITICAL*, audited just now.')
  expect(text).toContain(
    '• Service: *CRITICAL* jada-agent.service failed 12 min ago: the kernel ended it because memory ran out (oom-kill)',
  )
  expect(text).toContain('• Disk: *UNKNOWN* the use of the disk is unknown (SSH: the host did not answer in time)')
  expect(text).toContain('41 times, the last 5 min ago: [port-sheet] token error: HTTP Error 400: Bad Request')
  expect(text).not.toContain('<!channel>')
})

test("never green by being unseen, and the bot's own service is no evidence", () => {
  expect(textOf(healthView(healthOf(laptop()), ZONE))).toContain('*Server: PARTLY UNKNOWN*')
  const own = textOf(healthView(healthOf(ownService(), NOON + 3_600_000), ZONE))
  expect(own).toContain('*NO EVIDENCE* jada-bot.service has been running')
  expect(own).toContain('*This is old:*')
})

test('each line of a chart has a point for every interval, and at most two charts come', () => {
  const [first, second, third] = charts(dayOfAudits())
  expect(third).toBeUndefined()
  expect([first?.title, second?.title]).toEqual(['CPU and memory, 24 h', 'Network, 24 h'])
  expect(first?.chart.axis_config.categories).toEqual([
    '04:00',
    '06:00',
    '08:00',
    '10:00',
    '12:00',
    '14:00',
    '16:00',
    '18:00',
    '20:00',
    '22:00',
    '00:00',
    '02:00',
  ])
  for (const one of [first, second]) {
    for (const { data } of one?.chart.series ?? []) expect(data.map(({ label }) => label)).toEqual(one?.chart.axis_config.categories)
  }
})

test('intervals without figures are left out and said, and one audit makes no chart', () => {
  const [first] = charts(dayOfTrouble())
  expect(first?.chart.axis_config.categories).toHaveLength(4)
  expect(textOf(healthView(healthOf(dayOfTrouble()), ZONE))).toContain('8 of 12 intervals of 2 h have no figures and are left out')
  expect(charts(laptop())).toEqual([])
  expect(textOf(healthView(healthOf(laptop()), ZONE))).toContain('no chart yet')
})

test('a line that has begun only now does not take the others away', () => {
  const { audit, samples } = dayOfAudits()
  const forget = (sample: Sample): Sample => ({ ...sample, memory: null })
  const young = { audit, samples: samples.map((sample) => (sample.at < NOON - 3_600_000 ? forget(sample) : sample)) }
  const [first] = charts(young)
  expect(first?.chart.series.map(({ name, data }) => [name, data.length])).toEqual([['CPU %', 12]])
  expect(textOf(healthView(healthOf(young), ZONE))).toContain('Memory % has too few figures yet')
})

test('the same as text', () => {
  const text = textOf(healthView(healthOf(dayOfTrouble()), ZONE).plain)
  expect(text).toContain('from  CPU % Mem % In KB/s Out KB/s')
  expect(text).toMatch(/04:00 {5}- {5}- {7}- {8}-/)
})
