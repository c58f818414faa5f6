import { afterEach, describe, expect, test, vi } from 'vitest'
import { createCronTicker, createScheduler, nextSlot, slotMissed, type Scheduler, type Ticker } from '../../src/jobs/cron.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { createTestLog } from '../support/job-log.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

const utc = (text: string): number => Date.parse(`${text}Z`)
const iso = (time: number): string => new Date(time).toISOString().slice(0, 16)
const HALF_HOUR = '*/30 * * * *'

describe('the next slot', () => {
  test.each([
    [HALF_HOUR, '2026-03-02T12:00:00.000', '2026-03-02T12:30'],
    [HALF_HOUR, '2026-03-02T12:29:59.999', '2026-03-02T12:30'],
    [HALF_HOUR, '2026-03-02T12:30:00.001', '2026-03-02T13:00'],
    [HALF_HOUR, '2026-12-31T23:45:00.000', '2027-01-01T00:00'],
    ['17 10 * * *', '2026-03-02T10:17:00.000', '2026-03-03T10:17'],
    ['0 9 * * 1', '2026-03-02T09:00:00.000', '2026-03-09T09:00'],
    ['0 0 1 * *', '2026-02-01T00:00:00.000', '2026-03-01T00:00'],
    ['0 0 29 2 *', '2026-03-02T12:00:00.000', '2026-03-02T12:01'],
    // Summer time begins in Los Angeles at 10:00 UTC and in Berlin at 01:00 UTC three weeks later: neither matters.
    [HALF_HOUR, '2026-03-08T09:59:00.000', '2026-03-08T10:00'],
    ['30 2 * * *', '2026-03-08T02:29:00.000', '2026-03-08T02:30'],
    ['30 2 * * *', '2026-03-29T02:29:00.000', '2026-03-29T02:30'],
    ['30 1 * * *', '2026-11-01T01:30:00.000', '2026-11-02T01:30'],
  ])('%s after %s is %s', (cron, after, expected) => {
    expect(iso(nextSlot(cron, utc(after)))).toBe(expected)
  })

  test('on each day of a year there are 48 half-hours, whatever the local zone does', () => {
    for (let day = utc('2026-01-01T00:00:00'); day < utc('2027-01-01T00:00:00'); day += 30 * 86_400_000) {
      let count = 0
      for (let slot = nextSlot(HALF_HOUR, day - 1); slot < day + 86_400_000; slot = nextSlot(HALF_HOUR, slot)) count += 1
      expect(count).toBe(48)
    }
  })
})

describe('a missed slot', () => {
  test.each([
    [HALF_HOUR, '2026-03-02T12:00:00', '2026-03-02T12:29:59', false],
    [HALF_HOUR, '2026-03-02T12:00:00', '2026-03-02T12:30:00', true],
    [HALF_HOUR, '2026-03-02T11:59:59', '2026-03-02T12:00:00', true],
    [HALF_HOUR, '2026-03-02T12:00:01', '2026-03-02T12:20:00', false],
    [HALF_HOUR, '2026-02-02T12:00:01', '2026-03-02T12:20:00', true],
    ['17 10 * * *', '2026-03-02T10:17:00', '2026-03-03T10:16:59', false],
    ['17 10 * * *', '2026-03-02T10:16:59', '2026-03-02T10:20:00', true],
    ['17 10 * * *', '2026-03-02T10:17:05', '2026-03-02T12:00:00', false],
  ])('of %s between %s and %s: %s', (cron, since, now, expected) => {
    expect(slotMissed(cron, utc(since), utc(now))).toBe(expected)
  })
})

/** Ticks when the test says so. */
function handTicker(): Ticker & { tick(): void; readonly running: string[] } {
  const ticks = new Map<string, () => void>()
  return {
    start: (name, cron, tick) => {
      const key = `${name} ${cron}`
      ticks.set(key, tick)
      return { stop: () => ticks.delete(key) }
    },
    tick: () => {
      for (const tick of ticks.values()) tick()
    },
    get running() {
      return [...ticks.keys()]
    },
  }
}

interface Bench {
  readonly clock: FakeClock
  readonly store: TestDatabase
  readonly ticker: ReturnType<typeof handTicker>
  readonly scheduler: Scheduler
  woken: number
  work(): string[]
  /** A run of the sync that began then and has ended. */
  ran(at: number): Promise<void>
}

