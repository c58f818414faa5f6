import { readAuthorizeRequest } from './authorize-request.ts'
import type { AuthorizeError, AuthorizeRequest } from './authorize-request.ts'
import { authorizeErrorPage, consentPage } from './consent-page.ts'
import { htmlReply, redirectReply } from './http-message.ts'
import type { Call, Reply } from './http-message.ts'
import { isSignInScope } from './scopes.ts'
import { findAccount } from './settings.ts'
import type { Settings } from './settings.ts'
import type { TokenStore } from './token-store.ts'

export const AUTHORIZE_PATH = '/o/oauth2/v2/auth'
const DECIDE_PATH = `${AUTHORIZE_PATH}/consent`

interface Deps {
  readonly settings: Settings
  readonly tokens: TokenStore
  readonly changed: (what: string) => void
}

/** The consent page and its form. The request travels in the form's address and is checked again when the form comes back. */
export function createAuthorizeEndpoint({ settings, tokens, changed }: Deps): (call: Call, now: number) => Reply {
  return (call, now) => {
    const read = readAuthorizeRequest(call.url.searchParams, settings)
    if (!read.ok) return errorReply(read.error)
    const { request } = read
    if (call.method === 'GET') {
      // Nobody is ever signed in here, so a request that forbids showing a page cannot succeed.
      if (request.prompt === 'none') return redirectReply(redirectTo(request, { error: 'interaction_required' }))
      return htmlReply(200, consentPage(request, settings, `${DECIDE_PATH}?${call.url.searchParams.toString()}`))
    }
    const form = new URLSearchParams(call.body)
    settings.nextConsent = {}
    if (form.get('decision') === 'deny')
      return { ...redirectReply(redirectTo(request, { error: 'access_denied' })), error: 'access_denied' }
    const account = findAccount(settings, form.get('account'))
    if (form.get('decision') !== 'allow' || account === undefined)
      return errorReply({ code: 'invalid_request', status: 400, detail: `No such account: ${form.get('account') ?? ''}` })
    return allow(request, account.email, form.getAll('scope'), now)
  }

  function allow(request: AuthorizeRequest, email: string, ticked: readonly string[], now: number): Reply {
    const earlier = tokens.grantedScopes(email, now)
    const agreed = request.scopes.filter((scope) => isSignInScope(scope) || ticked.includes(scope))
    const scopes = request.includeGranted ? [...new Set([...agreed, ...earlier])] : agreed
    if (scopes.length === 0) return redirectReply(redirectTo(request, { error: 'access_denied' }))
    const { redirectUri, challenge, offline, nonce } = request
    const freshConsent = earlier.length === 0 || request.prompt.split(' ').includes('consent')
    const code = tokens.addCode(
      {
        email,
        scopes,
        redirectUri,
        offline,
        freshConsent,
        ...(challenge === undefined ? {} : { challenge }),
        ...(nonce === undefined ? {} : { nonce }),
      },
      now,
    )
    changed(`${email} agreed to ${scopes.length} of ${request.scopes.length} scopes`)
    const authuser = settings.accounts.findIndex((account) => account.email === email)
    return redirectReply(
      redirectTo(request, { code, scope: scopes.join(' '), authuser: String(authuser), prompt: request.prompt || 'none' }),
    )
  }
}

/** Google names itself and gives the state back whatever the answer is (RFC 9207). */
function redirectTo(request: AuthorizeRequest, answer: Record<string, string>): string {
  const url = new URL(request.redirectUri)
  if (request.state !== undefined) url.searchParams.set('state', request.state)
  url.searchParams.set('iss', 'https://accounts.google.com')
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value)
  return url.href
}

function errorReply(error: AuthorizeError): Reply {
  return { ...htmlReply(error.status, authorizeErrorPage(error)), error: error.code }
}
