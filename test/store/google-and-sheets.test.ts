import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CONNECTION, type Connection, type Consent } from '../../src/services/google/connection.ts'
import { migrate } from '../../src/store/migrations.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { openTestStore, type TestStore } from '../support/google-store.ts'
import { charter } from '../support/sheet-fixtures.ts'

const NOW = Date.UTC(2026, 10, 2, 9, 30)

let store: TestStore
beforeEach(async () => {
  store = await openTestStore()
})
afterEach(() => store.close())

const connection = (change: Partial<Connection> = {}): Connection => ({
  id: CONNECTION,
  clientId: 'client',
  sub: '1',
  email: 'office@example.com',
  scopes: 'openid',
  token: 'sealed',
  previousToken: null,
  generation: 1,
  consentedAt: NOW,
  refreshExpiresAt: null,
  updatedAt: NOW,
  ...change,
})
const consent = (stateHash: string, change: Partial<Consent> = {}): Consent => ({
  stateHash,
  connectionId: CONNECTION,
  incidentId: null,
  ticketHash: null,
  mode: 'first',
  boundTo: { kind: 'browser', value: 'cookie' },
  verifier: 'sealed',
  redirectUri: 'http://127.0.0.1:3000/cb',
  generation: 0,
  createdAt: NOW,
  expiresAt: NOW + 600_000,
  ...change,
})

describe('a connection', () => {
  const replace = (row: Connection, expected: number) => store.uow.run(({ connections }) => connections.replace(row, expected))
  const read = () => store.uow.run(({ connections }) => connections.read(CONNECTION))

  test('is inserted once and comes back as it was', async () => {
    expect(await read()).toBeNull()
    expect(await replace(connection({ refreshExpiresAt: NOW + 1 }), 0)).toBe(true)
    expect(await replace(connection({ email: 'captain@example.com' }), 0)).toBe(false)
    expect(await read()).toEqual(connection({ refreshExpiresAt: NOW + 1 }))
  })

  test('is replaced only from the generation that was expected', async () => {
    await replace(connection(), 0)
    expect(await replace(connection({ generation: 3 }), 2)).toBe(false)
    expect(await replace(connection({ generation: 2, token: 'newer' }), 1)).toBe(true)
    expect(await replace(connection({ generation: 2, token: 'late' }), 1)).toBe(false)
    expect(await read()).toMatchObject({ generation: 2, token: 'newer' })
  })

  test('of two replacements at once one wins', async () => {
    await replace(connection(), 0)
    const won = await Promise.all(['a', 'b', 'c'].map((token) => replace(connection({ generation: 2, token }), 1)))
    expect(won.filter(Boolean)).toHaveLength(1)
    expect((await read())?.token).toBe(['a', 'b', 'c'][won.indexOf(true)])
  })
})

describe('a consent', () => {
  const consume = (hash: string, now: number) => store.uow.run(({ consents }) => consents.consume(hash, now))

  test('is consumed once, before it expires, and can be found but not consumed afterwards', async () => {
    await store.uow.run(({ consents }) => consents.insert(consent('one', { incidentId: 7, ticketHash: 't' })))
    expect(await consume('other', NOW)).toBeNull()
    expect(await consume('one', NOW + 600_000)).toBeNull()
    const taken = await Promise.all([consume('one', NOW + 1), consume('one', NOW + 1)])
    expect(taken.filter((row) => row !== null)).toEqual([consent('one', { incidentId: 7, ticketHash: 't' })])
    expect(await store.uow.run(({ consents }) => consents.find('one'))).not.toBeNull()
  })

  test('counts from after the given instant', async () => {
    for (const [index, createdAt] of [NOW - 60_000, NOW - 59_999, NOW].entries())
      await store.uow.run(({ consents }) => consents.insert(consent(`s${index}`, { createdAt })))
    expect(await store.uow.run(({ consents }) => consents.countSince(NOW - 60_000))).toBe(2)
    expect(await store.uow.run(({ consents }) => consents.countSince(NOW))).toBe(0)
  })
})

