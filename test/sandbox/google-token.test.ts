import { OAuth2Client } from 'google-auth-library'
import type { Credentials } from 'google-auth-library'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGoogle } from '../../sandbox/google/google.ts'
import type { Google, GoogleChange, GoogleUrls } from '../../sandbox/google/google.ts'

const CLIENT_ID = '104200000001-port.apps.googleusercontent.com'
const OFFICE = 'office@jada.example'
const DAY = 86_400_000
const START = Date.UTC(2026, 10, 5, 16, 0)
const DEAD = { status: 400, error: 'invalid_grant', error_description: 'Token has been expired or revoked.' }

let now = START
let google: Google
let urls: GoogleUrls

beforeEach(async () => {
  now = START
  google = createGoogle({ clientId: CLIENT_ID, clientSecret: 'hush', redirectUris: ['http://localhost:3000/cb'], now: () => now })
  urls = await google.start()
})
afterEach(() => google.stop())

function client(refreshToken: string, timeout = 2000): OAuth2Client {
  const made = new OAuth2Client({
    clientId: CLIENT_ID,
    clientSecret: 'hush',
    endpoints: { oauth2TokenUrl: urls.tokenUrl, oauth2RevokeUrl: urls.revokeUrl },
    transporterOptions: { timeout, retryConfig: { retry: 0 } },
  })
  made.setCredentials({ refresh_token: refreshToken })
  return made
}

interface Thrown {
  message: string
  code?: number | string
  status?: number
  response?: { data?: unknown; headers: Headers }
}

async function thrown(promise: Promise<unknown>): Promise<Thrown> {
  return promise.then(
    () => {
      throw new Error('nothing was refused')
    },
    (error: unknown) => error as Thrown,
  )
}

async function refusal(refreshToken: string): Promise<unknown> {
  const error = await thrown(client(refreshToken).getAccessToken())
  return { status: error.status, ...(error.response?.data as object) }
}

