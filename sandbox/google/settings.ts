import type { Account, GoogleOptions, Publishing, NextConsent } from './types.ts'

/** What an administrator of the Google Cloud project, or a test, can change while it runs. */
export interface Settings {
  readonly clientId: string
  clientSecret: string
  readonly redirectUris: readonly string[]
  readonly accounts: readonly Account[]
  readonly appName: string
  /** Of the Google Cloud project; the client id begins with it. */
  readonly projectNumber: string
  publishing: Publishing
  client: 'active' | 'disabled' | 'deleted'
  sheetsApiDisabled: boolean
  rotatesOnRefresh: boolean
  omitsRefreshToken: boolean
  /** How the next consent page is filled in when it opens. */
  nextConsent: NextConsent
}

const DEFAULT_ACCOUNTS: readonly Account[] = [
  { sub: '104200000000000000001', email: 'office@jada.example', name: 'The JADA office' },
  { sub: '104200000000000000002', email: 'captain@jada.example', name: 'The captain' },
]

export function createSettings(options: GoogleOptions): Settings {
  for (const uri of options.redirectUris) checkRedirectUri(uri)
  return {
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    redirectUris: options.redirectUris,
    accounts: options.accounts ?? DEFAULT_ACCOUNTS,
    appName: options.appName ?? 'JADA Bot',
    projectNumber: /^\d{6,}/.exec(options.clientId)?.[0] ?? '104200000000',
    publishing: options.publishing ?? 'production',
    client: 'active',
    sheetsApiDisabled: false,
    rotatesOnRefresh: false,
    omitsRefreshToken: false,
    nextConsent: {},
  }
}

/** Google refuses to register plain http except for a loopback host, and any fragment, wildcard or public IP address. */
function checkRedirectUri(uri: string): void {
  const url = URL.canParse(uri) ? new URL(uri) : undefined
  const loopback = url !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  const fine =
    url !== undefined &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) &&
    !/[#*]/.test(uri) &&
    (loopback || !/^([\d.]+|\[.*\])$/.test(url.hostname))
  if (!fine) throw new Error(`Google would not register the redirect URI ${uri}`)
}

export const findAccount = (settings: Settings, email: string | null | undefined): Account | undefined =>
  settings.accounts.find((account) => account.email.toLowerCase() === email?.toLowerCase())
