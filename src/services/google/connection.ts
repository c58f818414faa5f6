import type { AuditPorts } from '../audit/audit.ts'

/** The one connection of this bot; more would be further rows of the same table. */
export const CONNECTION = 'google'

/** `openid email` for the identity that is pinned, and read-only access to sheets. */
export const SCOPES = ['openid', 'email', 'https://www.googleapis.com/auth/spreadsheets.readonly'] as const

/** Google answers with `email`'s long name; both mean the same. */
const SAME_SCOPE: Readonly<Record<string, string>> = { 'https://www.googleapis.com/auth/userinfo.email': 'email' }

/** The scopes that were asked for and not granted. `granted` is the answer's space-separated list. */
export function missingScopes(granted: string): string[] {
  const given = new Set(granted.split(' ').map((scope) => SAME_SCOPE[scope] ?? scope))
  return SCOPES.filter((scope) => !given.has(scope))
}

/** An authorised Google account. Times are UTC milliseconds. */
export interface Connection {
  readonly id: string
  readonly clientId: string
  /** Google's stable id of the account: what is pinned. E-mail addresses change hands. */
  readonly sub: string
  readonly email: string
  readonly scopes: string
  /** Encrypted refresh token, as `SealedBox` made it. */
  readonly token: string
  /** The generation before, encrypted; kept so that a bad rotation can be undone by hand. */
  readonly previousToken: string | null
  /** Counts consents: a late callback must not replace a newer token. */
  readonly generation: number
  readonly consentedAt: number
  /** When Google said the refresh token ends; null when it did not say. */
  readonly refreshExpiresAt: number | null
  readonly updatedAt: number
}

/** One pass through Google's screen, from the start page to the callback. */
export interface Consent {
  readonly stateHash: string
  readonly connectionId: string
  /** The incident it was started from, for the note in its thread. */
  readonly incidentId: number | null
  readonly ticketHash: string | null
  readonly mode: ConsentMode
  /** A browser's cookie (hashed), or the Slack user or terminal that asked. One of them must match at the end. */
  readonly boundTo: { readonly kind: 'browser' | 'user' | 'terminal'; readonly value: string }
  /** Encrypted PKCE verifier. */
  readonly verifier: string
  readonly redirectUri: string
  /** The connection's generation when it was started; 0 before the first. */
  readonly generation: number
  readonly createdAt: number
  readonly expiresAt: number
}

/** `renew` keeps the pinned account; `first` and `repin` pin whichever account consents. */
export type ConsentMode = 'renew' | 'first' | 'repin'

/** A link's right to begin a consent, given to one operator. */
export interface Ticket {
  readonly hash: string
  readonly mode: ConsentMode
  readonly operator: string
  readonly incidentId: number | null
  readonly expiresAt: number
  readonly spentAt: number | null
}

export interface ConnectionStore {
  read(id: string): Promise<Connection | null>
  /** Inserts, or replaces the row whose generation is `expectedGeneration`. False: somebody was faster, nothing was written. */
  replace(connection: Connection, expectedGeneration: number): Promise<boolean>
  /** Puts a rotated or re-encrypted token in the place of the one that was read. False: somebody has changed it meanwhile. */
  rotate(
    read: Pick<Connection, 'id' | 'generation' | 'token'>,
    change: Pick<Connection, 'token' | 'previousToken' | 'refreshExpiresAt' | 'updatedAt'>,
  ): Promise<boolean>
}

export interface ConsentStore {
  insert(consent: Consent): Promise<void>
  find(stateHash: string): Promise<Consent | null>
  /** Takes the consent out of the world, once: null when it is unknown, expired or was consumed before. */
  consume(stateHash: string, now: number): Promise<Consent | null>
  countSince(since: number): Promise<number>
  insertTicket(ticket: Ticket): Promise<void>
  findTicket(hash: string): Promise<Ticket | null>
  spendTicket(hash: string, now: number): Promise<void>
}

export interface ConnectionPorts {
  readonly connections: ConnectionStore
}

export interface ConsentPorts extends ConnectionPorts, AuditPorts {
  readonly consents: ConsentStore
}
