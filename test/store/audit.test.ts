import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import type { AuditEntry } from '../../src/services/audit/audit.ts'
import { backUp, restore } from '../../src/store/backup.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

/** 2026-11-02 09:30 UTC. */
const NOW = Date.UTC(2026, 10, 2, 9, 30)
const DAY = 86_400_000
const ACK: AuditEntry = { at: NOW, actor: 'U0MARA', act: 'incident.ack', subject: 'incident:12' }

const add = (store: TestDatabase, ...entries: readonly AuditEntry[]): Promise<void> =>
  store.uow.run(async ({ audit }) => {
    for (const entry of entries) await audit.add(entry)
  })

const rows = ({ raw }: TestDatabase): Record<string, unknown>[] => raw.prepare('select * from audit order by id').all()

test('an entry is a row with its number', async () => {
  const store = await openTestDatabase()
  await add(store, ACK, { ...ACK, at: NOW + 5, act: 'incident.snooze', details: { until: NOW + DAY } })
  expect(rows(store)).toEqual([
    { id: 1, at: NOW, actor: 'U0MARA', act: 'incident.ack', subject: 'incident:12', details: '{}' },
    { id: 2, at: NOW + 5, actor: 'U0MARA', act: 'incident.snooze', subject: 'incident:12', details: `{"until":${NOW + DAY}}` },
  ])
})

test('details are small: a text that is none of its business is cut', async () => {
  const store = await openTestDatabase()
  await add(store, { ...ACK, details: { tools: 'x'.repeat(5000), count: 3 } })
  expect(String(rows(store)[0]?.['details']).length).toBeLessThan(240)
})

test.each([
  ["update audit set actor = 'U0TOM' where id = 1"],
  ['update audit set id = 7'],
  ['delete from audit where id = 1'],
  ['delete from audit'],
  ["insert or replace into audit values (1, 0, 'U0TOM', 'incident.ack', 'incident:12', '{}')"],
  ["insert into audit values (1, 0, 'a', 'b', 'c', '{}') on conflict (id) do update set actor = 'U0TOM'"],
])('the database refuses %o, also for whoever writes SQL', async (statement) => {
  const store = await openTestDatabase()
  await add(store, ACK)
  expect(() => store.raw.exec(statement)).toThrow('the audit log only grows')
  expect(rows(store)).toMatchObject([{ id: 1, actor: 'U0MARA' }])
  await add(store, ACK)
  expect(rows(store)).toHaveLength(2)
})

test('what is undone leaves no entry', async () => {
  const store = await openTestDatabase()
  const undone = store.uow.run(async ({ audit, settings }) => {
    await settings.set('a', 'b')
    await audit.add(ACK)
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  expect(rows(store)).toEqual([])
  await add(store, ACK)
  expect(rows(store)).toMatchObject([{ id: 1 }])
})

test('about an incident is what was done to it, and what was done meanwhile to its part', async () => {
  const store = await openTestDatabase()
  const sync = { actor: 'U0TOM', act: 'sync.now', subject: 'port-sheet' } as const
  await add(
    store,
    { ...sync, at: NOW - 1 },
    { ...sync, at: NOW },
    { ...ACK, at: NOW - DAY },
    { ...ACK, subject: 'incident:1' },
    { ...sync, act: 'agent.pause', subject: 'agent', at: NOW },
    { ...sync, at: NOW + DAY },
    { ...sync, at: NOW + DAY + 1 },
  )
  const about = (acts: readonly ('sync.now' | 'agent.pause')[]) =>
    store.uow.run(({ audit }) => audit.about('incident:12', { acts, from: NOW, to: NOW + DAY }))
  expect((await about(['sync.now'])).map(({ id }) => id)).toEqual([2, 3, 6])
  expect((await about(['sync.now', 'agent.pause'])).map(({ id }) => id)).toEqual([2, 3, 5, 6])
  expect(await about([])).toEqual([{ id: 3, details: {}, ...ACK, at: NOW - DAY }])
})

test('housekeeping never prunes it', async () => {
  const store = await openTestDatabase()
  await add(store, ACK)
  await store.uow.run(({ housekeeping }) => housekeeping.sweep(NOW + 4000 * DAY))
  expect(rows(store)).toHaveLength(1)
})

test('a backup holds it, with what protects it, and a restore says so itself', async () => {
  const store = await openTestDatabase()
  await add(store, ACK)
  const { path } = backUp({ dataDir: store.folder, folder: join(store.folder, 'backups'), keepDays: 14 }, NOW + 1000)
  await add(store, { ...ACK, act: 'incident.resolve', at: NOW + 2000 })
  await store.close()
  restore(store.folder, path, NOW + 3000)
  const restored = await openTestDatabase({ folder: store.folder })
  await add(restored, { ...ACK, at: NOW + 4000, subject: 'incident:13' })
  expect(rows(restored)).toMatchObject([
    { id: 1, act: 'incident.ack' },
    {
      id: 2,
      at: NOW + 3000,
      actor: 'terminal',
      act: 'data.restored',
      subject: 'database',
      details: '{"from":"jada-20261102-093001.sqlite"}',
    },
    { id: 3, subject: 'incident:13' },
  ])
  expect(() => restored.raw.exec('delete from audit')).toThrow('the audit log only grows')
})

test('a backup of a version that had no such log is put back as it is', async () => {
  const store = await openTestDatabase()
  store.raw.exec('drop table audit')
  const { path } = backUp({ dataDir: store.folder, folder: join(store.folder, 'backups'), keepDays: 14 }, NOW)
  await store.close()
  restore(store.folder, path, NOW + 1000)
  const restored = new DatabaseSync(join(store.folder, 'jada.sqlite'), { readOnly: true })
  onTestFinished(() => {
    restored.close()
  })
  expect(restored.prepare("select count(*) as n from sqlite_master where name = 'audit'").get()).toEqual({ n: 0 })
})
