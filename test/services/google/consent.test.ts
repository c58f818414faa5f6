import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemRandom } from '../../../src/random.ts'
import { completeConsent, type CompleteDeps, type ConsentOutcome } from '../../../src/services/google/complete-consent.ts'
import { CONNECTION, type Connection, type Consent, type ConsentMode } from '../../../src/services/google/connection.ts'
import { tokenHash } from '../../../src/services/google/hash.ts'
import { CONSENT_LIFETIME_MS, startConsent, type StartRequest } from '../../../src/services/google/start-consent.ts'
import { checkTicket, incidentTicket, operatorTicket, TICKET_LIFETIME_MS, type TicketDeps } from '../../../src/services/google/ticket.ts'
import { tokenContext } from '../../../src/services/google/token-context.ts'
import { accessToken } from '../../../src/services/google/tokens.ts'
import type { AllPorts } from '../../../src/store/unit.ts'
import { openTestStore, type TestStore } from '../../support/google-store.ts'
import {
  CAPTAIN,
  CLIENT_ID,
  everything,
  newBox,
  newKey,
  OFFICE,
  READONLY,
  REDIRECT,
  SHEET_ID,
  START,
  startWorld,
  type GoogleWorld,
} from '../../support/google-world.ts'

const MINUTE = 60_000
const BROWSER: Consent['boundTo'] = { kind: 'browser', value: 'hash-of-a-cookie' }
const OFFICE_SUB = '104200000000000000011'
const CAPTAIN_SUB = '104200000000000000012'

let world: GoogleWorld
let store: TestStore
let stored: string[]
const key = newKey()
const box = newBox(key)

beforeEach(async () => {
  world = await startWorld()
  store = await openTestStore()
  stored = []
  world.google.createSpreadsheet({
    id: SHEET_ID,
    title: 'Port log',
    timeZone: 'America/Los_Angeles',
    tabs: [{ title: '2026-11', rows: [['ID']] }],
    sharedWith: [OFFICE, CAPTAIN],
  })
})
afterEach(async () => {
  await world.stop()
  await store.close()
})

const startDeps = () => ({ uow: store.uow, client: world.client, box, random: systemRandom })

const completeDeps = (): CompleteDeps<AllPorts> => ({
  uow: store.uow,
  client: world.client,
  box,
  probe: (token) => world.api.probe(token),
  whenStored: (_ports, consent, identity) => {
    stored.push(`${consent.mode} ${identity.email}`)
    return Promise.resolve()
  },
})

async function start(change: Partial<StartRequest> = {}): Promise<string> {
  const request: StartRequest = { mode: 'renew', incidentId: 7, ticketHash: null, boundTo: BROWSER, redirectUri: REDIRECT, ...change }
  const started = await startConsent(startDeps(), request, world.now)
  if (started.kind !== 'started') throw new Error('too many starts')
  return started.url
}

async function consent(url: string, choice?: Parameters<GoogleWorld['google']['consent']>[1]) {
  const { searchParams } = new URL(await world.google.consent(url, choice))
  return {
    state: searchParams.get('state') ?? undefined,
    code: searchParams.get('code') ?? undefined,
    error: searchParams.get('error') ?? undefined,
  }
}

const complete = (callback: Awaited<ReturnType<typeof consent>>, holds: Consent['boundTo'] | null = BROWSER): Promise<ConsentOutcome> =>
  completeConsent(completeDeps(), callback, holds, world.now)

async function run(change: Partial<StartRequest> = {}, choice?: Parameters<typeof consent>[1]): Promise<ConsentOutcome> {
  return complete(await consent(await start(change), choice))
}

const connection = (): Promise<Connection | null> => store.uow.run(({ connections }) => connections.read(CONNECTION))

async function connectFirst(account = OFFICE): Promise<Connection> {
  expect(await run({ mode: 'first', incidentId: null }, { account })).toEqual({ kind: 'connected', email: account, incidentId: null })
  const made = await connection()
  if (made === null) throw new Error('nothing is connected')
  stored = []
  return made
}

const refreshTokenOf = (made: Connection): string => box.open(made.token, tokenContext(made))

