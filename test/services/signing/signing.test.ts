import { describe, expect, test } from 'vitest'
import { requestSignatures, withdrawRequests } from '../../../src/services/signing/ask.ts'
import type { Form } from '../../../src/services/signing/evidence.ts'
import { COPY_LIFETIME_MS, type SignatureRequest } from '../../../src/services/signing/request.ts'
import {
  decline,
  expireRequests,
  findByToken,
  markReminded,
  markSent,
  openRequests,
  sign,
  signAddress,
  view,
  type SignResult,
} from '../../../src/services/signing/signing.ts'
import { charter, PRIVATE } from '../../support/agent-desk.ts'
import { openTestDatabase, type TestDatabase } from '../../support/repo-database.ts'
import { ask, DRAWING, first, HOUR, NOW, signingDeps, STARTS, tokenOf } from '../../support/signing-samples.ts'

const FORM: Form = { consent: true, name: 'Ana Ruiz', typed: false, drawing: DRAWING }
const doSign = (
  store: TestDatabase,
  request: SignatureRequest,
  now = NOW,
  form = FORM,
  shownHash = request.documentHash,
): Promise<SignResult> =>
  store.uow.run((ports) => sign(ports, request, form, { address: '203.0.113.7', userAgent: 'Phone', shownHash }, now))
const states = async (store: TestDatabase): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await store.uow.run(({ signing }) => signing.ofCharter('JC-1101')))
      .toReversed()
      .map(({ id, guest, state }) => [`${id} ${guest}`, state]),
  )
const guestsOf = (requests: readonly SignatureRequest[]): string[] => requests.map(({ guest }) => guest)

describe('asking', () => {
  test('makes one request for each guest, with a text of its own; again changes nothing', async () => {
    const store = await openTestDatabase()
    const asked = await ask(store)
    expect(guestsOf(asked.made)).toEqual(['Ana Ruiz', 'Leo Ruiz'])
    expect(asked.guests).toMatchObject({ match: 'too-few', expected: 6 })
    const [ana, leo] = asked.made
    expect(ana).toMatchObject({
      charterId: 'JC-1101',
      state: 'requested',
      requestedBy: 'U0MARA',
      requestedAt: NOW,
      expiresAt: STARTS + 2 * HOUR,
      sentAt: null,
    })
    expect(ana?.document).toContain('**Ana Ruiz**')
    expect(ana?.documentHash).toMatch(/^[0-9a-f]{64}$/)
    expect(leo?.documentHash).not.toBe(ana?.documentHash)
    expect(leo?.link.hash).not.toBe(ana?.link.hash)
    const again = await ask(store, { guestNames: 'ana  ruiz; Leo Ruiz', captain: 'Ines' })
    expect({ made: again.made, withdrawn: again.withdrawn, kept: guestsOf(again.kept) }).toEqual({
      made: [],
      withdrawn: [],
      kept: ['Ana Ruiz', 'Leo Ruiz'],
    })
  })

  test.each([
    ['date', { date: '2026-11-05' }],
    ['start', { start: 600 }],
    ['end', { end: 900 }],
    ['vessel', { vessel: 'Second Wind' }],
  ])('another %s takes back what is unsigned and asks anew; what is signed stays, and is told', async (_what, change) => {
    const store = await openTestDatabase()
    const [ana, leo] = (await ask(store)).made
    if (ana === undefined || leo === undefined) throw new Error('not made')
    await doSign(store, ana)
    await store.uow.run((ports) => markSent(ports, leo.id, 'U0MARA', NOW))
    const changed = await ask(store, change)
    expect(guestsOf(changed.signedForOldDetails)).toEqual(['Ana Ruiz'])
    expect(changed.withdrawn).toMatchObject([{ id: leo.id, state: 'withdrawn', withdrawnWhy: 'changed', sentBy: 'U0MARA' }])
    expect(changed.made).toMatchObject([{ guest: 'Leo Ruiz', state: 'requested', sentAt: null }])
    expect(await states(store)).toEqual({ '1 Ana Ruiz': 'signed', '2 Leo Ruiz': 'withdrawn', '3 Leo Ruiz': 'requested' })
    // A person decides that the signed one is to sign once more.
    const again = await ask(store, change, { again: ['ANA RUIZ'] })
    expect(guestsOf(again.made)).toEqual(['Ana Ruiz'])
    expect((await store.uow.run(({ signing }) => signing.find(ana.id)))?.state).toBe('signed')
    expect((await ask(store, change, { again: ['Ana Ruiz'] })).made).toEqual([])
  })

  test('a guest who is not named any more is let go, but an emptied cell takes nobody’s link', async () => {
    const store = await openTestDatabase()
    await ask(store)
    const fewer = await ask(store, { guestNames: 'Leo Ruiz' })
    expect(fewer.withdrawn).toMatchObject([{ guest: 'Ana Ruiz', withdrawnWhy: 'not-named' }])
    const none = await ask(store, { guestNames: 'TBD' })
    expect({ withdrawn: none.withdrawn, match: none.guests.match }).toEqual({ withdrawn: [], match: 'none-named' })
    expect(guestsOf((await ask(store)).made)).toEqual(['Ana Ruiz'])
  })

  test('who declined is asked again only when a person says so', async () => {
    const store = await openTestDatabase()
    const ana = first((await ask(store)).made)
    await store.uow.run((ports) => decline(ports, ana, 'I do not swim', NOW))
    expect(guestsOf((await ask(store)).declined)).toEqual(['Ana Ruiz'])
    expect(guestsOf((await ask(store, {}, { again: ['Ana Ruiz'] })).made)).toEqual(['Ana Ruiz'])
  })

  test('is over when the boat is out; a cancelled charter takes all back', async () => {
    const store = await openTestDatabase()
    const late = await store.uow.run((ports) =>
      requestSignatures(ports, signingDeps(), { charter: charter(), by: null }, STARTS + 2 * HOUR),
    )
    expect(late).toEqual({ kind: 'too-late' })
    await doSign(store, first((await ask(store)).made))
    expect(await store.uow.run((ports) => withdrawRequests(ports, 'JC-1101', NOW))).toMatchObject([
      { guest: 'Leo Ruiz', withdrawnWhy: 'cancelled' },
    ])
  })

  test('writes no private column into what a guest will read', async () => {
    const store = await openTestDatabase()
    const ana = first((await ask(store)).made)
    for (const field of PRIVATE) expect(JSON.stringify({ ...ana, link: null })).not.toContain(String(charter()[field]))
  })
})

