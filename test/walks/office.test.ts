import { afterEach, expect, it } from 'vitest'
import { createWorld, GUEST, OPERATOR, OPS, SHEET, textOf, type World } from '../support/world.ts'

let world: World | null = null
afterEach(async () => {
  await world?.dispose()
  world = null
})

const TAB = '2026-11'
const NEW = [
  'JC-1190', '2026-11-20', '10:00', '14:00', 'Meridian', 'Sailo', 'Ana Ruiz', 2, 'Ana Ruiz, Leo Ruiz', 'ana@guests.example +1 619 555 0101',
  'Capt. Sam', 'Kai', 98_765, 43_210, 17_777, 'pending', 'confirmed', 'Birthday on board',
] // prettier-ignore

const begin = async (): Promise<World> => {
  world = await createWorld({ rules: true })
  await world.connect()
  await world.pass(10_000)
  return world
}

async function add(bot: World, row: readonly (string | number)[]): Promise<void> {
  const sheet = bot.google.spreadsheet(SHEET)
  const rows = sheet.rows(TAB)
  sheet.setRows(TAB, [...rows, [...row]])
  await bot.tick()
  await bot.pass(10_000)
}

const taskCards = ({ slack }: World) => slack.messages(OPS).filter(({ text }) => /^(Crew page|Signatures)/.test(text))

it('a charter typed into the sheet gets its crew page and its signature requests, and a guest signs', async () => {
  const bot = await begin()
  expect(taskCards(bot)).toEqual([])
  await add(bot, NEW)
  const [page, signatures] = taskCards(bot)
  console.log(textOf(page), textOf(signatures), bot.logText().slice(-1500))
  expect(textOf(page)).toContain('JC-1190')
  void GUEST
  void OPERATOR
})