describe('the authorize URL', () => {
  test('asks for what the facts say, with PKCE, and tells Google whom we expect', async () => {
    await connectFirst()
    const url = new URL(await start())
    const { state, code_challenge: challenge, ...rest } = Object.fromEntries(url.searchParams)
    expect(rest).toEqual({
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: `openid email ${READONLY}`,
      access_type: 'offline',
      prompt: 'consent',
      include_granted_scopes: 'false',
      code_challenge_method: 'S256',
      login_hint: OFFICE,
    })
    expect(Buffer.from(state ?? '', 'base64url')).toHaveLength(32)
    expect(challenge).toMatch(/^[\w-]{43}$/)
  })

  test.each(['first', 'repin'] as const)('leaves the account open for %s', async (mode) => {
    await connectFirst()
    expect(new URL(await start({ mode })).searchParams.has('login_hint')).toBe(false)
  })

  test('is new at every start, and the database holds neither state nor verifier', async () => {
    const [one, other] = [new URL(await start()), new URL(await start())]
    for (const name of ['state', 'code_challenge']) expect(one.searchParams.get(name)).not.toBe(other.searchParams.get(name))
    const rows = await store.db.selectFrom('consent').selectAll().execute()
    expect(rows).toHaveLength(2)
    const state = one.searchParams.get('state') ?? ''
    expect(everything(rows)).not.toContain(state)
    const row = rows.find(({ state_hash: hash }) => hash === tokenHash(state))
    const verifier = box.open(row?.verifier ?? '', JSON.stringify(['verifier', tokenHash(state)]))
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(one.searchParams.get('code_challenge'))
    expect(everything(rows)).not.toContain(verifier)
  })
})

describe('a consent that succeeds', () => {
  test('makes the first connection and pins the account', async () => {
    const outcome = await run({ mode: 'first', incidentId: null }, { account: OFFICE })
    expect(outcome).toEqual({ kind: 'connected', email: OFFICE, incidentId: null })
    const made = await connection()
    expect(made).toMatchObject({
      id: CONNECTION,
      clientId: CLIENT_ID,
      sub: OFFICE_SUB,
      email: OFFICE,
      previousToken: null,
      generation: 1,
      consentedAt: START,
      refreshExpiresAt: null,
      updatedAt: START,
    })
    expect(made?.scopes).toContain(READONLY)
    expect(refreshTokenOf(made as Connection)).toBe(world.google.refreshTokens()[0]?.token)
    expect(stored).toEqual([`first ${OFFICE}`])
    const rows = everything(await store.db.selectFrom('connection').selectAll().execute())
    expect(rows).not.toContain(world.google.refreshTokens()[0]?.token)
  })

  test('renews after a revocation: next generation, old token kept beside, access works again', async () => {
    const before = await connectFirst()
    world.google.revokeAll()
    world.now = START + 3 * 3_600_000
    expect(await run()).toEqual({ kind: 'connected', email: OFFICE, incidentId: 7 })
    const after = await connection()
    expect(after).toMatchObject({ generation: 2, sub: OFFICE_SUB, previousToken: before.token, consentedAt: START + 3 * 3_600_000 })
    expect(after?.token).not.toBe(before.token)
    expect(stored).toEqual([`renew ${OFFICE}`])
    expect((await accessToken({ uow: store.uow, client: world.client, box }, world.now)).ok).toBe(true)
  })

  test('stores the lifetime of a token of a consent screen in testing', async () => {
    world.google.setPublishing('testing')
    expect((await connectFirst()).refreshExpiresAt).toBe(START + 604_799_000)
  })

  test('re-pins another account deliberately', async () => {
    await connectFirst()
    expect(await run({ mode: 'repin', incidentId: null }, { account: CAPTAIN })).toEqual({
      kind: 'connected',
      email: CAPTAIN,
      incidentId: null,
    })
    const after = await connection()
    expect(after).toMatchObject({ sub: CAPTAIN_SUB, email: CAPTAIN, generation: 2 })
    expect(refreshTokenOf(after as Connection)).toBe(world.google.refreshTokens().at(-1)?.token)
    // From now on the office is the stranger.
    expect(await run({}, { account: OFFICE })).toMatchObject({ kind: 'wrong-account', email: OFFICE, pinned: CAPTAIN })
  })

  test('proves the new token at the sheet before it is stored', async () => {
    await run({ mode: 'first' })
    expect(world.google.requests.map((request) => request.endpoint)).toEqual(['authorize', 'authorize', 'token', 'sheets'])
  })
})

