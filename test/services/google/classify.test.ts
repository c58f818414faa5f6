import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { GoogleFault } from '../../../sandbox/google/google.ts'
import { createGoogleClient } from '../../../src/services/google/client.ts'
import type { FailureClass, FailureHint } from '../../../src/services/google/failure.ts'
import { createSheetsApi } from '../../../src/services/google/sheets-api.ts'
import { failureOf, OFFICE, REDIRECT, SHEET_ID, startWorld, valueOf, type GoogleWorld } from '../../support/google-world.ts'

let world: GoogleWorld

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.stop())
afterEach(() => {
  world.google.clearFaults()
})

interface Row {
  readonly when: string
  readonly status: number
  readonly body: unknown
  readonly headers?: Record<string, string>
  readonly kind?: GoogleFault['kind']
  readonly class: FailureClass
  readonly hint?: FailureHint
  readonly code: string
  readonly detail?: string
  readonly retryAfterMs?: number
  readonly enableUrl?: string
}

const expected = (row: Row, endpoint: 'token' | 'sheets') => ({
  endpoint,
  class: row.class,
  hint: row.hint,
  code: row.code,
  status: row.code === 'not-json' ? undefined : row.status,
  detail: row.detail,
  retryAfterMs: row.retryAfterMs,
  enableUrl: row.enableUrl,
})

function answer(endpoint: 'token' | 'sheets', row: Row): void {
  const { status, body, headers, kind = 'answer' } = row
  world.google.fault({ endpoint, kind, status, body, times: 1, ...(headers === undefined ? {} : { headers }) })
}

const oauth = (error: string, error_description?: string, more: object = {}) => ({
  error,
  ...(error_description === undefined ? {} : { error_description }),
  ...more,
})

const named = (names: readonly string[], status: number, rest: Pick<Row, 'class' | 'hint'>): Row[] =>
  names.map((name) => ({
    when: `${status} ${name}`,
    status,
    body: oauth(name, `About ${name}.`),
    ...rest,
    code: name,
    detail: `About ${name}.`,
  }))

const PASSING = ['internal_failure', 'server_error', 'temporarily_unavailable']

