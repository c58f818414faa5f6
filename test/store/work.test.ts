import { describe, expect, test } from 'vitest'
import type { JobName, WorkRequest } from '../../src/services/work/work.ts'
import type { AllPorts } from '../../src/store/unit.ts'
import { NOON } from '../support/incident-samples.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

const SYNC: JobName = 'port-sheet-sync'
const HOUR = 3_600_000

const request = (change: Partial<WorkRequest> = {}): WorkRequest => ({
  job: SYNC,
  subject: '',
  dueAt: NOON,
  reason: 'cron',
  by: null,
  ...change,
})

interface Row {
  readonly job: string
  readonly subject: string
  readonly state: string
  readonly due: number
  readonly demanded: number
  readonly reason: string
}

const rows = ({ raw }: TestDatabase): Row[] =>
  raw.prepare('select job, subject, state, (due_at - ?) as due, demanded, reason from work order by id').all(NOON) as unknown as Row[]

const in_ = <T>({ uow }: TestDatabase, body: (ports: AllPorts) => Promise<T>): Promise<T> => uow.run(body)

describe('asking for runs', () => {
  const ensured = { job: SYNC, subject: '', state: 'queued', due: 0, demanded: 0, reason: 'cron' }

  test('regular work is added once and leaves a wait that was decided on alone', async () => {
    const store = await openTestDatabase()
    await in_(store, ({ work }) => work.ensure(request()))
    await in_(store, ({ work }) => work.ensure(request({ dueAt: NOON + 1 })))
    expect(rows(store)).toEqual([ensured])
    await in_(store, ({ work }) => work.schedule(request({ dueAt: NOON + 4 * HOUR, reason: 'retry' })))
    await in_(store, ({ work }) => work.ensure(request({ dueAt: NOON + HOUR })))
    expect(rows(store)).toEqual([{ ...ensured, due: 4 * HOUR, reason: 'retry' }])
  })

  test('a person ends a wait, and no schedule makes them wait again', async () => {
    const store = await openTestDatabase()
    await in_(store, ({ work }) => work.schedule(request({ dueAt: NOON + 24 * HOUR, reason: 'retry' })))
    await in_(store, ({ work }) => work.demand(request({ reason: 'operator', by: 'U0MARA' })))
    await in_(store, ({ work }) => work.schedule(request({ dueAt: NOON + 24 * HOUR, reason: 'retry' })))
    expect(rows(store)).toEqual([{ ...ensured, demanded: 1, reason: 'operator' }])
  })

  test('a demand never makes anything later', async () => {
    const store = await openTestDatabase()
    await in_(store, ({ work }) => work.ensure(request()))
    await in_(store, ({ work }) => work.demand(request({ dueAt: NOON + HOUR, reason: 'consent' })))
    expect(rows(store)).toEqual([{ ...ensured, demanded: 1, reason: 'consent' }])
  })

  test('a schedule moves what waits, either way', async () => {
    const store = await openTestDatabase()
    await in_(store, ({ work }) => work.schedule(request({ dueAt: NOON + HOUR, reason: 'due' })))
    await in_(store, ({ work }) => work.schedule(request({ dueAt: NOON + 2 * HOUR, reason: 'due' })))
    await in_(store, ({ work }) => work.schedule(request({ dueAt: NOON - HOUR, reason: 'due' })))
    expect(rows(store).map(({ due }) => due)).toEqual([-HOUR])
  })

  test('subjects of a job wait beside each other', async () => {
    const store = await openTestDatabase()
    await in_(store, ({ wakes }) => wakes.wakeAt(1, NOON + HOUR))
    await in_(store, ({ wakes }) => wakes.wakeAt(2, NOON + HOUR))
    await in_(store, ({ wakes }) => wakes.wakeAt(1, NOON + 2 * HOUR))
    expect(rows(store).map(({ subject, due }) => [subject, due / HOUR])).toEqual([
      ['1', 2],
      ['2', 1],
    ])
  })
})

describe('single flight', () => {
  test('requests during a run queue exactly one more, which waits for its end', async () => {
    const store = await openTestDatabase()
    await in_(store, ({ work }) => work.ensure(request()))
    const first = await in_(store, ({ jobs }) => jobs.claim(NOON))
    if (first === null) throw new Error('nothing was claimed')
    for (let count = 0; count < 5; count += 1)
      await in_(store, ({ work }) => work.demand(request({ dueAt: NOON + count, reason: 'operator' })))
    expect(rows(store).map(({ state }) => state)).toEqual(['running', 'queued'])
    expect(await in_(store, ({ jobs }) => jobs.claim(NOON + HOUR))).toBeNull()
    expect(await in_(store, ({ jobs }) => jobs.nextDueAt())).toBeNull()
    expect(await in_(store, ({ runs }) => runs.isRunning(SYNC))).toBe(true)
    await in_(store, ({ jobs }) => jobs.finish(first, { outcome: 'synced', summary: '' }, NOON + 5))
    expect(await in_(store, ({ jobs }) => jobs.nextDueAt())).toBe(NOON)
    expect(await in_(store, ({ jobs }) => jobs.claim(NOON + 5))).toMatchObject({ reason: 'operator', runId: 2, demanded: true })
    expect(await in_(store, ({ jobs }) => jobs.claim(NOON + 5))).toBeNull()
  })

  test('the database itself refuses a second run of the same job', async () => {
    const store = await openTestDatabase()
    await in_(store, ({ work }) => work.ensure(request()))
    await in_(store, ({ jobs }) => jobs.claim(NOON))
    const insert = store.raw.prepare(
      "insert into work (id, job, subject, state, due_at, demanded, reason) values (99, ?, '', 'running', 0, 0, 'cron')",
    )
    expect(() => insert.run(SYNC)).toThrow(/UNIQUE constraint failed: work\.job, work\.subject, work\.state/)
  })

  test('nothing is claimed before it is due, and the most overdue goes first', async () => {
    const store = await openTestDatabase()
    await in_(store, ({ work }) => work.ensure(request({ dueAt: NOON + 1 })))
    await in_(store, ({ work }) => work.ensure(request({ job: 'housekeeping', dueAt: NOON })))
    expect(await in_(store, ({ jobs }) => jobs.claim(NOON - 1))).toBeNull()
    expect(await in_(store, ({ jobs }) => jobs.claim(NOON + 1))).toMatchObject({ job: 'housekeeping' })
    expect(await in_(store, ({ jobs }) => jobs.claim(NOON + 1))).toMatchObject({ job: SYNC })
  })
})

