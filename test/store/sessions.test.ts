import { describe, expect, test } from 'vitest'
import type { Session } from '../../src/services/agent/session.ts'
import type { AllPorts } from '../../src/store/unit.ts'
import { ended, newSession, toolCall } from '../support/agent-samples.ts'
import { NOON } from '../support/incident-samples.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

const MINUTE = 60_000
const LOST = { code: 'lost-session' }

const at = <T>({ uow }: TestDatabase, body: (sessions: AllPorts['sessions']) => Promise<T>): Promise<T> =>
  uow.run(({ sessions }) => body(sessions))
const open = (store: TestDatabase, taskId: number, slot: number, change: Partial<Session> = {}): Promise<Session> =>
  at(store, (sessions) => sessions.open(newSession(taskId, slot, change), 5))

async function seized(store: TestDatabase, id = 1, now = NOON): Promise<Session> {
  const session = await at(store, (sessions) => sessions.seize(id, now, now + MINUTE))
  if (session === null) throw new Error('somebody else has it')
  return session
}

describe('opening', () => {
  test('takes a slot and gives the session as it was asked for', async () => {
    const store = await openTestDatabase()
    const session = await open(store, 7, 1, { wait: null, step: 'reading' })
    expect(session).toEqual({ ...newSession(7, 1, { step: 'reading' }), id: 1 })
    expect(await at(store, (sessions) => sessions.find(1))).toEqual(session)
    expect(await at(store, (sessions) => sessions.find(2))).toBeNull()
    expect(await at(store, (sessions) => sessions.slotsUsed('2026-03-02'))).toBe(1)
    expect(await at(store, (sessions) => sessions.slotsUsed('2026-03-03'))).toBe(0)
  })

  test.each<[string, (sessions: AllPorts['sessions']) => Promise<Session>, RegExp]>([
    ['a slot that is taken', (sessions) => sessions.open(newSession(8, 1), 5), /UNIQUE.*quota_slot\.day, quota_slot\.n/],
    ['a slot beyond the quota', (sessions) => sessions.open(newSession(8, 6), 5), /CHECK.*quota_slot_within/],
    ['a slot before the first', (sessions) => sessions.open(newSession(8, 0), 5), /CHECK.*quota_slot_within/],
    ['a second live session of a task', (sessions) => sessions.open(newSession(7, 2), 5), /UNIQUE.*session\.live_task_id/],
  ])('is refused for %s, and leaves nothing behind', async (_what, body, refusal) => {
    const store = await openTestDatabase()
    await open(store, 7, 1)
    await expect(at(store, body)).rejects.toThrow(refusal)
    expect(await at(store, (sessions) => sessions.slotsUsed('2026-03-02'))).toBe(1)
    expect(await at(store, (sessions) => sessions.list(10))).toHaveLength(1)
    expect((await open(store, 8, 2)).id).toBe(2)
  })

  test.each([
    ['a slot twice', "insert into quota_slot values ('2026-03-02', 1, 5, 9)", /UNIQUE.*quota_slot/],
    ['a slot beyond its day’s number', "insert into quota_slot values ('2026-03-02', 6, 5, 9)", /CHECK.*quota_slot_within/],
    ['moving a slot beyond it', 'update quota_slot set n = 6', /CHECK.*quota_slot_within/],
    ['two slots of one session', "insert into quota_slot values ('2026-03-02', 3, 5, 1)", /UNIQUE.*session_id/],
    ['two live sessions of a task', 'update session set live_task_id = 7, task_id = 7', /UNIQUE.*live_task_id/],
    ['a live session that hides', 'update session set live_task_id = null', /CHECK.*session_live/],
    ['one that is live for another task', 'update session set live_task_id = 99 where id = 1', /CHECK.*session_live/],
    ['an ended one that counts as live', "update session set status = 'finished'", /CHECK.*session_live/],
    ['a status nobody knows', "update session set status = 'lost', live_task_id = null", /CHECK.*session_status/],
  ])('the database itself refuses %s', async (_what, statement, refusal) => {
    const store = await openTestDatabase()
    await open(store, 7, 1)
    await open(store, 8, 2)
    expect(() => store.raw.exec(statement)).toThrow(refusal)
  })

  test('a task may have another session when the last one has ended', async () => {
    const store = await openTestDatabase()
    const first = await open(store, 7, 1)
    await at(store, (sessions) => sessions.save({ ...first, status: 'waiting', version: 2 }))
    await expect(open(store, 7, 2)).rejects.toThrow(/UNIQUE/)
    await at(store, (sessions) => sessions.save(ended({ ...first, version: 2 })))
    const second = await open(store, 7, 2)
    await open(store, 8, 1, { startedAt: NOON + 86_400_000 })
    const ids = async (list: Promise<Session[]>): Promise<number[]> => (await list).map(({ id }) => id)
    expect(second.id).toBe(2)
    expect(await ids(at(store, (sessions) => sessions.ofTask(7)))).toEqual([1, 2])
    expect(await ids(at(store, (sessions) => sessions.live()))).toEqual([2, 3])
    expect(await ids(at(store, (sessions) => sessions.list(2)))).toEqual([3, 2])
    expect(await ids(at(store, (sessions) => sessions.startedOn('2026-03-02')))).toEqual([1, 2])
  })
})

