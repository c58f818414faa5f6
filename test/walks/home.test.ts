import { afterEach, describe, expect, it } from 'vitest'
import { createWorld, GUEST, OFFICE, OPERATOR, OPS, SHEET, type World } from '../support/world.ts'

let world: World | null = null
afterEach(async () => {
  await world?.dispose()
  world = null
})

const begin = async (options: Parameters<typeof createWorld>[0] = {}): Promise<World> => {
  world = await createWorld(options)
  return world
}

const connected = async (options: Parameters<typeof createWorld>[0] = {}): Promise<World> => {
  const bot = await begin(options)
  await bot.connect()
  await bot.pass(5000)
  return bot
}

async function open(bot: World, user = OPERATOR): Promise<string> {
  await bot.slack.openHome(user)
  await bot.settle()
  return shown(bot, user)
}

const shown = (bot: World, user = OPERATOR): string => JSON.stringify(bot.slack.homes.get(user) ?? null)
const published = (bot: World): number => bot.slack.calls.filter(({ method }) => method === 'views.publish').length
const press = async (bot: World, actionId: string, user = OPERATOR, value?: string): Promise<void> => {
  await bot.slack.clickView({ user, actionId, ...(value === undefined ? {} : { value }) })
  await bot.settle()
}

describe('the Home tab', () => {
  it('says unknown of what nobody has seen, and nothing of it is OK but what is', async () => {
    const bot = await begin()
    const home = await open(bot)
    expect(home).toContain('*Port sheet: NOT CONNECTED*')
    expect(home).toContain('*Google: NOT CONNECTED*')
    expect(home).toContain('*Claude: UNKNOWN*, it has not answered yet')
    expect(home).toContain('*Messages: OK*, none waits')
    expect(home).toContain('Port sheet never read; when the next charter sails is unknown')
    expect(home).toContain('Unknown: the port sheet was never read.')
    expect(home).toContain('Connect Google')
  })

  it('tells the age of everything, and the next charters without what is private', async () => {
    const bot = await connected({ rules: true })
    const row = ['JC-1190', '2026-11-05', '10:00', '14:00', 'Meridian', 'Sailo', 'Ana Ruiz', 2, 'Ana Ruiz, Leo Ruiz']
    const rest = ['ana@guests.example +1 619 555 0101', 'Capt. Sam', 'Kai', 98_765, 43_210, 17_777, 'pending', 'confirmed', '']
    bot.google.sheet(SHEET).setRows('2026-11', [...bot.google.sheet(SHEET).rows('2026-11'), [...row, ...rest]])
    await bot.tick()
    const home = await open(bot)
    expect(home).toContain('*Port sheet: OK*, synced')
    expect(home).toContain(`*Google: OK*, ${OFFICE}, consented`)
    expect(home).toContain('when the consent ends is unknown')
    expect(home).toMatch(/\*JC-1190\* <!date\^\d+[^>]+>, Meridian: Capt\. Sam, crew page, 0 of 2 signed/)
    for (const secret of ['ana@guests.example', '555 0101', '98765', '98,765', '43210', '17777', 'Ana Ruiz'])
      expect(home).not.toContain(secret)
  })

  it('is published again when something changes and not before, within a minute', async () => {
    const bot = await connected()
    await open(bot)
    // Slots of ten minutes: from here to the next one nothing changes by itself.
    await bot.pass(600_000 - (bot.clock.now() % 600_000) + 61_000)
    const before = published(bot)
    for (let minute = 0; minute < 5; minute += 1) await bot.pass(61_000)
    expect(published(bot)).toBe(before)
    await bot.jada('task add person Call the harbour')
    await bot.pass(61_000)
    expect(published(bot)).toBe(before + 1)
    expect(shown(bot)).toContain('Call the harbour')
  })

  it('tells old data in business terms', async () => {
    const bot = await connected()
    await open(bot)
    bot.google.revokeAll(OFFICE)
    await bot.tick()
    await bot.pass(3 * 3_600_000)
    expect(shown(bot)).toMatch(/Port sheet from <!date[^>]+>, 3 h( \d+ m)? old; /)
    expect(await bot.jada('status')).toMatch(/Port sheet from <!date[^>]+>, 3 h( \d+ m)? old; .* sails? in/)
    expect(shown(bot)).toContain('*Google: BLOCKED*, Google refuses our token')
    expect(shown(bot)).toContain('"style":"primary"')
    expect(shown(bot)).toContain('Google no longer accepts our token')
  })

  it('acts through its buttons and shows it at once', async () => {
    const bot = await connected()
    await open(bot)
    await press(bot, 'home_pause_agent')
    expect(shown(bot)).toContain(`*Agent: PAUSED*, just now by <@${OPERATOR}>`)
    await press(bot, 'home_resume_agent')
    expect(shown(bot)).not.toContain('PAUSED')
    const synced = bot.google.requests.length
    await press(bot, 'home_sync')
    expect(bot.google.requests.length).toBeGreaterThan(synced)
    await bot.pass(26 * 60_000)
    expect(shown(bot)).toMatch(/\*Server: UNKNOWN\*, it was looked at 2\d min ago/)
    await press(bot, 'home_audit')
    expect(shown(bot)).toMatch(/\*Server: (?:OK|PARTLY UNKNOWN)\*, [^]*just now/)
    expect(bot.slack.modals).toEqual([])
  })

  it('adds a task in a window, and works on tasks that wait for a person', async () => {
    const bot = await connected()
    await open(bot)
    await press(bot, 'home_add_task')
    expect(bot.slack.modals).toHaveLength(1)
    const [modal] = bot.slack.modals
    await bot.slack.closeModal({ user: OPERATOR, viewId: modal?.viewId ?? '' })
    await bot.jada('task add person Call the harbour')
    await bot.pass(61_000)
    await press(bot, 'task_done', OPERATOR, '1')
    expect(JSON.stringify(bot.slack.modals)).toContain('Task 1 is marked as done.')
    expect(shown(bot)).not.toContain('Call the harbour')
  })

  it('gives a link to consent in a window', async () => {
    const bot = await begin()
    await open(bot)
    await press(bot, 'home_reauth')
    const link = /"url":"([^"]+start\?ticket=[^"]+)"/.exec(JSON.stringify(bot.slack.modals))?.[1] ?? ''
    await bot.browse(link, { account: OFFICE })
    await bot.pass(61_000)
    expect(shown(bot)).toContain('*Google: OK*')
  })

  it('without a public address the address is pasted into a second window', async () => {
    const bot = await begin({ publicUrl: false })
    await open(bot)
    await press(bot, 'home_reauth')
    await press(bot, 'reauthorize_paste')
    expect(bot.slack.modals).toHaveLength(2)
  })
})

