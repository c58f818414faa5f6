import { describe, expect, test } from 'vitest'
import type { Dispatch } from '../../src/services/delivery/dispatch.ts'
import { GRACE_MS } from '../../src/services/delivery/retry.ts'
import type { OutboxRow, OutboxStore, Target } from '../../src/services/messages/outbox.ts'
import { incident, NOON } from '../support/incident-samples.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

type Row = OutboxRow<Dispatch>

const notice: Dispatch = { kind: 'notice', text: 'x', by: null }
const reply: Dispatch = { kind: 'reply', incidentId: 1, note: { type: 'woken' }, snapshot: incident(), at: NOON }
const card: Dispatch = { kind: 'card', incidentId: 1 }

const box = <T>({ uow }: TestDatabase, body: (outbox: OutboxStore<Dispatch>) => Promise<T>): Promise<T> =>
  uow.run(({ outbox }) => body(outbox))
const add = (store: TestDatabase, key: string, lane = 'notices', dispatch: Dispatch = notice, target: Target = 'slack'): Promise<void> =>
  box(store, (outbox) => outbox.add({ key, target, lane, dispatch }, NOON))
const due = async (store: TestDatabase, now = NOON): Promise<Row[]> => box(store, (outbox) => outbox.due('slack', now))
const claim = (store: TestDatabase, row: Row | undefined, now = NOON): Promise<Row | null> => {
  if (row === undefined) throw new Error('there is no such row')
  return box(store, (outbox) => outbox.claim(row, now, GRACE_MS))
}

async function claimed(store: TestDatabase, now = NOON): Promise<Row> {
  const row = await claim(store, (await due(store, now))[0], now)
  if (row === null) throw new Error('somebody else has it')
  return row
}

describe('order', () => {
  test('only the first row of each lane is due, a card before what is older', async () => {
    const store = await openTestDatabase()
    await add(store, 'a1', 'incident:1', reply)
    await add(store, 'a2', 'incident:1', reply)
    await add(store, 'a-card', 'incident:1', card)
    await add(store, 'b1', 'notices')
    await add(store, 'line', 'alert-log', notice, 'alert-log')
    expect((await due(store)).map(({ key }) => key)).toEqual(['a-card', 'b1'])
    const row = (await due(store))[0]
    await claim(store, row)
    // While the card is under way nothing else of its lane is.
    expect((await due(store)).map(({ key }) => key)).toEqual(['b1'])
  })

  test('the earliest instant is that of a lane’s first row, not of one behind it', async () => {
    const store = await openTestDatabase()
    await add(store, 'first')
    await add(store, 'second')
    const row = await claimed(store)
    await box(store, (outbox) => outbox.giveBack(row, NOON + 60_000, 'ratelimited'))
    expect(await box(store, (outbox) => outbox.nextDueAt('slack'))).toBe(NOON + 60_000)
    expect(await due(store, NOON + 59_999)).toEqual([])
    expect((await due(store, NOON + 60_000)).map(({ key }) => key)).toEqual(['first'])
    expect(await box(store, (outbox) => outbox.nextDueAt('alert-log'))).toBeNull()
  })
})

test('a row that is postponed has lost no try, and whoever claimed it meanwhile keeps it', async () => {
  const store = await openTestDatabase()
  await add(store, 'k')
  const [row] = await due(store)
  if (row === undefined) throw new Error('there is no such row')
  await box(store, (outbox) => outbox.postpone(row, NOON + 3000))
  expect(await due(store, NOON + 2999)).toEqual([])
  expect(await due(store, NOON + 3000)).toMatchObject([{ key: 'k', state: 'new', tries: 0, dueAt: NOON + 3000 }])
  await claim(store, row)
  await box(store, (outbox) => outbox.postpone(row, NOON + 9000))
  expect(await box(store, (outbox) => outbox.nextDueAt('slack'))).toBe(NOON + GRACE_MS)
})

describe('a claim', () => {
  test('has one winner', async () => {
    const store = await openTestDatabase()
    await add(store, 'k')
    const [row] = await due(store)
    expect(await claim(store, row)).toMatchObject({ state: 'sending', tries: 1, claimedAt: NOON, dueAt: NOON + GRACE_MS })
    expect(await claim(store, row)).toBeNull()
  })

  test('of a row that hangs has one winner too, although its state stays the same', async () => {
    const store = await openTestDatabase()
    await add(store, 'k')
    await claimed(store)
    const later = NOON + GRACE_MS
    expect(await due(store, later - 1)).toEqual([])
    const [hanging] = await due(store, later)
    expect(await claim(store, hanging, later)).toMatchObject({ tries: 2, claimedAt: NOON, dueAt: later + GRACE_MS })
    expect(await claim(store, hanging, later)).toBeNull()
  })

  test('keeps the instant of the sending however often it is looked for, and begins anew with the next sending', async () => {
    const store = await openTestDatabase()
    await add(store, 'k')
    await claimed(store)
    const second = await claimed(store, NOON + GRACE_MS)
    const third = await claimed(store, NOON + 9 * GRACE_MS)
    expect([second.claimedAt, third.claimedAt]).toEqual([NOON, NOON])
    await box(store, (outbox) => outbox.giveBack(third, NOON + 10 * GRACE_MS, 'not-delivered'))
    expect((await claimed(store, NOON + 10 * GRACE_MS)).claimedAt).toBe(NOON + 10 * GRACE_MS)
  })

  test('that was overtaken can neither finish nor give back', async () => {
    const store = await openTestDatabase()
    await add(store, 'k')
    const slow = await claimed(store)
    const quick = await claimed(store, NOON + GRACE_MS)
    expect(await box(store, (outbox) => outbox.markSent(slow, NOON))).toBe(false)
    expect(await box(store, (outbox) => outbox.giveBack(slow, NOON, 'late'))).toBe(false)
    expect(await box(store, (outbox) => outbox.markSent(quick, NOON))).toBe(true)
    expect(await box(store, (outbox) => outbox.markSent(quick, NOON))).toBe(false)
    expect(await box(store, (outbox) => outbox.nextDueAt('slack'))).toBeNull()
  })
})

test('what waits is counted by target, with the oldest and the last reason', async () => {
  const store = await openTestDatabase()
  await add(store, 'k1')
  await box(store, (outbox) => outbox.add({ key: 'k2', target: 'slack', lane: 'notices', dispatch: notice }, NOON + 5000))
  const row = await claimed(store)
  await box(store, (outbox) => outbox.giveBack(row, NOON, 'channel_not_found'))
  expect(await box(store, (outbox) => outbox.backlog())).toEqual([{ target: 'slack', count: 2, since: NOON, error: 'channel_not_found' }])
})

test('the same key twice is one row, also after it was sent', async () => {
  const store = await openTestDatabase()
  await add(store, 'k')
  const row = await claimed(store)
  await box(store, (outbox) => outbox.markSent(row, NOON))
  await add(store, 'k')
  expect(await due(store)).toEqual([])
})
