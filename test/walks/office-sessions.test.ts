import { afterEach, expect, it } from 'vitest'
import { createWorld, OPERATOR, OPS, SHEET, textOf, type World } from '../support/world.ts'

/* What Claude does about crew pages and signatures, as the sandbox plays it: every word of it comes from real results. */

let world: World | null = null
afterEach(async () => {
  await world?.dispose()
  world = null
})

const TAB = '2026-11'
const HOUR = 3_600_000

const PLAIN = ['JC-1190', '2026-11-20', '10:00', '14:00', 'Meridian', 'Sailo', 'Ana Ruiz', 2, 'Ana Ruiz, Leo Ruiz', 'ana@guests.example']
const REST = ['Capt. Sam', 'Kai', 98_765, 43_210, 17_777, 'pending', 'confirmed', 'Birthday on board']

type Row = (string | number)[]

const typed = (change: Readonly<Record<number, string | number>> = {}): Row =>
  [...PLAIN, ...REST].map((cell, index) => change[index] ?? cell)

async function begin(options: Parameters<typeof createWorld>[0] = {}): Promise<World> {
  world = await createWorld({ rules: true, ...options })
  await world.connect()
  await world.pass(10_000)
  return world
}

async function type(bot: World, row: Row): Promise<void> {
  const sheet = bot.google.sheet(SHEET)
  sheet.setRows(TAB, [...sheet.rows(TAB).filter(([id]) => id !== row[0]), [...row]])
  await bot.tick()
  await bot.pass(30_000)
}

/** The newest session's card, and its thread. */
function session({ slack }: World) {
  const card = slack.messages(OPS).findLast(({ text }) => text.startsWith('Session'))
  if (card === undefined) throw new Error('no session')
  return { card, thread: slack.thread(OPS, card.ts).slice(1) }
}

const cardOf = ({ slack }: World, about: string) => slack.messages(OPS).findLast(({ text }) => text.startsWith(about))
const told = (bot: World): string => session(bot).thread.map(textOf).join('\n')

async function answer(bot: World, text: string): Promise<void> {
  await bot.slack.message({ user: OPERATOR, channel: OPS, threadTs: session(bot).card.ts, text })
  await bot.pass(30_000)
}

async function press(bot: World, ts: string | undefined, actionId: string, value?: string): Promise<void> {
  await bot.slack.click({ user: OPERATOR, channel: OPS, ts: ts ?? '', actionId, ...(value === undefined ? {} : { value }) })
  await bot.pass(30_000)
}

const approve = (bot: World, actionId = 'approval_approve'): Promise<void> =>
  press(bot, session(bot).thread.findLast((message) => textOf(message).includes(actionId))?.ts, actionId)

/** Another id keeps the signatures out of the story. */
const noCaptain = { 0: 'JC-1191', 10: '' }

it('asks for the captain, wants the page approved, and says what is still missing', async () => {
  const bot = await begin()
  await type(bot, typed(noCaptain))
  expect(told(bot)).toContain('does not name the captain of JC-1191')
  await answer(bot, 'Capt. Dee comes straight from the yard')
  expect(told(bot)).toContain('From the office: Capt. Dee comes straight from the yard')
  expect(cardOf(bot, 'Crew page')).toBeUndefined()
  await approve(bot)
  expect(textOf(cardOf(bot, 'Crew page of JC-1191'))).toMatch(/\/crew\/[\w-]{43}/)
  expect(told(bot)).toContain('is at version 1. It shows 2026-11-20, 10:00 to 14:00, Meridian. Still missing: the captain.')
})

it('looks into the sheet again when it was corrected there', async () => {
  const bot = await begin()
  await type(bot, typed(noCaptain))
  await type(bot, typed({ 0: 'JC-1191', 10: 'Capt. Dee' }))
  await press(bot, session(bot).thread.findLast((message) => textOf(message).includes('question_choice'))?.ts, 'question_choice_0')
  await approve(bot)
  expect(told(bot)).toContain('Nothing is missing.')
})

it('gives the page up when it is not approved', async () => {
  const bot = await begin()
  await type(bot, typed(noCaptain))
  await answer(bot, 'Nobody knows')
  await approve(bot, 'approval_reject')
  expect(told(bot)).toContain('was not changed: A person rejected this call')
  expect(await bot.jada('tasks')).toContain('Needs a person')
})

it('prepares requests for those who are named, and asks who is missing', async () => {
  const bot = await begin()
  await type(bot, typed({ 7: 4 }))
  expect(told(bot)).toContain('counts 4 guests but names 2')
  expect(textOf(cardOf(bot, 'Signatures for JC-1190'))).toContain('0 of 2 signed')
  await answer(bot, 'The other two are not known yet')
  expect(told(bot)).toContain('0 of 2 guests of JC-1190')
  expect(told(bot)).toContain('The office corrects the port sheet.')
})

/** Both are asked, one has declined and the other has the message; then time passes until `left` hours before sailing. */
async function untilChased(bot: World, left: number, row: Row): Promise<void> {
  await type(bot, row)
  const card = cardOf(bot, 'Signatures for JC-1190')
  await press(bot, card?.ts, 'guest_message', '1:1')
  await press(bot, bot.slack.ephemerals.at(-1)?.ts, 'guest_sent')
  await press(bot, card?.ts, 'guest_message', '2:1')
  const link = new RegExp(`http://127.0.0.1:\\d+/sign/[\\w-]{43}`).exec(bot.slack.ephemerals.map(textOf).at(-1) ?? '')?.[0] ?? ''
  await fetch(link, { method: 'POST', body: new URLSearchParams({ action: 'decline', reason: 'I want to sign on paper' }) })
  await bot.pass(10_000)
  const sails = Date.UTC(2026, 10, 5, 18)
  await bot.pass(sails - left * HOUR - bot.clock.now())
  await bot.tick()
  await bot.pass(60_000)
}

it('suggests one reminder for what is open, and leaves what was declined to a person', async () => {
  const bot = await begin()
  await untilChased(bot, 40, typed({ 1: '2026-11-05' }))
  expect(told(bot)).toContain('0 of 2 guests')
  expect(told(bot)).toContain('Ana Ruiz: sent and not opened.')
  expect(told(bot)).toContain('declined ("I want to sign on paper")')
  expect(session(bot).card.text).toContain('finished')
  const thread = bot.slack.thread(OPS, cardOf(bot, 'Signatures for JC-1190')?.ts ?? '').map(({ text }) => text)
  expect(thread.at(-1)).toContain('write to Ana Ruiz')
  const tasks = await bot.jada('tasks')
  expect(tasks).toContain('Speak with Leo Ruiz about the agreement of JC-1190')
  expect(tasks).not.toContain('Get a contact')
})

it('is blocked when it sails within a day, and asks for a contact where there is none', async () => {
  const bot = await begin({ env: { JADA_SESSIONS_PER_DAY: '0' } })
  await untilChased(bot, 20, typed({ 1: '2026-11-05', 9: '' }))
  await bot.restart({ JADA_SESSIONS_PER_DAY: '5' })
  await bot.pass(HOUR + 60_000)
  expect(told(bot)).toContain('The session cannot go on, so the task needs a person')
  expect(await bot.jada('tasks')).toContain('Get a contact for the guests of JC-1190')
})
