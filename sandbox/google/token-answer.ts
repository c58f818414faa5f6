import { jsonReply } from './http-message.ts'
import type { Reply } from './http-message.ts'
import type { createIdTokenSigner } from './id-token.ts'
import { findAccount } from './settings.ts'
import type { Settings } from './settings.ts'
import { ACCESS_TOKEN_LIFE_MS } from './token-store.ts'
import type { RefreshRecord, TokenStore } from './token-store.ts'

export interface TokenDeps {
  readonly settings: Settings
  readonly tokens: TokenStore
  readonly signIdToken: ReturnType<typeof createIdTokenSigner>
  readonly changed: (what: string) => void
}

interface Granted {
  email: string
  scopes: string[]
  now: number
  code?: string
  nonce?: string
  /** Whose remaining lifetime the answer tells. */
  refresh?: RefreshRecord | undefined
  /** Whether the answer carries that token itself. */
  hands: boolean
}

/** The successful answer of the token endpoint. */
export function tokenAnswer({ settings, tokens, signIdToken }: TokenDeps, granted: Granted): Reply {
  const { email, scopes, now, refresh, nonce } = granted
  const account = scopes.includes('openid') ? findAccount(settings, email) : undefined
  // Google rounds down what is left: 3599 of an hour, 604799 of seven days.
  const left = refresh?.expiresAt === undefined ? undefined : Math.max(0, Math.ceil((refresh.expiresAt - now) / 1000) - 1)
  const identity = account && signIdToken({ account, clientId: settings.clientId, scopes, now, ...(nonce === undefined ? {} : { nonce }) })
  return jsonReply(200, {
    access_token: tokens.addAccess(granted),
    expires_in: ACCESS_TOKEN_LIFE_MS / 1000 - 1,
    ...(granted.hands && refresh !== undefined ? { refresh_token: refresh.token } : {}),
    ...(left === undefined ? {} : { refresh_token_expires_in: left }),
    scope: scopes.join(' '),
    token_type: 'Bearer',
    ...(identity === undefined ? {} : { id_token: identity }),
  })
}
