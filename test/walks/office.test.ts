import { afterEach, expect, it } from 'vitest'
import { createWorld, OPERATOR, OPS, SHEET, textOf, type World } from '../support/world.ts'

let world: World | null = null
afterEach(async () => {
  await world?.dispose()
  world = null
})

const TAB = '2026-11'

/** A charter as somebody types it; the column at an index may be other. */
function typed(change: Readonly<Record<number, string | number>> = {}): (string | number)[] {
  const when = ['JC-1190', '2026-11-20', '10:00', '14:00', 'Meridian', 'Sailo']
  const guests = ['Ana Ruiz', 2, 'Ana Ruiz, Leo Ruiz', 'ana@guests.example +1 619 555 0101']
  const row = [...when, ...guests, 'Capt. Sam', 'Kai', 98_765, 43_210, 17_777, 'pending', 'confirmed', 'Birthday on board']
  for (const [index, value] of Object.entries(change)) row[Number(index)] = value
  return row
}

/** Nobody but the office ever sees these. */
const PRIVATE = ['ana@guests.example', '555 0101', '5550101', '98765', '98,765', '43210', '43,210', '17777', '17,777']

const begin = async (options: Parameters<typeof createWorld>[0] = {}): Promise<World> => {
  world = await createWorld({ rules: true, ...options })
  await world.connect()
  await world.pass(10_000)
  return world
}

/** Types a row (or types over the one with this id) and lets a regular sync come. */
async function type(bot: World, row: readonly (string | number)[]): Promise<void> {
  const sheet = bot.google.sheet(SHEET)
  sheet.setRows(TAB, [...sheet.rows(TAB).filter(([id]) => id !== row[0]), [...row]])
  await bot.tick()
  await bot.pass(10_000)
}

const cardOf = ({ slack }: World, about: string) => slack.messages(OPS).findLast(({ text }) => text.startsWith(about))

const linkIn = (text: string, kind: 'crew' | 'sign'): string => new RegExp(`http://127.0.0.1:\\d+/${kind}/[\\w-]{43}`).exec(text)?.[0] ?? ''

async function read(link: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(link, { headers: { 'user-agent': 'Mozilla/5.0 (iPhone)' } })
  return { status: answer.status, text: await answer.text() }
}

/** Presses a button on a card; gives what only this person is told. */
async function press(bot: World, ts: string, actionId: string, value?: string): Promise<string> {
  const before = bot.slack.ephemerals.length
  await bot.slack.click({ user: OPERATOR, channel: OPS, ts, actionId, ...(value === undefined ? {} : { value }) })
  await bot.pass(10_000)
  return bot.slack.ephemerals.slice(before).map(textOf).join('\n')
}

it('a charter typed into the sheet gets its crew page and its signature requests, and a guest signs', async () => {
  const bot = await begin()
  expect(cardOf(bot, 'Crew page')).toBeUndefined()
  await type(bot, typed())
  const page = textOf(cardOf(bot, 'Crew page of JC-1190'))
  const crew = await read(linkIn(page, 'crew'))
  expect(crew.status).toBe(200)
  for (const shown of ['Meridian', 'Capt. Sam', 'Birthday on board']) expect(crew.text).toContain(shown)
  const card = cardOf(bot, 'Signatures for JC-1190')
  expect(textOf(card)).toContain('0 of 2 signed')
  const told = await press(bot, card?.ts ?? '', 'guest_message', '1:1')
  expect(told).toContain('mailto:ana@guests.example')
  const link = linkIn(told, 'sign')
  expect((await read(link)).text).toContain('Ana Ruiz')
  expect(textOf(cardOf(bot, 'Signatures for'))).toContain('not sent yet')
  await press(bot, bot.slack.ephemerals.at(-1)?.ts ?? '', 'guest_sent')
  expect(textOf(cardOf(bot, 'Signatures for'))).toContain(`sent <!date`)
  const hash = /name="document" value="([0-9a-f]{64})"/.exec((await read(link)).text)?.[1] ?? ''
  const form = { action: 'sign', consent: 'yes', name: 'Ana Ruiz', typed: 'yes', document: hash }
  const signed = await fetch(link, { method: 'POST', body: new URLSearchParams(form) })
  expect(signed.status).toBe(200)
  await bot.pass(10_000)
  expect(textOf(cardOf(bot, 'Signatures for'))).toContain('1 of 2 signed')
  const thread = bot.slack.thread(OPS, card?.ts ?? '').map(({ text }) => text)
  expect(thread.at(-1)).toBe('Ana Ruiz signed.')
  expect(await bot.jada('task 2')).toContain('2 signature requests are ready')
  expect(bot.claude.requests).toEqual([])
  for (const secret of PRIVATE) {
    expect(crew.text, secret).not.toContain(secret)
    expect(JSON.stringify(bot.slack.messages(OPS)), secret).not.toContain(secret)
    expect(bot.logText(), secret).not.toContain(secret)
  }
  expect(bot.logText()).not.toMatch(/(crew|sign)\/[\w-]{43}/)
})

