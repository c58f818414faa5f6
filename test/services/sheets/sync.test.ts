import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { timeSerial, type Cell } from '../../../sandbox/google/google.ts'
import { seedPortSheet } from '../../../sandbox/google/seed.ts'
import { CONNECTION } from '../../../src/services/google/connection.ts'
import { tokenContext } from '../../../src/services/google/token-context.ts'
import { accessToken } from '../../../src/services/google/tokens.ts'
import type { Charter } from '../../../src/services/sheets/charter.ts'
import type { SyncOutcome } from '../../../src/services/sheets/outcome.ts'
import { syncSheet, type SyncDeps } from '../../../src/services/sheets/sync.ts'
import { openTestStore, type TestStore } from '../../support/google-store.ts'
import { CLIENT_ID, newBox, OFFICE, SHEET_ID, START, startWorld, type GoogleWorld } from '../../support/google-world.ts'
import { COLUMNS, HEADER, row, ZONE } from '../../support/sheet-fixtures.ts'

const HOUR = 3_600_000
const [NOV, DEC] = ['2026-11', '2026-12']
const never = new AbortController().signal
const box = newBox()
const OWNER = { id: CONNECTION, clientId: CLIENT_ID, sub: '104200000000000000011' }

let world: GoogleWorld
let store: TestStore

beforeEach(async () => {
  world = await startWorld()
  store = await openTestStore()
  const token = box.seal(world.google.issueRefreshToken(OFFICE), tokenContext(OWNER))
  const rest = {
    email: OFFICE,
    scopes: '',
    previousToken: null,
    generation: 1,
    consentedAt: START,
    refreshExpiresAt: null,
    updatedAt: START,
  }
  await store.uow.run(({ connections }) => connections.replace({ ...OWNER, ...rest, token }, 0))
})
afterEach(async () => {
  await world.stop()
  await store.close()
})

function createSheet(tabs: { title: string; rows: Cell[][] }[] = seedPortSheet({ year: 2026, month: 11 })): void {
  world.google.createSpreadsheet({ id: SHEET_ID, title: 'Port log', timeZone: ZONE, tabs, sharedWith: [OFFICE] })
}
const small = (november: Cell[][], december: Cell[][] = []) =>
  createSheet([
    { title: NOV, rows: [HEADER, ...november] },
    { title: DEC, rows: [HEADER, ...december] },
  ])
const sheet = () => world.google.sheet(SHEET_ID)
const setRows = (title: string, rows: Cell[][]) => sheet().setRows(title, [HEADER, ...rows])
const rowsOf = (count: number, first = 1): Cell[][] =>
  Array.from({ length: count }, (_, index) => row(`JC-${first + index}`, `2026-11-${String(first + index).padStart(2, '0')}`))

const deps = (change: Partial<SyncDeps> = {}): SyncDeps => ({
  uow: store.uow,
  api: world.api,
  accessToken: () => accessToken({ uow: store.uow, client: world.client, box }, world.now),
  columns: COLUMNS,
  tabPattern: '{yyyy}-{MM}',
  ...change,
})
const sync = (change: Partial<SyncDeps> = {}): Promise<SyncOutcome> => syncSheet(deps(change), world.now, never)

async function read(outcome: Promise<SyncOutcome> = sync()) {
  const ended = await outcome
  if (ended.kind === 'blocked') throw new Error(`blocked: ${ended.failure.class} ${ended.failure.code}`)
  const changes = ended.changes.map((change) => `${change.what} ${change.charter.id}`)
  return { ...ended, changes, problems: ended.kind === 'data' ? ended.problems : [] }
}

/** What is stored: the charters that are live, and when the others went. */
async function charters(): Promise<Record<string, Charter>> {
  const rows = await store.db.selectFrom('charter').selectAll().where('removed_at', 'is', null).orderBy('id').execute()
  return Object.fromEntries(rows.map((one) => [one.id, JSON.parse(one.fields) as Charter]))
}
const live = async (): Promise<string[]> => Object.keys(await charters())

