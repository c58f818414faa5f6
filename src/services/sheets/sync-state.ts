import type { FailureClass, GoogleFailure } from '../google/failure.ts'

/** How the sync stands. Counters count failures in a row, each family on its own; only what disproves a family resets it. */
export interface SyncState {
  readonly lastAttemptAt: number | null
  readonly lastSuccessAt: number | null
  readonly firstFailureAt: number | null
  readonly reauthFailures: number
  readonly configurationFailures: number
  readonly dataFailures: number
  readonly transientFailures: number
  readonly failure: GoogleFailure | null
  /** The next attempt when it is not simply the next cycle. */
  readonly nextAttemptAt: number | null
}

export const FRESH_SYNC_STATE: SyncState = {
  lastAttemptAt: null,
  lastSuccessAt: null,
  firstFailureAt: null,
  reauthFailures: 0,
  configurationFailures: 0,
  dataFailures: 0,
  transientFailures: 0,
  failure: null,
  nextAttemptAt: null,
}

/** Data older than this is stale, whatever the reason. */
export const STALE_AFTER_MS = 2 * 3_600_000

export function isStale(state: SyncState, now: number): boolean {
  return state.lastSuccessAt !== null && now - state.lastSuccessAt > STALE_AFTER_MS
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

/** The state after one more failure of a family. */
export function count(state: SyncState, family: Family): SyncState {
  switch (family) {
    case 'reauth':
      // Google looks at the client before the token: an answer about the token says that the client is right.
      return { ...state, configurationFailures: 0, reauthFailures: state.reauthFailures + 1 }
    case 'configuration':
      return { ...state, configurationFailures: state.configurationFailures + 1 }
    case 'data':
      // Google let us in and spoke about the sheet: token and client are proven, the line is up.
      return { ...state, reauthFailures: 0, configurationFailures: 0, transientFailures: 0, dataFailures: state.dataFailures + 1 }
    case 'transient':
      return { ...state, transientFailures: state.transientFailures + 1 }
    case 'not-connected':
      return state
  }
}