it('a changed charter changes its page and the unsigned requests; a cancelled one is called off', async () => {
  const bot = await begin()
  await type(bot, typed())
  const link = linkIn(textOf(cardOf(bot, 'Crew page')), 'crew')
  const before = linkIn(await press(bot, cardOf(bot, 'Signatures for')?.ts ?? '', 'guest_message', '1:1'), 'sign')
  await type(bot, typed({ 2: '11:00', 3: '15:00' }))
  expect((await read(link)).text).toContain('11:00')
  expect((await read(before)).status).toBe(410)
  const thread = bot.slack.thread(OPS, cardOf(bot, 'Signatures for')?.ts ?? '').map(({ text }) => text)
  expect(thread.at(-1)).toContain('New requests for Ana Ruiz and Leo Ruiz')
  await type(bot, typed({ 2: '11:00', 3: '15:00', 16: 'cancelled' }))
  expect((await read(link)).text.toLowerCase()).toContain('cancelled')
  expect(textOf(cardOf(bot, 'Signatures for'))).not.toContain('guest_message')
  expect(bot.slack.thread(OPS, cardOf(bot, 'Signatures for')?.ts ?? '').at(-1)?.text).toContain('does not sail')
})

it('what needs judgement goes to a session, and everything else does not', async () => {
  const bot = await begin()
  await type(bot, typed({ 7: 4, 10: '' }))
  await bot.pass(60_000)
  const kinds = await bot.app.core.uow.run(async ({ tasks }) => (await tasks.list(10)).map(({ kind, origin }) => [kind, origin.via]))
  expect(kinds).toContainEqual(['crew-page', 'bot'])
  expect(kinds).toContainEqual(['e-signature', 'bot'])
  expect(bot.claude.requests.length).toBeGreaterThan(0)
  const bodies = JSON.stringify(bot.claude.bodies)
  for (const secret of PRIVATE) expect(bodies, secret).not.toContain(secret)
})

it('signatures that are still open two days before sailing are chased once', async () => {
  const bot = await begin({ env: { JADA_SESSIONS_PER_DAY: '0' } })
  await type(bot, typed({ 1: '2026-11-05' }))
  await bot.pass(3_600_000)
  await bot.tick()
  const titles = (): Promise<string[]> => bot.app.core.uow.run(async ({ tasks }) => (await tasks.list(20)).map(({ title }) => title))
  expect(await titles()).not.toContain('Chase the open signatures of JC-1190')
  await bot.pass(40 * 3_600_000)
  await bot.tick()
  await bot.tick()
  expect((await titles()).filter((title) => title === 'Chase the open signatures of JC-1190')).toHaveLength(1)
})

it('without a public address there are no pages, and nobody is told of any', async () => {
  const bot = await begin()
  await bot.restart({ JADA_PUBLIC_URL: '' })
  await type(bot, typed())
  expect(cardOf(bot, 'Crew page')).toBeUndefined()
  expect(cardOf(bot, 'Signatures')).toBeUndefined()
  expect(await bot.jada('tasks')).toContain('no task')
})
