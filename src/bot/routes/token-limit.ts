import { createRateLimit, type RateLimit } from './rate-limit.ts'

/** A rate limit for each key, in memory; the keys that were used last are remembered. */
export interface KeyedLimit {
  /** Counts a request; gives 0 when it may pass, or the milliseconds until one may. */
  take(key: string, monotonicNow: number): number
}

export function createKeyedLimit(most: number, windowMs: number, mostKeys = 1000): KeyedLimit {
  const limits = new Map<string, RateLimit>()
  return {
    take: (key, now) => {
      const limit = limits.get(key) ?? createRateLimit(most, windowMs)
      limits.delete(key)
      limits.set(key, limit)
      const [oldest] = limits.keys()
      if (limits.size > mostKeys && oldest !== undefined) limits.delete(oldest)
      return limit.take(now)
    },
  }
}
