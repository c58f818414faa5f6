import type { Reply } from './http-message.ts'
import { oauthError } from './oauth-error.ts'
import { parseScopes } from './scopes.ts'
import { tokenAnswer } from './token-answer.ts'
import type { TokenDeps } from './token-answer.ts'
import { isAlive } from './token-store.ts'
import type { RefreshRecord } from './token-store.ts'

export function refreshGrant(deps: TokenDeps, form: URLSearchParams, now: number): Reply {
  const given = form.get('refresh_token')
  if (!given) return oauthError(400, 'invalid_request', 'Missing required parameter: refresh_token')
  const record = deps.tokens.refresh(given)
  if (record === undefined) return oauthError(400, 'invalid_grant', 'Bad Request')
  if (!isAlive(record, now)) return oauthError(400, 'invalid_grant', 'Token has been expired or revoked.')
  const asked = parseScopes(form.get('scope') ?? '')
  if (asked.some((scope) => !record.scopes.includes(scope)))
    return oauthError(400, 'invalid_scope', 'Some requested scopes were not granted to this token.')
  record.lastUsedAt = now
  const refresh = deps.settings.rotatesOnRefresh ? rotate(deps, record, now) : record
  const scopes = asked.length > 0 ? asked : record.scopes
  return tokenAnswer(deps, { email: record.email, scopes, now, refresh, hands: refresh !== record })
}

function rotate({ tokens, changed }: TokenDeps, old: RefreshRecord, now: number): RefreshRecord {
  const { email, scopes, expiresAt } = old
  old.revoked = true
  changed(`the refresh token of ${email} was replaced`)
  return tokens.addRefresh({ email, scopes, now, ...(expiresAt === undefined ? {} : { expiresAt }) })
}
