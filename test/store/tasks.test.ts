import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import type { NewTask } from '../../src/services/tasks/ports.ts'
import { PRIORITIES, rankOf, type Task, type TaskState } from '../../src/services/tasks/task.ts'
import { newTask } from '../support/agent-samples.ts'
import { NOON } from '../support/incident-samples.ts'
import { emptyDatabase, openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

const ANY = { criticalOnly: false, kinds: ['chase-agreement'] }

const add = async ({ uow }: TestDatabase, change: Partial<NewTask> = {}, now = NOON): Promise<Task> =>
  (await uow.run(({ tasks }) => tasks.add(newTask(change), now))).task
const move = ({ uow }: TestDatabase, task: Task, state: TaskState, updatedAt = NOON): Promise<void> =>
  uow.run(({ tasks }) => tasks.save({ ...task, state, updatedAt }))
const next = async ({ uow }: TestDatabase, filter = ANY): Promise<number | null> =>
  (await uow.run(({ tasks }) => tasks.next(filter)))?.id ?? null

describe('adding', () => {
  test('keeps what was asked for', async () => {
    const store = await openTestDatabase()
    const first = await add(store)
    const wish = newTask({
      priority: 'high',
      dueOn: '2026-11-30',
      dependsOn: [first.id, first.id],
      details: 'a\nb',
      key: 'k',
      bodyHash: 'h',
    })
    const { task, added, bodyHash } = await store.uow.run(({ tasks }) => tasks.add(wish, NOON))
    const { key: _key, bodyHash: _hash, ...said } = wish
    expect({ added, bodyHash }).toEqual({ added: true, bodyHash: 'h' })
    expect(task).toEqual({ ...said, dependsOn: [first.id], id: 2, ranOut: 0, outcome: null, createdAt: NOON, updatedAt: NOON, version: 1 })
    expect(await store.uow.run(({ tasks }) => tasks.find(2))).toEqual(task)
    expect(await store.uow.run(({ tasks }) => tasks.find(3))).toBeNull()
  })

  test('twice under one key is one task, and gives the hash of the first', async () => {
    const store = await openTestDatabase()
    await add(store, { key: 'k', bodyHash: 'h' })
    const again = await store.uow.run(({ tasks }) => tasks.add(newTask({ key: 'k', bodyHash: 'other', title: 'Other' }), NOON + 1))
    expect(again).toMatchObject({ added: false, bodyHash: 'h', task: { id: 1, title: 'Chase the agreement of JC-1' } })
    expect((await add(store, { key: 'k2' })).id).toBe(2)
  })

  test('a second follow-up gives the first', async () => {
    const store = await openTestDatabase()
    const parent = await add(store)
    const followUp = await add(store, { parentId: parent.id, role: 'followup', state: 'needs-person' })
    const again = await store.uow.run(({ tasks }) => tasks.add(newTask({ parentId: parent.id, role: 'followup' }), NOON))
    expect(again).toMatchObject({ added: false, bodyHash: null, task: { id: followUp.id, state: 'needs-person' } })
    await add(store, { parentId: parent.id })
    await add(store, { parentId: parent.id })
    expect((await store.uow.run(({ tasks }) => tasks.children(parent.id))).map(({ id }) => id)).toEqual([2, 3, 4])
  })

  test.each([
    ['a second follow-up', "update task set parent_id = 1, role = 'followup' where id in (2, 3)", /UNIQUE.*parent_id/],
    ['a key twice', "update task set key = 'k' where id in (2, 3)", /UNIQUE.*key/],
    ['a state nobody knows', "update task set state = 'lost' where id = 1", /CHECK.*task_state/],
    ['a priority nobody knows', "update task set priority = 'urgent' where id = 1", /CHECK.*task_priority/],
    ['a dependency twice', 'insert into task_dependency values (1, 2), (1, 2)', /UNIQUE.*task_dependency/],
  ])('the database itself refuses %s', async (_what, statement, refusal) => {
    const store = await openTestDatabase()
    for (let n = 0; n < 3; n += 1) await add(store)
    expect(() => store.raw.exec(statement)).toThrow(refusal)
  })
})

test('what happens to a task is written, what was asked for is not', async () => {
  const store = await openTestDatabase()
  const task = await add(store)
  const changed: Task = { ...task, state: 'failed', outcome: 'no answer', ranOut: 2, updatedAt: NOON + 5 }
  await store.uow.run(({ tasks }) => tasks.save({ ...changed, title: 'Another' }))
  expect(await store.uow.run(({ tasks }) => tasks.find(task.id))).toEqual(changed)
})

test('lists live ones by urgency and then the ones that ended last; counts them by state', async () => {
  const store = await openTestDatabase()
  const [first, second, third, fourth] = [await add(store), await add(store), await add(store), await add(store)]
  if (first === undefined || second === undefined || third === undefined || fourth === undefined) throw new Error('not added')
  await move(store, first, 'done', NOON + 1)
  await move(store, second, 'cancelled', NOON + 2)
  await move(store, third, 'needs-person')
  const urgent = await add(store, { priority: 'critical', dependsOn: [first.id] })
  const list = (limit: number): Promise<Task[]> => store.uow.run(({ tasks }) => tasks.list(limit))
  expect((await list(10)).map(({ id }) => id)).toEqual([urgent.id, third.id, fourth.id, second.id, first.id])
  expect((await list(10))[0]?.dependsOn).toEqual([first.id])
  expect((await list(4)).map(({ id }) => id)).toEqual([urgent.id, third.id, fourth.id, second.id])
  expect((await list(2)).map(({ id }) => id)).toEqual([urgent.id, third.id])
  expect(await store.uow.run(({ tasks }) => tasks.countByState())).toEqual({ done: 1, cancelled: 1, 'needs-person': 1, queued: 2 })
})

describe('the next task', () => {
  test('is the most urgent, then the one due first, then the oldest', async () => {
    const store = await openTestDatabase()
    const plain = await add(store)
    const late = await add(store, { dueOn: '2026-12-01' })
    const soon = await add(store, { dueOn: '2026-11-30' })
    const urgent = await add(store, { priority: 'high' })
    for (const task of [urgent, soon, late, plain]) {
      expect(await next(store)).toBe(task.id)
      await move(store, task, 'running')
    }
    expect(await next(store)).toBeNull()
  })

  test.each<[TaskState, boolean]>([
    ['queued', false],
    ['running', false],
    ['waiting', false],
    ['needs-person', false],
    ['failed', false],
    ['cancelled', false],
    ['done', true],
  ])('does not depend on one that is %s, unless that is done', async (state, free) => {
    const store = await openTestDatabase()
    const other = await add(store, { kind: 'other' })
    const task = await add(store, { dependsOn: [other.id] })
    await move(store, other, state)
    expect(await next(store)).toBe(free ? task.id : null)
  })

  test('is of a kind that there is, and critical where only those may begin', async () => {
    const store = await openTestDatabase()
    const high = await add(store, { priority: 'high' })
    const odd = await add(store, { kind: 'odd', priority: 'critical' })
    expect(await next(store)).toBe(high.id)
    expect(await next(store, { criticalOnly: true, kinds: ['chase-agreement'] })).toBeNull()
    expect(await next(store, { criticalOnly: true, kinds: ['chase-agreement', 'odd'] })).toBe(odd.id)
    expect(await next(store, { criticalOnly: false, kinds: [] })).toBeNull()
  })

  let shared: TestDatabase | undefined
  const KINDS = ['a', 'b', 'c'] as const
  const STATES: readonly TaskState[] = [
    'queued',
    'queued',
    'queued',
    'running',
    'waiting',
    'done',
    'done',
    'failed',
    'needs-person',
    'cancelled',
  ]
  const plan = fc.array(
    fc.record({
      kind: fc.constantFrom(...KINDS),
      priority: fc.constantFrom(...PRIORITIES),
      dueOn: fc.constantFrom(null, '2026-11-29', '2026-11-30', '2027-01-01'),
      state: fc.constantFrom(...STATES),
      // Any other one of the list, also one that comes later, and one that is not there.
      needs: fc.array(fc.nat(12), { maxLength: 3 }),
    }),
    { maxLength: 12 },
  )

  property.prop([plan, fc.boolean(), fc.subarray([...KINDS])], { numRuns: 100 })(
    'is what a naive reading gives',
    async (wishes, criticalOnly, kinds) => {
      const store = (shared ??= await openTestDatabase())
      emptyDatabase(store)
      for (const { needs, state, ...wish } of wishes) {
        const task = await add(store, { ...wish, dependsOn: needs.map((n) => n + 1) })
        await move(store, task, state)
      }
      const done = new Set(wishes.flatMap(({ state }, index) => (state === 'done' ? index + 1 : [])))
      const expected = wishes
        .map((wish, index) => ({ ...wish, id: index + 1 }))
        .filter(({ state, kind }) => state === 'queued' && kinds.includes(kind))
        .filter(({ priority }) => !criticalOnly || priority === 'critical')
        .filter(({ needs }) => needs.every((n) => done.has(n + 1)))
        .toSorted((a, b) => rankOf(a.priority) - rankOf(b.priority) || (a.dueOn ?? '9').localeCompare(b.dueOn ?? '9') || a.id - b.id)
      expect(await next(store, { criticalOnly, kinds })).toBe(expected[0]?.id ?? null)
    },
  )
})