const TOKEN_ROWS: readonly Row[] = [
  {
    when: '400 invalid_grant of a token that expired or was revoked',
    status: 400,
    body: oauth('invalid_grant', 'Token has been expired or revoked.'),
    class: 'reauth-required',
    code: 'invalid_grant',
    detail: 'Token has been expired or revoked.',
  },
  {
    when: '400 invalid_grant "Bad Request"',
    status: 400,
    body: oauth('invalid_grant', 'Bad Request'),
    class: 'reauth-required',
    code: 'invalid_grant',
    detail: 'Bad Request',
  },
  { when: '400 invalid_grant without words', status: 400, body: oauth('invalid_grant'), class: 'reauth-required', code: 'invalid_grant' },
  ...['invalid_rapt', 'rapt_required'].map((subtype): Row => ({
    when: `400 invalid_grant with ${subtype}`,
    status: 400,
    body: oauth('invalid_grant', 'reauth related error', { error_subtype: subtype }),
    class: 'reauth-required',
    hint: 'session-control',
    code: 'invalid_grant',
    detail: 'reauth related error',
  })),
  {
    when: '400 invalid_grant of a deleted account',
    status: 400,
    body: oauth('invalid_grant', 'Account has been deleted'),
    class: 'reauth-required',
    hint: 'account-deleted',
    code: 'invalid_grant',
    detail: 'Account has been deleted',
  },
  ...named(['invalid_client', 'deleted_client', 'disabled_client', 'unauthorized_client'], 401, { class: 'configuration', hint: 'client' }),
  ...named(['invalid_request', 'unsupported_grant_type', 'invalid_scope', 'redirect_uri_mismatch'], 400, {
    class: 'configuration',
    hint: 'our-request',
  }),
  ...named(['access_denied', 'admin_policy_enforced', 'org_internal'], 400, { class: 'configuration', hint: 'admin-policy' }),
  ...named(['access_denied', 'admin_policy_enforced', 'org_internal'], 403, { class: 'configuration', hint: 'admin-policy' }),
  ...[400, 401, 403, 429, 500, 503].flatMap((status) => named(PASSING, status, { class: 'server' })),
  { when: '400 with a page', kind: 'html', status: 400, body: '<h1>Bad Request</h1>', class: 'unknown', code: 'http-400' },
  { when: '400 with plain text', status: 400, body: 'nope', class: 'unknown', code: 'http-400' },
  { when: '400 with a JSON list', status: 400, body: ['invalid_grant'], class: 'unknown', code: 'http-400' },
  { when: '400 with an empty object', status: 400, body: {}, class: 'unknown', code: 'http-400' },
  {
    when: '400 with an error nobody knows',
    status: 400,
    body: oauth('brand_new_error', 'New.'),
    class: 'unknown',
    code: 'brand_new_error',
    detail: 'New.',
  },
  { when: '403 with a page', kind: 'html', status: 403, body: '<h1>Forbidden</h1>', class: 'unknown', code: 'http-403' },
  { when: '408', status: 408, body: 'late', class: 'server', code: 'http-408' },
  {
    when: '429 with Retry-After',
    status: 429,
    body: oauth('rate_limit_exceeded'),
    headers: { 'retry-after': '75' },
    class: 'rate-limited',
    code: 'rate_limit_exceeded',
    retryAfterMs: 75_000,
  },
  { when: '429 without a wish', kind: 'html', status: 429, body: 'slow down', class: 'rate-limited', code: 'http-429' },
  ...[500, 502, 503, 504].map((status): Row => ({
    when: `${status} with a page`,
    kind: 'html',
    status,
    body: "<b>That's an error.</b>",
    class: 'server',
    code: `http-${status}`,
  })),
  {
    when: '503 with Retry-After',
    status: 503,
    body: oauth('internal_failure'),
    headers: { 'retry-after': '120' },
    class: 'server',
    code: 'internal_failure',
    retryAfterMs: 120_000,
  },
  { when: '200 with a page', kind: 'html', status: 200, body: '<h1>Wi-Fi</h1>', class: 'network', hint: 'proxy', code: 'not-json' },
  {
    when: '200 with a page that claims to be JSON',
    kind: 'html',
    status: 200,
    body: '<h1>Wi-Fi</h1>',
    headers: { 'content-type': 'application/json' },
    class: 'network',
    hint: 'proxy',
    code: 'not-json',
  },
  {
    when: '200 without an access token',
    status: 200,
    body: { token_type: 'Bearer' },
    class: 'network',
    hint: 'proxy',
    code: 'not-json',
  },
]

describe('the token endpoint', () => {
  test.each(TOKEN_ROWS)('$when, at a refresh', async (row) => {
    answer('token', row)
    expect(failureOf(await world.client.refresh('1//0a-stored-refresh-token'))).toEqual(expected(row, 'token'))
  })

  test.each(TOKEN_ROWS)('$when, at a code exchange', async (row) => {
    answer('token', row)
    expect(failureOf(await world.client.exchange('4/0A-some-code', 'v'.repeat(64), REDIRECT))).toEqual(expected(row, 'token'))
  })

  test('answers of the stand-in itself mean the same as the table', async () => {
    const { google, client } = world
    const token = google.issueRefreshToken(OFFICE)
    expect(failureOf(await client.refresh('garbage'))).toMatchObject({ class: 'reauth-required', detail: 'Bad Request' })
    google.setClientSecret('rolled')
    expect(failureOf(await client.refresh(token))).toMatchObject({ class: 'configuration', hint: 'client', code: 'invalid_client' })
    google.disableClient(true)
    expect(failureOf(await client.refresh(token))).toMatchObject({ class: 'configuration', hint: 'client', code: 'disabled_client' })
    google.disableClient(false)
    google.setClientSecret(world.clientOptions.clientSecret.reveal())
    expect((await client.refresh(token)).ok).toBe(true)
    google.expireAll()
    expect(failureOf(await client.refresh(token))).toMatchObject({ class: 'reauth-required', status: 400 })
  })
})