describe('the sync of the seeded port sheet', () => {
  beforeEach(() => createSheet())

  test('stores the twenty-one charters of this month and the next', async () => {
    const outcome = await read()
    expect(outcome).toMatchObject({ kind: 'synced', charters: 21, quarantined: [], renamed: [], unknownColumns: [] })
    expect(outcome.changes).toEqual(Array.from({ length: 21 }, (_, index) => `added JC-${1101 + index}`))
    const stored = await charters()
    expect(Object.keys(stored)).toHaveLength(21)
    expect(stored['JC-1101']).toMatchObject({
      date: '2026-11-02',
      start: 570,
      end: 750,
      vessel: 'Marisol',
      source: 'Boatsetter',
      client: 'Tess Sampleton',
      grossRevenue: 64_000,
      portFee: 11_520,
      status: 'done',
      tab: NOV,
      startsAt: Date.UTC(2026, 10, 2, 17, 30),
      endsAt: Date.UTC(2026, 10, 2, 20, 30),
    })
    expect(stored['JC-1113']?.tab).toBe(DEC)
    expect(await store.uow.run(({ charters: port }) => port.tabs())).toMatchObject([
      { title: NOV, charters: 12, readAt: START },
      { title: DEC, charters: 9, readAt: START },
    ])
  })

  test('asks Google three times and for nothing but reading', async () => {
    await sync()
    expect(world.google.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /token',
      `GET /v4/spreadsheets/${SHEET_ID}`,
      `GET /v4/spreadsheets/${SHEET_ID}/values:batchGet`,
    ])
  })

  test('writes nothing at all when nothing changed', async () => {
    await sync()
    const before = store.writes()
    world.now += HOUR / 2
    expect((await read()).changes).toEqual([])
    expect((await read()).charters).toBe(21)
    expect(store.writes()).toBe(before)
  })

  test('writes one charter when one cell changed, and names the field', async () => {
    await sync()
    world.now += HOUR
    sheet().setCell(NOV, 3, 10, 'Capt. Dee Keel')
    const outcome = await sync()
    if (outcome.kind !== 'synced') throw new Error(outcome.kind)
    expect(outcome.changes).toMatchObject([{ what: 'changed', charter: { id: 'JC-1103', captain: 'Capt. Dee Keel' }, fields: ['captain'] }])
    const changed = await store.db
      .selectFrom('charter')
      .select('id')
      .where('changed_at', '=', START + HOUR)
      .execute()
    expect(changed).toEqual([{ id: 'JC-1103' }])
    expect(await store.uow.run(({ charters: port }) => port.lastChanges())).toEqual({
      at: START + HOUR,
      changes: [{ id: 'JC-1103', tab: NOV, what: 'changed', fields: ['captain'] }],
    })
  })

  test('keeps the last month when the month moves on', async () => {
    await sync()
    world.now = Date.UTC(2026, 11, 1, 8)
    sheet().addTab('2027-01', [HEADER])
    expect(await read()).toMatchObject({ kind: 'synced', changes: [], charters: 9 })
    expect(await live()).toHaveLength(21)
  })
})

describe('an access token that went stale', () => {
  test('is refreshed once, and the sync goes on', async () => {
    small(rowsOf(2))
    world.google.fault({
      endpoint: 'sheets',
      kind: 'answer',
      status: 401,
      body: { error: { code: 401, status: 'UNAUTHENTICATED' } },
      times: 1,
    })
    expect((await read()).charters).toBe(2)
    expect(world.google.requests.map(({ endpoint, status }) => `${endpoint} ${status}`)).toEqual([
      'token 200',
      'sheets 401',
      'token 200',
      'sheets 200',
      'sheets 200',
    ])
  })

  test('that is refused again is no question of consent', async () => {
    small([])
    world.google.fault({ endpoint: 'sheets', kind: 'answer', status: 401, body: { error: { code: 401, status: 'UNAUTHENTICATED' } } })
    expect(await sync()).toMatchObject({ kind: 'blocked', failure: { class: 'unknown', code: 'UNAUTHENTICATED', status: 401 } })
    expect(world.google.requests).toHaveLength(4)
  })

  test('because the grant was revoked ends with what the refresh says', async () => {
    small([])
    let calls = 0
    const outcome = await sync({
      accessToken: () => {
        calls += 1
        if (calls === 2) world.google.revokeAll()
        return calls === 1
          ? Promise.resolve({ ok: true, value: 'ya29.stale' })
          : accessToken({ uow: store.uow, client: world.client, box }, world.now)
      },
    })
    expect(outcome).toMatchObject({ kind: 'blocked', failure: { class: 'reauth-required', code: 'invalid_grant' } })
  })
})

