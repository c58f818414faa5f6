import { afterEach, expect, it } from 'vitest'
import { COLORS, colorOf, createWorld, OFFICE, OPERATOR, OPS, textOf, type World } from '../support/world.ts'

/** Days pass here, and an agent would look for work in each of their hours. */
const NO_AGENT = { env: { ANTHROPIC_API_KEY: '' } }

let world: World
afterEach(() => world.dispose())

const HOUR = 3_600_000
const DAY = 24 * HOUR
const cardLink = (): string => /"url":"([^"]+)"/.exec(JSON.stringify(world.card().attachments))?.[1] ?? ''
const warnings = () => world.cards().filter((card) => card.text.includes('token ends soon'))

it('a day before the token ends, a card offers the consent; the consent resolves it, and the port sheet never stops', async () => {
  world = await createWorld({ testing: true, ...NO_AGENT })
  await world.connect()
  await world.pass(6 * DAY - 60_000)
  expect(warnings()).toEqual([])
  await world.pass(60_000)
  expect(world.card().text).toBe('WARNING: The Google token ends soon; after that the port sheet cannot be read')
  expect(textOf(world.card())).toContain('Google says so')
  await world.tick()
  await world.restart()
  await world.tick()
  expect(warnings()).toHaveLength(1)
  expect(world.slack.thread(OPS, world.card().ts)).toHaveLength(2)
  await world.browse(cardLink(), { account: OFFICE })
  expect(colorOf(world.card())).toBe(COLORS.green)
  expect(textOf(world.card())).toContain('Renewed in time')
  const told = world.alertLines().filter((line) => line['event'] === 'oauth_token_expiring')
  expect(told.map((line) => line['severity'])).toEqual(['WARNING', 'RESOLVED'])
})

it('Google says nothing of an end: two tokens that lived seven days tell of the third', async () => {
  world = await createWorld(NO_AGENT)
  await world.connect()
  for (let week = 1; week <= 2; week += 1) {
    await world.pass(7 * DAY)
    expect(warnings()).toEqual([])
    world.google.revokeAll(OFFICE)
    await world.tick()
    await world.pass(66_000)
    expect(world.card().text).toContain('CRITICAL: Google no longer accepts our token')
    await world.slack.message({ user: OPERATOR, channel: OPS, threadTs: world.card().ts, text: 'why?' })
    await world.settle()
    const answer = world.slack.thread(OPS, world.card().ts).at(-1)
    expect(JSON.stringify(answer?.blocks)).toContain('"type":"table"')
    expect(answer?.text).toContain(week === 1 ? '*likely:*' : '*sure:*')
    expect(answer?.text).toContain("Google's consent screen is in Testing; every consent lasts seven days")
    expect(answer?.text).toContain('https://console.cloud.google.com/auth/audience')
    await world.browse(cardLink(), { account: OFFICE })
    expect(colorOf(world.card())).toBe(COLORS.green)
  }
  await world.pass(6 * DAY)
  expect(world.card().text).toContain('token ends soon')
  expect(textOf(world.card())).toContain('The two before it ended seven days after their consent')
  // A person who closes it has heard of it.
  await world.slack.message({ user: OPERATOR, channel: OPS, threadTs: world.card().ts, text: 'resolve' })
  await world.settle()
  await world.tick()
  expect(colorOf(world.card())).toBe(COLORS.grey)
  await world.connect()
  expect(world.card().text).toBe('RESOLVED: The Google token is good for longer again')
})