describe('a link', () => {
  test('is shown to the office, and leads to its request alone', async () => {
    const store = await openTestDatabase()
    const [ana, leo] = (await ask(store)).made
    if (ana === undefined || leo === undefined) throw new Error('not made')
    const address = signAddress(signingDeps(), 'https://bot.jada.example', ana)
    expect(address).toMatch(/^https:\/\/bot\.jada\.example\/sign\/[\w-]{43}$/)
    const token = tokenOf(ana)
    expect(address.endsWith(token)).toBe(true)
    expect(await store.uow.run((ports) => findByToken(ports, token, NOW))).toMatchObject({ kind: 'open', request: { id: ana.id } })
    for (const wrong of ['', 'x', `${token}x`, token.toLowerCase(), 'a'.repeat(43)])
      expect(await store.uow.run((ports) => findByToken(ports, wrong, NOW))).toEqual({ kind: 'unknown' })
    // Swapped in the database, a sealed link does not open.
    expect(() => signAddress(signingDeps(), 'https://x.example', { ...ana, link: leo.link })).toThrow(/cannot be shown/)
    expect(JSON.stringify(store.raw.prepare('select * from signature_request').all())).not.toContain(token)
  })

  test('tells what became of it, by the clock also where nothing is written yet', async () => {
    const store = await openTestDatabase()
    const [ana, leo] = (await ask(store)).made
    if (ana === undefined || leo === undefined) throw new Error('not made')
    const find = (request: SignatureRequest, now: number) => store.uow.run((ports) => findByToken(ports, tokenOf(request), now))
    const end = STARTS + 2 * HOUR
    expect(await find(leo, end - 1)).toMatchObject({ kind: 'open' })
    expect(await find(leo, end)).toMatchObject({ kind: 'closed', why: 'expired' })
    expect(await doSign(store, leo, end)).toEqual({ kind: 'closed' })
    expect(await store.uow.run((ports) => expireRequests(ports, end - 1))).toEqual([])
    await doSign(store, ana, end - 1)
    expect(guestsOf(await store.uow.run((ports) => expireRequests(ports, end)))).toEqual(['Leo Ruiz'])
    expect(await find(leo, NOW)).toMatchObject({ kind: 'closed', why: 'expired' })
    expect(await find(ana, end + COPY_LIFETIME_MS - 1)).toMatchObject({ kind: 'signed' })
    expect(await find(ana, end + COPY_LIFETIME_MS)).toMatchObject({ kind: 'past' })
  })
})

