import { afterEach, describe, expect, it } from 'vitest'
import { COLORS, colorOf, createWorld, OFFICE, OPERATOR, OPS, SHEET, textOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.dispose())

async function connected(): Promise<ReturnType<World['google']['sheet']>> {
  world = await createWorld()
  await world.connect()
  return world.google.sheet(SHEET)
}

const live = (): Promise<number> =>
  world.app.core.uow.run(
    async ({ charters }) => (await charters.readForDiff(['2026-11', '2026-12'], [])).filter((row) => row.removedAt === null).length,
  )

describe('the sheet itself', () => {
  it('a loss of more than a fifth is held until an operator confirms with the button', async () => {
    const sheet = await connected()
    const rows = sheet.rows('2026-11')
    sheet.setRows('2026-11', rows.slice(0, -4))
    await world.tick()
    const card = world.card()
    expect(card.text).toBe('WARNING: The port sheet needs a look; its sync is not complete')
    expect(textOf(card)).toContain('4 of 12 charters would disappear')
    expect(await live()).toBe(21)
    expect(await world.jada('sync diff')).toContain('*Held* in 2026-11')
    await world.slack.click({ user: OPERATOR, channel: OPS, ts: card.ts, actionId: 'sync_apply' })
    await world.settle()
    expect(await live()).toBe(17)
    expect(colorOf(world.card())).toBe(COLORS.green)
    expect(textOf(world.card())).toContain('4 charters removed')
    sheet.setRows('2026-11', rows)
    await world.tick()
    expect(await live()).toBe(21)
    expect(await world.jada('sync diff')).toContain('restored')
  })

  it('a confirmation is for what was seen, not for what the sheet became since', async () => {
    const sheet = await connected()
    const rows = sheet.rows('2026-11')
    sheet.setRows('2026-11', rows.slice(0, -4))
    await world.tick()
    const { ts } = world.card()
    sheet.setRows('2026-11', rows.slice(0, 2))
    await world.slack.click({ user: OPERATOR, channel: OPS, ts, actionId: 'sync_apply' })
    await world.settle()
    expect(await live()).toBe(21)
    expect(textOf(world.card())).toContain('11 of 12 charters')
    expect(await world.jada('sync apply')).toContain('11 charters removed')
    expect(await live()).toBe(10)
  })

  it('a renamed header stops the tab, keeps the last good data, and resolves when it is renamed back', async () => {
    const sheet = await connected()
    sheet.setCell('2026-11', 0, 4, 'Yacht')
    await world.tick()
    expect(textOf(world.card())).toContain('missing: Vessel')
    expect(await live()).toBe(21)
    sheet.setCell('2026-11', 0, 4, 'Vessel')
    await world.tick()
    expect(colorOf(world.card())).toBe(COLORS.green)
  })

  it('a missing month is told, a renamed tab is found', async () => {
    const sheet = await connected()
    const rows = sheet.rows('2026-12')
    sheet.removeTab('2026-12')
    await world.tick()
    expect(textOf(world.card())).toContain('The tab \\"2026-12\\" is missing')
    sheet.addTab('2026-12', rows)
    await world.tick()
    expect(colorOf(world.card())).toBe(COLORS.green)
    sheet.renameTab('2026-11', 'November')
    await world.tick()
    expect(colorOf(world.card())).toBe(COLORS.green)
    expect(world.logText()).toContain('the tab 2026-11 is now called "November"')
  })

  it('a bad row is left out with its cell named, on a card of its own, and an unknown column is said once', async () => {
    const sheet = await connected()
    sheet.setCell('2026-11', 3, 1, '#REF!')
    sheet.setCell('2026-11', 0, 18, 'Weather')
    await world.tick()
    await world.tick()
    expect(world.card().text).toBe('WARNING: Some rows of the port sheet cannot be read and were left out')
    expect(textOf(world.card())).toContain('Tab 2026-11, cell B4: Date shows #REF!')
    const said = world.slack.messages(OPS).filter((message) => message.text.includes('"Weather"'))
    expect(said).toHaveLength(1)
    sheet.setCell('2026-11', 3, 1, '2026-11-07')
    await world.tick()
    expect(world.card().text).toBe('RESOLVED: All rows of the port sheet can be read again')
  })

  it('a sheet that is not shared any more asks for sharing, not for consent; a missing one is confirmed first', async () => {
    const sheet = await connected()
    sheet.unshare(OFFICE)
    await world.tick()
    expect(textOf(world.card())).toContain(`Share the port sheet with ${OFFICE}`)
    expect(JSON.stringify(world.card().attachments)).not.toContain('"reauthorize"')
    sheet.share(OFFICE)
    await world.tick()
    const cards = world.cards().length
    world.google.deleteSpreadsheet(SHEET)
    await world.tick()
    expect(world.cards()).toHaveLength(cards)
    await world.tick()
    expect(textOf(world.card())).toContain('Check the setting `JADA_SHEET_ID`')
  })

  it('an unchanged sheet changes no row of the charters', async () => {
    await connected()
    const changes = (): unknown =>
      world.app.core.database.raw
        .prepare(
          'select (select max(changed_at) from charter) as a, (select count(*) from charter_change) as b, (select max(read_at) from sheet_tab) as c',
        )
        .get()
    const before = changes()
    await world.pass(60_000)
    await world.tick()
    expect(changes()).toEqual(before)
    expect(await world.jada('status')).toContain('synced just now')
  })
})

