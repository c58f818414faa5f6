export interface TsClock {
  now(): number
  /** A new `ts`, unique and increasing even while the clock stands still. */
  next(): string
}

export function createTsClock(now: () => number): TsClock {
  let last = 0
  return {
    now,
    next() {
      last = Math.max(last + 1, Math.floor(now() * 1000))
      return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`
    },
  }
}

/** `ts` values are compared as numbers; the six decimals fit a double until the year 2255. */
export const compareTs = (a: string, b: string) => Number(a) - Number(b)
