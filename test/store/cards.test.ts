import { Migrator } from 'kysely/migration'
import { describe, expect, test } from 'vitest'
import { createDeliverer } from '../../src/jobs/deliver.ts'
import { googleTables } from '../../src/store/migrations/google.ts'
import { incidentTables } from '../../src/store/migrations/incidents.ts'
import { sheetTables } from '../../src/store/migrations/sheets.ts'
import { workTables } from '../../src/store/migrations/work.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { incident, NOON } from '../support/incident-samples.ts'
import { createTestLog } from '../support/job-log.ts'
import { createChannel, createLineFile } from '../support/job-notifier.ts'
import { openTestDatabase, temporaryFolder } from '../support/repo-database.ts'

const OPS = 'C0OPS'

describe('a card', () => {
  test('is where it was put last, and is found by its place', async () => {
    const { uow } = await openTestDatabase()
    expect(await uow.run(({ cards }) => cards.find('session:1'))).toBeNull()
    await uow.run(({ cards }) => cards.set('session:1', { channel: OPS, ts: '1.1', version: 3 }))
    await uow.run(({ cards }) => cards.set('request:1', { channel: OPS, ts: '1.2', version: 1 }))
    expect(await uow.run(({ cards }) => cards.find('session:1'))).toEqual({ channel: OPS, ts: '1.1', version: 3, editedAt: null })
    await uow.run(({ cards }) => cards.set('session:1', { channel: OPS, ts: '1.1', version: 4, editedAt: NOON }))
    expect(await uow.run(({ cards }) => cards.find('session:1'))).toEqual({ channel: OPS, ts: '1.1', version: 4, editedAt: NOON })
    expect(await uow.run(({ cards }) => cards.subjectAt(OPS, '1.1'))).toBe('session:1')
    expect(await uow.run(({ cards }) => cards.subjectAt(OPS, '1.2'))).toBe('request:1')
    expect(await uow.run(({ cards }) => cards.subjectAt('C0OTHER', '1.1'))).toBeNull()
  })

  test('that is gone is nowhere, and the next one has the next number', async () => {
    const { uow } = await openTestDatabase()
    await uow.run(({ cards }) => cards.set('session:1', { channel: OPS, ts: '1.1', version: 3, editedAt: NOON }))
    expect(await uow.run(({ cards }) => cards.drop('session:1'))).toBe(2)
    expect(await uow.run(({ cards }) => cards.find('session:1'))).toBeNull()
    expect(await uow.run(({ cards }) => cards.subjectAt(OPS, '1.1'))).toBeNull()
    await uow.run(({ cards }) => cards.set('session:1', { channel: OPS, ts: '1.9', version: 4 }))
    expect(await uow.run(({ cards }) => cards.find('session:1'))).toMatchObject({ ts: '1.9', editedAt: null })
    expect(await uow.run(({ cards }) => cards.drop('session:1'))).toBe(3)
  })

  test('that was never posted counts as the first one too', async () => {
    const { uow } = await openTestDatabase()
    expect(await uow.run(({ cards }) => cards.drop('request:5'))).toBe(2)
    expect(await uow.run(({ cards }) => cards.drop('request:5'))).toBe(3)
  })
})

/** A database as the version before cards of several kinds left it. */
async function leaveOld(folder: string): Promise<void> {
  const old = openDatabase(folder)
  const migrations = {
    '001-google': { up: googleTables },
    '002-sheets': { up: sheetTables },
    '003-work': { up: workTables },
    '004-incidents': { up: incidentTables },
  }
  const { error } = await new Migrator({ db: old.db, provider: { getMigrations: () => Promise.resolve(migrations) } }).migrateToLatest()
  expect(error).toBeUndefined()
  const shown = incident({ id: 1, version: 2 })
  const other = incident({ id: 2, key: 'port-sheet/rows' })
  const rows = [shown, other].map(({ id, key }) => `(${id}, '${key}', '${key}', 'open', 1, '', ${NOON})`)
  old.raw.exec(`insert into incident (id, key, live_key, state, version, body, opened_at) values ${rows.join(', ')}`)
  for (const one of [shown, other]) old.raw.prepare('update incident set body = ? where id = ?').run(JSON.stringify(one), one.id)
  old.raw.exec(`insert into incident_card values (1, '${OPS}', '1.000001', 1, 3), (2, null, null, 0, 4)`)
  const dispatches = [
    ['incident:1:edit-card:2', 1, { kind: 'edit', incidentId: 1, version: 2 }],
    ['incident:1:note:2:1', 1, { kind: 'reply', incidentId: 1, note: { type: 'woken' }, snapshot: shown, at: NOON }],
    ['incident:2:post-card:again:4', 0, { kind: 'card', incidentId: 2 }],
  ] as const
  const insert = old.raw.prepare(
    "insert into outbox (id, key, target, lane, rank, dispatch, state, tries, due_at, created_at) values (?, ?, 'slack', ?, ?, ?, 'new', 0, ?, ?)",
  )
  for (const [index, [key, rank, dispatch]] of dispatches.entries()) {
    insert.run(index + 1, key, `incident:${dispatch.incidentId}`, rank, JSON.stringify(dispatch), NOON, NOON)
  }
  await old.close()
}

test('posted cards and rows that wait outlive the move to cards of several kinds', async () => {
  const folder = temporaryFolder()
  await leaveOld(folder)
  const store = await openTestDatabase({ folder })
  const { uow, raw } = store
  expect(raw.prepare('select * from card order by subject').all()).toEqual([
    { subject: 'incident:1', channel: OPS, ts: '1.000001', version: 1, number: 3, edited_at: null },
    { subject: 'incident:2', channel: null, ts: null, version: 0, number: 4, edited_at: null },
  ])
  expect(raw.prepare("select name from sqlite_master where name like 'incident_card%'").all()).toEqual([])
  expect(await uow.run(({ cards }) => cards.subjectAt(OPS, '1.000001'))).toBe('incident:1')

  const clock = createFakeClock(NOON)
  const channel = createChannel(clock)
  const old = { key: 'incident:1:post-card:1', what: 'card' as const, ts: '1.000001', threadTs: null, at: NOON, note: null, deleted: false }
  channel.posted.push({ ...old, version: 1 })
  const deps = { uow, clock, log: createTestLog(), notifier: channel.notifier, alertLog: createLineFile(), topic: null, opsChannel: OPS }
  await createDeliverer(deps, 'slack').runDue(NOON)
  expect(channel.live().map(({ key, threadTs, version }) => [key, threadTs, version])).toEqual([
    ['incident:1:post-card:1', null, 2],
    ['incident:2:post-card:again:4', null, 1],
    ['incident:1:note:2:1', '1.000001', 0],
  ])
  expect(raw.prepare("select key from outbox where state <> 'sent'").all()).toEqual([])
  expect(await uow.run(({ cards }) => cards.drop('incident:1'))).toBe(4)
})
