import { setTimeout as pause } from 'node:timers/promises'

/** Knows when nothing has happened for a moment. */
export interface Quiet {
  /** Something happened; and something more will happen within `moreWithinMs`. */
  pulse(moreWithinMs?: number): void
  settled(options?: SettleOptions): Promise<void>
}

export interface SettleOptions {
  /** What must be true besides quiet. */
  until?: () => boolean
  /** Not longer than this, whatever is missing. */
  atMostMs?: number
}

const QUIET_MS = 400
const LOOK_MS = 20
const AT_MOST_MS = 30_000

export function createQuiet(): Quiet {
  let quietAt = 0
  return {
    pulse(moreWithinMs = 0) {
      quietAt = Math.max(quietAt, performance.now() + moreWithinMs + QUIET_MS)
    },
    async settled({ until = () => true, atMostMs = AT_MOST_MS } = {}) {
      const end = performance.now() + atMostMs
      // Begins with a moment of quiet of its own: what was just asked for may not have begun.
      quietAt = Math.max(quietAt, performance.now() + QUIET_MS)
      while (performance.now() < end && !(until() && performance.now() >= quietAt)) await pause(LOOK_MS)
    },
  }
}