describe('a sync that cannot be finished writes nothing', () => {
  test.each([
    ['the token is dead', () => world.google.revokeAll(), 'reauth-required'],
    ['the sheet is gone', () => world.google.deleteSpreadsheet(SHEET_ID), 'data'],
    ['it is not shared', () => sheet().unshare(OFFICE), 'data'],
    ['Google is down', () => world.google.fault({ endpoint: 'sheets', kind: '5xx' }), 'server'],
    ['a hotel answers in its place', () => world.google.fault({ endpoint: 'sheets', kind: 'html' }), 'network'],
  ] as const)('when %s', async (_, happens, wanted) => {
    small(rowsOf(3))
    await sync()
    const [before, stored] = [store.writes(), await charters()]
    setRows(NOV, rowsOf(5))
    happens()
    expect(await sync()).toMatchObject({ kind: 'blocked', failure: { class: wanted } })
    expect(store.writes()).toBe(before)
    expect(await charters()).toEqual(stored)
  })

  test('when the values cannot be fetched after the outline was', async () => {
    small(rowsOf(3))
    const api = {
      ...world.api,
      outline: async (token: string) => {
        const outline = await world.api.outline(token)
        sheet().renameTab(NOV, 'November')
        return outline
      },
    }
    const before = store.writes()
    expect(await sync({ api })).toMatchObject({ kind: 'blocked', failure: { class: 'data', hint: 'tab-renamed' } })
    expect(store.writes()).toBe(before)
  })

  test('when the deadline has passed before the transaction', async () => {
    small(rowsOf(3))
    const deadline = new AbortController()
    const api = {
      ...world.api,
      values: async (...asked: Parameters<typeof world.api.values>) => {
        const values = await world.api.values(...asked)
        deadline.abort(new Error('too late'))
        return values
      },
    }
    const before = store.writes()
    await expect(syncSheet(deps({ api }), world.now, deadline.signal)).rejects.toThrow('too late')
    expect(store.writes()).toBe(before)
    expect(await live()).toEqual([])
  })

  test('when the store fails in the middle of applying', async () => {
    small(rowsOf(3))
    store.raw.exec(`create trigger refuse before insert on sheet_tab begin select raise(abort, 'disk full'); end`)
    await expect(sync()).rejects.toThrow('disk full')
    expect(await live()).toEqual([])
    expect(await store.uow.run(({ charters: port }) => port.lastChanges())).toBeNull()
  })
})

