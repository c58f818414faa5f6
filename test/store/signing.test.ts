import { describe, expect, test } from 'vitest'
import type { SignatureRequest } from '../../src/services/signing/request.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'
import { NOW, request, STARTS } from '../support/signing-samples.ts'

const add = ({ uow }: TestDatabase, change: Partial<SignatureRequest> = {}): Promise<SignatureRequest> => {
  const { id: _id, ...rest } = request(change)
  return uow.run(({ signing }) => signing.add(rest))
}
const link = (n: number): SignatureRequest['link'] => ({ hash: `hash-${n}`, sealed: `sealed-${n}` })
const signature = {
  requestId: 1,
  document: 'd',
  documentHash: 'h',
  consent: 'c',
  name: 'Ana Ruiz',
  method: 'typed' as const,
  drawing: null,
  at: NOW,
  address: null,
  userAgent: '',
}

describe('requests', () => {
  test('are kept as they were made, and found by number, token and charter', async () => {
    const store = await openTestDatabase()
    const one = await add(store)
    expect(one).toEqual(request())
    const two = await add(store, { guest: 'Leo Ruiz', link: link(2) })
    const { find, findByHash, ofCharter } = {
      find: (id: number) => store.uow.run(({ signing }) => signing.find(id)),
      findByHash: (hash: string) => store.uow.run(({ signing }) => signing.findByHash(hash)),
      ofCharter: (id: string) => store.uow.run(({ signing }) => signing.ofCharter(id)),
    }
    expect([await find(1), await find(3), await findByHash('hash-2'), await findByHash('x')]).toEqual([one, null, two, null])
    expect([await ofCharter('JC-1101'), await ofCharter('JC-1')]).toEqual([[two, one], []])
  })

  test('what happened is written, what was asked for is not; an old version loses', async () => {
    const store = await openTestDatabase()
    const one = await add(store)
    const next: SignatureRequest = {
      ...one,
      state: 'declined',
      version: 2,
      sentAt: 5,
      sentBy: 'U0MARA',
      reminders: [{ at: 6, by: 'U0MARA' }],
      viewedAt: 7,
      endedAt: 8,
      declineReason: 'no',
    }
    await store.uow.run(({ signing }) => signing.save({ ...next, document: 'another', guest: 'another' }))
    expect(await store.uow.run(({ signing }) => signing.find(1))).toEqual(next)
    await expect(store.uow.run(({ signing }) => signing.save(next))).rejects.toMatchObject({ code: 'conflict', retry: 'later' })
    await store.uow.run(({ signing }) => signing.saveLink(1, link(9)))
    expect((await store.uow.run(({ signing }) => signing.findByHash('hash-9')))?.link).toEqual(link(9))
  })

  test('open ones come by sailing, overdue ones when their time is over', async () => {
    const store = await openTestDatabase()
    await add(store)
    await add(store, { guest: 'B', link: link(2), startsAt: STARTS - 1, expiresAt: STARTS })
    await add(store, { guest: 'C', link: link(3), state: 'withdrawn', endedAt: NOW })
    const ids = (list: readonly SignatureRequest[]): number[] => list.map(({ id }) => id)
    expect(ids(await store.uow.run(({ signing }) => signing.open()))).toEqual([2, 1])
    expect(ids(await store.uow.run(({ signing }) => signing.overdue(STARTS - 1)))).toEqual([])
    expect(ids(await store.uow.run(({ signing }) => signing.overdue(STARTS)))).toEqual([2])
  })
})

describe('the database itself refuses', () => {
  test('a second live request of one guest, whatever the case', async () => {
    const store = await openTestDatabase()
    await add(store)
    await expect(add(store, { link: link(2), guest: 'ANA  RUIZ' })).rejects.toThrow(/UNIQUE.*live_key/)
    await add(store, { link: link(2), charterId: 'JC-2' })
    await add(store, { link: link(3), state: 'signed', endedAt: NOW })
  })

  test.each([
    ['one token for two', "update signature_request set token_hash = 'same'", /UNIQUE.*token_hash/],
    ['a state nobody knows', "update signature_request set state = 'lost' where id = 1", /CHECK.*(state|live)/],
    ['signed but live', "update signature_request set state = 'signed' where id = 1", /CHECK.*live/],
    ['final without an end', "update signature_request set state = 'expired', live_key = null where id = 1", /CHECK.*ended/],
    ['sent by nobody', "update signature_request set state = 'sent' where id = 1", /CHECK.*sent/],
    ['sent without a time', "update signature_request set sent_by = 'U0MARA' where id = 1", /CHECK.*sent/],
    [
      'signed too late',
      "update signature_request set state = 'signed', live_key = null, ended_at = expires_at where id = 1",
      /CHECK.*in_time/,
    ],
    [
      'a drawn signature without a drawing',
      "insert into signature values (1, 'd', 'h', 'c', 'n', 'drawn', null, 1, null, '')",
      /CHECK.*method/,
    ],
    ['a signature of nothing', "insert into signature values (9, 'd', 'h', 'c', 'n', 'typed', null, 1, null, '')", /FOREIGN KEY/],
  ])('%s', async (_what, statement, refusal) => {
    const store = await openTestDatabase()
    await add(store)
    await add(store, { guest: 'B', link: link(2) })
    expect(() => store.raw.exec(statement)).toThrow(refusal)
  })

  test('a second signature of one request', async () => {
    const store = await openTestDatabase()
    await add(store)
    expect(await store.uow.run(({ signing }) => signing.signature(1))).toBeNull()
    await store.uow.run(({ signing }) => signing.addSignature(signature))
    expect(await store.uow.run(({ signing }) => signing.signature(1))).toEqual(signature)
    await expect(store.uow.run(({ signing }) => signing.addSignature(signature))).rejects.toThrow(/UNIQUE|PRIMARY/)
  })
})
