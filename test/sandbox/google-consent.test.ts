import { OAuth2Client } from 'google-auth-library'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGoogle } from '../../sandbox/google/google.ts'
import type { Google, GoogleUrls } from '../../sandbox/google/google.ts'

const CLIENT_ID = '104200000001-port.apps.googleusercontent.com'
const REDIRECT = 'http://127.0.0.1:3000/oauth/google/callback'
const READONLY = 'https://www.googleapis.com/auth/spreadsheets.readonly'
const EMAIL = 'https://www.googleapis.com/auth/userinfo.email'
const START = Date.UTC(2026, 10, 5, 16, 0)

let now = START
let google: Google
let urls: GoogleUrls

beforeEach(async () => {
  now = START
  google = createGoogle({ clientId: CLIENT_ID, clientSecret: 'hush', redirectUris: [REDIRECT, `${REDIRECT}2`], now: () => now })
  urls = await google.start()
})
afterEach(() => google.stop())

function client(options: { clientSecret?: string; redirectUri?: string } = {}): OAuth2Client {
  return new OAuth2Client({
    clientId: CLIENT_ID,
    clientSecret: 'hush',
    redirectUri: REDIRECT,
    ...options,
    endpoints: { oauth2AuthBaseUrl: urls.authUrl, oauth2TokenUrl: urls.tokenUrl, oauth2RevokeUrl: urls.revokeUrl },
    transporterOptions: { timeout: 2000, retryConfig: { retry: 0 } },
  })
}

interface Started {
  url: URL
  codeVerifier: string
}

async function begin(change: Record<string, string | null> = {}): Promise<Started> {
  const { codeVerifier, codeChallenge } = await client().generateCodeVerifierAsync()
  const url = new URL(urls.authUrl)
  const given: Record<string, string> = {
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: `openid email ${READONLY}`,
    state: 'a state',
  }
  const wanted: Record<string, string> = {
    access_type: 'offline',
    prompt: 'consent',
    code_challenge: codeChallenge ?? '',
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries({ ...given, ...wanted, ...change })) if (value !== null) url.searchParams.set(name, value)
  return { url, codeVerifier }
}

async function codeOf({ url }: Started, choice?: Parameters<Google['consent']>[1]): Promise<string> {
  return new URL(await google.consent(url.href, choice)).searchParams.get('code') ?? ''
}

/** What the token endpoint refused with. */
async function refusal(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown as { status?: number; response?: { data?: unknown } },
  )
  return { status: error?.status, ...(error?.response?.data as object) }
}

describe('the consent page', () => {
  test('is a form that a browser can fill in, with the hinted account chosen', async () => {
    const { url } = await begin({ login_hint: 'captain@jada.example' })
    const response = await fetch(url)
    const html = await response.text()
    expect(response.status).toBe(200)
    expect(html).toContain('<h1>Google (stand-in)</h1>')
    expect(html).toContain('value="captain@jada.example" required checked')
    expect(html).toContain(`name="scope" value="${READONLY}" checked`)
    expect(html).not.toContain('name="scope" value="openid"')
    expect(html).not.toContain('not verified')

    const action = /action="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const body = new URLSearchParams({ decision: 'allow', account: 'captain@jada.example', scope: READONLY })
    const sent = await fetch(new URL(action, url), { method: 'POST', body, redirect: 'manual' })
    expect(sent.status).toBe(302)
    const back = new URL(sent.headers.get('location') ?? '')
    expect(back.origin + back.pathname).toBe(REDIRECT)
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      state: 'a state',
      iss: 'https://accounts.google.com',
      scope: `openid ${EMAIL} ${READONLY}`,
      authuser: '1',
      prompt: 'consent',
    })
    expect(back.searchParams.get('code')).toMatch(/^4\/0A/)
  })

  test('warns of an unverified app while the consent screen is in testing', async () => {
    google.setPublishing('testing')
    expect(await (await fetch((await begin()).url)).text()).toContain('Google has not verified this app.')
  })

  test('escapes what the request brings along', async () => {
    const html = await (await fetch((await begin({ state: '"><script>' })).url)).text()
    expect(html).not.toContain('<script>')
  })

  test.each([
    ['another client', { client_id: 'other' }, 'invalid_client'],
    ['an unregistered redirect', { redirect_uri: `${REDIRECT}/` }, 'redirect_uri_mismatch'],
    ['no response type', { response_type: null }, 'response_type'],
    ['a token response', { response_type: 'token' }, 'unsupported_response_type'],
    ['no scope', { scope: null }, 'Missing required parameter: scope'],
    ['an unknown scope', { scope: 'openid sheets' }, 'invalid_scope'],
    ['a challenge without method', { code_challenge_method: null }, 'code_challenge_method'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'code_challenge_method'],
    ['a short challenge', { code_challenge: 'abc' }, 'code_challenge'],
    ['a wrong access type', { access_type: 'forever' }, 'access_type'],
    ['a wrong prompt', { prompt: 'please' }, 'prompt'],
  ])('answers %s with a page, never with a redirect', async (_, change, text) => {
    const { url } = await begin(change)
    const response = await fetch(url, { redirect: 'manual' })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.headers.get('location')).toBeNull()
    await expect(google.consent(url.href)).rejects.toThrow(text)
  })

  test('checks the request again when the form comes back', async () => {
    const { url } = await begin({ redirect_uri: 'https://evil.example/' })
    const body = new URLSearchParams({ decision: 'allow', account: 'office@jada.example' })
    const sent = await fetch(`${urls.authUrl}/consent${url.search}`, { method: 'POST', body, redirect: 'manual' })
    expect(sent.status).toBe(400)
  })

  test('a person may deny', async () => {
    const back = new URL(await google.consent((await begin()).url.href, { deny: true }))
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(back.searchParams.get('state')).toBe('a state')
    expect(back.searchParams.has('code')).toBe(false)
  })

  test('a redirect that Google would not register is refused at once', () => {
    const make = (uri: string) => () => createGoogle({ clientId: CLIENT_ID, clientSecret: 'hush', redirectUris: [uri] })
    expect(make('http://bot.example/cb')).toThrow('not register')
    expect(make('https://203.0.113.7/cb')).toThrow('not register')
    expect(make('https://bot.example/cb')).not.toThrow()
  })
})

