import { createLoopbackServer } from '../loopback-server.ts'
import { AUTHORIZE_PATH } from './authorize-endpoint.ts'
import { createFaultQueue } from './faults.ts'
import { htmlReply } from './http-message.ts'
import { createPerson } from './person.ts'
import { REVOKE_PATH, TOKEN_PATH, createRouter } from './router.ts'
import { SHEETS_READONLY, parseScopes } from './scopes.ts'
import { createSettings, findAccount } from './settings.ts'
import type { Settings } from './settings.ts'
import { takeSnapshot, tokenInfo } from './snapshot.ts'
import { createSpreadsheetStore } from './spreadsheet-store.ts'
import { TESTING_LIFE_MS, createTokenStore } from './token-store.ts'
import type { TokenStore } from './token-store.ts'
import type { Google, GoogleChange, GoogleOptions, RequestRecord } from './types.ts'

export type * from './types.ts'
export { dateSerial, serialToDate, timeSerial } from './serials.ts'

/** A simulated year makes many thousand requests; the oldest records go. */
const MAX_RECORDS = 10_000

const MAX_BODY_BYTES = 64 * 1024
const TOO_LARGE = htmlReply(413, '<!DOCTYPE html><html lang="en"><title>Error 413 (Request Entity Too Large)!!1</title></html>')

type Say = (what: string) => void

/** A strict Google on loopback: consent, tokens and the reading half of Sheets v4. */
export function createGoogle(options: GoogleOptions): Google {
  const now = options.now ?? Date.now
  const settings = createSettings(options)
  const { changed, record, requests, on } = createJournal()
  const tokens = createTokenStore()
  const spreadsheets = createSpreadsheetStore(changed)
  const faults = createFaultQueue()
  const handle = createRouter({ settings, tokens, spreadsheets, faults, now, changed, record })
  const server = createLoopbackServer(
    (call) => (call.body === null ? { kind: 'reply', reply: TOO_LARGE } : handle({ ...call, body: call.body })),
    { maxBodyBytes: MAX_BODY_BYTES },
  )
  let origin = ''
  const person = createPerson({ settings, handle, origin: () => origin })

  return {
    async start() {
      origin = await server.listen(options.port ?? 0)
      return { authUrl: origin + AUTHORIZE_PATH, tokenUrl: origin + TOKEN_PATH, revokeUrl: origin + REVOKE_PATH, sheetsUrl: `${origin}/` }
    },
    stop: () => server.close(),
    consent: async (authorizeUrl, choice) => person(authorizeUrl, choice),
    ...tokenControls(settings, tokens, now, changed),
    ...settingControls(settings, changed),
    createSpreadsheet: (input) => spreadsheets.create(input),
    sheet: (id) => spreadsheets.handle(id),
    deleteSpreadsheet: (id) => spreadsheets.delete(id),
    fault(fault) {
      faults.add(fault)
      changed(`fault: ${fault.endpoint} ${fault.lost === true ? 'lost' : fault.kind}`)
    },
    clearFaults() {
      faults.clear()
      changed('faults cleared')
    },
    requests,
    on,
    snapshot: () => takeSnapshot({ settings, tokens, spreadsheets, faults }),
  }
}

function createJournal() {
  const listeners = new Set<(change: GoogleChange) => void>()
  const requests: RequestRecord[] = []
  const tell = (change: GoogleChange): void => {
    for (const listener of listeners) listener(change)
  }
  return {
    requests,
    changed: (what: string): void => tell({ kind: 'change', what }),
    record: (request: RequestRecord): void => {
      requests.push(request)
      if (requests.length > MAX_RECORDS) requests.shift()
      tell({ kind: 'request', request })
    },
    on: (listener: (change: GoogleChange) => void): (() => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

type TokenControls = Pick<Google, 'issueRefreshToken' | 'refreshTokens' | 'revokeAll' | 'expireAll' | 'expireIn'>

function tokenControls(settings: Settings, tokens: TokenStore, now: () => number, changed: Say): TokenControls {
  const expireAt = (at: number): void => {
    for (const token of tokens.livingRefreshTokens(now())) token.expiresAt = at
  }
  return {
    issueRefreshToken(email, scopes = ['openid', 'email', SHEETS_READONLY]) {
      const account = findAccount(settings, email)
      if (account === undefined) throw new Error(`no account ${email} at this Google`)
      const at = now()
      const lifetime = settings.publishing === 'testing' ? { expiresAt: at + TESTING_LIFE_MS } : {}
      const { token } = tokens.addRefresh({ email: account.email, scopes: parseScopes(scopes.join(' ')), now: at, ...lifetime })
      changed(`a refresh token of ${email} exists`)
      return token
    },
    refreshTokens: () => tokens.refreshTokens().map(tokenInfo),
    revokeAll(email) {
      tokens.revokeGrant(email === undefined ? undefined : (findAccount(settings, email)?.email ?? email))
      changed(`access of ${email ?? 'everybody'} revoked`)
    },
    expireAll() {
      expireAt(now())
      changed('refresh tokens expired')
    },
    expireIn(ms) {
      expireAt(now() + ms)
      changed(`refresh tokens expire in ${Math.round(ms / 1000)} s`)
    },
  }
}

type SettingControls = Pick<
  Google,
  'setPublishing' | 'rotateOnRefresh' | 'omitRefreshToken' | 'presetConsent' | 'disableClient' | 'setClientSecret' | 'disableSheetsApi'
>

function settingControls(settings: Settings, changed: Say): SettingControls {
  return {
    setPublishing(mode) {
      // Tokens issued before keep the lifetime they were issued with.
      settings.publishing = mode
      changed(`consent screen: ${mode}`)
    },
    rotateOnRefresh(yes) {
      settings.rotatesOnRefresh = yes
      changed(`refresh tokens ${yes ? 'rotate' : 'stay'}`)
    },
    omitRefreshToken(yes) {
      settings.omitsRefreshToken = yes
      changed(`a code exchange gives ${yes ? 'no' : 'a'} refresh token`)
    },
    presetConsent(next) {
      settings.nextConsent = { ...next }
      changed('the next consent page is filled in')
    },
    disableClient(yes, as = 'disabled') {
      settings.client = yes ? as : 'active'
      changed(`OAuth client ${settings.client}`)
    },
    setClientSecret(secret) {
      settings.clientSecret = secret
      changed('client secret replaced')
    },
    disableSheetsApi(yes) {
      settings.sheetsApiDisabled = yes
      changed(`Sheets API ${yes ? 'disabled' : 'enabled'}`)
    },
  }
}
