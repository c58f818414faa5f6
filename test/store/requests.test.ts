import { describe, expect, test } from 'vitest'
import { decideRequest, type PersonRequest } from '../../src/services/agent/request.ts'
import { newRequest } from '../support/agent-samples.ts'
import { NOON } from '../support/incident-samples.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

const ask = ({ uow }: TestDatabase, change: Parameters<typeof newRequest>[1] = {}, sessionId = 1): Promise<PersonRequest> =>
  uow.run(({ requests }) => requests.add(newRequest(sessionId, change)))
const find = ({ uow }: TestDatabase, id = 1): Promise<PersonRequest | null> => uow.run(({ requests }) => requests.find(id))
const openIds = async ({ uow }: TestDatabase, sessionId?: number): Promise<number[]> =>
  (await uow.run(({ requests }) => requests.open(sessionId))).map(({ id }) => id)

const SETTLE = { type: 'settle', tool: 'send_email', title: 'Send an email', fields: [], where: 'the Sent folder' } as const

describe('a request', () => {
  test('is kept as it was asked, open and undecided', async () => {
    const store = await openTestDatabase()
    const request = await ask(store, { what: { type: 'question', question: 'Which?', choices: ['a', 'b'] }, expiresAt: null })
    expect(request).toEqual({
      ...newRequest(1, { what: { type: 'question', question: 'Which?', choices: ['a', 'b'] }, expiresAt: null }),
      id: 1,
      state: 'open',
      version: 1,
      decidedBy: null,
      decidedAt: null,
      answer: null,
    })
    expect(await find(store)).toEqual(request)
    expect(await find(store, 2)).toBeNull()
  })

  test('has one decision: who comes second hears that', async () => {
    const store = await openTestDatabase()
    const request = await ask(store)
    const approved = decideRequest(request, { do: 'approve', by: 'U0MARA' }, NOON)
    const rejected = decideRequest(request, { do: 'reject', by: 'U0TESS' }, NOON + 1)
    if (approved === null || rejected === null) throw new Error('not decided')
    await store.uow.run(({ requests }) => requests.save(approved))
    await expect(store.uow.run(({ requests }) => requests.save(rejected))).rejects.toMatchObject({ code: 'conflict' })
    expect(await find(store)).toEqual({ ...request, state: 'approved', version: 2, decidedBy: 'U0MARA', decidedAt: NOON })
    expect(await openIds(store)).toEqual([])
  })

  test('of a call may be followed by one that settles it, and no other', async () => {
    const store = await openTestDatabase()
    await ask(store)
    await ask(store, { what: SETTLE })
    await expect(ask(store, { argumentsHash: 'other' })).rejects.toThrow(/UNIQUE.*person_request/)
    await expect(ask(store, { what: SETTLE })).rejects.toThrow(/UNIQUE.*person_request/)
    await ask(store, { toolUseId: 'toolu_2' })
    await ask(store, {}, 2)
    expect(await openIds(store)).toEqual([1, 2, 3, 4])
    expect(await openIds(store, 1)).toEqual([1, 2, 3])
    expect(await openIds(store, 3)).toEqual([])
    expect(() => store.raw.exec("update person_request set state = 'maybe'")).toThrow(/CHECK.*person_request_state/)
    expect(() => store.raw.exec("update person_request set type = 'maybe'")).toThrow(/CHECK.*person_request_type/)
  })
})
