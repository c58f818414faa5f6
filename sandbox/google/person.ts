import { AUTHORIZE_PATH } from './authorize-endpoint.ts'
import { readAuthorizeRequest } from './authorize-request.ts'
import type { Call, Outcome, Reply } from './http-message.ts'
import { parseScopes } from './scopes.ts'
import { findAccount } from './settings.ts'
import type { Settings } from './settings.ts'
import type { ConsentChoice } from './types.ts'

interface Deps {
  readonly settings: Settings
  readonly handle: (call: Call) => Outcome
  /** Where this Google listens. */
  readonly origin: () => string
}

/** A person at the consent page, without a browser: opens it, fills it in, and tells where it led. */
export function createPerson({ settings, handle, origin }: Deps): (authorizeUrl: string, choice?: ConsentChoice) => string {
  return (authorizeUrl, choice = {}) => {
    const url = new URL(authorizeUrl)
    if (url.origin !== origin() || url.pathname !== AUTHORIZE_PATH)
      throw new Error(`not the authorize page of this Google: ${url.origin}${url.pathname}`)
    const opened = answerOf(handle({ method: 'GET', url, headers: {}, body: '' }))
    if (opened.headers['location'] !== undefined) return opened.headers['location']
    if (opened.status !== 200) throw new Error(pageText(opened))
    const form = fillIn(url, choice)
    const action = new URL(`${AUTHORIZE_PATH}/consent${url.search}`, url)
    const sent = answerOf(
      handle({ method: 'POST', url: action, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form.toString() }),
    )
    if (sent.headers['location'] === undefined) throw new Error(pageText(sent))
    return sent.headers['location']
  }

  function fillIn(url: URL, { account, deny, untick }: ConsentChoice): URLSearchParams {
    const read = readAuthorizeRequest(url.searchParams, settings)
    if (!read.ok) throw new Error(read.error.detail)
    const known =
      account === undefined ? (findAccount(settings, read.request.loginHint) ?? settings.accounts[0]) : findAccount(settings, account)
    if (known === undefined) throw new Error(`no account ${account ?? ''} at this Google`)
    const form = new URLSearchParams({ decision: deny === true ? 'deny' : 'allow', account: known.email })
    const refused = parseScopes((untick ?? []).join(' '))
    for (const scope of read.request.scopes) if (!refused.includes(scope)) form.append('scope', scope)
    return form
  }
}

function answerOf(outcome: Outcome): Reply {
  if (outcome.kind === 'reply') return outcome.reply
  throw new Error(outcome.kind === 'hang' ? 'the page of this Google does not load' : 'the connection to this Google was reset')
}

function pageText({ body }: Reply): string {
  return body
    .replace(/<(style|title)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim()
}