const api = (code: number, status: string, message: string, more: object = {}) => ({ error: { code, status, message, ...more } })
const info = (reason: string, metadata: object = {}) => ({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, metadata })
const retryInfo = (retryDelay: string) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay })
const older = (reason: string) => ({ errors: [{ domain: 'global', message: 'In the older format.', reason }] })
const ENABLE = 'https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=104200000001'
const QUOTA = 'Quota exceeded.'

const SHEETS_ROWS: readonly Row[] = [
  {
    when: '401 UNAUTHENTICATED',
    status: 401,
    body: api(401, 'UNAUTHENTICATED', 'Invalid credentials.'),
    class: 'stale-access-token',
    code: 'UNAUTHENTICATED',
    detail: 'Invalid credentials.',
  },
  ...[{ details: [info('ACCESS_TOKEN_SCOPE_INSUFFICIENT')] }, older('insufficientPermissions')].map((more, index): Row => ({
    when: `403 without the scope, format ${index + 1}`,
    status: 403,
    body: api(403, 'PERMISSION_DENIED', 'Insufficient scopes.', more),
    class: 'reauth-required',
    hint: 'scope-unticked',
    code: index === 0 ? 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' : 'insufficientPermissions',
    detail: 'Insufficient scopes.',
  })),
  {
    when: '403 SERVICE_DISABLED',
    status: 403,
    body: api(403, 'PERMISSION_DENIED', 'Disabled.', { details: [info('SERVICE_DISABLED', { activationUrl: ENABLE })] }),
    class: 'configuration',
    hint: 'api-disabled',
    code: 'SERVICE_DISABLED',
    detail: 'Disabled.',
    enableUrl: ENABLE,
  },
  {
    when: '403 accessNotConfigured',
    status: 403,
    body: api(403, 'PERMISSION_DENIED', 'Disabled.', older('accessNotConfigured')),
    class: 'configuration',
    hint: 'api-disabled',
    code: 'accessNotConfigured',
    detail: 'Disabled.',
  },
  {
    when: '403 PERMISSION_DENIED',
    status: 403,
    body: api(403, 'PERMISSION_DENIED', 'The caller does not have permission'),
    class: 'data',
    hint: 'not-shared',
    code: 'PERMISSION_DENIED',
    detail: 'The caller does not have permission',
  },
  ...['rateLimitExceeded', 'userRateLimitExceeded'].map((reason): Row => ({
    when: `403 ${reason}`,
    status: 403,
    body: api(403, 'PERMISSION_DENIED', QUOTA, older(reason)),
    class: 'rate-limited',
    code: reason,
    detail: QUOTA,
  })),
  {
    when: '404',
    status: 404,
    body: api(404, 'NOT_FOUND', 'Requested entity was not found.'),
    class: 'data',
    hint: 'not-found',
    code: 'NOT_FOUND',
    detail: 'Requested entity was not found.',
  },
  { when: '404 with a page that is not Google’s API', kind: 'html', status: 404, body: '<h1>?</h1>', class: 'unknown', code: 'http-404' },
  {
    when: '400 of an Office file',
    status: 400,
    body: api(400, 'FAILED_PRECONDITION', 'The document must not be an Office file.'),
    class: 'data',
    hint: 'office-file',
    code: 'FAILED_PRECONDITION',
    detail: 'The document must not be an Office file.',
  },
  {
    when: '400 Unable to parse range',
    status: 400,
    body: api(400, 'INVALID_ARGUMENT', "Unable to parse range: '2026-11'"),
    class: 'data',
    hint: 'tab-renamed',
    code: 'INVALID_ARGUMENT',
    detail: "Unable to parse range: '2026-11'",
  },
  {
    when: '400 INVALID_ARGUMENT of any other kind',
    status: 400,
    body: api(400, 'INVALID_ARGUMENT', 'Unknown name "x"'),
    class: 'configuration',
    hint: 'our-request',
    code: 'INVALID_ARGUMENT',
    detail: 'Unknown name "x"',
  },
  {
    when: '429 where the header asks for longer',
    status: 429,
    body: api(429, 'RESOURCE_EXHAUSTED', QUOTA, { details: [info('RATE_LIMIT_EXCEEDED'), retryInfo('30s')] }),
    headers: { 'retry-after': '90' },
    class: 'rate-limited',
    code: 'RATE_LIMIT_EXCEEDED',
    detail: QUOTA,
    retryAfterMs: 90_000,
  },
  {
    when: '429 where the body asks for longer',
    status: 429,
    body: api(429, 'RESOURCE_EXHAUSTED', QUOTA, { details: [retryInfo('120.5s')] }),
    headers: { 'retry-after': '90' },
    class: 'rate-limited',
    code: 'RESOURCE_EXHAUSTED',
    detail: QUOTA,
    retryAfterMs: 120_500,
  },
  { when: '429 with a page', kind: 'html', status: 429, body: 'slow down', class: 'rate-limited', code: 'http-429' },
  ...(
    [
      [500, 'INTERNAL'],
      [503, 'UNAVAILABLE'],
      [504, 'DEADLINE_EXCEEDED'],
    ] as const
  ).map(([status, name]): Row => ({
    when: `${status} ${name}`,
    status,
    body: api(status, name, 'Try later.'),
    class: 'server',
    code: name,
    detail: 'Try later.',
  })),
  { when: '502 with a page', kind: 'html', status: 502, body: '<b>502.</b>', class: 'server', code: 'http-502' },
  { when: '408', kind: 'html', status: 408, body: 'late', class: 'server', code: 'http-408' },
  { when: '200 with a page', kind: 'html', status: 200, body: '<h1>Wi-Fi</h1>', class: 'network', hint: 'proxy', code: 'not-json' },
  {
    when: '200 with a page that claims to be JSON',
    kind: 'html',
    status: 200,
    body: '<h1>Wi-Fi</h1>',
    headers: { 'content-type': 'application/json' },
    class: 'network',
    hint: 'proxy',
    code: 'not-json',
  },
  { when: '200 with other JSON', status: 200, body: { hello: 1 }, class: 'network', hint: 'proxy', code: 'not-json' },
]

