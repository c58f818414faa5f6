import type { Cancel, Clock } from '../../src/clock.ts'

interface Timer {
  readonly due: number
  readonly serial: number
  readonly run: () => void
}

export interface FakeClock extends Clock {
  /** Moves wall and monotonic time together; every due timer fires at its own instant, in order. */
  advance(ms: number): void
  /** Moves only the wall clock, either way: what a time service or a resumed machine does. Timers and `monotonic` do not notice. */
  jump(ms: number): void
  /** The wall-clock instant of the earliest timer, or null. */
  nextTimerAt(): number | null
  readonly pending: number
}

/** A clock that stands still until it is told to move. `start` is UTC milliseconds. */
export function createFakeClock(start: number): FakeClock {
  let elapsed = 0
  let offset = start
  let serial = 0
  const timers = new Set<Timer>()

  const earliest = (): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers) {
      if (first === undefined || timer.due < first.due || (timer.due === first.due && timer.serial < first.serial)) first = timer
    }
    return first
  }

  return {
    now: () => offset + elapsed,
    monotonic: () => elapsed,
    after(delayMs, run): Cancel {
      const timer: Timer = { due: elapsed + Math.max(delayMs, 0), serial: serial++, run }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError(`advance() goes forward only, got ${ms}; use jump() for a clock that is set back`)
      const until = elapsed + ms
      for (let timer = earliest(); timer !== undefined && timer.due <= until; timer = earliest()) {
        timers.delete(timer)
        elapsed = Math.max(elapsed, timer.due)
        timer.run()
      }
      elapsed = until
    },
    jump(ms) {
      offset += ms
    },
    nextTimerAt() {
      const timer = earliest()
      return timer === undefined ? null : offset + timer.due
    },
    get pending() {
      return timers.size
    },
  }
}
