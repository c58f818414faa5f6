import { OAuth2Client } from 'google-auth-library'
import { sheets } from 'googleapis/build/src/apis/sheets/index.js'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { GoogleFault } from '../../../sandbox/google/google.ts'
import type { GoogleFailure } from '../../../src/services/google/failure.ts'
import {
  CLIENT_ID,
  CLIENT_SECRET,
  everything,
  failureOf,
  newBox,
  newKey,
  REDIRECT,
  SHEET_ID,
  startWorld,
  type GoogleWorld,
} from '../../support/google-world.ts'

const REFRESH = '1//0aBcDeFgHiJkLmNoPqRsTuVwXyZ-refresh'
const CODE = '4/0AbCdEfGhIjKlMnOpQrStUvWxYz-code'
const VERIFIER = 'verifier'.repeat(8)
const ACCESS = 'ya29.a0AbCdEfGhIjKlMnOpQrStUvWxYz'
/** Forms are sent percent-encoded, so a leak may be written either way. */
const SECRETS = [REFRESH, CODE, VERIFIER, ACCESS, CLIENT_SECRET].flatMap((secret) => [secret, encodeURIComponent(secret)])

let world: GoogleWorld

beforeAll(async () => {
  world = await startWorld(500)
})
afterAll(() => world.stop())
afterEach(() => {
  world.google.clearFaults()
  vi.restoreAllMocks()
})

const leaks = (value: unknown): string[] => {
  const shown = everything(value)
  return SECRETS.filter((secret) => shown.includes(secret))
}

const thrownBy = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('nothing was thrown')
    },
    (error: unknown) => error,
  )

const FAULTS: readonly { readonly name: string; readonly fault: Omit<GoogleFault, 'endpoint' | 'times'> }[] = [
  { name: 'an OAuth error', fault: { kind: 'answer', status: 400, body: { error: 'invalid_grant', error_description: 'Bad Request' } } },
  {
    name: 'an OAuth error that repeats what we sent',
    fault: {
      kind: 'answer',
      status: 400,
      body: { error: 'invalid_request', error_description: `refresh_token=${REFRESH} code=${CODE} code_verifier=${VERIFIER} ${ACCESS}` },
    },
  },
  {
    name: 'an API error that repeats what we sent',
    fault: {
      kind: 'answer',
      status: 400,
      body: { error: { code: 400, status: 'INVALID_ARGUMENT', message: `Bearer ${ACCESS} ${REFRESH} client_secret=${CLIENT_SECRET}` } },
    },
  },
  { name: 'a page that repeats what we sent', fault: { kind: 'html', status: 400, body: [REFRESH, CODE, VERIFIER, ACCESS].join(' ') } },
  { name: 'a rate limit', fault: { kind: '429', retryAfterS: 5 } },
  { name: 'a busy server', fault: { kind: '5xx' } },
  { name: 'a page with 200', fault: { kind: 'html' } },
  { name: 'an answer without a token', fault: { kind: 'answer', body: { scope: 'openid' } } },
  { name: 'a reset', fault: { kind: 'reset' } },
]

describe('what leaves the Google area', () => {
  test.each(FAULTS)('after $name holds no secret', async ({ fault }) => {
    world.google.fault({ ...fault, endpoint: '*' })
    const failures: GoogleFailure[] = [
      failureOf(await world.client.refresh(REFRESH)),
      failureOf(await world.client.exchange(CODE, VERIFIER, REDIRECT)),
      failureOf(await world.api.outline(ACCESS)),
      failureOf(await world.api.values(ACCESS, ['2026-11'])),
      failureOf(await world.api.probe(ACCESS)),
    ]
    for (const failure of failures) {
      expect(leaks(failure)).toEqual([])
      expect(SECRETS.filter((secret) => JSON.stringify(failure).includes(secret))).toEqual([])
    }
  })

  test('the client itself shows neither its secret nor a token', () => {
    expect(leaks(world.clientOptions)).toEqual([])
    expect(leaks(world.client)).toEqual([])
    expect(leaks(world.api)).toEqual([])
  })

  test('a token that cannot be read is not in the error', () => {
    const sealed = newBox().seal(REFRESH, 'here')
    const error = (() => {
      try {
        return newBox().open(sealed, 'here')
      } catch (thrown) {
        return thrown
      }
    })()
    expect(error).toBeInstanceOf(Error)
    expect(leaks(error)).toEqual([])
    expect(everything(error)).not.toContain(sealed)
  })

  test('a key does not show in the box made with it', () => {
    const key = newKey()
    expect(everything(newBox(key))).not.toContain(key.reveal())
  })
})

describe('the errors of the library', () => {
  const plain = () =>
    new OAuth2Client({
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      endpoints: { oauth2TokenUrl: world.urls.tokenUrl },
      transporterOptions: { retryConfig: { retry: 0 } },
    })

  test('hold the refresh token as long as nobody redacts them', async () => {
    const client = plain()
    client.setCredentials({ refresh_token: REFRESH })
    expect(leaks(await thrownBy(client.refreshAccessToken()))).toContain(REFRESH)
  })

  test('hold the code and the verifier as long as nobody redacts them', async () => {
    const leaked = leaks(await thrownBy(plain().getToken({ code: CODE, codeVerifier: VERIFIER, redirect_uri: REDIRECT })))
    expect(leaked).toEqual(expect.arrayContaining([VERIFIER, CODE]))
  })

  test.each(['answer', 'reset', '5xx'] as const)('hold nothing of it with the options of our client, after %s', async (kind) => {
    world.google.fault({ endpoint: 'token', kind, status: kind === '5xx' ? 503 : 400, body: { error: 'invalid_grant' } })
    // Watched, not replaced: what our client's own OAuth2Client throws is what a careless log line would see.
    const refresh = vi.spyOn(OAuth2Client.prototype, 'refreshAccessToken')
    const exchange = vi.spyOn(OAuth2Client.prototype, 'getToken')
    await world.client.refresh(REFRESH)
    await world.client.exchange(CODE, VERIFIER, REDIRECT)
    const errors = [...refresh.mock.settledResults, ...exchange.mock.settledResults]
    expect(errors.map((result) => result.type)).toEqual(['rejected', 'rejected'])
    for (const { value } of errors) {
      expect(value).toBeInstanceOf(Error)
      expect(leaks(value)).toEqual([])
    }
  })

  test('of the Sheets API do not leave either: the failure keeps none of their fields', async () => {
    const auth = new OAuth2Client()
    auth.setCredentials({ access_token: ACCESS })
    const raw = await thrownBy(
      sheets({ version: 'v4', auth, retry: false, rootUrl: world.urls.sheetsUrl }).spreadsheets.get({ spreadsheetId: SHEET_ID }),
    )
    expect(raw).toHaveProperty('config')
    const failure = failureOf(await world.api.outline(ACCESS))
    expect(Object.keys(failure).toSorted()).toEqual(['class', 'code', 'detail', 'enableUrl', 'endpoint', 'hint', 'retryAfterMs', 'status'])
    for (const value of Object.values(failure)) expect(['string', 'number', 'undefined']).toContain(typeof value)
  })
})