describe('Google in other trouble', () => {
  it('what passes by itself warns after more than three cycles, on one card that then turns green', async () => {
    await connected()
    world.google.fault({ endpoint: 'sheets', kind: '5xx' })
    const cycle = async (): Promise<void> => {
      await world.pass(30 * 60_000)
      await world.tick()
    }
    for (let n = 1; n <= 3; n += 1) await cycle()
    expect(world.cards()).toHaveLength(1)
    await cycle()
    expect(world.card().text).toBe('WARNING: The port sheet sync keeps failing')
    expect(JSON.stringify(world.card().attachments)).not.toContain('"reauthorize"')
    world.google.clearFaults()
    await cycle()
    expect(colorOf(world.card())).toBe(COLORS.green)
  })

  it('a wrong client is told at once, offers no consent, and is tried again when the setting changes', async () => {
    await connected()
    world.google.setClientSecret('GOCSPX-another')
    await world.tick()
    expect(world.card().text).toBe('CRITICAL: Google refuses our settings, so the port sheet sync is blocked')
    expect(JSON.stringify(world.card().attachments)).not.toContain('"reauthorize"')
    await world.restart()
    expect(world.card().text).toContain('CRITICAL')
    await world.restart({ GOOGLE_CLIENT_SECRET: 'GOCSPX-another' })
    expect(colorOf(world.card())).toBe(COLORS.green)
  })

  it('a change of cause edits the one card and adds one reply', async () => {
    await connected()
    world.google.revokeAll(OFFICE)
    await world.tick()
    await world.pass(66_000)
    const { ts } = world.card()
    world.google.disableClient(true)
    await world.jada('sync now')
    expect(world.card().ts).toBe(ts)
    expect(world.card().text).toContain('Google refuses our settings')
    expect(world.slack.thread(OPS, ts).at(-1)?.text).toContain('It is now: *CRITICAL: Google refuses our settings')
  })

  it('no run for two hours is told by the check that needs none', async () => {
    await connected()
    await world.pass(2 * 3_600_000 + 1000)
    expect(world.card().text).toBe('WARNING: The port sheet has not been synced for more than 2 hours')
    expect(await world.jada('sync now')).toContain('Synced')
    expect(colorOf(world.card())).toBe(COLORS.green)
  })

  it('after downtime one sync catches up, and only one', async () => {
    await connected()
    const runs = (): number =>
      Number(world.app.core.database.raw.prepare("select count(*) as n from run where job = 'port-sheet-sync'").get()?.['n'])
    const before = runs()
    await world.stop()
    world.clock.advance(9 * 3_600_000)
    await world.restart()
    expect(runs()).toBe(before + 1)
  })
})

describe('answers', () => {
  it('knows its words, suggests near ones, and says what is not set up', async () => {
    await connected()
    expect(await world.jada('help')).toContain('/jada sync now')
    expect(await world.jada('statsu')).toContain('Did you mean `/jada status`')
    expect(await world.jada('quota')).toContain('0 of 5 used')
    expect(await world.jada('pause sync')).toContain('not set up in this version')
    expect(await world.jada('incident 1 export')).toContain('# Incident 1: Google is not connected yet')
    expect(await world.jada('incidents')).toContain('The port sheet syncs again'.slice(0, 3))
    expect(await world.jada('incident 1')).toContain('has consented')
    expect(await world.jada('incident 99')).toContain('There is no incident 99')
    expect(await world.jada('status public')).toContain('Port sheet: OK')
    expect(world.slack.messages(OPS).at(-1)?.text).toContain('Port sheet: OK')
  })
})