describe('a consent that fails leaves the old token as it was', () => {
  let before: Connection
  beforeEach(async () => {
    before = await connectFirst()
  })
  afterEach(async () => {
    expect(await connection()).toEqual(before)
    expect(stored).toEqual([])
  })

  test('when the person denies', async () => {
    expect(await run({}, { deny: true })).toEqual({ kind: 'denied', error: 'access_denied', incidentId: 7 })
  })

  test('when the redirect has neither code nor error', async () => {
    const { state } = await consent(await start())
    expect(await complete({ state, code: undefined, error: undefined })).toEqual({ kind: 'denied', error: 'no code', incidentId: 7 })
  })

  test('when another account consents', async () => {
    expect(await run({}, { account: CAPTAIN })).toEqual({ kind: 'wrong-account', email: CAPTAIN, pinned: OFFICE, incidentId: 7 })
    expect((await accessToken({ uow: store.uow, client: world.client, box }, world.now)).ok).toBe(true)
  })

  test('when another account consents to what began as a first connection', async () => {
    expect(await run({ mode: 'first' }, { account: CAPTAIN })).toMatchObject({ kind: 'wrong-account', pinned: OFFICE })
  })

  test('when the scope of the sheet was unticked', async () => {
    expect(await run({}, { untick: [READONLY] })).toEqual({ kind: 'missing-scopes', missing: [READONLY], incidentId: 7 })
  })

  test('when Google gives no refresh token', async () => {
    world.google.omitRefreshToken(true)
    expect(await run()).toEqual({ kind: 'no-refresh-token', incidentId: 7 })
  })

  test('when the account may not open the sheet', async () => {
    world.google.sheet(SHEET_ID).unshare(OFFICE)
    const outcome = await run()
    expect(outcome).toMatchObject({ kind: 'probe-failed', email: OFFICE, failure: { class: 'data', hint: 'not-shared' }, incidentId: 7 })
  })

  test('when Google does not answer the exchange', async () => {
    const callback = await consent(await start())
    world.google.fault({ endpoint: 'token', kind: 'html', times: 1 })
    expect(await complete(callback)).toMatchObject({ kind: 'exchange-failed', failure: { class: 'network', hint: 'proxy' }, incidentId: 7 })
  })

  test('when the code was used before', async () => {
    const [first, second] = [await consent(await start()), await consent(await start())]
    expect(await complete({ ...first, code: 'a-code-that-is-not-one' })).toMatchObject({
      kind: 'exchange-failed',
      failure: { class: 'reauth-required', code: 'invalid_grant' },
    })
    // The code of one consent does not fit the verifier of another.
    expect(await complete({ ...second, code: first.code })).toMatchObject({ kind: 'exchange-failed' })
  })

  test('when the answer does not say who consented, or says it to somebody else', async () => {
    const claims = { iss: 'https://accounts.google.com', aud: CLIENT_ID, sub: OFFICE_SUB, email: OFFICE, exp: START / 1000 + 3600 }
    const answer = { access_token: 'ya29.x', refresh_token: '1//0x', scope: `openid email ${READONLY}`, expires_in: 3599 }
    const idTokens = [
      undefined,
      'garbage',
      ...[
        { ...claims, aud: 'another-client' },
        { ...claims, iss: 'https://accounts.example.com' },
        { ...claims, exp: START / 1000 - 301 },
        { ...claims, sub: '' },
      ].map((wrong) => `e30.${Buffer.from(JSON.stringify(wrong)).toString('base64url')}.sig`),
    ]
    for (const id_token of idTokens) {
      const callback = await consent(await start())
      world.google.fault({ endpoint: 'token', kind: 'answer', body: { ...answer, id_token }, times: 1 })
      expect(await complete(callback)).toEqual({ kind: 'no-identity', incidentId: 7 })
    }
  })
})

