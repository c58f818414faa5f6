import { afterEach, describe, expect, it } from 'vitest'
import { createWorld, OFFICE, OPERATOR, OPS, SHEET, textOf, type World } from '../support/world.ts'

let world: World | null = null
afterEach(async () => {
  await world?.dispose()
  world = null
})

const HOUR = 3_600_000
/** 07:30 in San Diego. */
const EARLY = Date.UTC(2026, 10, 2, 15, 30)

const begin = async (options: Parameters<typeof createWorld>[0] = {}): Promise<World> => {
  world = await createWorld({ start: EARLY, ...options })
  await world.connect()
  await world.pass(10_000)
  return world
}

const digests = ({ slack }: World) => slack.messages(OPS).filter((message) => /Digest of/.test(message.text))
const thread = (bot: World, which = 0): string[] =>
  bot.slack
    .thread(OPS, digests(bot)[which]?.ts ?? '')
    .slice(1)
    .map(textOf)

describe('the digest', () => {
  it('comes at eight local time, short on top, with the details in its thread', async () => {
    const bot = await begin({ rules: true })
    const row = ['JC-1190', '2026-11-05', '10:00', '14:00', 'Meridian', 'Sailo', 'Ana Ruiz', 2, 'Ana Ruiz, Leo Ruiz']
    const rest = ['ana@guests.example +1 619 555 0101', 'Capt. Sam', 'Kai', 98_765, 43_210, 17_777, 'pending', 'confirmed', '']
    bot.google.sheet(SHEET).setRows('2026-11', [...bot.google.sheet(SHEET).rows('2026-11'), [...row, ...rest]])
    await bot.tick()
    await bot.jada('task add person Call the harbour')
    await bot.pass(29 * 60_000)
    expect(digests(bot)).toEqual([])
    await bot.pass(60_000)
    expect(digests(bot)).toHaveLength(1)
    const [card] = digests(bot)
    expect(textOf(card)).toMatch(/Digest of 2026-11-02:\* 0 open incidents, 1 waiting for a person, \d+ charters in the next 7 days/)
    const told = thread(bot)
    expect(told.join('\n')).toContain('Call the harbour')
    expect(told.join('\n')).toMatch(/Incidents resolved:.*Google is not connected/)
    expect(told.join('\n')).toMatch(/JC-1190.*crew page, 0 of 2 signed/)
    expect(told.join('\n')).toContain('This month: $0.00')
    for (const secret of ['ana@guests.example', '555 0101', '98765', '98,765', '43210', '17777', 'Ana Ruiz', '987.65']) {
      expect(told.join('\n') + textOf(card), secret).not.toContain(secret)
    }
  })

  it('comes once a local date, also when the bot starts again', async () => {
    const bot = await begin()
    await bot.pass(HOUR)
    await bot.restart()
    await bot.pass(HOUR)
    expect(digests(bot)).toHaveLength(1)
    await bot.pass(24 * HOUR)
    expect(digests(bot).map(({ text }) => /2026-\d\d-\d\d/.exec(text)?.[0])).toEqual(['2026-11-02', '2026-11-03'])
  })

  it('after a downtime comes late and once, but not after noon', async () => {
    const bot = await begin()
    await bot.stop()
    bot.clock.advance(3 * HOUR)
    await bot.restart()
    expect(digests(bot)).toHaveLength(1)
    await bot.stop()
    bot.clock.advance(3 * 24 * HOUR + 2 * HOUR)
    await bot.restart()
    await bot.pass(HOUR)
    expect(digests(bot)).toHaveLength(1)
  })

  it('draws the last days, and says in words what Slack does not draw', async () => {
    const bot = await begin()
    await bot.pass(25 * HOUR)
    const drawn = (): string => thread(bot, 1).at(-1) ?? ''
    expect(drawn()).toContain('data_visualization')
    // Nothing was synced for a day, and the bot kept how old its data became.
    const aged = thread(bot, 1).find((text) => text.includes("How old the port sheet's data was"))
    expect(aged).toMatch(/at worst 24 h .*data_visualization/s)
    bot.slack.fault({ method: 'chat.postMessage', kind: 'error', error: 'invalid_blocks', times: 1 })
    await bot.pass(24 * HOUR - 1000)
    bot.slack.clearFaults()
    const words = digests(bot)[2]
    expect(words?.text).toMatch(/Digest of 2026-11-04[^]*Port sheet from/)
    expect(words?.blocks ?? []).toEqual([])
  })

  it('tells what is wrong, and is frozen when it is made', async () => {
    const bot = await begin()
    bot.google.revokeAll(OFFICE)
    await bot.tick()
    await bot.pass(70_000)
    bot.slack.fault({ method: 'chat.postMessage', kind: '429', retryAfterS: 3600 })
    await bot.pass(30 * 60_000)
    expect(digests(bot)).toEqual([])
    await bot.jada('task add person Call the harbour')
    bot.slack.clearFaults()
    await bot.pass(61 * 60_000)
    expect(textOf(digests(bot)[0])).toContain('*Not OK:* Port sheet BLOCKED, Google BLOCKED')
    expect(thread(bot).join('\n')).not.toContain('Call the harbour')
  })

  it('that somebody deletes is not posted again', async () => {
    const bot = await begin()
    await bot.pass(HOUR)
    await bot.slack.deleteMessage({ user: OPERATOR, channel: OPS, ts: digests(bot)[0]?.ts ?? '' })
    await bot.pass(HOUR)
    expect(digests(bot)).toEqual([])
  })
})
