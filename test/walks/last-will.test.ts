import { afterEach, describe, expect, it } from 'vitest'
import { createWorld, OPS, START, type World } from '../support/world.ts'

let world: World | null = null
afterEach(async () => {
  await world?.dispose()
  world = null
})

const MINUTE = 60_000
const at = (minutes: number): number => START / 1000 + minutes * 60

const begin = async (options: Parameters<typeof createWorld>[0] = {}): Promise<World> => {
  world = await createWorld({ lastWill: true, ...options })
  return world
}

const wills = ({ slack }: World): number[] => slack.scheduled.map(({ post_at }) => post_at)
const said = ({ slack }: World): string[] =>
  slack
    .messages(OPS)
    .flatMap(({ ts }) => slack.thread(OPS, ts).map(({ text }) => text))
    .filter((text) => /silent/.test(text))

/** As `kill -9`: nothing is taken back. */
async function die(bot: World): Promise<void> {
  bot.slack.fault({ method: 'chat.deleteScheduledMessage', kind: 'reset' })
  await bot.stop()
  bot.slack.clearFaults()
}

describe('the last will', () => {
  it('is scheduled 20 minutes ahead and put off while 10 are left, the new one before the old one goes', async () => {
    const bot = await begin()
    expect(wills(bot)).toEqual([at(20)])
    expect(bot.slack.scheduled[0]?.text).toContain('JADA Bot has been silent since')
    expect(bot.slack.scheduled[0]).not.toHaveProperty('metadata')
    await bot.pass(9 * MINUTE)
    expect(wills(bot)).toEqual([at(20)])
    await bot.pass(MINUTE)
    expect(wills(bot)).toEqual([at(30)])
    const calls = bot.slack.calls.filter(({ method }) => /cheduled?Message$/.test(method)).map(({ method }) => method)
    expect(calls).toEqual(['chat.scheduleMessage', 'chat.scheduleMessage', 'chat.deleteScheduledMessage'])
    await bot.pass(120 * MINUTE)
    expect(wills(bot)).toEqual([at(150)])
    expect(said(bot)).toEqual([])
  })

  it('says what was under way', async () => {
    const bot = await begin()
    await bot.pass(11 * MINUTE)
    expect(bot.slack.scheduled[0]?.text).toContain('Under way then: incident 1')
    expect(bot.slack.scheduled[0]?.text).toContain('sudo systemctl restart jada-bot')
  })

  it('is taken back by a clean stop', async () => {
    const bot = await begin()
    await bot.stop()
    expect(wills(bot)).toEqual([])
  })

  it('is posted by Slack when the bot is dead, and answered in its thread when it is back, once', async () => {
    const bot = await begin()
    await bot.pass(5 * MINUTE)
    await die(bot)
    bot.clock.advance(16 * MINUTE)
    expect(said(bot)).toEqual([expect.stringMatching(/^JADA Bot has been silent since/)])
    bot.clock.advance(44 * MINUTE)
    await bot.restart()
    const card = bot.slack.messages(OPS).find(({ text }) => text.startsWith('JADA Bot has been silent'))
    const thread = () => bot.slack.thread(OPS, card?.ts ?? '').map(({ text }) => text)
    expect(thread()).toHaveLength(2)
    expect(thread()[1]).toMatch(/^Back since .*, silent for 1 h 5 m\. What was under way goes on/)
    expect(wills(bot)).toEqual([at(85)])
    await bot.restart()
    await bot.pass(30 * MINUTE)
    expect(thread()).toHaveLength(2)
    expect(said(bot)).toHaveLength(2)
  })

  it('is not doubled after a crash: the old one is found and put off', async () => {
    const bot = await begin()
    await bot.pass(3 * MINUTE)
    await die(bot)
    bot.clock.advance(MINUTE)
    await bot.restart()
    expect(wills(bot)).toEqual([at(20)])
    await bot.pass(10 * MINUTE)
    expect(wills(bot)).toHaveLength(1)
  })

  it('made and not written down before a crash, it is found and becomes the one that counts', async () => {
    const bot = await begin()
    await die(bot)
    await bot.app.core.database.close().catch(() => undefined)
    const [old] = bot.slack.scheduled
    if (old === undefined) throw new Error('no will')
    bot.slack.fault({ method: 'chat.scheduleMessage', kind: 'lost-answer', times: 1 })
    bot.clock.advance(12 * MINUTE)
    await bot.restart()
    // Slack has two now, the bot knows of one: an answer was lost.
    await bot.pass(2 * MINUTE)
    expect(wills(bot)).toEqual([at(32)])
  })

  it('the crash between the new one and taking back the old one leaves one', async () => {
    const bot = await begin()
    bot.slack.fault({ method: 'chat.deleteScheduledMessage', kind: 'reset' })
    await bot.pass(10 * MINUTE)
    expect(wills(bot)).toEqual([at(20), at(30)])
    await bot.stop()
    bot.slack.clearFaults()
    await bot.restart()
    await bot.pass(31_000)
    expect(wills(bot)).toEqual([at(30)])
  })

  it('Slack down: posted although the bot lives, which is told apart; and the bot never stops trying', async () => {
    const bot = await begin()
    bot.slack.fault({ kind: '5xx' })
    await bot.pass(25 * MINUTE)
    bot.slack.clearFaults()
    await bot.pass(3 * MINUTE)
    expect(said(bot)[0]).toMatch(/^JADA Bot has been silent/)
    expect(said(bot)[1]).toMatch(/could not reach Slack/)
    expect(wills(bot)).toHaveLength(1)
    expect(wills(bot)[0]).toBeGreaterThanOrEqual(at(45))
  })

  it('asks no more often than Slack lets it', async () => {
    const bot = await begin()
    bot.slack.fault({ method: 'chat.scheduleMessage', kind: '429', retryAfterS: 120 })
    await bot.pass(10 * MINUTE)
    const before = bot.slack.calls.filter(({ method }) => method === 'chat.scheduleMessage').length
    await bot.pass(119_000)
    expect(bot.slack.calls.filter(({ method }) => method === 'chat.scheduleMessage')).toHaveLength(before)
    bot.slack.clearFaults()
    await bot.pass(2000)
    expect(wills(bot)).toHaveLength(1)
  })

  it.each([-3_600_000, 3_600_000])('the clock jumps by %i ms: there is one again, 20 minutes ahead', async (jump) => {
    const bot = await begin()
    bot.clock.jump(jump)
    await bot.pass(MINUTE)
    const now = bot.clock.now() / 1000
    expect(wills(bot)).toHaveLength(1)
    expect(wills(bot)[0]).toBeGreaterThan(now + 18 * 60)
    expect(wills(bot)[0]).toBeLessThanOrEqual(now + 20 * 60)
  })

  it('trouble with other messages never holds it up', async () => {
    const bot = await begin()
    bot.slack.fault({ method: 'chat.postMessage', kind: '429', retryAfterS: 600 })
    await bot.pass(30 * MINUTE)
    expect(wills(bot)).toEqual([at(50)])
  })
})
