import { expect, it } from 'vitest'
import { noteSent } from '../../../src/services/office/note-sent.ts'
import type { SignatureRequest } from '../../../src/services/signing/request.ts'
import { markSent } from '../../../src/services/signing/signing.ts'
import { MARA } from '../../support/agent-desk.ts'
import { openTestDatabase } from '../../support/repo-database.ts'
import { ask, first, NOW } from '../../support/signing-samples.ts'

const TOM = 'U0TOM'

const notedMessages = ({ sentAt, reminders }: SignatureRequest): number => (sentAt === null ? 0 : 1 + reminders.length)

async function open() {
  const store = await openTestDatabase()
  const { id } = first((await ask(store)).made)
  const stored = () => store.uow.run(({ signing }) => signing.find(id))
  const say = (by: string, notedBefore: number, at = NOW) =>
    store.uow.run((ports) => noteSent(ports, { requestId: id, notedBefore, by }, at))
  const counts = async () => {
    const request = await stored()
    return request === null ? null : [notedMessages(request), request.sentBy, request.reminders.map(({ by }) => by)]
  }
  return { store, id, stored, say, counts }
}

it('notes a message once, however often the same person says so', async () => {
  const { say, counts } = await open()
  expect((await say(MARA, 0)).kind).toBe('sent')
  expect([(await say(MARA, 0)).kind, (await say(MARA, 0)).kind]).toEqual(['known', 'known'])
  expect(await counts()).toEqual([1, MARA, []])
  expect((await say(MARA, 1)).kind).toBe('reminded')
  expect([(await say(MARA, 1)).kind, (await say(MARA, 0)).kind]).toEqual(['known', 'known'])
  expect(await counts()).toEqual([2, MARA, [MARA]])
})

it('takes no second sending for a reminder, and a second person’s reminder for what it is', async () => {
  const { say, counts } = await open()
  expect([(await say(MARA, 0)).kind, (await say(TOM, 0)).kind]).toEqual(['sent', 'known'])
  expect(await counts()).toEqual([1, MARA, []])
  // Both were shown the first reminder, and both sent it: the guest was reminded twice.
  expect([(await say(MARA, 1)).kind, (await say(TOM, 1)).kind]).toEqual(['reminded', 'reminded'])
  expect(await counts()).toEqual([3, MARA, [MARA, TOM]])
})

it('says nothing of a request that is over, or of none', async () => {
  const { store, id, say, stored } = await open()
  await store.uow.run((ports) => markSent(ports, id, MARA, NOW))
  const before = await stored()
  expect((await say(MARA, 1, (before?.expiresAt ?? 0) + 1)).kind).toBe('over')
  expect(await stored()).toEqual(before)
  expect((await store.uow.run((ports) => noteSent(ports, { requestId: 99, notedBefore: 0, by: MARA }, NOW))).kind).toBe('over')
})
