import { describe, expect, test } from 'vitest'
import { createWakeLoop, type Source, type WakeLoop } from '../../src/jobs/wake-loop.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { NOON } from '../support/incident-samples.ts'
import { createTestLog, type TestLog } from '../support/job-log.ts'

const SECOND = 1000

interface Bench {
  readonly clock: FakeClock
  readonly log: TestLog
  readonly loop: WakeLoop
  readonly jumps: number[]
  /** Lets time pass in small steps, with everything that follows from it. */
  pass(ms: number, stepMs?: number): Promise<void>
}

async function settle(): Promise<void> {
  for (let count = 0; count < 10; count += 1) await new Promise((resolve) => setImmediate(resolve))
}

function openBench(sources: (clock: FakeClock) => Source[]): Bench {
  const clock = createFakeClock(NOON)
  const log = createTestLog()
  const jumps: number[] = []
  const loop = createWakeLoop({
    clock,
    log,
    sources: sources(clock),
    clockJumped: (deltaMs) => {
      jumps.push(deltaMs)
      return Promise.resolve()
    },
  })
  return {
    clock,
    log,
    loop,
    jumps,
    pass: async (ms, stepMs = SECOND) => {
      for (let done = 0; done < ms; done += stepMs) {
        clock.advance(Math.min(stepMs, ms - done))
        await settle()
      }
    },
  }
}

/** A source with rows that are due at the given instants; tells when each was done. */
function rowsSource(clock: FakeClock, due: number[], done: number[]): Source {
  return {
    name: 'rows',
    nextDueAt: () => Promise.resolve(due.length === 0 ? null : Math.min(...due)),
    runDue: (now) => {
      for (const at of due.filter((one) => one <= now).toSorted((a, b) => a - b)) {
        due.splice(due.indexOf(at), 1)
        done.push(clock.now() - NOON)
      }
      return Promise.resolve()
    },
  }
}

describe('the loop', () => {
  test('looks at each row at its very instant', async () => {
    const done: number[] = []
    const due = [NOON, NOON + 1500, NOON + 1501, NOON + 60 * SECOND]
    const bench = openBench((clock) => [rowsSource(clock, due, done)])
    bench.loop.start()
    await settle()
    await bench.pass(61 * SECOND, 1)
    expect(done).toEqual([0, 1500, 1501, 60_000])
    bench.loop.stop()
  }, 60_000)

  test('sees what others added within five seconds, and at once when it is woken', async () => {
    const done: number[] = []
    const due: number[] = []
    const bench = openBench((clock) => [rowsSource(clock, due, done)])
    bench.loop.start()
    await settle()
    due.push(NOON)
    await bench.pass(5 * SECOND)
    expect(done).toEqual([5000])
    due.push(NOON)
    bench.loop.wake()
    await settle()
    expect(done).toEqual([5000, 5000])
  })

  test('never looks at one source twice at once; a wake during a look is one more look', async () => {
    let atOnce = 0
    let most = 0
    let looks = 0
    const ends: (() => void)[] = []
    const bench = openBench(() => [
      {
        name: 'slow',
        nextDueAt: () => Promise.resolve(null),
        runDue: async () => {
          looks += 1
          atOnce += 1
          most = Math.max(most, atOnce)
          await new Promise<void>((resolve) => ends.push(resolve))
          atOnce -= 1
        },
      },
    ])
    bench.loop.start()
    for (let count = 0; count < 5; count += 1) bench.loop.wake()
    await settle()
    expect(looks).toBe(1)
    ends.shift()?.()
    await settle()
    expect(looks).toBe(2)
    ends.shift()?.()
    await settle()
    expect([looks, most]).toEqual([2, 1])
    expect(bench.clock.pending).toBe(1)
  })

  test('a source that hangs or throws holds up no other, and is tried again', async () => {
    const done: number[] = []
    const due = [NOON + 2 * SECOND]
    let throws = 2
    const bench = openBench((clock) => [
      { name: 'hung', nextDueAt: () => Promise.resolve(null), runDue: () => new Promise<void>(() => undefined) },
      {
        name: 'broken',
        nextDueAt: () => Promise.resolve(null),
        runDue: () => {
          if (throws-- > 0) return Promise.reject(new Error('SQLITE_BUSY'))
          done.push(-1)
          return Promise.resolve()
        },
      },
      rowsSource(clock, due, done),
    ])
    bench.loop.start()
    await settle()
    await bench.pass(10 * SECOND)
    expect(done).toEqual([2000, -1])
    expect(bench.log.lines).toEqual(['error [loop] broken: Error: SQLITE_BUSY', 'error [loop] broken: Error: SQLITE_BUSY'])
  })

  test('after a stop nothing is looked at any more', async () => {
    const done: number[] = []
    const due = [NOON + SECOND]
    const bench = openBench((clock) => [rowsSource(clock, due, done)])
    bench.loop.start()
    await settle()
    bench.loop.stop()
    bench.loop.wake()
    await bench.pass(20 * SECOND)
    expect(done).toEqual([])
    expect(bench.clock.pending).toBe(0)
    await bench.loop.idle()
  })

  test('tells when it last looked, on the clock that never jumps', async () => {
    const bench = openBench(() => [{ name: 'empty', nextDueAt: () => Promise.resolve(null), runDue: () => Promise.resolve() }])
    expect(bench.loop.lastLookAt()).toBeNull()
    bench.loop.start()
    await settle()
    expect(bench.loop.lastLookAt()).toBe(0)
    bench.clock.jump(-86_400_000)
    await bench.pass(5 * SECOND)
    expect(bench.loop.lastLookAt()).toBe(5000)
  })
})

describe('the wall clock jumps', () => {
  test.each([-7_200_000, -31_000, 31_000, 7_200_000])('a jump of %i ms is noticed once, within five seconds', async (jumpMs) => {
    const bench = openBench(() => [{ name: 'empty', nextDueAt: () => Promise.resolve(null), runDue: () => Promise.resolve() }])
    bench.loop.start()
    await settle()
    bench.clock.jump(jumpMs)
    await bench.pass(20 * SECOND)
    expect(bench.jumps).toEqual([jumpMs])
    expect(bench.log.lines).toEqual([`warn [loop] the clock jumped by ${jumpMs / 1000} s`])
  })

  test('small corrections are no jump', async () => {
    const bench = openBench(() => [{ name: 'empty', nextDueAt: () => Promise.resolve(null), runDue: () => Promise.resolve() }])
    bench.loop.start()
    await settle()
    for (let count = 0; count < 20; count += 1) {
      bench.clock.jump(count % 2 === 0 ? 5000 : -5000)
      await bench.pass(5 * SECOND)
    }
    expect(bench.jumps).toEqual([])
  })

  test('a clock set forward makes rows due within five seconds', async () => {
    const done: number[] = []
    const due = [NOON + 3_600_000]
    const bench = openBench((clock) => [rowsSource(clock, due, done)])
    bench.loop.start()
    await settle()
    bench.clock.jump(3_600_000)
    await bench.pass(5 * SECOND)
    expect(done).toHaveLength(1)
  })
})
