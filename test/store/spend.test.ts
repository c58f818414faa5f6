import { expect, test } from 'vitest'
import { NO_USAGE } from '../../src/services/model/model.ts'
import { NOON } from '../support/incident-samples.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

const reserve = ({ uow }: TestDatabase, day: string, worst: number): Promise<number> =>
  uow.run(({ spend }) => spend.reserve({ sessionId: 1, day, worst, at: NOON }))

test('a call counts at its worst until it is settled, and for ever when it never came back', async () => {
  const store = await openTestDatabase()
  const total = (from = '2026-03-02', to = from): Promise<unknown> => store.uow.run(({ spend }) => spend.total(from, to))
  expect(await total()).toEqual({ cost: 0, turns: 0, usage: NO_USAGE })
  const [came, failed, lost] = [
    await reserve(store, '2026-03-02', 900),
    await reserve(store, '2026-03-02', 500),
    await reserve(store, '2026-03-02', 70),
  ]
  expect([came, failed, lost]).toEqual([1, 2, 3])
  expect(await total()).toEqual({ cost: 1470, turns: 0, usage: NO_USAGE })
  const usage = { input: 1, output: 2, cacheWrite: 3, cacheRead: 4 }
  await store.uow.run(({ spend }) => spend.settle(came, { cost: 120, usage }))
  await store.uow.run(({ spend }) => spend.settle(failed, { cost: 0, usage: null }))
  expect(await total()).toEqual({ cost: 190, turns: 1, usage })
})

test('sums days from the first to the last, both included', async () => {
  const store = await openTestDatabase()
  const days = ['2026-02-28', '2026-03-01', '2026-03-02', '2026-03-03']
  for (const [index, day] of days.entries()) await reserve(store, day, 10 ** index)
  const cost = async (from: string, to: string): Promise<number> => (await store.uow.run(({ spend }) => spend.total(from, to))).cost
  expect(await cost('2026-03-01', '2026-03-02')).toBe(110)
  expect(await cost('2026-02-28', '2026-03-03')).toBe(1111)
  expect(await cost('2026-03-04', '2026-03-31')).toBe(0)
})
