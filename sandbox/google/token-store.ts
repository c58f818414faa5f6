import { randomBytes } from 'node:crypto'
import type { RefreshTokenInfo } from './types.ts'

/** More living refresh tokens than this per account and client, and the oldest dies without a word. */
const MAX_LIVE_REFRESH_TOKENS = 100
const CODE_LIFE_MS = 10 * 60_000
export const ACCESS_TOKEN_LIFE_MS = 3_600_000
/** What a consent screen left in "Testing" grants. */
export const TESTING_LIFE_MS = 7 * 86_400_000
/** Google lets a refresh token die that nobody used for six months. */
const UNUSED_LIFE_MS = 183 * 86_400_000

/** What the person agreed to, and what the code is bound to. */
export interface Authorization {
  email: string
  scopes: string[]
  redirectUri: string
  challenge?: string
  offline: boolean
  /** Google hands out a refresh token only for a first consent, or when asked with prompt=consent. */
  freshConsent: boolean
  nonce?: string
}

export interface CodeRecord extends Authorization {
  code: string
  expiresAt: number
  used: boolean
}

export interface RefreshRecord extends RefreshTokenInfo {
  lastUsedAt: number
  code?: string
}

interface AccessRecord {
  email: string
  scopes: string[]
  expiresAt: number
  revoked: boolean
  code?: string
}

export interface NewToken {
  email: string
  scopes: string[]
  now: number
  code?: string
}

export type TokenStore = ReturnType<typeof createTokenStore>

/** Codes, access tokens and refresh tokens of the one client. */
export function createTokenStore() {
  const access = new Map<string, AccessRecord>()
  const refresh = new Map<string, RefreshRecord>()
  const all = () => [...access.values(), ...refresh.values()]
  return {
    ...codeVerbs(new Map()),
    ...accessVerbs(access),
    ...refreshVerbs(refresh),
    /** Ends the whole grant of an account (of everybody without one), as removing the app in the account does. */
    revokeGrant(email?: string): void {
      for (const record of all()) if (email === undefined || record.email === email) record.revoked = true
    },
    revokeIssuedFrom(code: string): void {
      for (const record of all()) if (record.code === code) record.revoked = true
    },
  }
}

function codeVerbs(codes: Map<string, CodeRecord>) {
  return {
    addCode(authorization: Authorization, now: number): string {
      const code = `4/0A${secret(48)}`
      codes.set(code, { ...authorization, code, expiresAt: now + CODE_LIFE_MS, used: false })
      return code
    },
    code: (code: string): CodeRecord | undefined => codes.get(code),
  }
}

function accessVerbs(access: Map<string, AccessRecord>) {
  return {
    addAccess({ email, scopes, now, code }: NewToken): string {
      for (const [token, record] of access) if (record.expiresAt <= now) access.delete(token)
      const token = `ya29.a0A${secret(120)}`
      access.set(token, { email, scopes, expiresAt: now + ACCESS_TOKEN_LIFE_MS, revoked: false, ...(code === undefined ? {} : { code }) })
      return token
    },
    /** The living access token, or nothing. */
    access(token: string, now: number): AccessRecord | undefined {
      const record = access.get(token)
      return record !== undefined && !record.revoked && record.expiresAt > now ? record : undefined
    },
  }
}

function refreshVerbs(refresh: Map<string, RefreshRecord>) {
  const living = (now: number) => [...refresh.values()].filter((token) => isAlive(token, now))
  const livingOf = (email: string, now: number) => living(now).filter((token) => token.email === email)
  return {
    addRefresh({ email, scopes, now, code, expiresAt }: NewToken & { expiresAt?: number }): RefreshRecord {
      const live = livingOf(email, now)
      for (const oldest of live.slice(0, Math.max(0, live.length + 1 - MAX_LIVE_REFRESH_TOKENS))) oldest.revoked = true
      const record: RefreshRecord = { token: `1//0${secret(90)}`, email, scopes, issuedAt: now, lastUsedAt: now, revoked: false }
      if (code !== undefined) record.code = code
      if (expiresAt !== undefined) record.expiresAt = expiresAt
      refresh.set(record.token, record)
      return record
    },
    refresh: (token: string): RefreshRecord | undefined => refresh.get(token),
    refreshTokens: (): RefreshRecord[] => [...refresh.values()],
    livingRefreshTokens: living,
    grantedScopes: (email: string, now: number): string[] => [...new Set(livingOf(email, now).flatMap((token) => token.scopes))],
  }
}

export function isAlive(token: RefreshRecord, now: number): boolean {
  return !token.revoked && now < (token.expiresAt ?? Number.POSITIVE_INFINITY) && now - token.lastUsedAt < UNUSED_LIFE_MS
}

const secret = (bytes: number): string => randomBytes(bytes).toString('base64url')
