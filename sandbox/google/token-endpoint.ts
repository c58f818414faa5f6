import { readClient } from './client-auth.ts'
import { exchangeCode } from './code-grant.ts'
import type { Call, Reply } from './http-message.ts'
import { oauthError } from './oauth-error.ts'
import { refreshGrant } from './refresh-grant.ts'
import type { TokenDeps } from './token-answer.ts'

export function createTokenEndpoint(deps: TokenDeps): (call: Call, now: number) => Reply {
  return (call, now) => {
    if (!/^application\/x-www-form-urlencoded\b/i.test(call.headers['content-type'] ?? ''))
      return oauthError(400, 'invalid_request', 'The request body must be application/x-www-form-urlencoded.')
    const form = new URLSearchParams(call.body)
    const doubled = [...new Set(form.keys())].find((name) => form.getAll(name).length > 1)
    if (doubled !== undefined) return oauthError(400, 'invalid_request', `OAuth 2 parameters can only have a single value: ${doubled}`)
    const refused = readClient(form, call.headers['authorization'], deps.settings)
    if (refused !== undefined) return refused
    const grantType = form.get('grant_type')
    if (!grantType) return oauthError(400, 'invalid_request', 'Missing required parameter: grant_type')
    if (grantType === 'authorization_code') return exchangeCode(deps, form, now)
    if (grantType === 'refresh_token') return refreshGrant(deps, form, now)
    return oauthError(400, 'unsupported_grant_type', `Invalid grant_type: ${grantType}`)
  }
}
