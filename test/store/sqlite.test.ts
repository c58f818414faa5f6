import { spawnSync } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { migrate } from '../../src/store/migrations.ts'
import { lockDataDir, openDatabase } from '../../src/store/sqlite.ts'
import { openTestDatabase, temporaryFolder } from '../support/repo-database.ts'

describe('the file', () => {
  test('is WAL, synced at each commit, and in a folder for the bot alone', async () => {
    const folder = join(temporaryFolder(), 'made', 'on', 'the', 'way')
    const { raw } = await openTestDatabase({ folder, durable: true })
    expect(raw.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(raw.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
    expect(raw.prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 })
    expect(statSync(folder).mode & 0o077).toBe(0)
  })

  test('in a place that cannot be used names the setting', () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    expect(() => openDatabase(join(folder, 'file', 'data'))).toThrow(/JADA_DATA_DIR/)
    expect(() => openDatabase(join(folder, 'file'))).toThrow(/JADA_DATA_DIR/)
  })

  test('migrates once, and again changes nothing', async () => {
    const store = await openTestDatabase()
    const schema = (): unknown => store.raw.prepare('select name, sql from sqlite_master order by name').all()
    const before = schema()
    await migrate(store.db)
    expect(schema()).toEqual(before)
  })

  test('of a newer version is refused with what to do', async () => {
    const store = await openTestDatabase()
    store.raw.exec("insert into kysely_migration (name, timestamp) values ('999-of-tomorrow', '2030-01-01')")
    await expect(migrate(store.db)).rejects.toMatchObject({ code: 'migration', message: expect.stringContaining('newer version') })
  })
})

describe('a unit of work', () => {
  test('is all or nothing', async () => {
    const { uow } = await openTestDatabase()
    const failed = uow.run(async ({ settings }) => {
      await settings.set('half', 'done')
      throw new Error('on the way')
    })
    await expect(failed).rejects.toThrow('on the way')
    expect(await uow.run(({ settings }) => settings.get('half'))).toBeNull()
  })

  test('waits for the one before it: counting by many at once loses nothing', async () => {
    const { uow } = await openTestDatabase()
    const increment = (): Promise<void> =>
      uow.run(async ({ settings }) => {
        const value = Number((await settings.get('count')) ?? 0)
        await Promise.resolve()
        await settings.set('count', String(value + 1))
      })
    await Promise.all(Array.from({ length: 50 }, increment))
    expect(await uow.run(({ settings }) => settings.get('count'))).toBe('50')
  })

  test('on a full disk fails with the real reason, and works again when there is room', async () => {
    const { raw, uow } = await openTestDatabase()
    raw.exec(`PRAGMA max_page_count = ${String(raw.prepare('PRAGMA page_count').get()?.['page_count'])}`)
    await expect(uow.run(({ settings }) => settings.set('big', 'x'.repeat(500_000)))).rejects.toThrow('database or disk is full')
    expect(await uow.run(({ settings }) => settings.get('big'))).toBeNull()
    raw.exec('PRAGMA max_page_count = 1073741823')
    await uow.run(({ settings }) => settings.set('big', 'x'.repeat(500_000)))
    expect((await uow.run(({ settings }) => settings.get('big')))?.length).toBe(500_000)
  })
})

describe('the lock', () => {
  test('keeps a second bot out, with words, and lets go', () => {
    const folder = temporaryFolder()
    const lock = lockDataDir(folder)
    expect(() => lockDataDir(folder)).toThrow(
      expect.objectContaining({ code: 'already-running', message: expect.stringContaining(folder) }),
    )
    lock.release()
    lockDataDir(folder).release()
  })

  test('falls with its process, whatever ended it', () => {
    const folder = temporaryFolder()
    const url = new URL('../../src/store/sqlite.ts', import.meta.url).href
    const script = `import { lockDataDir } from ${JSON.stringify(url)}; lockDataDir(${JSON.stringify(folder)}); process.kill(process.pid, 'SIGKILL')`
    expect(spawnSync(process.execPath, ['--input-type=module', '-e', script]).signal).toBe('SIGKILL')
    lockDataDir(folder).release()
  })
})
