import { expect, test } from 'vitest'
import type { Question } from '../../src/services/answers/question.ts'
import { NOON } from '../support/incident-samples.ts'
import { openTestDatabase } from '../support/repo-database.ts'

const DAY = 86_400_000
const asked = (n: number, change: Partial<Question> = {}): Omit<Question, 'id' | 'state'> => ({
  eventId: `Ev${n}`,
  incidentId: 1,
  asker: 'U0MARA',
  text: 'Why?',
  askedAt: NOON,
  ...change,
})
const usage = { input: 1, output: 2, cacheWrite: 3, cacheRead: 4 }

test('an event is one question, which is answered once', async () => {
  const { uow } = await openTestDatabase()
  const first = await uow.run(({ questions }) => questions.add(asked(1)))
  expect(first).toMatchObject({ ...asked(1), state: 'waiting' })
  const id = first?.id ?? 0
  expect(await uow.run(({ questions }) => questions.add(asked(1, { text: 'Again' })))).toBeNull()
  expect(await uow.run(({ questions }) => questions.markAnswered(id, 'claude', NOON))).toBe(true)
  expect(await uow.run(({ questions }) => questions.markAnswered(id, 'runbook', NOON))).toBe(false)
  expect(await uow.run(({ questions }) => questions.find(id))).toMatchObject({ state: 'answered' })
})

test('a call counts at its worst until its cost is known; a third one, and the same twice, are impossible', async () => {
  const { uow } = await openTestDatabase()
  const reserve = (questionId: number, n: number, day = '2026-03-02'): Promise<void> =>
    uow.run(({ questions }) => questions.reserve({ questionId, n }, { day, worst: 100, at: NOON }))
  await uow.run(({ questions }) => questions.add(asked(1)))
  await uow.run(({ questions }) => questions.add(asked(2)))
  await reserve(1, 1)
  await reserve(1, 2)
  await reserve(2, 1, '2026-03-03')
  await expect(reserve(1, 2)).rejects.toThrow()
  await expect(reserve(1, 3)).rejects.toThrow()
  await uow.run(({ questions }) => questions.settle({ questionId: 1, n: 1 }, { cost: 7, usage }))
  await uow.run(async ({ questions }) => {
    expect(await questions.spentOn('2026-03-02')).toBe(107)
    expect(await questions.spentOn('2026-03-03')).toBe(100)
    expect(await questions.spentOn('2026-03-04')).toBe(0)
    expect(await questions.calls(1)).toBe(2)
    expect(await questions.askedSince(1, NOON - 1, 0)).toBe(2)
    expect(await questions.askedSince(1, NOON - 1, 1)).toBe(1)
    expect(await questions.askedSince(1, NOON, 0)).toBe(0)
    expect(await questions.askedSince(2, NOON - 1, 0)).toBe(0)
  })
})

test('a question goes 90 days after it was answered, what it cost after 400; an open one stays', async () => {
  const { uow } = await openTestDatabase()
  await uow.run(async ({ questions }) => {
    await questions.add(asked(1))
    await questions.add(asked(2))
    await questions.reserve({ questionId: 1, n: 1 }, { day: '2026-03-02', worst: 100, at: NOON })
    await questions.markAnswered(1, 'claude', NOON)
  })
  const sweep = (days: number): Promise<number> => uow.run(({ housekeeping }) => housekeeping.sweep(NOON + days * DAY + 1))
  expect(await sweep(89)).toBe(0)
  expect(await sweep(90)).toBe(1)
  expect(await sweep(399)).toBe(0)
  expect(await sweep(400)).toBe(1)
  expect(await uow.run(({ questions }) => questions.find(2))).not.toBeNull()
})