async function openBench(start: number, cron = HALF_HOUR): Promise<Bench> {
  const clock = createFakeClock(start)
  const store = await openTestDatabase()
  const ticker = handTicker()
  const bench: Bench = {
    clock,
    store,
    ticker,
    scheduler: createScheduler({
      uow: store.uow,
      ticker,
      log: createTestLog(),
      schedules: [{ job: 'port-sheet-sync', cron }],
      now: () => clock.now(),
      wake: () => {
        bench.woken += 1
      },
    }),
    woken: 0,
    work: () =>
      store.raw
        .prepare('select reason, due_at from work')
        .all()
        .map((row) => `${String(row['reason'])} ${iso(Number(row['due_at']))}`),
    ran: (at) =>
      store.uow.run(async ({ work, jobs }) => {
        await work.ensure({ job: 'port-sheet-sync', subject: '', dueAt: at, reason: 'cron', by: null })
        const claimed = await jobs.claim(at)
        if (claimed !== null) await jobs.finish(claimed, { outcome: 'synced', summary: '' }, at)
      }),
  }
  return bench
}

async function settle(): Promise<void> {
  for (let count = 0; count < 10; count += 1) await new Promise((resolve) => setImmediate(resolve))
}

describe('the scheduler', () => {
  test('a tick adds one run and wakes the loop; a tick while one waits adds nothing', async () => {
    const bench = await openBench(utc('2026-03-02T12:00:00'))
    bench.scheduler.start()
    bench.ticker.tick()
    await settle()
    bench.ticker.tick()
    await settle()
    expect(bench.work()).toEqual(['cron 2026-03-02T12:00'])
    expect(bench.woken).toBe(2)
    bench.scheduler.stop()
    expect(bench.ticker.running).toEqual([])
  })

  test('a tick leaves a wait of hours alone', async () => {
    const bench = await openBench(utc('2026-03-02T12:00:00'))
    const dueAt = utc('2026-03-03T09:00:00')
    await bench.store.uow.run(({ work }) => work.schedule({ job: 'port-sheet-sync', subject: '', dueAt, reason: 'retry', by: null }))
    bench.scheduler.start()
    bench.ticker.tick()
    await settle()
    expect(bench.work()).toEqual(['retry 2026-03-03T09:00'])
  })

  test('the first start runs at once', async () => {
    const bench = await openBench(utc('2026-03-02T12:10:00'))
    await bench.scheduler.catchUp()
    expect(bench.work()).toEqual(['cron 2026-03-02T12:10'])
  })

  test('after three days of downtime one run catches up, not 144', async () => {
    const bench = await openBench(utc('2026-03-05T12:10:00'))
    await bench.ran(utc('2026-03-02T12:00:00'))
    await bench.scheduler.catchUp()
    await bench.scheduler.catchUp()
    expect(bench.work()).toEqual(['catch-up 2026-03-05T12:10'])
  })

  test('a restart between two slots runs nothing', async () => {
    const bench = await openBench(utc('2026-03-02T12:10:00'))
    await bench.ran(utc('2026-03-02T12:00:00.500'))
    await bench.scheduler.catchUp()
    expect(bench.work()).toEqual([])
  })

  test('a long wait survives downtime and the catch-up after it', async () => {
    const bench = await openBench(utc('2026-03-02T18:00:00'))
    await bench.ran(utc('2026-03-02T12:00:00'))
    const dueAt = utc('2026-03-03T12:00:00')
    await bench.store.uow.run(({ work }) => work.schedule({ job: 'port-sheet-sync', subject: '', dueAt, reason: 'retry', by: null }))
    await bench.scheduler.catchUp()
    expect(bench.work()).toEqual(['retry 2026-03-03T12:00'])
  })

  test('a last run in the future, after the clock was set back, does not mean that all is well', async () => {
    const bench = await openBench(utc('2026-03-02T12:10:00'))
    await bench.ran(utc('2026-03-02T14:00:00'))
    await bench.scheduler.catchUp()
    expect(bench.work()).toEqual(['catch-up 2026-03-02T12:10'])
  })
})

describe('node-cron itself', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Minutes of the ticks within `ms` of `start`. */
  async function ticks(start: string, cron: string, ms: number): Promise<string[]> {
    vi.useFakeTimers({ now: utc(start) })
    const seen: string[] = []
    const running = createCronTicker(createTestLog()).start('port-sheet-sync', cron, () => {
      seen.push(new Date().toISOString().slice(0, 19))
    })
    await vi.advanceTimersByTimeAsync(ms)
    running.stop()
    await vi.advanceTimersByTimeAsync(ms)
    return seen
  }

  test('ticks at its slots, and not after it was stopped', async () => {
    expect(await ticks('2026-03-02T12:10:00', HALF_HOUR, 65 * 60_000)).toEqual(['2026-03-02T12:30:00', '2026-03-02T13:00:00'])
  })

  test('keeps every half-hour of the nights in which people change their clocks', async () => {
    for (const night of ['2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01']) {
      expect(await ticks(`${night}T00:00:01`, HALF_HOUR, 12 * 3_600_000)).toHaveLength(24)
    }
  })

  test('a daily job at half past two ticks once on each of them', async () => {
    for (const night of ['2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01']) {
      expect(await ticks(`${night}T00:00:01`, '30 2 * * *', 24 * 3_600_000)).toEqual([`${night}T02:30:00`])
    }
  })
})
