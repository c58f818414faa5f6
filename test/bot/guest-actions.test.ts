import { afterEach, expect, it } from 'vitest'
import type { SignatureRequest } from '../../src/services/signing/request.ts'
import { findByToken, sign } from '../../src/services/signing/signing.ts'
import { createWorld, OPERATOR, OPS, SHEET, textOf, type World } from '../support/world.ts'

const TOM = 'U0TOM'

const notedMessages = ({ sentAt, reminders }: SignatureRequest): number => (sentAt === null ? 0 : 1 + reminders.length)
const WHEN = ['JC-1190', '2026-11-20', '10:00', '14:00', 'Meridian', 'Sailo']
const WHO = ['Ana Ruiz', 1, 'Ana Ruiz', 'ana@guests.example', 'Sam', 'Kai']
const ROW = [...WHEN, ...WHO, 1, 1, 1, 'pending', 'confirmed', '']

let world: World
afterEach(() => world.dispose())

/** Presses a button; gives what this person is told. */
async function press(user: string, ts: string, actionId: string, value?: string): Promise<{ ts: string; text: string }> {
  await world.slack.click({ user, channel: OPS, ts, actionId, ...(value === undefined ? {} : { value }) })
  await world.pass(5000)
  const told = world.slack.ephemerals.at(-1)
  return { ts: told?.ts ?? '', text: textOf(told) }
}

const noted = async (): Promise<number | null> =>
  world.app.core.uow.run(async ({ signing }) => {
    const request = await signing.find(1)
    return request === null ? null : notedMessages(request)
  })

it('a message counts once, as what its button showed, and not after the guest has signed', async () => {
  world = await createWorld({ rules: true, env: { ANTHROPIC_API_KEY: '' } })
  await world.connect()
  await world.pass(10_000)
  const sheet = world.google.sheet(SHEET)
  sheet.setRows('2026-11', [...sheet.rows('2026-11'), ROW])
  await world.tick()
  await world.pass(10_000)
  const card = world.slack.messages(OPS).findLast(({ text }) => text.startsWith('Signatures for'))?.ts ?? ''
  const mine = await press(OPERATOR, card, 'guest_message', '1:1')
  const toms = await press(TOM, card, 'guest_message', '1:1')
  const token = /\/sign\/([\w-]{43})/.exec(mine.text)?.[1] ?? ''
  expect((await press(OPERATOR, mine.ts, 'guest_sent')).text).toContain('Noted: sent.')
  expect((await press(OPERATOR, mine.ts, 'guest_sent')).text).toContain('noted already')
  expect((await press(TOM, toms.ts, 'guest_sent')).text).toContain('noted already')
  expect(await noted()).toBe(1)
  const reminder = await press(TOM, card, 'guest_message', '1:2')
  expect(reminder.text).toContain('I have reminded them')
  expect((await press(TOM, reminder.ts, 'guest_sent')).text).toContain('Noted: reminded.')
  expect((await press(TOM, reminder.ts, 'guest_sent')).text).toContain('noted already')
  expect(await noted()).toBe(2)
  const last = await press(OPERATOR, card, 'guest_message', '1:3')
  await world.app.core.uow.run(async (ports) => {
    const found = await findByToken(ports, token, world.clock.now())
    if (found.kind !== 'open') throw new Error(found.kind)
    const form = { consent: true, name: 'Ana Ruiz', typed: true, drawing: '' }
    await sign(ports, found.request, form, { address: null, userAgent: '', shownHash: found.request.documentHash }, world.clock.now())
  })
  expect((await press(OPERATOR, last.ts, 'guest_sent')).text).toContain('This request is over')
  expect((await press(OPERATOR, card, 'guest_message', '1:3')).text).toContain('This request is over')
  expect(await noted()).toBe(2)
})