describe('after a crash', () => {
  test('what was under way is queued once, and its record says that it was interrupted', async () => {
    const store = await openTestDatabase()
    await in_(store, ({ work }) => work.demand(request({ reason: 'operator', by: 'U0MARA' })))
    await in_(store, ({ jobs }) => jobs.claim(NOON))
    await store.close()
    const next = await openTestDatabase({ folder: store.folder })
    expect(await in_(next, ({ jobs }) => jobs.recover(NOON + HOUR))).toBe(1)
    expect(await in_(next, ({ jobs }) => jobs.recover(NOON + HOUR))).toBe(0)
    expect(rows(next)).toEqual([{ job: SYNC, subject: '', state: 'queued', due: HOUR, demanded: 1, reason: 'operator' }])
    expect(await in_(next, ({ runs }) => runs.lastRun(SYNC))).toEqual({
      id: 1,
      job: SYNC,
      subject: '',
      reason: 'operator',
      by: 'U0MARA',
      startedAt: NOON,
      finishedAt: NOON + HOUR,
      outcome: 'interrupted',
      summary: 'The bot stopped during this run.',
    })
  })

  test('a request made during the run that died stands for both', async () => {
    const store = await openTestDatabase()
    await in_(store, ({ work }) => work.ensure(request()))
    await in_(store, ({ jobs }) => jobs.claim(NOON))
    await in_(store, ({ work }) => work.schedule(request({ dueAt: NOON + 24 * HOUR, reason: 'retry' })))
    await in_(store, ({ jobs }) => jobs.recover(NOON + 60_000))
    expect(rows(store).map(({ state, due }) => [state, due])).toEqual([['queued', 60_000]])
  })

  test('a demand survives the crash as a demand, also when something else was queued meanwhile', async () => {
    const store = await openTestDatabase()
    await in_(store, ({ work }) => work.demand(request({ reason: 'operator', by: 'U0MARA' })))
    await in_(store, ({ jobs }) => jobs.claim(NOON))
    await in_(store, ({ work }) => work.ensure(request({ dueAt: NOON + HOUR })))
    await in_(store, ({ jobs }) => jobs.recover(NOON + 60_000))
    await in_(store, ({ work }) => work.schedule(request({ dueAt: NOON + 24 * HOUR, reason: 'retry' })))
    expect(rows(store)).toEqual([{ job: SYNC, subject: '', state: 'queued', due: 60_000, demanded: 1, reason: 'operator' }])
  })
})

describe('what people ask about runs', () => {
  test('the first run that began after a request, once it has ended', async () => {
    const store = await openTestDatabase()
    const end = async (startedAt: number, endedAt: number | null, outcome: string): Promise<void> => {
      await in_(store, ({ work }) => work.ensure(request({ dueAt: startedAt })))
      const claimed = await in_(store, ({ jobs }) => jobs.claim(startedAt))
      if (claimed !== null && endedAt !== null) await in_(store, ({ jobs }) => jobs.finish(claimed, { outcome, summary: outcome }, endedAt))
    }
    await end(NOON, NOON + 10, 'blocked')
    await end(NOON + 20, NOON + 30, 'synced')
    await end(NOON + 40, null, '')
    const after = async (runId: number): Promise<string | null> =>
      (await in_(store, ({ runs }) => runs.finishedAfter(SYNC, runId)))?.outcome ?? null
    expect(await after(0)).toBe('blocked')
    expect(await after(1)).toBe('synced')
    expect(await after(2)).toBeNull()
    expect(await in_(store, ({ runs }) => runs.lastRun(SYNC))).toMatchObject({ id: 3, finishedAt: null })
    expect(await in_(store, ({ runs }) => runs.waiting(SYNC))).toBeNull()
  })

  test('when the clock is set back, what waits moves along and what is under way stays', async () => {
    const store = await openTestDatabase()
    await in_(store, ({ work }) => work.ensure(request()))
    await in_(store, ({ jobs }) => jobs.claim(NOON))
    await in_(store, ({ work }) => work.schedule(request({ dueAt: NOON + HOUR, reason: 'retry' })))
    await in_(store, ({ jobs }) => jobs.shift(-2 * HOUR))
    expect(rows(store).map(({ state, due }) => [state, due / HOUR])).toEqual([
      ['running', 0],
      ['queued', -1],
    ])
  })
})