describe('signing', () => {
  test('keeps the exact text, its hash, the time, who it was and how', async () => {
    const store = await openTestDatabase()
    const ana = first((await ask(store)).made)
    await store.uow.run((ports) => view(ports, ana, NOW))
    const viewed = await store.uow.run(({ signing }) => signing.find(ana.id))
    if (viewed === null) throw new Error('gone')
    expect(await doSign(store, viewed, NOW + 5)).toMatchObject({
      kind: 'signed',
      request: { state: 'signed', viewedAt: NOW, endedAt: NOW + 5 },
    })
    expect(await store.uow.run(({ signing }) => signing.signature(ana.id))).toEqual({
      requestId: ana.id,
      document: ana.document,
      documentHash: ana.documentHash,
      consent: 'I have read this agreement, I agree to it, and I sign it electronically.',
      name: 'Ana Ruiz',
      method: 'drawn',
      drawing: DRAWING,
      at: NOW + 5,
      address: '203.0.113.7',
      userAgent: 'Phone',
    })
  })

  test('is refused with every problem, for another text, and the second time', async () => {
    const store = await openTestDatabase()
    const ana = first((await ask(store)).made)
    expect(await doSign(store, ana, NOW, { consent: false, name: '', typed: false, drawing: '' })).toMatchObject({
      kind: 'refused',
      problems: [{}, {}, {}],
    })
    expect(await doSign(store, ana, NOW, FORM, 'f'.repeat(64))).toEqual({ kind: 'other-document' })
    expect((await states(store))['1 Ana Ruiz']).toBe('requested')
    await doSign(store, ana)
    // Two clicks at once read the same request: the store takes one.
    await expect(doSign(store, ana)).rejects.toMatchObject({ code: 'conflict' })
  })

  test('a text that was changed in the database is not signed, and not shown as signed', async () => {
    const store = await openTestDatabase()
    const [ana, leo] = (await ask(store)).made
    if (ana === undefined || leo === undefined) throw new Error('not made')
    await expect(doSign(store, { ...leo, document: `${leo.document}!` }, NOW)).rejects.toMatchObject({ code: 'document-changed' })
    await doSign(store, ana)
    store.raw.exec(`update signature set document = 'I pay all' where request_id = ${ana.id}`)
    await expect(store.uow.run((ports) => findByToken(ports, tokenOf(ana), NOW))).rejects.toMatchObject({ code: 'document-changed' })
  })
})

test('a person’s word makes it sent and reminded; the office sees what is open, the next sailing first', async () => {
  const store = await openTestDatabase()
  const ana = first((await ask(store)).made)
  await ask(store, { id: 'JC-0900', date: '2026-11-03', startsAt: STARTS - 24 * HOUR, guestNames: 'Kim Ode' })
  const mark = (what: typeof markSent, now: number) => store.uow.run((ports) => what(ports, ana.id, 'U0MARA', now))
  expect(await mark(markReminded, NOW)).toBeNull()
  expect(await mark(markSent, NOW + 1)).toMatchObject({ state: 'sent', sentBy: 'U0MARA', sentAt: NOW + 1 })
  expect(await mark(markSent, NOW + 2)).toBeNull()
  expect(await mark(markReminded, NOW + 3)).toMatchObject({ state: 'sent', reminders: [{ at: NOW + 3, by: 'U0MARA' }] })
  expect(await store.uow.run((ports) => markSent(ports, 99, 'U0MARA', NOW))).toBeNull()
  const open = await store.uow.run((ports) => openRequests(ports, NOW))
  expect(open.map(({ charterId, requests }) => [charterId, guestsOf(requests).join(', ')])).toEqual([
    ['JC-0900', 'Kim Ode'],
    ['JC-1101', 'Ana Ruiz, Leo Ruiz'],
  ])
  expect(await store.uow.run((ports) => openRequests(ports, STARTS - 22 * HOUR))).toMatchObject([{ charterId: 'JC-1101' }])
})