describe('tabs', () => {
  test('a renamed tab is still read, its charters do not move, and nothing is written', async () => {
    small(rowsOf(5))
    await sync()
    const before = store.writes()
    sheet().renameTab(NOV, "Captain's November")
    const outcome = await read()
    expect(outcome).toMatchObject({ kind: 'synced', charters: 5, renamed: [{ title: NOV, current: "Captain's November" }] })
    expect(outcome.changes).toEqual([])
    expect(store.writes()).toBe(before)
    sheet().setCell("Captain's November", 1, 4, 'Kestrel')
    expect((await read()).changes).toEqual(['changed JC-1'])
    expect((await charters())['JC-1']?.tab).toBe(NOV)
  })

  test('a missing tab is a problem, the others are applied all the same', async () => {
    createSheet([{ title: NOV, rows: [HEADER, ...rowsOf(2)] }])
    const outcome = await read()
    expect(outcome).toMatchObject({ kind: 'data', charters: 2, problems: [{ code: 'missing-tab', tab: DEC }] })
    expect(await live()).toEqual(['JC-1', 'JC-2'])
  })

  test('a deleted tab keeps its last good data', async () => {
    small(rowsOf(3), [row('JC-90', '2026-12-01')])
    await sync()
    sheet().removeTab(DEC)
    expect(await read()).toMatchObject({ kind: 'data', problems: [{ code: 'missing-tab', tab: DEC }] })
    expect(await live()).toContain('JC-90')
  })

  test('none of the wanted ones: a problem for each, and one request less', async () => {
    createSheet([{ title: 'Crew', rows: [] }])
    expect((await read()).problems).toEqual([NOV, DEC].map((tab) => ({ code: 'missing-tab', tab })))
    expect(world.google.requests.filter(({ endpoint }) => endpoint === 'sheets')).toHaveLength(1)
  })

  test('a fixed tab is read alone', async () => {
    createSheet([{ title: "Captain's log", rows: [HEADER, ...rowsOf(4)] }])
    expect(await read(sync({ tabPattern: "Captain's log" }))).toMatchObject({ kind: 'synced', charters: 4 })
  })

  test('a drifted header stops its tab only: last good data stays, the other tab is applied, and mending it resumes', async () => {
    small(rowsOf(5), [row('JC-90', '2026-12-01')])
    await sync()
    sheet().setCell(NOV, 0, 1, 'Datum')
    sheet().setCell(NOV, 1, 4, 'Kestrel')
    setRows(DEC, [row('JC-90', '2026-12-01'), row('JC-91', '2026-12-02')])
    const drifted = await read()
    expect(drifted).toMatchObject({ kind: 'data', problems: [{ code: 'header-drift', tab: NOV, missing: ['Date'], doubled: [] }] })
    expect(drifted.changes).toEqual(['added JC-91'])
    expect((await charters())['JC-1']?.vessel).toBe('Marisol')
    sheet().setCell(NOV, 0, 1, 'Day')
    expect((await read()).changes).toEqual(['changed JC-1'])
  })

  test('the zone of the sheet decides: another zone moves every charter', async () => {
    small(rowsOf(2))
    await sync()
    sheet().setTimeZone('America/New_York')
    expect((await read()).changes).toEqual(['changed JC-1', 'changed JC-2'])
    expect((await charters())['JC-1']?.startsAt).toBe(Date.UTC(2026, 10, 1, 14, 30))
  })

  test('a custom zone of Google is understood', async () => {
    const outline = { properties: { timeZone: 'GMT-07:00' }, sheets: [{ properties: { sheetId: 0, title: NOV } }] }
    createSheet([{ title: NOV, rows: [HEADER, ...rowsOf(1)] }])
    world.google.fault({ endpoint: 'sheets', kind: 'answer', body: outline, times: 1 })
    expect(await read()).toMatchObject({ kind: 'data', charters: 1, problems: [{ code: 'missing-tab', tab: DEC }] })
    expect((await charters())['JC-1']?.startsAt).toBe(Date.UTC(2026, 10, 1, 16, 30))
  })

  test('an unknown column is named and its cells are ignored', async () => {
    createSheet([
      {
        title: NOV,
        rows: [
          [...HEADER, 'Weather'],
          [...row('JC-1', '2026-11-05'), 'fog'],
        ],
      },
      { title: DEC, rows: [] },
    ])
    expect(await read()).toMatchObject({ kind: 'synced', charters: 1, unknownColumns: [{ tab: NOV, name: 'Weather' }] })
  })
})