describe('a state', () => {
  test('that nobody made is unknown, as is none at all', async () => {
    expect(await complete({ state: undefined, code: 'x', error: undefined })).toEqual({ kind: 'unknown-state' })
    expect(await complete({ state: 'guessed', code: 'x', error: undefined })).toEqual({ kind: 'unknown-state' })
    expect(world.google.requests).toEqual([])
  })

  test('lives ten minutes by our clock', async () => {
    const [late, justInTime] = [await consent(await start({ mode: 'first' })), await consent(await start({ mode: 'first' }))]
    expect(CONSENT_LIFETIME_MS).toBe(10 * MINUTE)
    world.now = START + 10 * MINUTE
    const asked = world.google.requests.length
    expect(await complete(late)).toEqual({ kind: 'unknown-state' })
    expect(world.google.requests).toHaveLength(asked)
    world.now = START + 10 * MINUTE - 1
    expect(await complete(justInTime)).toMatchObject({ kind: 'connected' })
  })

  test('works once', async () => {
    const callback = await consent(await start({ mode: 'first' }))
    expect(await complete(callback)).toMatchObject({ kind: 'connected' })
    const after = await connection()
    expect(await complete(callback)).toEqual({ kind: 'unknown-state' })
    expect(await connection()).toEqual(after)
    expect(world.google.refreshTokens()[0]?.revoked).toBe(false)
  })

  test('works once even when its callback comes twice at the same moment', async () => {
    const callback = await consent(await start({ mode: 'first' }))
    const outcomes = await Promise.all([complete(callback), complete(callback), complete(callback)])
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['connected', 'unknown-state', 'unknown-state'])
    expect(stored).toHaveLength(1)
    // A second exchange of the code would have made Google revoke what the first one gave.
    expect(world.google.refreshTokens()[0]?.revoked).toBe(false)
  })

  test('is used up by a denial', async () => {
    const url = await start({ mode: 'first' })
    expect(await complete(await consent(url, { deny: true }))).toMatchObject({ kind: 'denied' })
    expect(await complete(await consent(url))).toEqual({ kind: 'unknown-state' })
  })

  test.each([
    ['no proof', null],
    ['the cookie of another browser', { kind: 'browser', value: 'another' }],
    ['a Slack user', { kind: 'user', value: BROWSER.value }],
  ] as const)('brought with %s is refused and stays usable for its owner', async (_, holds) => {
    const callback = await consent(await start({ mode: 'first' }))
    expect(await complete(callback, holds)).toEqual({ kind: 'other-browser', boundTo: 'browser' })
    expect(await complete(callback)).toMatchObject({ kind: 'connected' })
  })

  test('bound to a Slack user is completed by that user only', async () => {
    const boundTo = { kind: 'user', value: 'U0OPERATOR' } as const
    const callback = await consent(await start({ mode: 'first', boundTo }))
    expect(await complete(callback, { kind: 'user', value: 'U0OTHER' })).toEqual({ kind: 'other-browser', boundTo: 'user' })
    expect(await complete(callback, BROWSER)).toEqual({ kind: 'other-browser', boundTo: 'user' })
    expect(await complete(callback, boundTo)).toMatchObject({ kind: 'connected' })
  })
})

describe('a late callback', () => {
  test('does not replace the token of a newer consent', async () => {
    await connectFirst()
    const early = await consent(await start())
    const newer = await consent(await start())
    expect(await complete(newer)).toMatchObject({ kind: 'connected' })
    const after = await connection()
    expect(after?.generation).toBe(2)
    expect(await complete(early)).toEqual({ kind: 'superseded', incidentId: 7 })
    expect(await connection()).toEqual(after)
    expect(stored).toEqual([`renew ${OFFICE}`])
  })

  test('of a first connection does not replace one that was made meanwhile', async () => {
    const [early, newer] = [await consent(await start({ mode: 'first' })), await consent(await start({ mode: 'first' }))]
    const outcomes = await Promise.all([complete(newer), complete(early)])
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['connected', 'superseded'])
    expect((await connection())?.generation).toBe(1)
    expect(stored).toEqual([`first ${OFFICE}`])
  })
})

describe('what is done when a token is stored', () => {
  test('happens in the same transaction: if it fails, nothing is stored', async () => {
    const callback = await consent(await start({ mode: 'first' }))
    const deps = { ...completeDeps(), whenStored: () => Promise.reject(new Error('the disk is full')) }
    await expect(completeConsent(deps, callback, BROWSER, world.now)).rejects.toThrow('the disk is full')
    expect(await connection()).toBeNull()
  })
})

describe('the rate limit of starts', () => {
  test('is twenty in any minute; nothing is stored beyond it', async () => {
    const request: StartRequest = { mode: 'renew', incidentId: null, ticketHash: null, boundTo: BROWSER, redirectUri: REDIRECT }
    for (let count = 0; count < 20; count += 1)
      expect((await startConsent(startDeps(), request, START + count * 1000)).kind).toBe('started')
    expect(await startConsent(startDeps(), request, START + 59_999)).toEqual({ kind: 'too-many' })
    expect(await store.db.selectFrom('consent').selectAll().execute()).toHaveLength(20)
    expect((await startConsent(startDeps(), request, START + 60_000)).kind).toBe('started')
    expect((await startConsent(startDeps(), request, START + 60_000)).kind).toBe('too-many')
  })
})

