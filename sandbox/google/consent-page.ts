import type { AuthorizeError, AuthorizeRequest } from './authorize-request.ts'
import { isSignInScope, scopeWords } from './scopes.ts'
import { findAccount } from './settings.ts'
import type { Settings } from './settings.ts'

const STYLE = `
:root { color-scheme: light dark; --line: #8a8f98; --note: #fff4d6; --note-text: #3d2f00; --accent: #0b57d0; --on-accent: #fff }
@media (prefers-color-scheme: dark) { :root { --note: #3d3210; --note-text: #ffe9b0; --accent: #a8c7fa; --on-accent: #062e6f } }
* { box-sizing: border-box }
body { margin: 0; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText }
main { max-width: 32rem; margin: 0 auto }
h1 { font-size: 1rem; margin: 0 0 1.5rem; padding-bottom: .5rem; border-bottom: 1px solid var(--line) }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 1rem }
fieldset { margin: 0 0 1.25rem; padding: .75rem; border: 1px solid var(--line); border-radius: .5rem; min-width: 0 }
legend { padding: 0 .35rem; font-weight: 600 }
label { display: flex; gap: .75rem; padding: .5rem 0; align-items: flex-start; overflow-wrap: anywhere }
input { flex: none; width: 1.25rem; height: 1.25rem; margin: .15rem 0 0; accent-color: var(--accent) }
small { display: block; overflow-wrap: anywhere }
.note { padding: .75rem; margin: 0 0 1.25rem; border-radius: .5rem; background: var(--note); color: var(--note-text) }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem }
button { flex: 1 1 8rem; min-height: 2.75rem; padding: .5rem 1rem; font: inherit; border: 1px solid var(--line); border-radius: .5rem; background: Canvas; color: CanvasText; cursor: pointer }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600 }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
code { overflow-wrap: anywhere }
`

function page(title: string, main: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} - Google (stand-in)</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Google (stand-in)</h1>
${main}
</main>
</body>
</html>
`
}

/** The page on which a person picks an account and agrees. `action` is where the form goes. */
export function consentPage(request: AuthorizeRequest, settings: Settings, action: string): string {
  const app = escape(settings.appName)
  return page(
    `${settings.appName} wants access`,
    `<h2>${app} wants to access your Google Account</h2>
${settings.publishing === 'testing' ? testingNote(app) : ''}<form method="post" action="${escape(action)}">
${accountField(request, settings)}
${scopeField(request, app, settings.nextConsent.unticked !== true)}
<p><small>You will return to <code>${escape(new URL(request.redirectUri).origin)}</code>. Nothing on this page leaves your computer.</small></p>
<div class="buttons">
<button type="submit" name="decision" value="allow" class="primary">Allow</button>
<button type="submit" name="decision" value="deny">Deny</button>
</div>
</form>`,
  )
}

const testingNote = (
  app: string,
): string => `<p class="note"><strong>Google has not verified this app.</strong> ${app} is being tested: its access ends after 7 days.</p>
`

function accountField(request: AuthorizeRequest, settings: Settings): string {
  const chosen = findAccount(settings, settings.nextConsent.account ?? request.loginHint) ?? settings.accounts[0]
  const options = settings.accounts.map(
    (account) =>
      `<label><input type="radio" name="account" value="${escape(account.email)}" required${account === chosen ? ' checked' : ''}><span>${escape(account.name)}<small>${escape(account.email)}</small></span></label>`,
  )
  return `<fieldset><legend>Choose an account</legend>\n${options.join('\n')}\n</fieldset>`
}

function scopeField(request: AuthorizeRequest, app: string, ticked: boolean): string {
  const items = request.scopes.map((scope) => {
    // A disabled box is not sent with the form; signing in is granted without it.
    const attributes = isSignInScope(scope) ? 'checked disabled' : `name="scope" value="${escape(scope)}"${ticked ? ' checked' : ''}`
    return `<label><input type="checkbox" ${attributes}><span>${escape(scopeWords(scope))}<small>${escape(scope)}</small></span></label>`
  })
  return `<fieldset><legend>What ${app} may do</legend>\n${items.join('\n')}\n</fieldset>`
}

export function authorizeErrorPage(error: AuthorizeError): string {
  return page(
    `Error ${error.status}: ${error.code}`,
    `<h2>Access blocked: Authorization Error</h2>
<p>${escape(error.detail)}</p>
<p class="note">Error ${error.status}: ${escape(error.code)}</p>`,
  )
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}
