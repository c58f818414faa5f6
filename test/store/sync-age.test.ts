import { expect, test } from 'vitest'
import { FRESH_SYNC_STATE } from '../../src/services/sheets/sync-state.ts'
import { readAges, recordAge } from '../../src/services/status/sync-age.ts'
import { NOON } from '../support/incident-samples.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const read = async ({ uow }: TestDatabase, at: number): Promise<void> => {
  await uow.run(async (ports) => {
    await ports.charters.saveTab({ title: '2026-03', gridId: 1, contentHash: 'a', readAt: at, charters: 3 })
    await recordAge(ports, at)
    await ports.syncState.write({ ...FRESH_SYNC_STATE, lastSuccessAt: at, lastReadAt: at, tabs: ['2026-03'] })
    await recordAge(ports, at)
  })
}
const record = ({ uow }: TestDatabase, at: number): Promise<void> => uow.run((ports) => recordAge(ports, at))
const kept = async ({ uow }: TestDatabase): Promise<number[]> =>
  (await uow.run(({ syncAge }) => syncAge.since(0))).map(({ minutes }) => minutes)

test('the worst of an hour stays: a good sync does not make it younger', async () => {
  const store = await openTestDatabase()
  await read(store, NOON)
  await record(store, NOON + 0.5 * HOUR)
  await read(store, NOON + 0.75 * HOUR)
  expect(await kept(store)).toEqual([45])
  await read(store, NOON + 1.75 * HOUR)
  expect(await kept(store)).toEqual([45, 60])
})

test('it grows while syncs fail, and over a downtime', async () => {
  const store = await openTestDatabase()
  await read(store, NOON)
  await record(store, NOON + 3.5 * HOUR)
  expect(await kept(store)).toEqual([60, 120, 180, 210])
  await record(store, NOON + 30 * HOUR)
  expect((await kept(store)).at(-1)).toBe(30 * 60)
  const slots = await store.uow.run((ports) => readAges(ports, NOON + 30 * HOUR))
  expect(slots.slice(-4).map(({ minutes }) => minutes)).toEqual([null, 6 * 60, 18 * 60, 30 * 60])
})

test('before the first reading nothing is kept, and the chart has no zero for it', async () => {
  const store = await openTestDatabase()
  await record(store, NOON)
  expect(await kept(store)).toEqual([])
  expect((await store.uow.run((ports) => readAges(ports, NOON))).every(({ minutes }) => minutes === null)).toBe(true)
})

test('what a clock that was ahead wrote goes when it is set back', async () => {
  const store = await openTestDatabase()
  await read(store, NOON)
  await record(store, NOON + 5 * DAY)
  expect((await kept(store)).length).toBe(5 * 24 + 1)
  await record(store, NOON + HOUR)
  expect((await kept(store)).length).toBe(2)
})

test('it is kept for forty days', async () => {
  const store = await openTestDatabase()
  await read(store, NOON)
  const sweep = (days: number): Promise<number> => store.uow.run(({ housekeeping }) => housekeeping.sweep(NOON + days * DAY + 1))
  expect(await sweep(40 - 1)).toBe(0)
  expect(await sweep(40)).toBe(1)
})
