import type { Clock } from '../../src/clock.ts'

/** A clock that runs `factor` times as fast as the real one, from `base` at the real instant `realBase`; the same in every process. */
export function createScaledClock(base: number, realBase: number, factor: number): Clock {
  return {
    now: () => Math.floor(base + (Date.now() - realBase) * factor),
    monotonic: () => performance.now() * factor,
    after: (delayMs, run) => {
      const timer = setTimeout(run, Math.max(delayMs, 0) / factor)
      return () => {
        clearTimeout(timer)
      }
    },
  }
}