describe('the owner', () => {
  test('is one at a time, and a new one when the lease is over', async () => {
    const store = await openTestDatabase()
    const session = await open(store, 7, 1)
    expect(await at(store, (sessions) => sessions.unheld(NOON))).toEqual([1])
    expect(await seized(store)).toEqual({ ...session, epoch: 1 })
    const seize = (now: number): Promise<Session | null> => at(store, (sessions) => sessions.seize(1, now, now + MINUTE))
    expect(await seize(NOON + MINUTE - 1)).toBeNull()
    expect(await at(store, (sessions) => sessions.unheld(NOON + MINUTE - 1))).toEqual([])
    expect(await at(store, (sessions) => sessions.unheld(NOON + MINUTE))).toEqual([1])
    expect(await seize(NOON + MINUTE)).toMatchObject({ epoch: 2 })
    expect(await at(store, (sessions) => sessions.find(1))).toMatchObject({ epoch: 2 })
    expect(await at(store, (sessions) => sessions.seize(99, NOON, NOON))).toBeNull()
  })

  test('of two that seize at once is one', async () => {
    const store = await openTestDatabase()
    await open(store, 7, 1)
    const seize = (): Promise<Session | null> => at(store, (sessions) => sessions.seize(1, NOON, NOON + MINUTE))
    const won = await Promise.all([seize(), seize(), seize()])
    expect(won.filter((session) => session !== null)).toHaveLength(1)
  })

  test('before can neither write nor go on', async () => {
    const store = await openTestDatabase()
    await open(store, 7, 1)
    const before = await seized(store)
    const after = await seized(store, 1, NOON + MINUTE)
    const write = { ...before, turns: 1, version: before.version + 1 }
    await expect(at(store, (sessions) => sessions.save(write))).rejects.toMatchObject(LOST)
    await expect(at(store, (sessions) => sessions.check({ sessionId: 1, epoch: before.epoch }))).rejects.toMatchObject(LOST)
    await at(store, (sessions) => sessions.release({ sessionId: 1, epoch: before.epoch }))
    expect(await at(store, (sessions) => sessions.unheld(NOON + MINUTE))).toEqual([])
    expect(await at(store, (sessions) => sessions.check({ sessionId: 1, epoch: after.epoch }))).toEqual(after)
    await at(store, (sessions) => sessions.save({ ...after, turns: 1 }))
    expect(await at(store, (sessions) => sessions.find(1))).toEqual({ ...after, turns: 1 })
  })

  test('lets go of everything that was written together with its write', async () => {
    const store = await openTestDatabase()
    await open(store, 7, 1)
    const before = await seized(store)
    await seized(store, 1, NOON + MINUTE)
    const turn = at(store, async (sessions) => {
      await sessions.addMessage(1, { role: 'assistant', content: [{ type: 'text', text: 'late' }], stopReason: 'end_turn' })
      await sessions.saveCall(toolCall(1))
      await sessions.save({ ...before, turns: 1 })
    })
    await expect(turn).rejects.toMatchObject(LOST)
    expect(await at(store, (sessions) => sessions.messages(1))).toEqual([])
    expect(await at(store, (sessions) => sessions.calls(1))).toEqual([])
  })

  test('cannot undo what somebody changed meanwhile, nor bring back what has ended', async () => {
    const store = await openTestDatabase()
    await open(store, 7, 1)
    const mine = await seized(store)
    await at(store, (sessions) => sessions.save({ ...mine, muted: true, version: 2 }))
    await expect(at(store, (sessions) => sessions.save({ ...mine, turns: 1 }))).rejects.toMatchObject(LOST)
    await at(store, (sessions) => sessions.save(ended({ ...mine, version: 2 })))
    await expect(at(store, (sessions) => sessions.check({ sessionId: 1, epoch: 1 }))).rejects.toMatchObject(LOST)
    await expect(at(store, (sessions) => sessions.save({ ...mine, version: 9 }))).rejects.toMatchObject(LOST)
    expect(await at(store, (sessions) => sessions.find(1))).toMatchObject({ status: 'finished', summary: 'Signed.' })
    expect(await at(store, (sessions) => sessions.seize(1, NOON + 9 * MINUTE, NOON))).toBeNull()
    await expect(at(store, (sessions) => sessions.check({ sessionId: 99, epoch: 0 }))).rejects.toMatchObject(LOST)
  })

  test('ends with the lease, with a wait, and with the process', async () => {
    const store = await openTestDatabase()
    for (const n of [1, 2, 3]) await open(store, n, n)
    const [first, second] = [await seized(store, 1), await seized(store, 2), await seized(store, 3)]
    const unheld = (): Promise<number[]> => at(store, (sessions) => sessions.unheld(NOON))
    await at(store, (sessions) => sessions.release({ sessionId: 1, epoch: first.epoch }))
    expect(await unheld()).toEqual([1])
    const waiting: Session = { ...second, status: 'waiting', wait: { for: 'request', until: null } }
    await at(store, (sessions) => sessions.save(waiting))
    // It waits: nobody may take it. When it goes on, no old lease is in the way.
    expect(await unheld()).toEqual([1])
    expect(await at(store, (sessions) => sessions.seize(2, NOON, NOON))).toBeNull()
    await at(store, (sessions) => sessions.save({ ...waiting, status: 'running', wait: null, version: 2 }))
    expect(await unheld()).toEqual([1, 2])
    expect(await at(store, (sessions) => sessions.releaseAll())).toBe(1)
    expect(await unheld()).toEqual([1, 2, 3])
  })
})

