import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished, test } from 'vitest'
import { backUp, restore } from '../../src/store/backup.ts'
import { lockDataDir } from '../../src/store/sqlite.ts'
import { makeDataDir } from '../support/data-dir.ts'
import { ROOT } from '../support/repo-imports.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

const NOW = Date.UTC(2026, 10, 2, 9, 47)
const DAY = 86_400_000

/** Flushing takes no time there. */
function memoryFolder(): string {
  const folder = makeDataDir()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const write = (store: TestDatabase, name: string, value: string): Promise<void> =>
  store.uow.run(({ settings }) => settings.set(name, value))
const read = (store: TestDatabase, name: string): Promise<string | null> => store.uow.run(({ settings }) => settings.get(name))

/** Every row of every table. */
function dump(path: string): Record<string, unknown[]> {
  const database = new DatabaseSync(path, { readOnly: true })
  const tables = database.prepare("select name from sqlite_master where type = 'table' order by name").all()
  const rows = tables.map(({ name }) => [String(name), database.prepare(`select * from "${String(name)}"`).all()] as const)
  database.close()
  return Object.fromEntries(rows)
}

/** The same of a restored database, without what the restore itself wrote down. */
function restored(path: string): Record<string, unknown[]> {
  const { audit, counter = [], ...rows } = dump(path)
  expect(audit).toMatchObject([{ id: 1, actor: 'terminal', act: 'data.restored' }])
  return { ...rows, audit: [], counter: counter.filter((row) => (row as { name: string }).name !== 'audit') }
}

async function backedUp(): Promise<{ folder: string; path: string; store: TestDatabase }> {
  const store = await openTestDatabase({ folder: memoryFolder() })
  await write(store, 'port', 'full')
  await write(store, 'blob', 'x'.repeat(40_000))
  const { path } = backUp({ dataDir: store.folder, folder: join(store.folder, 'backups'), keepDays: 14 }, NOW)
  return { folder: store.folder, path, store }
}

describe('a backup', () => {
  it('is a dated file of its owner alone, whole, made while the bot writes', async () => {
    const { path, folder, store } = await backedUp()
    expect(path).toBe(join(folder, 'backups/jada-20261102-094700.sqlite'))
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'backups')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(folder, 'backups'))).toEqual(['jada-20261102-094700.sqlite'])
    // What stands only in the write-ahead log of the running database is in it.
    expect(statSync(join(folder, 'jada.sqlite-wal')).size).toBeGreaterThan(0)
    expect(dump(path)).toEqual(dump(join(folder, 'jada.sqlite')))
    await write(store, 'port', 'empty')
    expect(JSON.stringify(dump(path)['setting'])).toContain('full')
  })

  it('older than the days to keep goes, but nothing that is not a backup, and never the newest', async () => {
    const { folder, path } = await backedUp()
    const backups = join(folder, 'backups')
    for (const name of ['jada-20261018-094700.sqlite', 'jada-20261019-094900.sqlite', 'jada-old.sqlite', 'notes.txt'])
      writeFileSync(join(backups, name), 'x')
    const later = backUp({ dataDir: folder, folder: backups, keepDays: 14 }, NOW + 60_000)
    expect(later.deleted).toEqual(['jada-20261018-094700.sqlite'])
    expect(existsSync(path)).toBe(true)
    const muchLater = backUp({ dataDir: folder, folder: backups, keepDays: 1 }, NOW + 90 * DAY)
    expect(muchLater.deleted).toHaveLength(3)
    expect(readdirSync(backups)).toEqual(['jada-20270131-094700.sqlite', 'jada-old.sqlite', 'notes.txt'])
  })

  it('of nothing is refused, and so is one that cannot be written; nothing half is left', async () => {
    const empty = memoryFolder()
    expect(() => backUp({ dataDir: empty, folder: join(empty, 'backups'), keepDays: 14 }, NOW)).toThrow(/There is no database/)
    const { folder } = await backedUp()
    const broken = join(memoryFolder(), 'data')
    cpSync(folder, broken, { recursive: true })
    for (const end of ['-wal', '-shm']) cpSync(join(folder, `jada.sqlite${end}`), join(broken, `jada.sqlite${end}`))
    damage(join(broken, 'jada.sqlite'))
    truncateSync(join(broken, 'jada.sqlite-wal'), 0)
    expect(() => backUp({ dataDir: broken, folder: join(broken, 'more'), keepDays: 14 }, NOW)).toThrow()
    expect(readdirSync(join(broken, 'more'))).toEqual([])
  })
})

/** Overwrites every second page but the first. */
function damage(path: string): void {
  const handle = openSync(path, 'r+')
  for (let at = 4096; at < statSync(path).size; at += 8192) writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, at)
  closeSync(handle)
}