async function post(form: Record<string, string>, url = urls.tokenUrl): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('a refresh', () => {
  test('gives a new access token and keeps the refresh token', async () => {
    const token = google.issueRefreshToken(OFFICE)
    const { body } = await post({ grant_type: 'refresh_token', refresh_token: token, client_id: CLIENT_ID, client_secret: 'hush' })
    expect(Object.keys(body).toSorted()).toEqual(['access_token', 'expires_in', 'id_token', 'scope', 'token_type'])
    expect(body['expires_in']).toBe(3599)
    expect((await client(token).getAccessToken()).token).toMatch(/^ya29\./)
  })

  test('is refused with the words of Google', async () => {
    const token = google.issueRefreshToken(OFFICE)
    expect(await refusal('garbage')).toEqual({ status: 400, error: 'invalid_grant', error_description: 'Bad Request' })
    google.revokeAll(OFFICE)
    expect(await refusal(token)).toEqual(DEAD)
    const other = google.issueRefreshToken(OFFICE)
    google.expireAll()
    expect(await refusal(other)).toEqual(DEAD)
  })

  test('leaves the other account alone when one revokes its access', async () => {
    const [office, captain] = [google.issueRefreshToken(OFFICE), google.issueRefreshToken('captain@jada.example')]
    google.revokeAll(OFFICE)
    expect(await refusal(office)).toEqual(DEAD)
    expect((await client(captain).getAccessToken()).token).toBeDefined()
  })

  test('in testing counts down seven days and then dies', async () => {
    google.setPublishing('testing')
    const token = google.issueRefreshToken(OFFICE)
    // Publishing the app does not lengthen the life of a token that exists.
    google.setPublishing('production')
    now += 6 * DAY
    const seen: Credentials[] = []
    const refreshing = client(token)
    refreshing.on('tokens', (tokens) => seen.push({ ...tokens }))
    await refreshing.getAccessToken()
    expect(seen[0]).toMatchObject({ refresh_token_expires_in: 86_399 })
    now += DAY - 1
    await client(token).getAccessToken()
    now += 1
    expect(await refusal(token)).toEqual(DEAD)
  })

  test('dies after a given rest, and after six months unused', async () => {
    const token = google.issueRefreshToken(OFFICE)
    google.expireIn(60_000)
    now += 60_000
    expect(await refusal(token)).toEqual(DEAD)
    const idle = google.issueRefreshToken(OFFICE)
    now += 183 * DAY
    expect(await refusal(idle)).toEqual(DEAD)
  })

  test('rotates: the event has the new token, the old one dies', async () => {
    const token = google.issueRefreshToken(OFFICE)
    google.rotateOnRefresh(true)
    const seen: (string | null | undefined)[] = []
    const refreshing = client(token)
    refreshing.on('tokens', (tokens) => seen.push(tokens.refresh_token))
    await refreshing.getAccessToken()
    expect(seen[0]).toMatch(/^1\/\//)
    expect(seen[0]).not.toBe(token)
    expect(refreshing.credentials.refresh_token).toBe(token)
    expect(await refusal(token)).toEqual(DEAD)
  })

  test('the 101st living token silently ends the oldest', async () => {
    const first = google.issueRefreshToken(OFFICE)
    for (let count = 1; count < 100; count += 1) google.issueRefreshToken(OFFICE)
    await client(first).getAccessToken()
    google.issueRefreshToken(OFFICE)
    expect(await refusal(first)).toEqual(DEAD)
  })

  test('refuses the client before it looks at the token', async () => {
    const token = google.issueRefreshToken(OFFICE)
    const form = { grant_type: 'refresh_token', refresh_token: token, client_id: CLIENT_ID, client_secret: 'hush' }
    expect(await post({ ...form, client_id: 'other' })).toEqual({
      status: 401,
      body: { error: 'invalid_client', error_description: 'The OAuth client was not found.' },
    })
    google.setClientSecret('new')
    expect(await post(form)).toEqual({ status: 401, body: { error: 'invalid_client', error_description: 'Unauthorized' } })
    google.disableClient(true)
    expect(await post(form)).toMatchObject({ status: 401, body: { error: 'disabled_client' } })
    google.disableClient(true, 'deleted')
    expect(await post(form)).toMatchObject({ status: 401, body: { error: 'deleted_client' } })
    google.disableClient(false)
    expect(await post({ ...form, client_secret: 'new' })).toMatchObject({ status: 200 })
    expect(await post({ ...form, client_secret: 'new', scope: 'profile' })).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
  })

  test('refuses what is not a token request', async () => {
    const known = { client_id: CLIENT_ID, client_secret: 'hush' }
    expect(await post({ ...known, grant_type: 'password' })).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
    expect(await post(known)).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(await post({ grant_type: 'refresh_token' })).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect((await fetch(urls.tokenUrl, { method: 'POST', body: '{}' })).status).toBe(400)
    expect((await fetch(urls.tokenUrl)).status).toBe(404)
  })
})

test('revoking one token ends the whole grant', async () => {
  const [kept, given] = [google.issueRefreshToken(OFFICE), google.issueRefreshToken(OFFICE)]
  await client(given).revokeToken(given)
  expect(await refusal(kept)).toEqual(DEAD)
  expect(await post({ token: given }, urls.revokeUrl)).toMatchObject({ status: 400, body: { error: 'invalid_token' } })
})

describe('a fault', () => {
  test('is used up in order', async () => {
    const token = google.issueRefreshToken(OFFICE)
    google.fault({ endpoint: 'token', kind: '429', retryAfterS: 7, times: 1 })
    google.fault({ endpoint: '*', kind: '5xx', times: 2 })
    const first = await thrown(client(token).getAccessToken())
    expect([first.status, first.response?.headers.get('retry-after')]).toEqual([429, '7'])
    expect(await refusal(token)).toMatchObject({ status: 503, error: 'internal_failure' })
    expect(await refusal(token)).toMatchObject({ status: 503 })
    expect((await client(token).getAccessToken()).token).toBeDefined()
    expect(google.requests.map((request) => request.fault)).toEqual(['429', '5xx', '5xx', undefined])
  })

  test('lasts until cleared without times', async () => {
    const token = google.issueRefreshToken(OFFICE)
    google.fault({ endpoint: 'token', kind: 'answer', status: 400, body: { error: 'server_error' }, headers: { 'x-seen': 'yes' } })
    await refusal(token)
    expect((await thrown(client(token).getAccessToken())).response?.headers.get('x-seen')).toBe('yes')
    google.clearFaults()
    expect((await client(token).getAccessToken()).token).toBeDefined()
  })

  test('a page with status 200 breaks the library, not the stand-in', async () => {
    const token = google.issueRefreshToken(OFFICE)
    google.fault({ endpoint: 'token', kind: 'html', times: 1 })
    await expect(client(token).getAccessToken()).rejects.toThrow(TypeError)
    google.fault({ endpoint: 'token', kind: 'answer', body: {}, times: 1 })
    await expect(client(token).getAccessToken()).rejects.toThrow('Could not refresh access token.')
  })

  test('silence, a reset, and an answer that is lost after the work was done', async () => {
    const token = google.issueRefreshToken(OFFICE)
    google.fault({ endpoint: 'token', kind: 'timeout', times: 1 })
    expect((await thrown(client(token, 30).getAccessToken())).code).toBe('TimeoutError')
    google.fault({ endpoint: 'token', kind: 'reset', times: 1 })
    expect((await thrown(client(token).getAccessToken())).code).toBe('ECONNRESET')
    google.rotateOnRefresh(true)
    google.fault({ endpoint: 'token', kind: 'reset', lost: true, times: 1 })
    expect((await thrown(client(token).getAccessToken())).code).toBe('ECONNRESET')
    expect(await refusal(token)).toEqual(DEAD)
    expect(google.requests.map((request) => request.status)).toEqual([0, 0, 0, 400])
  })

  test('reaches a person at the consent page too', async () => {
    google.fault({ endpoint: 'authorize', kind: '5xx', times: 1 })
    await expect(google.consent(`${urls.authUrl}?client_id=x`)).rejects.toThrow('503')
    google.fault({ endpoint: 'authorize', kind: 'timeout', times: 1 })
    await expect(google.consent(`${urls.authUrl}?client_id=x`)).rejects.toThrow('does not load')
    await expect(google.consent('https://accounts.google.com/o/oauth2/v2/auth')).rejects.toThrow('not the authorize page')
  })
})

test('tells listeners, and writes down no secret', async () => {
  const changes: GoogleChange[] = []
  const off = google.on((change) => changes.push(change))
  const token = google.issueRefreshToken(OFFICE)
  const access = (await client(token).getAccessToken()).token ?? ''
  off()
  google.expireAll()
  expect(changes.map((change) => change.kind)).toEqual(['change', 'request'])
  expect(google.requests[0]).toEqual({
    at: START,
    endpoint: 'token',
    method: 'POST',
    path: '/token',
    query: [],
    grantType: 'refresh_token',
    status: 200,
  })
  const told = JSON.stringify([changes, google.requests, google.snapshot()])
  for (const secret of [token, access, 'hush']) expect(told).not.toContain(secret)
})

test('stop ends connections that were left hanging', async () => {
  google.fault({ endpoint: 'token', kind: 'timeout' })
  const waiting = thrown(client(google.issueRefreshToken(OFFICE), 10_000).getAccessToken())
  while (google.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
  await google.stop()
  expect((await waiting).code).toBe('ECONNRESET')
})
