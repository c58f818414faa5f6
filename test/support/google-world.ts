import { randomBytes } from 'node:crypto'
import { inspect } from 'node:util'
import { createGoogle, type Google, type GoogleUrls } from '../../sandbox/google/google.ts'
import { systemRandom } from '../../src/random.ts'
import { Secret } from '../../src/secret.ts'
import { createGoogleClient, type GoogleClient, type GoogleClientOptions } from '../../src/services/google/client.ts'
import type { GoogleFailure, GoogleResult } from '../../src/services/google/failure.ts'
import { createSheetsApi, type SheetsApi } from '../../src/services/google/sheets-api.ts'
import { createSealedBox, type SealedBox } from '../../src/sealed-box.ts'

export const CLIENT_ID = '104200000001-port.apps.googleusercontent.com'
export const CLIENT_SECRET = 'GOCSPX-the-secret-of-the-stand-in'
export const REDIRECT = 'http://127.0.0.1:3000/oauth/google/callback'
export const OFFICE = 'office@example.com'
export const CAPTAIN = 'captain@example.com'
export const SHEET_ID = 'port-sheet'
export const READONLY = 'https://www.googleapis.com/auth/spreadsheets.readonly'
export const START = Date.UTC(2026, 10, 2, 17, 30)

export interface GoogleWorld {
  readonly google: Google
  readonly urls: GoogleUrls
  readonly client: GoogleClient
  readonly api: SheetsApi
  readonly clientOptions: GoogleClientOptions
  /** The stand-in's clock, UTC milliseconds. */
  now: number
  stop(): Promise<void>
}

/** A stand-in with two accounts, and our own client and Sheets API pointed at it. */
export async function startWorld(timeoutMs = 5000): Promise<GoogleWorld> {
  const google = createGoogle({
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    redirectUris: [REDIRECT],
    accounts: [
      { sub: '104200000000000000011', email: OFFICE, name: 'The office' },
      { sub: '104200000000000000012', email: CAPTAIN, name: 'The captain' },
    ],
    now: () => world.now,
  })
  const urls = await google.start()
  const clientOptions = {
    clientId: CLIENT_ID,
    clientSecret: new Secret(CLIENT_SECRET),
    authUrl: urls.authUrl,
    tokenUrl: urls.tokenUrl,
    timeoutMs,
  }
  const world: GoogleWorld = {
    google,
    urls,
    clientOptions,
    client: createGoogleClient(clientOptions),
    api: createSheetsApi({ spreadsheetId: SHEET_ID, rootUrl: urls.sheetsUrl, timeoutMs }),
    now: START,
    stop: () => google.stop(),
  }
  return world
}

export const newKey = (): Secret => new Secret(randomBytes(32).toString('base64'))

export function newBox(key = newKey(), previousKey?: Secret): SealedBox {
  return createSealedBox({ key, previousKey, random: systemRandom })
}

export function failureOf(result: GoogleResult<unknown>): GoogleFailure {
  if (result.ok) throw new Error('this was meant to fail')
  return result.failure
}

export function valueOf<T>(result: GoogleResult<T>): T {
  if (!result.ok) throw new Error(`this was meant to succeed: ${result.failure.class} ${result.failure.code}`)
  return result.value
}

/** Everything that printing a value could ever show. */
export function everything(value: unknown): string {
  return inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity, getters: true })
}