describe('the Sheets API', () => {
  test.each(SHEETS_ROWS)('$when', async (row) => {
    for (const call of [
      () => world.api.outline('ya29.token'),
      () => world.api.values('ya29.token', ['2026-11']),
      () => world.api.probe('ya29.token'),
    ]) {
      answer('sheets', row)
      expect(failureOf(await call())).toEqual(expected(row, 'sheets'))
    }
  })

  test('answers of the stand-in itself mean the same as the table', async () => {
    const { google, client, api: sheets } = world
    google.createSpreadsheet({
      id: SHEET_ID,
      title: 'Port log',
      timeZone: 'America/Los_Angeles',
      tabs: [{ title: "Captain's log", rows: [['ID'], ['JC-1']] }],
      sharedWith: [OFFICE],
    })
    const access = async (scopes?: string[]) => valueOf(await client.refresh(google.issueRefreshToken(OFFICE, scopes))).accessToken
    const token = await access()
    expect(valueOf(await sheets.values(token, ["Captain's log"]))).toEqual([[['ID'], ['JC-1']]])
    expect(valueOf(await sheets.outline(token))).toMatchObject({ timeZone: 'America/Los_Angeles', tabs: [{ title: "Captain's log" }] })
    expect(failureOf(await sheets.values(token, ['2026-11']))).toMatchObject({ class: 'data', hint: 'tab-renamed' })
    expect(failureOf(await sheets.outline(await access(['openid'])))).toMatchObject({ class: 'reauth-required', hint: 'scope-unticked' })
    google.disableSheetsApi(true)
    expect(failureOf(await sheets.probe(token))).toMatchObject({ class: 'configuration', hint: 'api-disabled', enableUrl: ENABLE })
    google.disableSheetsApi(false)
    google.sheet(SHEET_ID).unshare(OFFICE)
    expect(failureOf(await sheets.probe(token))).toMatchObject({ class: 'data', hint: 'not-shared', status: 403 })
    google.deleteSpreadsheet(SHEET_ID)
    expect(failureOf(await sheets.outline(token))).toMatchObject({ class: 'data', hint: 'not-found', status: 404 })
    google.fault({ endpoint: 'sheets', kind: '429', retryAfterS: 42, times: 1 })
    expect(failureOf(await sheets.outline(token))).toMatchObject({ class: 'rate-limited', retryAfterMs: 42_000 })
    world.now += 3_600_000
    expect(failureOf(await sheets.outline(token))).toMatchObject({ class: 'stale-access-token', status: 401 })
    google.createSpreadsheet({
      id: SHEET_ID,
      title: 'log.xlsx',
      timeZone: 'UTC',
      tabs: [{ title: 'A', rows: [] }],
      sharedWith: [OFFICE],
      officeFile: true,
    })
    expect(failureOf(await sheets.outline(await access()))).toMatchObject({ class: 'data', hint: 'office-file' })
    google.deleteSpreadsheet(SHEET_ID)
  })
})