describe('charters', () => {
  const apply = (changes: Parameters<Parameters<Parameters<TestStore['uow']['run']>[0]>[0]['charters']['apply']>[0], now: number) =>
    store.uow.run(({ charters }) => charters.apply(changes, now))

  test('keep when they were first seen, through removal and return', async () => {
    await apply([{ what: 'added', charter: charter('JC-1') }], NOW)
    await apply([{ what: 'removed', charter: charter('JC-1') }], NOW + 1)
    await apply([{ what: 'restored', charter: charter('JC-1', { vessel: 'Kestrel' }) }], NOW + 2)
    const [row] = await store.db.selectFrom('charter').selectAll().execute()
    expect(row).toMatchObject({ first_seen_at: NOW, changed_at: NOW + 2, removed_at: null })
    const log = await store.db.selectFrom('charter_change').selectAll().orderBy('seq').execute()
    expect(log.map(({ seq, what }) => [seq, what])).toEqual([
      [1, 'added'],
      [2, 'removed'],
      [3, 'restored'],
    ])
  })

  test('are found for a comparison by tab and by id, removed ones too', async () => {
    await apply(
      [charter('JC-1'), charter('JC-2', { tab: '2026-12' }), charter('JC-3', { tab: '2026-10' })].map((one) => ({
        what: 'added',
        charter: one,
      })),
      NOW,
    )
    await apply([{ what: 'removed', charter: charter('JC-1') }], NOW + 1)
    const find = async (tabs: string[], ids: string[]) =>
      (await store.uow.run(({ charters }) => charters.readForDiff(tabs, ids))).map((row) => [row.charter.id, row.removedAt])
    expect(await find(['2026-11'], ['JC-3', 'JC-9'])).toEqual([
      ['JC-1', NOW + 1],
      ['JC-3', null],
    ])
    expect(await find([], ['JC-2'])).toEqual([['JC-2', null]])
    expect(await find([], [])).toEqual([])
    expect(
      await find(
        ['2026-12'],
        Array.from({ length: 50_000 }, (_, index) => `X-${index}`),
      ),
    ).toEqual([['JC-2', null]])
  })

  test('the last changes are those of the last sync that changed anything', async () => {
    const last = () => store.uow.run(({ charters }) => charters.lastChanges())
    expect(await last()).toBeNull()
    await apply([{ what: 'added', charter: charter('JC-1') }], NOW)
    await apply(
      [
        { what: 'changed', charter: charter('JC-1'), fields: ['captain', 'start'] },
        { what: 'added', charter: charter('JC-2') },
      ],
      NOW + 1,
    )
    expect(await last()).toEqual({
      at: NOW + 1,
      changes: [
        { id: 'JC-1', tab: '2026-11', what: 'changed', fields: ['captain', 'start'] },
        { id: 'JC-2', tab: '2026-11', what: 'added', fields: [] },
      ],
    })
  })
})

describe('a hold', () => {
  const held = { tab: '2026-11', contentHash: 'a', before: 10, removed: ['JC-1', 'JC-2', 'JC-3'], createdAt: NOW }
  const holds = () => store.uow.run(({ charters }) => charters.holds())

  test('is approved for its content only, and a new content forgets the yes', async () => {
    await store.uow.run(({ charters }) => charters.saveHold(held))
    const approve = (tab: string, hash: string) => store.uow.run(({ charters }) => charters.approveHold(tab, hash, 'U0OPERATOR', NOW))
    expect(await approve('2026-11', 'b')).toBe(false)
    expect(await approve('2026-12', 'a')).toBe(false)
    expect(await holds()).toEqual([{ ...held, approvedBy: null }])
    expect(await approve('2026-11', 'a')).toBe(true)
    expect(await holds()).toEqual([{ ...held, approvedBy: 'U0OPERATOR' }])
    await store.uow.run(({ charters }) => charters.saveHold({ ...held, contentHash: 'b' }))
    expect(await holds()).toEqual([{ ...held, contentHash: 'b', approvedBy: null }])
    await store.uow.run(({ charters }) => charters.removeHold('2026-11'))
    expect(await holds()).toEqual([])
  })
})

describe('the database', () => {
  test('undoes a whole unit when any part of it throws', async () => {
    const failing = store.uow.run(async ({ connections, consents }) => {
      await connections.replace(connection(), 0)
      await consents.insert(consent('one'))
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await store.db.selectFrom('connection').selectAll().execute()).toEqual([])
    expect(await store.db.selectFrom('consent').selectAll().execute()).toEqual([])
    // The one connection is free again.
    expect(await store.uow.run(({ connections }) => connections.replace(connection(), 0))).toBe(true)
  })

  test('keeps everything over a restart, and migrating again changes nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'jada-google-'))
    const path = join(folder, 'data')
    const first = openDatabase(path)
    await migrate(first.db)
    await first.db.insertInto('setting').values({ name: 'a', value: 'b' }).execute()
    await first.close()
    const second = openDatabase(path)
    await migrate(second.db)
    await migrate(second.db)
    expect(await second.db.selectFrom('setting').selectAll().execute()).toEqual([{ name: 'a', value: 'b' }])
    expect(second.raw.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(second.raw.prepare('pragma synchronous').get()).toEqual({ synchronous: 2 })
    await second.close()
    expect(statSync(path).mode & 0o077).toBe(0)
    rmSync(folder, { recursive: true })
    expect(existsSync(folder)).toBe(false)
  })

  test('written by a newer version is refused with words', async () => {
    store.raw.prepare('insert into kysely_migration (name, timestamp) values (?, ?)').run('999-future', '2027-01-01')
    await expect(migrate(store.db)).rejects.toMatchObject({
      code: 'migration',
      message: expect.stringContaining('newer version') as string,
    })
  })
})