describe('the code exchange', () => {
  test('gives tokens and a signed identity', async () => {
    const started = await begin({ login_hint: 'captain@jada.example' })
    const { tokens } = await client().getToken({ code: await codeOf(started), codeVerifier: started.codeVerifier })
    expect(tokens.access_token).toMatch(/^ya29\./)
    expect(tokens.refresh_token).toMatch(/^1\/\//)
    expect(tokens.scope).toBe(`openid ${EMAIL} ${READONLY}`)
    expect(tokens.token_type).toBe('Bearer')
    expect(tokens).not.toHaveProperty('refresh_token_expires_in')
    const payload: unknown = JSON.parse(Buffer.from(tokens.id_token?.split('.')[1] ?? '', 'base64url').toString())
    expect(payload).toMatchObject({
      iss: 'https://accounts.google.com',
      aud: CLIENT_ID,
      sub: '104200000000000000002',
      email: 'captain@jada.example',
      email_verified: true,
      iat: START / 1000,
      exp: START / 1000 + 3600,
    })
  })

  test('takes the client from a Basic header too', async () => {
    const started = await begin()
    const form = {
      grant_type: 'authorization_code',
      code: await codeOf(started),
      redirect_uri: REDIRECT,
      code_verifier: started.codeVerifier,
    }
    const authorization = `Basic ${Buffer.from(`${CLIENT_ID}:hush`).toString('base64')}`
    const response = await fetch(urls.tokenUrl, { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) })
    expect(response.status).toBe(200)
  })

  test('takes a code once, and a second use revokes what the first gave', async () => {
    const started = await begin()
    const exchange = { code: await codeOf(started), codeVerifier: started.codeVerifier }
    const { tokens } = await client().getToken(exchange)
    expect(await refusal(client().getToken(exchange))).toEqual({ status: 400, error: 'invalid_grant', error_description: 'Bad Request' })
    expect(google.refreshTokens().find((token) => token.token === tokens.refresh_token)?.revoked).toBe(true)
  })

  test('takes a code for ten minutes', async () => {
    const started = await begin()
    const code = await codeOf(started)
    now += 10 * 60_000
    expect(await refusal(client().getToken({ code, codeVerifier: started.codeVerifier }))).toMatchObject({
      status: 400,
      error: 'invalid_grant',
    })
  })

  test('refuses a wrong, a missing and an unneeded verifier', async () => {
    const started = await begin()
    const code = await codeOf(started)
    expect(await refusal(client().getToken({ code, codeVerifier: 'x'.repeat(64) }))).toEqual({
      status: 400,
      error: 'invalid_grant',
      error_description: 'Invalid code verifier.',
    })
    expect(await refusal(client().getToken({ code }))).toMatchObject({ error_description: 'Missing code verifier.' })
    const plain = await begin({ code_challenge: null, code_challenge_method: null })
    const wrong = client().getToken({ code: await codeOf(plain), codeVerifier: plain.codeVerifier })
    expect(await refusal(wrong)).toMatchObject({ error_description: 'code_verifier or verifier is not needed.' })
  })

  test('refuses another redirect than the one asked with, even a registered one', async () => {
    const started = await begin()
    const exchange = { code: await codeOf(started), codeVerifier: started.codeVerifier }
    expect(await refusal(client({ redirectUri: `${REDIRECT}2` }).getToken(exchange))).toMatchObject({
      status: 400,
      error: 'redirect_uri_mismatch',
    })
  })

  test('refuses an unknown code', async () => {
    expect(await refusal(client().getToken('4/garbage'))).toEqual({
      status: 400,
      error: 'invalid_grant',
      error_description: 'Malformed auth code.',
    })
  })

  test('grants only what stayed ticked, and signing in always', async () => {
    const started = await begin()
    const code = await codeOf(started, { untick: [READONLY, 'email'] })
    const { tokens } = await client().getToken({ code, codeVerifier: started.codeVerifier })
    expect(tokens.scope).toBe(`openid ${EMAIL}`)
  })

  test('gives a refresh token only offline, and again only with prompt=consent', async () => {
    const run = async (change: Record<string, string | null>) => {
      const started = await begin(change)
      return (await client().getToken({ code: await codeOf(started), codeVerifier: started.codeVerifier })).tokens.refresh_token
    }
    expect(await run({ access_type: 'online' })).toBeUndefined()
    expect(await run({ prompt: null })).toBeDefined()
    expect(await run({ prompt: null })).toBeUndefined()
    expect(await run({ prompt: 'consent' })).toBeDefined()
    google.omitRefreshToken(true)
    expect(await run({ prompt: 'consent' })).toBeUndefined()
  })

  test('says how long a refresh token of a testing client lives', async () => {
    google.setPublishing('testing')
    const started = await begin()
    const { tokens } = await client().getToken({ code: await codeOf(started), codeVerifier: started.codeVerifier })
    expect(tokens).toMatchObject({ refresh_token_expires_in: 604_799 })
  })
})
