import { createHash } from 'node:crypto'
import type { Reply } from './http-message.ts'
import { oauthError } from './oauth-error.ts'
import { tokenAnswer } from './token-answer.ts'
import type { TokenDeps } from './token-answer.ts'
import { TESTING_LIFE_MS } from './token-store.ts'
import type { CodeRecord } from './token-store.ts'

/** Exchanges a code, once, for whoever holds the redirect URI and the verifier it was asked with. */
export function exchangeCode(deps: TokenDeps, form: URLSearchParams, now: number): Reply {
  const code = form.get('code')
  if (!code) return oauthError(400, 'invalid_request', 'Missing required parameter: code')
  const record = deps.tokens.code(code)
  if (record === undefined) return oauthError(400, 'invalid_grant', 'Malformed auth code.')
  if (record.used) {
    // RFC 6749 4.1.2: a code seen twice was stolen once.
    deps.tokens.revokeIssuedFrom(record.code)
    deps.changed('a code was used twice: its tokens are revoked')
    return oauthError(400, 'invalid_grant', 'Bad Request')
  }
  if (record.expiresAt <= now) return oauthError(400, 'invalid_grant', 'Bad Request')
  const wrong = redirectError(form, record) ?? verifierError(form, record)
  if (wrong !== undefined) return wrong
  record.used = true
  return handOut(deps, record, now)
}

function handOut(deps: TokenDeps, { email, scopes, code, nonce, offline, freshConsent }: CodeRecord, now: number): Reply {
  const { settings, tokens, changed } = deps
  const hands = offline && freshConsent && !settings.omitsRefreshToken
  const lifetime = settings.publishing === 'testing' ? { expiresAt: now + TESTING_LIFE_MS } : {}
  const refresh = hands ? tokens.addRefresh({ email, scopes, now, code, ...lifetime }) : undefined
  changed(`${email} connected${hands ? '' : ', without a refresh token'}`)
  return tokenAnswer(deps, { email, scopes, now, code, refresh, hands, ...(nonce === undefined ? {} : { nonce }) })
}

function redirectError(form: URLSearchParams, record: CodeRecord): Reply | undefined {
  const redirectUri = form.get('redirect_uri')
  if (!redirectUri) return oauthError(400, 'invalid_request', 'Missing required parameter: redirect_uri')
  return redirectUri === record.redirectUri ? undefined : oauthError(400, 'redirect_uri_mismatch', 'Bad Request')
}

function verifierError(form: URLSearchParams, record: CodeRecord): Reply | undefined {
  const verifier = form.get('code_verifier')
  if (record.challenge === undefined)
    return verifier ? oauthError(400, 'invalid_grant', 'code_verifier or verifier is not needed.') : undefined
  if (!verifier) return oauthError(400, 'invalid_grant', 'Missing code verifier.')
  // RFC 7636 4.1: 43 to 128 unreserved characters.
  const fits = /^[\w.~-]{43,128}$/.test(verifier) && createHash('sha256').update(verifier).digest('base64url') === record.challenge
  return fits ? undefined : oauthError(400, 'invalid_grant', 'Invalid code verifier.')
}
