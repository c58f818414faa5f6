/** Stops what was scheduled; calling it again, or after it ran, does nothing. */
export type Cancel = () => void

/**
 * Where time comes from. Only the process edge and tests make one; everything else is handed `now` or a `Clock`.
 */
export interface Clock {
  /** UTC milliseconds since the epoch. May jump, in either direction. */
  now(): number
  /** Milliseconds since some fixed moment. Never jumps: for measuring durations and noticing that `now` jumped. */
  monotonic(): number
  /** Runs `run` once, `delayMs` from now (at once when it is not positive). */
  after(delayMs: number, run: () => void): Cancel
}

// setTimeout counts in a signed 32-bit integer; a longer delay would fire at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, Math.min(Math.max(delayMs, 0), LONGEST_TIMER_MS))
    return () => {
      clearTimeout(timer)
    }
  },
}

/** Resolves after `delayMs`, or at once when the signal aborts. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve()
      return
    }
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    })
    const stop = (): void => {
      cancel()
      resolve()
    }
    signal?.addEventListener('abort', stop, { once: true })
  })
}
