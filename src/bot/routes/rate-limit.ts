/**
 * How many requests there were within a window. It is held in memory on purpose: it protects this process from being flooded, and
 * after a restart there is nothing to protect yet. Tasks themselves are kept apart by their keys, in the database.
 */
export interface RateLimit {
  /** Counts a request; gives 0 when it may pass, or the milliseconds until one may. */
  take(monotonicNow: number): number
}

export function createRateLimit(most: number, windowMs: number): RateLimit {
  let passed: number[] = []
  return {
    take: (now) => {
      passed = passed.filter((at) => at > now - windowMs)
      const [oldest] = passed
      if (passed.length >= most && oldest !== undefined) return oldest + windowMs - now
      passed.push(now)
      return 0
    },
  }
}