describe('a restore', () => {
  it('gives the same rows, and keeps the database before beside', async () => {
    const { folder, path, store } = await backedUp()
    const rows = dump(path)
    await write(store, 'port', 'empty')
    await store.close()
    const result = restore(folder, path, NOW + DAY)
    expect(result.keptAs).toBe('before-restore-20261103-094700.sqlite')
    expect(restored(join(folder, 'jada.sqlite'))).toEqual(rows)
    expect(JSON.stringify(dump(join(folder, 'before-restore-20261103-094700.sqlite'))['setting'])).toContain('empty')
    expect(statSync(join(folder, 'jada.sqlite')).mode & 0o777).toBe(0o600)
    const again = await openTestDatabase({ folder })
    expect(await read(again, 'port')).toBe('full')
  })

  it('after a crash never mixes the restored file with the log of the one before', async () => {
    const { folder, path, store } = await backedUp()
    await write(store, 'port', 'empty')
    const crashed = join(memoryFolder(), 'data')
    cpSync(folder, crashed, { recursive: true })
    expect(statSync(join(crashed, 'jada.sqlite-wal')).size).toBeGreaterThan(0)
    restore(crashed, path, NOW + DAY)
    expect(readdirSync(crashed).filter((name) => name.startsWith('jada.sqlite'))).toEqual(['jada.sqlite'])
    expect(restored(join(crashed, 'jada.sqlite'))).toEqual(dump(path))
    expect(JSON.stringify(dump(join(crashed, 'before-restore-20261103-094700.sqlite'))['setting'])).toContain('empty')
  })

  it('into an empty folder needs nothing there', async () => {
    const { path } = await backedUp()
    const fresh = join(memoryFolder(), 'data')
    expect(restore(fresh, path, NOW).keptAs).toBeNull()
    expect(restored(join(fresh, 'jada.sqlite'))).toEqual(dump(path))
  })

  it('is refused while the bot runs', async () => {
    const { folder, path, store } = await backedUp()
    await write(store, 'port', 'empty')
    const lock = lockDataDir(folder)
    expect(() => restore(folder, path, NOW)).toThrow(/Another JADA Bot works in/)
    lock.release()
    expect(await read(store, 'port')).toBe('empty')
  })

  test.each<[string, (path: string) => void, RegExp]>([
    ['pages were overwritten', damage, /is not a backup one can use/],
    ['its end is missing', (path) => truncateSync(path, 3 * 4096), /is not a backup one can use/],
    ['it is no database', (path) => writeFileSync(path, 'not a database at all, only text'), /is not a backup one can use/],
    ['it is empty', (path) => truncateSync(path, 0), /it was not written by JADA Bot/],
    ['a newer version wrote it', newer, /written by a newer version \(999-future\)/],
  ])('is refused when %s, and the present database stays', async (_name, harm, words) => {
    const { folder, path, store } = await backedUp()
    await write(store, 'port', 'present')
    await store.close()
    const before = readFileSync(join(folder, 'jada.sqlite'))
    harm(path)
    expect(() => restore(folder, path, NOW)).toThrow(words)
    expect(readFileSync(join(folder, 'jada.sqlite')).equals(before)).toBe(true)
    expect(readdirSync(folder).filter((name) => /restor/.test(name))).toEqual([])
    lockDataDir(folder).release()
  })
})

function newer(path: string): void {
  const database = new DatabaseSync(path)
  database.exec("insert into kysely_migration (name, timestamp) values ('999-future', '2030-01-01')")
  database.close()
}

describe('in the terminal', () => {
  const run = (name: string, dataDir: string, ...words: string[]) =>
    spawnSync(process.execPath, [join(ROOT, `src/cli/${name}.ts`), ...words], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], JADA_DATA_DIR: dataDir, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] },
    })

  it('both say what they did, and need no other settings than the folder', async () => {
    const store = await openTestDatabase({ folder: memoryFolder() })
    await write(store, 'port', 'full')
    const made = run('backup', store.folder)
    expect(made.stdout + made.stderr).toMatch(
      /^Backed up to .*\/backups\/jada-\d{8}-\d{6}\.sqlite: \d+ kB, \d+ rows in \d+ tables, read back and whole\./,
    )
    expect(made.status).toBe(0)
    await write(store, 'port', 'empty')
    await store.close()
    const [name = ''] = readdirSync(join(store.folder, 'backups'))
    const lock = lockDataDir(store.folder)
    const refused = run('restore', store.folder, join(store.folder, 'backups', name))
    expect(refused.stderr).toContain('Another JADA Bot works in')
    expect(refused.status).toBe(1)
    lock.release()
    const restored = run('restore', store.folder, join(store.folder, 'backups', name))
    expect(restored.stdout).toMatch(/^Restored \d+ rows in \d+ tables .*\nThe database before is kept as before-restore-/)
    expect(restored.status).toBe(0)
  })
})