describe('no answer at all', () => {
  const network = (code: string, endpoint: 'token' | 'sheets' = 'token') => ({
    endpoint,
    class: 'network',
    hint: undefined,
    code,
    status: undefined,
    detail: undefined,
    retryAfterMs: undefined,
    enableUrl: undefined,
  })

  async function closedPort(): Promise<number> {
    const server = createServer()
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    return port
  }

  const both = (origin: string, timeoutMs = 2000) => ({
    client: createGoogleClient({ ...world.clientOptions, tokenUrl: `${origin}/token`, timeoutMs }),
    sheets: createSheetsApi({ spreadsheetId: SHEET_ID, rootUrl: `${origin}/`, timeoutMs }),
  })

  test('a refused connection is a network fault', async () => {
    const { client, sheets } = both(`http://127.0.0.1:${await closedPort()}`)
    expect(failureOf(await client.refresh('1//0token'))).toEqual(network('ECONNREFUSED'))
    expect(failureOf(await client.exchange('4/0code', 'v'.repeat(64), REDIRECT))).toEqual(network('ECONNREFUSED'))
    expect(failureOf(await sheets.outline('ya29.token'))).toEqual(network('ECONNREFUSED', 'sheets'))
  })

  test('an unknown host is a network fault', async () => {
    const { client, sheets } = both('http://jada-bot.invalid')
    const code = expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) as unknown as string
    expect(failureOf(await client.refresh('1//0token'))).toEqual(network(code))
    expect(failureOf(await sheets.outline('ya29.token'))).toEqual(network(code, 'sheets'))
  })

  test('a reset connection is a network fault', async () => {
    world.google.fault({ endpoint: '*', kind: 'reset' })
    expect(failureOf(await world.client.refresh('1//0token'))).toEqual(network('ECONNRESET'))
    expect(failureOf(await world.api.outline('ya29.token'))).toEqual(network('ECONNRESET', 'sheets'))
  })

  test('an answer lost after the work was done is a network fault', async () => {
    world.google.fault({ endpoint: 'token', kind: 'reset', lost: true, times: 1 })
    const failure = failureOf(await world.client.refresh(world.google.issueRefreshToken(OFFICE)))
    expect(failure).toEqual(network('ECONNRESET'))
  })

  test('silence is cut by the time limit, at one request only', async () => {
    world.google.fault({ endpoint: '*', kind: 'timeout' })
    const { client, sheets } = both(new URL(world.urls.tokenUrl).origin, 40)
    const before = world.google.requests.length
    expect(failureOf(await client.refresh('1//0token'))).toEqual(network('timeout'))
    expect(failureOf(await sheets.outline('ya29.token'))).toEqual(network('timeout', 'sheets'))
    expect(world.google.requests.length - before).toBe(2)
  })

  test('a server that is busy is asked once: nothing retries behind our back', async () => {
    world.google.fault({ endpoint: '*', kind: '5xx' })
    const before = world.google.requests.length
    await world.client.refresh('1//0token')
    await world.client.exchange('4/0code', 'v'.repeat(64), REDIRECT)
    await world.api.outline('ya29.token')
    await world.api.values('ya29.token', ['A'])
    await world.api.probe('ya29.token')
    expect(world.google.requests.length - before).toBe(5)
  })
})
