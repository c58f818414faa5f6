import type { GoogleFailure } from '../google/failure.ts'
import { TOLERATED, type Family, type SyncState } from './sync-state.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Retries of what only a person can mend: 1 h, 4 h, then once a day. */
const LONG_DELAYS_MS = [HOUR, 4 * HOUR, 24 * HOUR] as const
/** No wait of a failure that passes by itself is longer. */
const TRANSIENT_CEILING_MS = HOUR
export interface Rhythm {
  readonly confirmDelaysMs: readonly number[]
  /** When the next regular cycle comes. */
  readonly nextCycleAt: number
}

const longDelay = (step: number): number => LONG_DELAYS_MS[Math.min(step, LONG_DELAYS_MS.length - 1)] ?? LONG_DELAYS_MS[2]

/** The wait after the n-th authentication failure in a row: first the confirmations, then the long schedule. */
function reauthDelay(failures: number, confirmDelaysMs: readonly number[]): number {
  return confirmDelaysMs[failures - 1] ?? longDelay(failures - 1 - confirmDelaysMs.length)
}

function transientNext(state: SyncState, failure: GoogleFailure | null, now: number, rhythm: Rhythm): number | null {
  const alerted = state.reauthFailures - 1 - rhythm.confirmDelaysMs.length
  const step = Math.max(alerted, state.configurationFailures - 1)
  // In the middle of the long schedule a network fault neither advances the step nor brings the old rhythm back.
  if (step >= 0) return now + Math.min(longDelay(step), TRANSIENT_CEILING_MS)
  // A blip while a dead token is being confirmed must not cost a cycle; a longer fault goes back to the regular rhythm.
  const confirm = rhythm.confirmDelaysMs[state.reauthFailures - 1]
  if (confirm !== undefined && state.transientFailures <= TOLERATED) return now + confirm
  const asked = failure?.retryAfterMs ?? 0
  return now + asked > rhythm.nextCycleAt ? now + Math.min(asked, TRANSIENT_CEILING_MS) : null
}

/** When to try again, when that is not simply the next regular cycle (null). `state` counts this failure already. */
export function nextAttempt(state: SyncState, family: Family, failure: GoogleFailure | null, now: number, rhythm: Rhythm): number | null {
  if (family === 'reauth') return now + reauthDelay(state.reauthFailures, rhythm.confirmDelaysMs)
  // A request of ours that Google does not take will not be taken an hour later: the job pauses, but for one try a day.
  if (failure?.hint === 'our-request') return now + LONG_DELAYS_MS[2]
  if (family === 'configuration') return now + longDelay(state.configurationFailures - 1)
  return family === 'transient' ? transientNext(state, failure, now, rhythm) : null
}
