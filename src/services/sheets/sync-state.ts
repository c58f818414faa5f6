import type { FailureClass, GoogleFailure } from '../google/failure.ts'

/** How the sync stands. Counters count failures in a row, each family on its own; only what disproves a family resets it. */
export interface SyncState {
  readonly lastAttemptAt: number | null
  readonly lastSuccessAt: number | null
  /** The last reading, also one that could be applied only in part: how old the data is. */
  readonly lastReadAt: number | null
  /** Titles of the tabs that were wanted at that reading. */
  readonly tabs: readonly string[]
  readonly firstFailureAt: number | null
  readonly reauthFailures: number
  readonly configurationFailures: number
  readonly dataFailures: number
  readonly transientFailures: number
  /** The failure that stands: of a passing one and one that needs a person, the latter. Null: the sheet itself. */
  readonly failure: GoogleFailure | null
  /** The next attempt when it is not simply the next cycle. */
  readonly nextAttemptAt: number | null
}

export const FRESH_SYNC_STATE: SyncState = {
  lastAttemptAt: null,
  lastSuccessAt: null,
  lastReadAt: null,
  tabs: [],
  firstFailureAt: null,
  reauthFailures: 0,
  configurationFailures: 0,
  dataFailures: 0,
  transientFailures: 0,
  failure: null,
  nextAttemptAt: null,
}

/** More failures in a row than this make an authentication alert, and a warning of what passes by itself. */
export const TOLERATED = 3

/** Data older than this is stale, whatever the reason. */
export const STALE_AFTER_MS = 2 * 3_600_000

export function isStale(state: SyncState, now: number): boolean {
  const read = Math.max(state.lastSuccessAt ?? 0, state.lastReadAt ?? 0)
  return read > 0 && now - read > STALE_AFTER_MS
}

/** What has to happen for a failure to go away; each has its own counter and rhythm. */
export type Family = 'reauth' | 'configuration' | 'data' | 'not-connected' | 'transient'

export const FAMILY: Readonly<Record<FailureClass, Family>> = {
  'reauth-required': 'reauth',
  configuration: 'configuration',
  data: 'data',
  'not-connected': 'not-connected',
  'rate-limited': 'transient',
  server: 'transient',
  network: 'transient',
  unknown: 'transient',
  'stale-access-token': 'transient',
}

/** The family that stands after a failure: what needs a person before what passes. */
export function standing(state: SyncState): Family | null {
  if (state.configurationFailures > 0 && (state.failure?.class === 'configuration' || state.reauthFailures === 0)) return 'configuration'
  if (state.reauthFailures > 0) return 'reauth'
  if (state.transientFailures > 0) return 'transient'
  return state.dataFailures > 0 ? 'data' : null
}

/** What an answer of the Sheets API proves, whatever it said: the token endpoint had just granted, so token and client are right. */
function proven(state: SyncState, failure: GoogleFailure | null): SyncState {
  return failure === null || failure.endpoint === 'sheets' ? { ...state, reauthFailures: 0, configurationFailures: 0 } : state
}

/** The state after one more failure. `demanded`: somebody asked for the try, so it does not lengthen the wait. */
export function count(before: SyncState, family: Family, failure: GoogleFailure | null, demanded: boolean): SyncState {
  const state = family === 'reauth' || family === 'configuration' ? before : proven(before, failure)
  const one = demanded ? 0 : 1
  switch (family) {
    case 'reauth':
      // Google looks at the client before the token: an answer about the token says that the client is right.
      return {
        ...state,
        configurationFailures: 0,
        reauthFailures: state.reauthFailures > TOLERATED ? state.reauthFailures + one : state.reauthFailures + 1,
        failure,
      }
    case 'configuration':
      return { ...state, configurationFailures: Math.max(1, state.configurationFailures + one), failure }
    case 'data':
      return { ...state, transientFailures: 0, dataFailures: state.dataFailures + 1, failure }
    case 'transient': {
      const stands = state.reauthFailures > 0 || state.configurationFailures > 0
      return { ...state, transientFailures: state.transientFailures + 1, failure: stands ? state.failure : failure }
    }
    case 'not-connected':
      return { ...state, failure }
  }
}
