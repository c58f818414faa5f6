/**
 * What a failed call to Google means for us. `reauth-required`: a person must consent again. `configuration`: consent
 * cannot help, somebody must change a setting. `data`: the sheet itself. The rest pass by themselves.
 */
export type FailureClass =
  | 'reauth-required'
  | 'configuration'
  | 'data'
  | 'rate-limited'
  | 'server'
  | 'network'
  | 'unknown'
  | 'not-connected'
  | 'stale-access-token'

/** A classified failure. Holds no secret and may go to logs, rows and messages as it is. */
export interface GoogleFailure {
  /** Which of Google's services answered, or should have. */
  readonly endpoint: 'token' | 'sheets'
  readonly class: FailureClass
  /** The finest name the answer had: `invalid_grant`, `ACCESS_TOKEN_SCOPE_INSUFFICIENT`, `ENOTFOUND`. */
  readonly code: string
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined
  /** The answer's own words, redacted, at most 200 characters. */
  readonly detail: string | undefined
  /** What makes this failure special, for `why` and the card. */
  readonly hint: FailureHint | undefined
  /** Milliseconds Google asked us to wait. */
  readonly retryAfterMs: number | undefined
  /** Google's own link that turns the Sheets API on. */
  readonly enableUrl: string | undefined
}

export type FailureHint =
  | 'session-control'
  | 'account-deleted'
  | 'admin-policy'
  | 'client'
  | 'our-request'
  | 'proxy'
  | 'secret-key'
  | 'scope-unticked'
  | 'api-disabled'
  | 'not-shared'
  | 'not-found'
  | 'office-file'
  | 'tab-renamed'

/** An expected outcome: callers look at `ok`, nothing is thrown. */
export type GoogleResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: GoogleFailure }

export function succeeded<T>(value: T): GoogleResult<T> {
  return { ok: true, value }
}

export function failed<T>(failure: GoogleFailure): GoogleResult<T> {
  return { ok: false, failure }
}