describe('rows that cannot be read', () => {
  test('are stored with their cells, keep their charter as it was, and are no loss', async () => {
    small(rowsOf(4))
    await sync()
    setRows(NOV, [
      ...rowsOf(1),
      row('JC-2', '2026-11-02', { start: '#REF!' }),
      row('JC-3', '2026-11-03', { date: 'soon', vessel: 'Kestrel' }),
      row('JC-4', '2026-11-04', { guests: 'all' }),
    ])
    const outcome = await read()
    expect(outcome).toMatchObject({ kind: 'synced', charters: 1 })
    expect(outcome.changes).toEqual([])
    expect(await store.uow.run(({ charters: port }) => port.quarantine())).toEqual([
      { tab: NOV, row: 3, id: 'JC-2', problems: [{ cell: 'C3', problem: 'Start shows #REF!' }] },
      expect.objectContaining({ row: 4, id: 'JC-3' }),
      expect.objectContaining({ row: 5, id: 'JC-4' }),
    ])
    expect(await live()).toEqual(['JC-1', 'JC-2', 'JC-3', 'JC-4'])
    expect((await charters())['JC-3']?.vessel).toBe('Marisol')
    setRows(NOV, rowsOf(4))
    expect((await read()).quarantined).toEqual([])
    expect(await store.uow.run(({ charters: port }) => port.quarantine())).toEqual([])
  })

  test('an id in both tabs: the first tab keeps it, and taking it out there gives it to the other', async () => {
    small([...rowsOf(9), row('JC-50', '2026-11-20', { vessel: 'Marisol' })], [row('JC-50', '2026-12-20', { vessel: 'Kestrel' })])
    const doubled = await read()
    expect(doubled.quarantined).toMatchObject([{ tab: DEC, row: 2, id: 'JC-50' }])
    expect((await charters())['JC-50']).toMatchObject({ tab: NOV, vessel: 'Marisol' })
    // December itself did not change, but what its row means did.
    setRows(NOV, rowsOf(9))
    expect((await read()).changes).toEqual(['changed JC-50'])
    expect((await charters())['JC-50']).toMatchObject({ tab: DEC, date: '2026-12-20', vessel: 'Kestrel' })
    expect(await store.uow.run(({ charters: port }) => port.quarantine())).toEqual([])
    const before = store.writes()
    await sync()
    expect(store.writes()).toBe(before)
  })

  test('an id that comes into the first tab as well shows in the quarantine of the other', async () => {
    small(rowsOf(9), [row('JC-50', '2026-12-20')])
    await sync()
    setRows(NOV, [...rowsOf(9), row('JC-50', '2026-11-20')])
    expect((await read()).changes).toEqual(['changed JC-50'])
    expect(await store.uow.run(({ charters: port }) => port.quarantine())).toMatchObject([{ tab: DEC, row: 2, id: 'JC-50' }])
  })

  test('a charter whose broken row in the other tab is deleted after it left its own is removed', async () => {
    small([...rowsOf(9), row('JC-50', '2026-11-20')])
    await sync()
    setRows(NOV, rowsOf(9))
    setRows(DEC, [row('JC-50', '2026-12-20', { start: '#REF!' })])
    expect((await read()).changes).toEqual([])
    expect(await live()).toContain('JC-50')
    // Neither tab has it now, and November, where it was last good, did not change since.
    setRows(DEC, [])
    expect((await read()).changes).toEqual(['removed JC-50'])
    expect(await live()).not.toContain('JC-50')
  })

  test('a charter that moves to the next month keeps its history', async () => {
    small([...rowsOf(5), row('JC-50', '2026-11-20')], [])
    await sync()
    world.now += HOUR
    setRows(NOV, rowsOf(5))
    setRows(DEC, [row('JC-50', '2026-12-20')])
    expect((await read()).changes).toEqual(['changed JC-50'])
    const stored = await store.db.selectFrom('charter').selectAll().where('id', '=', 'JC-50').executeTakeFirstOrThrow()
    expect(stored).toMatchObject({ tab: DEC, first_seen_at: START, changed_at: START + HOUR, removed_at: null })
  })
})

