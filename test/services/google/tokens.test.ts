import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGoogleClient } from '../../../src/services/google/client.ts'
import { CONNECTION, type Connection } from '../../../src/services/google/connection.ts'
import type { SealedBox } from '../../../src/sealed-box.ts'
import { tokenContext } from '../../../src/services/google/token-context.ts'
import { accessToken } from '../../../src/services/google/tokens.ts'
import { openTestStore, type TestStore } from '../../support/google-store.ts'
import {
  CLIENT_ID,
  failureOf,
  newBox,
  newKey,
  OFFICE,
  SHEET_ID,
  START,
  startWorld,
  valueOf,
  type GoogleWorld,
} from '../../support/google-world.ts'

const DAY = 86_400_000
const SUB = '104200000000000000011'
const OWNER = { id: CONNECTION, clientId: CLIENT_ID, sub: SUB }

let world: GoogleWorld
let store: TestStore
const key = newKey()
const box = newBox(key)

beforeEach(async () => {
  world = await startWorld()
  store = await openTestStore()
})
afterEach(async () => {
  await world.stop()
  await store.close()
})

async function connect(token: string, change: Partial<Connection> = {}): Promise<void> {
  const connection: Connection = {
    ...OWNER,
    email: OFFICE,
    scopes: 'openid',
    token: box.seal(token, tokenContext(OWNER)),
    previousToken: null,
    generation: 1,
    consentedAt: START,
    refreshExpiresAt: null,
    updatedAt: START,
    ...change,
  }
  await store.uow.run(({ connections }) => connections.replace(connection, 0))
}

async function connection(): Promise<Connection> {
  const found = await store.uow.run(({ connections }) => connections.read(CONNECTION))
  if (found === null) throw new Error('nothing is connected')
  return found
}

const fresh = (now = world.now, used: SealedBox = box) => accessToken({ uow: store.uow, client: world.client, box: used }, now)
const opened = (sealed: string | null, used: SealedBox = box) => used.open(sealed ?? '', tokenContext(OWNER))

test('without a connection nobody is asked and the answer is "not connected"', async () => {
  expect(failureOf(await fresh())).toMatchObject({ class: 'not-connected', code: 'no-refresh-token' })
  expect(world.google.requests).toEqual([])
})

test('a living token gives an access token that the Sheets API takes, and nothing is written', async () => {
  world.google.createSpreadsheet({ id: SHEET_ID, title: 'L', timeZone: 'UTC', tabs: [{ title: 'A', rows: [] }], sharedWith: [OFFICE] })
  await connect(world.google.issueRefreshToken(OFFICE))
  const before = store.writes()
  const token = valueOf(await fresh())
  expect((await world.api.probe(token)).ok).toBe(true)
  expect(valueOf(await fresh())).not.toBe(token)
  expect(store.writes()).toBe(before)
})

describe('a rotated refresh token', () => {
  test('is stored from the answer, the one before is kept, and the next refresh uses it', async () => {
    const first = world.google.issueRefreshToken(OFFICE)
    await connect(first)
    world.google.rotateOnRefresh(true)
    valueOf(await fresh(START + 60_000))
    const after = await connection()
    const second = world.google.refreshTokens().at(-1)?.token
    expect(second).not.toBe(first)
    expect(opened(after.token)).toBe(second)
    expect(opened(after.previousToken)).toBe(first)
    expect(after).toMatchObject({ generation: 1, updatedAt: START + 60_000, consentedAt: START })

    valueOf(await fresh(START + 120_000))
    const later = await connection()
    expect(opened(later.token)).toBe(world.google.refreshTokens().at(-1)?.token)
    expect(opened(later.previousToken)).toBe(second)
  })

  test('is not stored over a newer generation', async () => {
    await connect(world.google.issueRefreshToken(OFFICE))
    world.google.rotateOnRefresh(true)
    const stale = await connection()
    const newer = world.google.issueRefreshToken(OFFICE)
    await store.uow.run(({ connections }) =>
      connections.replace({ ...stale, token: box.seal(newer, tokenContext(OWNER)), generation: 2 }, 1),
    )
    const rotated = await store.uow.run(({ connections }) => connections.rotate(stale, { ...stale, token: 'late', updatedAt: START }))
    expect(rotated).toBe(false)
    expect(opened((await connection()).token)).toBe(newer)
  })
})

describe('the lifetime Google tells', () => {
  test('is stored, follows a move of more than a minute, and lesser differences are not written', async () => {
    world.google.setPublishing('testing')
    await connect(world.google.issueRefreshToken(OFFICE))
    valueOf(await fresh())
    const stored = (await connection()).refreshExpiresAt
    expect(stored).toBe(START + 7 * DAY - 1000)

    const before = store.writes()
    world.now = START + DAY + 59_000
    valueOf(await fresh())
    valueOf(await fresh(world.now + 30_000))
    expect(store.writes()).toBe(before)
    expect((await connection()).refreshExpiresAt).toBe(stored)

    world.google.expireIn(2 * DAY)
    valueOf(await fresh())
    expect((await connection()).refreshExpiresAt).toBe(world.now + 2 * DAY - 1000)
  })

  test('stays when an answer does not mention it', async () => {
    await connect(world.google.issueRefreshToken(OFFICE), { refreshExpiresAt: START + DAY })
    valueOf(await fresh())
    expect((await connection()).refreshExpiresAt).toBe(START + DAY)
  })

  test('does not push the previous generation out when only the lifetime moves', async () => {
    const first = world.google.issueRefreshToken(OFFICE)
    await connect(first)
    world.google.rotateOnRefresh(true)
    valueOf(await fresh())
    world.google.rotateOnRefresh(false)
    world.google.expireIn(3 * DAY)
    valueOf(await fresh())
    const after = await connection()
    expect(after.refreshExpiresAt).toBe(START + 3 * DAY - 1000)
    expect(opened(after.previousToken)).toBe(first)
  })
})

