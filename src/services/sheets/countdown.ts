import type { Connection } from '../google/connection.ts'
import { tokenEnd, WARN_BEFORE_MS, type TokenDeath } from '../google/token-life.ts'
import { NO_EVIDENCE, type Signal } from '../signals/signal.ts'
import type { SyncState } from './sync-state.ts'

export interface Countdown {
  readonly signal: Signal | null
  /** When to look again; null: with the next sync. */
  readonly lookAt: number | null
}

const HOUR_MS = 3_600_000

/**
 * Whether the token is about to end. Nothing is said between its end and its death, which has an incident of its own, unless
 * a sync has succeeded since: then what was predicted was wrong. Pure.
 */
export function decideCountdown(
  connection: Pick<Connection, 'consentedAt' | 'refreshExpiresAt' | 'email'>,
  deaths: readonly TokenDeath[],
  state: Pick<SyncState, 'lastSuccessAt' | 'lastReadAt'>,
  now: number,
): Countdown {
  const ok = (summary: string): Signal => ({ status: 'ok', key: 'port-sheet/consent', summary })
  const end = tokenEnd(connection, deaths)
  if (end === null) return { signal: ok('The token has no end that is known.'), lookAt: null }
  const lookAt = end.at - WARN_BEFORE_MS
  if (lookAt > now) return { signal: ok('A new consent was given.'), lookAt }
  if (now >= end.at) {
    const outlived = (state.lastSuccessAt ?? 0) > end.at + HOUR_MS
    return { signal: outlived ? ok('The token has outlived the prediction.') : null, lookAt: null }
  }
  const evidence = {
    ...NO_EVIDENCE,
    hint: end.from === 'pattern' ? 'predicted' : null,
    lastSuccessAt: state.lastSuccessAt,
    lastReadAt: state.lastReadAt ?? state.lastSuccessAt,
    endsAt: end.at,
    account: connection.email,
  }
  return {
    signal: { status: 'failing', key: 'port-sheet/consent', kind: 'oauth_token_expiring', severity: 'warning', evidence },
    lookAt: null,
  }
}
