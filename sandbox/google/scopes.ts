const AUTH = 'https://www.googleapis.com/auth/'

export const SHEETS_READONLY = `${AUTH}spreadsheets.readonly`

/** Short names that Google accepts in a request and writes out in its answers. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  email: `${AUTH}userinfo.email`,
  profile: `${AUTH}userinfo.profile`,
}

const WORDS: Readonly<Record<string, string>> = {
  openid: 'Associate you with your personal info on Google',
  [`${AUTH}userinfo.email`]: 'See your primary Google Account email address',
  [`${AUTH}userinfo.profile`]: 'See your personal info, including any you have made publicly available',
  [`${AUTH}spreadsheets`]: 'See, edit, create, and delete all your Google Sheets spreadsheets',
  [SHEETS_READONLY]: 'See all your Google Sheets spreadsheets',
  [`${AUTH}drive`]: 'See, edit, create, and delete all of your Google Drive files',
  [`${AUTH}drive.readonly`]: 'See and download all your Google Drive files',
  [`${AUTH}drive.file`]: 'See, edit, create, and delete only the specific Google Drive files you use with this app',
  [`${AUTH}drive.metadata.readonly`]: 'See information about your Google Drive files',
}

const SIGN_IN = new Set(['openid', `${AUTH}userinfo.email`, `${AUTH}userinfo.profile`])
const READS_SHEETS = new Set([`${AUTH}spreadsheets`, SHEETS_READONLY, `${AUTH}drive`, `${AUTH}drive.readonly`, `${AUTH}drive.file`])

const longScope = (scope: string): string => LONG_NAMES[scope] ?? scope

export const isKnownScope = (scope: string): boolean => longScope(scope) in WORDS

/** Signing in cannot be unticked; every other scope can. */
export const isSignInScope = (scope: string): boolean => SIGN_IN.has(longScope(scope))

export const scopeWords = (scope: string): string => WORDS[longScope(scope)] ?? scope

export const readsSheets = (scopes: readonly string[]): boolean => scopes.some((scope) => READS_SHEETS.has(scope))

/** Splits a `scope` parameter into its long names, each once. */
export function parseScopes(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/\s+/)
        .filter((scope) => scope !== '')
        .map(longScope),
    ),
  ]
}
