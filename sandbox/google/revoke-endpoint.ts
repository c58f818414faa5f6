import { jsonReply } from './http-message.ts'
import type { Call, Reply } from './http-message.ts'
import { oauthError } from './oauth-error.ts'
import { isAlive } from './token-store.ts'
import type { TokenStore } from './token-store.ts'

interface Deps {
  readonly tokens: TokenStore
  readonly changed: (what: string) => void
}

/** Revoking any token ends the whole grant of its account: the other tokens of this app die with it. */
export function createRevokeEndpoint({ tokens, changed }: Deps): (call: Call, now: number) => Reply {
  return (call, now) => {
    const token = new URLSearchParams(call.body).get('token') ?? call.url.searchParams.get('token')
    if (!token) return oauthError(400, 'invalid_request', 'Missing required parameter: token')
    const refresh = tokens.refresh(token)
    const owner = refresh !== undefined && isAlive(refresh, now) ? refresh : tokens.access(token, now)
    if (owner === undefined) return oauthError(400, 'invalid_token', 'Token expired or revoked')
    tokens.revokeGrant(owner.email)
    changed(`the app revoked its access to ${owner.email}`)
    return jsonReply(200, {})
  }
}