describe('somebody who may not act', () => {
  it('sees how the parts stand and who may, and neither buttons nor names', async () => {
    const bot = await connected()
    await bot.jada('task add person Call the harbour')
    const home = await open(bot, GUEST)
    expect(home).toContain('*Port sheet: OK*')
    expect(home).toContain(`Only operators may act and see the rest here: <@${OPERATOR}>, <@U0TOM>`)
    expect(home).not.toContain('"type":"button"')
    for (const hidden of ['Call the harbour', OFFICE, 'JC-']) expect(home).not.toContain(hidden)
  })

  it('whose button comes from an older page is told so', async () => {
    const bot = await connected()
    await open(bot)
    const old = bot.slack.homes.get(OPERATOR)
    bot.slack.homes.set(GUEST, old)
    await press(bot, 'home_pause_agent', GUEST)
    expect(JSON.stringify(bot.slack.modals)).toContain('Only operators may do this')
    expect(await bot.jada('quota')).not.toContain('Paused')
  })
})

describe('when Slack does not take it', () => {
  it('waits as long as Slack asks, and no message waits for it', async () => {
    const bot = await connected()
    bot.slack.fault({ method: 'views.publish', kind: '429', retryAfterS: 90, times: 1 })
    expect(await open(bot)).toBe('null')
    bot.google.revokeAll(OFFICE)
    await bot.tick()
    await bot.pass(66_000)
    expect(bot.card().text).toContain('CRITICAL')
    expect(shown(bot)).toBe('null')
    await bot.pass(30_000)
    expect(shown(bot)).toContain('*Google: BLOCKED*')
  })

  it.each(['5xx', 'reset', 'lost-answer'] as const)('is tried again after %s', async (kind) => {
    const bot = await connected()
    bot.slack.fault({ method: 'views.publish', kind, times: 1 })
    await open(bot)
    await bot.pass(31_000)
    expect(shown(bot)).toContain('*Port sheet: OK*')
  })

  it('a view that somebody else published meanwhile is replaced', async () => {
    const bot = await connected()
    await open(bot)
    const view = bot.slack.homes.get(OPERATOR) as Record<string, unknown>
    bot.slack.homes.set(OPERATOR, { ...view, hash: 'another', blocks: [] })
    await bot.jada('pause agent')
    await bot.pass(62_000)
    await bot.pass(10)
    expect(shown(bot)).toContain('*Agent: PAUSED*')
  })

  it('nobody who has not looked for a week is published to', async () => {
    const bot = await connected()
    await open(bot)
    bot.clock.jump(7 * 86_400_000 + 60_000)
    await bot.settle()
    const before = published(bot)
    await bot.jada('pause agent')
    await bot.pass(120_000)
    expect(published(bot)).toBe(before)
    expect(await open(bot)).toContain('PAUSED')
  })

  it('the clock set back an hour holds nothing up', async () => {
    const bot = await connected()
    await open(bot)
    bot.clock.jump(-3_600_000)
    bot.app.loops.loop.wake()
    await bot.settle()
    await bot.jada('pause agent')
    await bot.pass(61_000)
    expect(shown(bot)).toContain('*Agent: PAUSED*')
    expect(bot.slack.messages(OPS).length).toBeGreaterThan(0)
  })
})