describe('a new key', () => {
  test('is used at the next refresh; afterwards the old key is not needed', async () => {
    const token = world.google.issueRefreshToken(OFFICE)
    await connect(token)
    const next = newKey()
    valueOf(await fresh(START + 1000, newBox(next, key)))
    const after = await connection()
    expect(opened(after.token, newBox(next))).toBe(token)
    expect(after.updatedAt).toBe(START + 1000)
    expect((await fresh(START + 2000, newBox(next))).ok).toBe(true)
  })

  test('waits while Google refuses: nothing is sealed again for a token that may be dead', async () => {
    await connect(world.google.issueRefreshToken(OFFICE))
    world.google.revokeAll()
    const before = await connection()
    expect(failureOf(await fresh(START, newBox(newKey(), key))).class).toBe('reauth-required')
    expect(await connection()).toEqual(before)
  })

  test('without the old one makes the token unreadable: a person must consent, Google is not asked, nothing is deleted', async () => {
    await connect(world.google.issueRefreshToken(OFFICE))
    const before = await connection()
    const failure = failureOf(await fresh(START, newBox()))
    expect(failure).toMatchObject({ class: 'reauth-required', code: 'token-unreadable', status: undefined })
    expect(failure.detail).toContain('JADA_SECRET_KEY_PREVIOUS')
    expect(world.google.requests).toEqual([])
    expect(await connection()).toEqual(before)
    expect((await fresh()).ok).toBe(true)
  })
})

test.each(['', 'garbage', 'v1.00000000.AAAA'])('a stored token that reads %j is a re-authorization, not a crash', async (token) => {
  await connect('unused', { token })
  expect(failureOf(await fresh())).toMatchObject({ class: 'reauth-required', code: 'token-unreadable' })
})

test('a damaged token under the right key is a re-authorization, not a crash', async () => {
  const [version, id] = box.seal('x', '').split('.')
  await connect('unused', { token: `${version}.${id}.` })
  expect(failureOf(await fresh())).toMatchObject({ class: 'reauth-required', code: 'token-unreadable' })
})

test('no failure, of whatever kind, deletes or changes the stored token', async () => {
  const token = world.google.issueRefreshToken(OFFICE)
  await connect(token, { refreshExpiresAt: START + DAY })
  const before = await connection()
  const writes = store.writes()
  const { google } = world
  google.fault({ endpoint: 'token', kind: '5xx', times: 1 })
  google.fault({ endpoint: 'token', kind: '429', retryAfterS: 5, times: 1 })
  google.fault({ endpoint: 'token', kind: 'html', times: 1 })
  google.fault({ endpoint: 'token', kind: 'reset', times: 1 })
  google.fault({ endpoint: 'token', kind: 'answer', status: 400, body: 'gibberish', times: 1 })
  google.fault({ endpoint: 'token', kind: 'answer', status: 401, body: { error: 'invalid_client' }, times: 1 })
  google.fault({ endpoint: 'token', kind: 'answer', status: 400, body: { error: 'invalid_grant' }, times: 1 })
  google.fault({ endpoint: 'token', kind: 'answer', status: 200, body: { refresh_token: '1//0another' }, times: 1 })
  const classes = []
  for (let attempt = 0; attempt < 8; attempt += 1) classes.push(failureOf(await fresh()).class)
  expect(classes).toEqual(['server', 'rate-limited', 'network', 'network', 'unknown', 'configuration', 'reauth-required', 'network'])
  expect(await connection()).toEqual(before)
  expect(store.writes()).toBe(writes)
  expect((await fresh()).ok).toBe(true)
})

test('the token is read anew at each attempt: a re-authorization in between is used at once', async () => {
  await connect(world.google.issueRefreshToken(OFFICE))
  world.google.revokeAll()
  expect(failureOf(await fresh()).class).toBe('reauth-required')
  const renewed = world.google.issueRefreshToken(OFFICE)
  const old = await connection()
  await store.uow.run(({ connections }) => connections.replace({ ...old, token: box.seal(renewed, tokenContext(OWNER)), generation: 2 }, 1))
  expect((await fresh()).ok).toBe(true)
})

test('the token of another client is not sent with this one: it is bound to the client it came from', async () => {
  await connect(world.google.issueRefreshToken(OFFICE))
  const other = createGoogleClient({ ...world.clientOptions, clientId: 'other-client' })
  // The row says which client the token belongs to; Google refuses the pair, and that is a matter of configuration.
  const failure = failureOf(await accessToken({ uow: store.uow, client: other, box }, START))
  expect(failure).toMatchObject({ class: 'configuration', hint: 'client' })
})
