import { describe, expect, test } from 'vitest'
import type { CharterReader } from '../../src/services/agent/ports.ts'
import type { Charter } from '../../src/services/sheets/charter.ts'
import { FRESH_SYNC_STATE } from '../../src/services/sheets/sync-state.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'
import { charter } from '../support/sheet-fixtures.ts'

const NOON = Date.UTC(2026, 10, 5, 12)
const HOUR = 3_600_000

const read = <T>({ uow }: TestDatabase, body: (reader: CharterReader) => Promise<T>): Promise<T> =>
  uow.run(({ charterReader }) => body(charterReader))
const add = ({ uow }: TestDatabase, ...added: Charter[]): Promise<void> =>
  uow.run(({ charters }) =>
    charters.apply(
      added.map((one) => ({ what: 'added', charter: one })),
      NOON,
    ),
  )
const lasting = (id: string, startsAt: number, endsAt: number): Charter => charter(id, { startsAt, endsAt })

describe('charters', () => {
  test('are given as the sheet had them, also ones that it has no more', async () => {
    const store = await openTestDatabase()
    await add(store, charter('JC-1', { client: 'Ann “A” Other' }), charter('JC-2'))
    await store.uow.run(({ charters }) => charters.apply([{ what: 'removed', charter: charter('JC-2') }], NOON + 1))
    expect(await read(store, (reader) => reader.find('JC-1'))).toEqual({
      charter: charter('JC-1', { client: 'Ann “A” Other' }),
      removed: false,
      readAt: null,
    })
    expect(await read(store, (reader) => reader.find('JC-2'))).toMatchObject({ charter: { id: 'JC-2' }, removed: true })
    expect(await read(store, (reader) => reader.find('JC-3'))).toBeNull()
  })

  test('of a time are those that overlap it, by start', async () => {
    const store = await openTestDatabase()
    const at = (from: number, to: number): [number, number] => [NOON + from * HOUR, NOON + to * HOUR]
    await add(
      store,
      lasting('later', ...at(3, 6)),
      lasting('over', ...at(-9, 9)),
      lasting('before', ...at(-2, 0)),
      lasting('into', ...at(-2, 1)),
      lasting('same', ...at(3, 4)),
      lasting('after', ...at(4, 5)),
      lasting('gone', ...at(1, 2)),
    )
    await store.uow.run(({ charters }) => charters.apply([{ what: 'removed', charter: charter('gone') }], NOON))
    const between = async (limit: number): Promise<string[]> =>
      (await read(store, (reader) => reader.between(...at(0, 4), limit))).map(({ id }) => id)
    expect(await between(9)).toEqual(['over', 'into', 'later', 'same'])
    expect(await between(2)).toEqual(['over', 'into'])
  })
})

describe('how old the data is', () => {
  async function synced(): Promise<TestDatabase> {
    const store = await openTestDatabase()
    await store.uow.run(async ({ charters, syncState }) => {
      const tab = { gridId: 1, contentHash: 'h', charters: 1 }
      for (const [title, readAt] of [
        ['2026-10', NOON - 900 * HOUR],
        ['2026-11', NOON - 30 * HOUR],
        ['2026-12', NOON - 20 * HOUR],
      ] as const) {
        await charters.saveTab({ ...tab, title, readAt })
      }
      await syncState.write({ ...FRESH_SYNC_STATE, lastReadAt: NOON, lastSuccessAt: NOON - HOUR, tabs: ['2026-11', '2026-12'] })
    })
    await add(store, charter('old', { tab: '2026-10' }), charter('now', { tab: '2026-11' }))
    return store
  }
  const readAt = async (store: TestDatabase, id: string): Promise<number | null | undefined> =>
    (await read(store, (reader) => reader.find(id)))?.readAt

  test('is when it was last read, although nothing changed since long before', async () => {
    const store = await synced()
    expect(await read(store, (reader) => reader.readAt())).toBe(NOON)
    expect(await readAt(store, 'now')).toBe(NOON)
  })

  test('of a month that is not read any more is when that was last changed', async () => {
    expect(await readAt(await synced(), 'old')).toBe(NOON - 900 * HOUR)
  })

  test('of a tab that is held back is that of what was applied', async () => {
    const store = await synced()
    await store.uow.run(({ charters }) => charters.saveHold({ tab: '2026-11', contentHash: 'x', before: 9, removed: [], createdAt: NOON }))
    expect(await readAt(store, 'now')).toBe(NOON - 30 * HOUR)
    expect(await read(store, (reader) => reader.readAt())).toBe(NOON - 30 * HOUR)
  })

  test('is not known before the first reading', async () => {
    expect(await read(await openTestDatabase(), (reader) => reader.readAt())).toBeNull()
  })
})
