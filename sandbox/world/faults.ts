import type { Google } from '../google/google.ts'

export type GoogleTrouble = 'ratelimit' | 'outage' | 'html' | 'timeout' | 'reset'

export interface Faults {
  /** The person removed the bot's access: the token is dead until somebody consents. */
  revoke(): void
  /** The token has passed its lifetime. */
  expire(): void
  /** Google fails in a way that passes: the next `times` requests, or until `clear`. Replaces the trouble before. */
  trouble(kind: GoogleTrouble, times?: number): void
  /** Ends every trouble. A dead token stays dead. */
  clear(): void
}

export function createFaults(google: Google): Faults {
  const add = (endpoint: 'token' | 'sheets', kind: '429' | '5xx' | 'html' | 'timeout' | 'reset', times: number | undefined): void =>
    google.fault({ endpoint, kind, ...(times === undefined ? {} : { times }) })
  const troubles: Record<GoogleTrouble, (times?: number) => void> = {
    ratelimit: (times) => add('sheets', '429', times),
    // One request of each sync fails and ends it, so that `times` counts syncs.
    outage: (times) => add('token', '5xx', times),
    html: (times) => add('token', 'html', times),
    timeout: (times) => add('token', 'timeout', times),
    reset: (times) => add('token', 'reset', times),
  }
  return {
    revoke: () => google.revokeAll(),
    expire: () => google.expireAll(),
    trouble(kind, times) {
      google.clearFaults()
      troubles[kind](times)
    },
    clear: () => google.clearFaults(),
  }
}
