import { isKnownScope, parseScopes } from './scopes.ts'
import type { Settings } from './settings.ts'

export interface AuthorizeRequest {
  redirectUri: string
  scopes: string[]
  state?: string
  challenge?: string
  offline: boolean
  prompt: string
  loginHint?: string
  includeGranted: boolean
  nonce?: string
}

/** Google answers every wrong request with a page of its own and never redirects. */
export interface AuthorizeError {
  code: string
  status: number
  detail: string
}

export type AuthorizeResult = { ok: true; request: AuthorizeRequest } | { ok: false; error: AuthorizeError }

const PROMPTS = new Set(['none', 'consent', 'select_account'])

export function readAuthorizeRequest(params: URLSearchParams, settings: Settings): AuthorizeResult {
  const error =
    clientError(params, settings) ?? redirectError(params, settings) ?? scopeError(params) ?? pkceError(params) ?? optionError(params)
  if (error !== undefined) return { ok: false, error }
  const optional = (name: string) => params.get(name) || undefined
  const [state, challenge, loginHint, nonce] = [
    params.get('state') ?? undefined,
    optional('code_challenge'),
    optional('login_hint'),
    optional('nonce'),
  ]
  return {
    ok: true,
    request: {
      redirectUri: params.get('redirect_uri') ?? '',
      scopes: parseScopes(params.get('scope') ?? ''),
      offline: params.get('access_type') === 'offline',
      prompt: params.get('prompt') ?? '',
      includeGranted: params.get('include_granted_scopes') === 'true',
      ...(state === undefined ? {} : { state }),
      ...(challenge === undefined ? {} : { challenge }),
      ...(loginHint === undefined ? {} : { loginHint }),
      ...(nonce === undefined ? {} : { nonce }),
    },
  }
}

const invalid = (detail: string, code = 'invalid_request', status = 400): AuthorizeError => ({ code, status, detail })

function clientError(params: URLSearchParams, settings: Settings): AuthorizeError | undefined {
  const doubled = [...new Set(params.keys())].find((name) => params.getAll(name).length > 1)
  if (doubled !== undefined) return invalid(`OAuth 2 parameters can only have a single value: ${doubled}`)
  const clientId = params.get('client_id')
  if (!clientId) return invalid('Missing required parameter: client_id')
  if (clientId !== settings.clientId) return invalid('The OAuth client was not found.', 'invalid_client', 401)
  if (settings.client !== 'active') return invalid(`The OAuth client was ${settings.client}.`, `${settings.client}_client`, 401)
  return undefined
}

function redirectError(params: URLSearchParams, settings: Settings): AuthorizeError | undefined {
  const redirectUri = params.get('redirect_uri')
  if (!redirectUri) return invalid('Missing required parameter: redirect_uri')
  if (!settings.redirectUris.includes(redirectUri))
    return invalid(
      `You can't sign in to this app because it doesn't comply with Google's OAuth 2.0 policy. redirect_uri=${redirectUri}`,
      'redirect_uri_mismatch',
    )
  return undefined
}

function scopeError(params: URLSearchParams): AuthorizeError | undefined {
  const type = params.get('response_type')
  if (!type) return invalid('Required parameter is missing: response_type')
  if (type !== 'code') return invalid(`Invalid response_type: ${type}`, 'unsupported_response_type')
  const scopes = parseScopes(params.get('scope') ?? '')
  if (scopes.length === 0) return invalid('Missing required parameter: scope')
  const unknown = scopes.filter((scope) => !isKnownScope(scope))
  if (unknown.length === 0) return undefined
  const valid = scopes.filter(isKnownScope)
  return invalid(`Some requested scopes were invalid. {valid=[${valid.join(', ')}], invalid=[${unknown.join(', ')}]}`, 'invalid_scope')
}

/** Google itself takes a missing method for "plain"; the stand-in refuses, so that a forgotten S256 is seen. */
function pkceError(params: URLSearchParams): AuthorizeError | undefined {
  const challenge = params.get('code_challenge')
  const method = params.get('code_challenge_method')
  if (challenge === null && method === null) return undefined
  if (!challenge) return invalid('Missing required parameter: code_challenge')
  if (method === null) return invalid('Missing required parameter: code_challenge_method')
  if (method !== 'S256') return invalid(`Invalid code_challenge_method: ${method}`)
  return /^[\w-]{43}$/.test(challenge) ? undefined : invalid('Invalid parameter value for code_challenge: not a base64url SHA-256')
}

function optionError(params: URLSearchParams): AuthorizeError | undefined {
  const accessType = params.get('access_type')
  if (accessType !== null && accessType !== 'online' && accessType !== 'offline')
    return invalid(`Invalid parameter value for access_type: ${accessType}`)
  const prompts = (params.get('prompt') ?? '').split(' ').filter((word) => word !== '')
  const wrong = prompts.find((word) => !PROMPTS.has(word))
  if (wrong !== undefined || (prompts.includes('none') && prompts.length > 1))
    return invalid(`Invalid parameter value for prompt: ${params.get('prompt')}`)
  const include = params.get('include_granted_scopes')
  if (include !== null && include !== 'true' && include !== 'false')
    return invalid(`Invalid parameter value for include_granted_scopes: ${include}`)
  return undefined
}