describe("an incident's ticket", () => {
  const open = (id: number) => Promise.resolve(id === 42)
  const deps = (used = box): TicketDeps => ({ uow: store.uow, box: used, random: systemRandom })
  const check = (ticket: string, used = box) => checkTicket(deps(used), ticket, open, world.now)

  test('grants a renewal while its incident is open, however old it is', async () => {
    await connectFirst()
    const ticket = incidentTicket(box, 42)
    world.now = START + 30 * 86_400_000
    expect(await check(ticket)).toEqual({ kind: 'granted', mode: 'renew', incidentId: 42, ticketHash: null })
  })

  test('ends with its incident', async () => {
    await connectFirst()
    expect(await check(incidentTicket(box, 41))).toEqual({ kind: 'refused', why: 'incident-closed' })
  })

  test('gives no right to a first connection', async () => {
    expect(await check(incidentTicket(box, 42))).toEqual({ kind: 'refused', why: 'not-connected' })
  })

  test('is accepted with the previous key, and not without it', async () => {
    await connectFirst()
    const ticket = incidentTicket(box, 42)
    const next = newKey()
    expect(await check(ticket, newBox(next, key))).toMatchObject({ kind: 'granted', incidentId: 42 })
    expect(await check(ticket, newBox(next))).toEqual({ kind: 'refused', why: 'unknown' })
  })

  test('cannot be made or changed by anybody else', async () => {
    await connectFirst()
    const ticket = incidentTicket(box, 41)
    const flipped = ticket.slice(0, -1) + (ticket.endsWith('A') ? 'B' : 'A')
    const forged = [
      ticket.replace('i41', 'i42'),
      incidentTicket(newBox(), 42),
      flipped.replace('i41', 'i42'),
      `i42.${'A'.repeat(43)}`,
      'i42.',
      'i42',
      '',
      `${incidentTicket(box, 42)}A`,
      incidentTicket(box, 42).slice(0, -1),
    ]
    for (const one of forged) expect(await check(one)).toEqual({ kind: 'refused', why: 'unknown' })
  })
})

describe("an operator's ticket", () => {
  const deps = (): TicketDeps => ({ uow: store.uow, box, random: systemRandom })
  const check = (ticket: string) => checkTicket(deps(), ticket, () => Promise.resolve(false), world.now)
  const make = (mode: ConsentMode, incidentId: number | null = null) =>
    operatorTicket(deps(), { mode, operator: 'U0OPERATOR', incidentId }, world.now)

  test('begins what it was made for', async () => {
    expect(await check(await make('first'))).toMatchObject({ kind: 'granted', mode: 'first' })
    await connectFirst()
    expect(await check(await make('renew', 9))).toMatchObject({ kind: 'granted', mode: 'renew', incidentId: 9 })
    expect(await check(await make('repin'))).toMatchObject({ kind: 'granted', mode: 'repin', incidentId: null })
  })

  test('is stored only as a hash', async () => {
    const ticket = await make('repin')
    const rows = everything(await store.db.selectFrom('ticket').selectAll().execute())
    expect(rows).toContain(tokenHash(ticket))
    expect(rows).not.toContain(ticket)
    expect(Buffer.from(ticket, 'base64url')).toHaveLength(32)
  })

  test('ends after ten minutes', async () => {
    const ticket = await make('repin')
    expect(TICKET_LIFETIME_MS).toBe(10 * MINUTE)
    world.now = START + 10 * MINUTE - 1
    expect(await check(ticket)).toMatchObject({ kind: 'granted' })
    world.now = START + 10 * MINUTE
    expect(await check(ticket)).toEqual({ kind: 'refused', why: 'expired' })
  })

  test('is spent by success, not by a failure on the way', async () => {
    const ticket = await make('renew')
    const right = await check(ticket)
    if (right.kind !== 'granted') throw new Error('not granted')
    const request = { mode: right.mode, incidentId: null, ticketHash: right.ticketHash }
    expect(await run(request, { deny: true })).toMatchObject({ kind: 'denied' })
    expect(await run(request, { untick: [READONLY] })).toMatchObject({ kind: 'missing-scopes' })
    expect(await check(ticket)).toMatchObject({ kind: 'granted' })
    expect(await run(request)).toMatchObject({ kind: 'connected' })
    expect(await check(ticket)).toEqual({ kind: 'refused', why: 'spent' })
  })

  test('spent while another consent of it is open: the second one does not connect', async () => {
    await connectFirst()
    const right = await check(await make('repin'))
    if (right.kind !== 'granted') throw new Error('not granted')
    const request = { mode: right.mode, ticketHash: right.ticketHash }
    const [one, other] = [await consent(await start(request)), await consent(await start(request), { account: CAPTAIN })]
    expect(await complete(one)).toMatchObject({ kind: 'connected', email: OFFICE })
    expect(await complete(other)).toMatchObject({ kind: 'superseded' })
    expect((await connection())?.email).toBe(OFFICE)
  })

  test('that nobody made is unknown', async () => {
    expect(await check('a'.repeat(43))).toEqual({ kind: 'refused', why: 'unknown' })
  })
})