describe('a loss', () => {
  const hold = async () => (await store.uow.run(({ charters: port }) => port.holds()))[0]
  const approve = (hash: string) => store.uow.run(({ charters: port }) => port.approveHold(NOV, hash, 'U0OPERATOR', world.now))

  beforeEach(async () => {
    small(rowsOf(10), [row('JC-90', '2026-12-01')])
    await sync()
    world.now += HOUR
  })

  test('of exactly a fifth is applied: removed for now, never for good', async () => {
    setRows(NOV, rowsOf(8))
    expect(await read()).toMatchObject({ kind: 'synced', changes: ['removed JC-9', 'removed JC-10'] })
    const gone = await store.db.selectFrom('charter').selectAll().where('id', '=', 'JC-9').executeTakeFirstOrThrow()
    expect(gone).toMatchObject({ removed_at: START + HOUR, first_seen_at: START })
    setRows(NOV, rowsOf(9))
    expect((await read()).changes).toEqual(['restored JC-9'])
    expect(await live()).toContain('JC-9')
  })

  test('of more is held, the other tab is applied, and asking again writes nothing new', async () => {
    setRows(NOV, rowsOf(7))
    setRows(DEC, [row('JC-90', '2026-12-01'), row('JC-91', '2026-12-02')])
    const outcome = await read()
    expect(outcome.changes).toEqual(['added JC-91'])
    expect(outcome.problems).toMatchObject([{ code: 'held', tab: NOV, before: 10, removed: ['JC-8', 'JC-9', 'JC-10'] }])
    expect(await live()).toHaveLength(12)
    const before = store.writes()
    world.now += HOUR
    expect((await read()).problems).toMatchObject([{ code: 'held', tab: NOV }])
    expect(store.writes()).toBe(before)
    expect((await hold())?.createdAt).toBe(START + HOUR)
  })

  test.each([
    ['an emptied tab', () => sheet().setRows(NOV, [])],
    ['a tab of nothing but its header', () => setRows(NOV, [])],
  ])('of everything, %s, is held', async (_, happens) => {
    happens()
    expect((await read()).problems).toMatchObject([{ code: 'held', tab: NOV, before: 10 }])
    expect(await live()).toHaveLength(11)
  })

  test('that an operator confirms is applied at the next sync, once', async () => {
    setRows(NOV, rowsOf(3))
    await sync()
    expect(await approve((await hold())?.contentHash ?? '')).toBe(true)
    world.now += HOUR
    const outcome = await read()
    expect(outcome.problems).toEqual([])
    expect(outcome.changes).toHaveLength(7)
    expect(await live()).toEqual(['JC-1', 'JC-2', 'JC-3', 'JC-90'])
    expect(await hold()).toBeUndefined()
    // The yes was for that one change: the next loss asks again.
    setRows(NOV, rowsOf(1))
    expect((await read()).problems).toMatchObject([{ code: 'held', before: 3 }])
  })

  test('that was confirmed is not applied to another content', async () => {
    setRows(NOV, rowsOf(3))
    await sync()
    const asked = (await hold())?.contentHash ?? ''
    expect(await approve(asked)).toBe(true)
    setRows(NOV, rowsOf(2))
    expect((await read()).problems).toMatchObject([
      { code: 'held', removed: ['JC-3', 'JC-4', 'JC-5', 'JC-6', 'JC-7', 'JC-8', 'JC-9', 'JC-10'] },
    ])
    expect(await live()).toHaveLength(11)
    expect(await approve(asked)).toBe(false)
    expect((await hold())?.approvedBy).toBeNull()
  })

  test('that somebody puts back by hand needs no answer any more', async () => {
    setRows(NOV, rowsOf(3))
    await sync()
    setRows(NOV, rowsOf(10))
    expect(await read()).toMatchObject({ kind: 'synced', changes: [] })
    expect(await hold()).toBeUndefined()
  })

  test('that shrinks to what is believable is applied, and the question goes', async () => {
    setRows(NOV, rowsOf(3))
    await sync()
    setRows(NOV, rowsOf(9))
    expect(await read()).toMatchObject({ kind: 'synced', changes: ['removed JC-10'] })
    expect(await hold()).toBeUndefined()
  })
})

test('an overnight charter of New Year ends next year', async () => {
  world.now = Date.UTC(2026, 11, 15, 18)
  createSheet([
    { title: DEC, rows: [HEADER, row('JC-1', '2026-12-31', { start: timeSerial('22:00'), end: timeSerial('01:30') })] },
    { title: '2027-01', rows: [] },
  ])
  expect(await read()).toMatchObject({ kind: 'synced', charters: 1 })
  expect((await charters())['JC-1']).toMatchObject({ startsAt: Date.UTC(2027, 0, 1, 6), endsAt: Date.UTC(2027, 0, 1, 9, 30) })
})