describe('a session’s conversation', () => {
  test('is kept in order, each session’s on its own, exactly as it came', async () => {
    const store = await openTestDatabase()
    const content = [
      { type: 'other', raw: { type: 'thinking', signature: 's', nested: [null, 1.5] } },
      { type: 'tool_use', id: 'toolu_1', name: 'x', input: { b: 1, a: '“é”' } },
    ] as const
    const seqs = await at(store, async (sessions) => [
      await sessions.addMessage(1, { role: 'user', content: [{ type: 'text', text: 'go' }], stopReason: null }),
      await sessions.addMessage(1, { role: 'assistant', content, stopReason: 'tool_use' }),
      await sessions.addMessage(2, { role: 'user', content: [], stopReason: null }),
    ])
    expect(seqs).toEqual([1, 2, 1])
    expect(await at(store, (sessions) => sessions.messages(1))).toEqual([
      { seq: 1, role: 'user', content: [{ type: 'text', text: 'go' }], stopReason: null },
      { seq: 2, role: 'assistant', content, stopReason: 'tool_use' },
    ])
    expect(() => store.raw.exec("insert into session_message values (1, 2, 'user', '[]', null)")).toThrow(/UNIQUE/)
  })

  test('has each call once, with its latest state', async () => {
    const store = await openTestDatabase()
    const done = toolCall(1, { state: 'done', result: 'sent', isError: true, requestId: 4 })
    await at(store, async (sessions) => {
      await sessions.saveCall(toolCall(1))
      await sessions.saveCall(toolCall(1, { toolUseId: 'toolu_2', input: undefined, at: NOON + 1 }))
      await sessions.saveCall(toolCall(2))
      await sessions.saveCall(done)
    })
    expect(await at(store, (sessions) => sessions.calls(1))).toEqual([
      done,
      toolCall(1, { toolUseId: 'toolu_2', input: null, at: NOON + 1 }),
    ])
    expect(() => store.raw.exec("update tool_call set state = 'perhaps'")).toThrow(/CHECK.*tool_call_state/)
    expect(() => store.raw.exec("update tool_call set tool_use_id = 'toolu_1'")).toThrow(/UNIQUE.*tool_call/)
  })

  test('tells its story line by line', async () => {
    const store = await openTestDatabase()
    const seqs = await at(store, async (sessions) => [
      await sessions.addNote(1, { type: 'progress', text: 'reading' }, NOON),
      await sessions.addNote(2, { type: 'progress', text: 'Reading.' }, NOON),
      await sessions.addNote(1, { type: 'muted', by: 'U0MARA' }, NOON + 1),
    ])
    expect(seqs).toEqual([1, 1, 2])
    expect(await at(store, (sessions) => sessions.notes(1))).toEqual([
      { seq: 1, note: { type: 'progress', text: 'reading' }, at: NOON },
      { seq: 2, note: { type: 'muted', by: 'U0MARA' }, at: NOON + 1 },
    ])
  })
})
