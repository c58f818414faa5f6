import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describeError, JadaError } from '../errors.ts'
import { addRestored } from './audit.ts'
import { isKnownMigration } from './migrations.ts'
import { lockDataDir } from './sqlite.ts'

const DATABASE = 'jada.sqlite'
const DAY_MS = 86_400_000
const BUSY_TIMEOUT_MS = 10_000

/** `jada-20261102-093000.sqlite`, UTC: names sort by time, and nothing else in the folder is ever deleted. */
const NAME = /^jada-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)\.sqlite$/

const stamp = (now: number): string =>
  new Date(now)
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z$/g, '')
    .replace('T', '-')

function madeAt(name: string): number | null {
  const parts = NAME.exec(name)?.slice(1).map(Number)
  if (parts === undefined) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** What a database file was found to hold. */
export interface Contents {
  readonly bytes: number
  readonly tables: number
  readonly rows: number
}

export interface BackupResult extends Contents {
  readonly path: string
  /** Names of older backups that were deleted. */
  readonly deleted: readonly string[]
}

export interface RestoreResult extends Contents {
  /** Where the present database was put; null: there was none. */
  readonly keptAs: string | null
}

const damaged = (path: string, why: string): JadaError =>
  new JadaError('backup-damaged', `${path} is not a backup one can use: ${why}. Nothing was changed; take another one.`)

function inspect(database: DatabaseSync, path: string): Contents {
  const found = database.prepare('PRAGMA integrity_check').all()
  const words = found.map((row) => String(row['integrity_check']))
  if (words.join() !== 'ok') throw damaged(path, words[0] ?? 'the check gave no answer')
  if (database.prepare('PRAGMA foreign_key_check').all().length > 0) throw damaged(path, 'rows refer to others that are missing')
  const names = database.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'").all()
  const tables = names.map((row) => String(row['name']))
  if (!tables.includes('kysely_migration')) throw damaged(path, 'it was not written by JADA Bot')
  const done = database.prepare('select name from kysely_migration').all()
  const unknown = done.map((row) => String(row['name'])).filter((name) => !isKnownMigration(name))
  if (unknown.length > 0)
    throw new JadaError('backup-newer', `${path} was written by a newer version (${unknown.join(', ')}). Restore it with that one.`)
  const rows = tables.map((name) => Number(database.prepare(`select count(*) as n from "${name}"`).get()?.['n']))
  return { bytes: statSync(path).size, tables: tables.length, rows: rows.reduce((sum, n) => sum + n, 0) }
}

/** Reads all of a database file. Throws JadaError `backup-damaged` or `backup-newer`. */
function verify(path: string): Contents {
  if (!existsSync(path)) throw new JadaError('backup-missing', `There is no file ${path}.`)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true })
    return inspect(database, path)
  } catch (error) {
    throw error instanceof JadaError ? error : damaged(path, describeError(error))
  } finally {
    database?.close()
  }
}

function flush(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** A copy of the database at one instant, without its free pages, that has reached the disk. The source may be in use. */
function copy(source: string, target: string): void {
  rmSync(target, { force: true })
  // Made beforehand, so that at no moment anybody else may read it.
  closeSync(openSync(target, 'wx', 0o600))
  chmodSync(target, 0o600)
  const database = new DatabaseSync(source, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
  try {
    database.prepare('VACUUM INTO ?').run(target)
  } finally {
    database.close()
  }
  flush(target)
}

/** Deletes backups older than `keepDays`, never the newest. */
function prune(folder: string, keepDays: number, now: number): string[] {
  const backups = readdirSync(folder)
    .filter((name) => NAME.test(name))
    .toSorted((a, b) => a.localeCompare(b))
  const old = backups.slice(0, -1).filter((name) => (madeAt(name) ?? now) < now - keepDays * DAY_MS)
  for (const name of old) unlinkSync(join(folder, name))
  return old
}

/** When the newest backup in a folder was made: each got its name only after it was read back. Null: there is none to be seen. */
export function newestBackupAt(folder: string): number | null {
  try {
    const times = readdirSync(folder).flatMap((name) => madeAt(name) ?? [])
    return times.length === 0 ? null : Math.max(...times)
  } catch {
    return null
  }
}

export interface BackupOptions {
  readonly dataDir: string
  /** Made if missing. */
  readonly folder: string
  readonly keepDays: number
}

/** Copies the database, also of a running bot, into a dated file that was read back. Throws JadaError. */
export function backUp({ dataDir, folder, keepDays }: BackupOptions, now: number): BackupResult {
  const source = join(dataDir, DATABASE)
  if (!existsSync(source)) throw new JadaError('backup-missing', `There is no database in ${dataDir}: nothing to back up.`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `jada-${stamp(now)}.sqlite`)
  const partial = `${path}.part`
  try {
    copy(source, partial)
    const contents = verify(partial)
    renameSync(partial, path)
    flush(folder)
    return { path, ...contents, deleted: prune(folder, keepDays, now) }
  } finally {
    rmSync(partial, { force: true })
  }
}

/** Puts the present database beside, with what has not reached its main file yet. At each moment a whole database is in place. */
function putAside(dataDir: string, now: number): string | null {
  const present = join(dataDir, DATABASE)
  if (!existsSync(present)) return null
  const kept = join(dataDir, `before-restore-${stamp(now)}.sqlite`)
  try {
    const database = new DatabaseSync(present, { timeout: BUSY_TIMEOUT_MS })
    // Closing the last connection then also removes the log.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
  } catch {
    // It is perhaps why somebody restores: then it is kept as it is.
  }
  linkSync(present, kept)
  // A log that belongs to another database must never lie beside the restored one.
  for (const end of ['-wal', '-shm']) if (existsSync(`${present}${end}`)) renameSync(`${present}${end}`, `${kept}${end}`)
  return kept
}

/** The copy says itself that it was put back. A backup of a version without an audit log says nothing. */
function noteRestore(path: string, from: string, now: number): void {
  const database = new DatabaseSync(path)
  try {
    if (database.prepare("select 1 from sqlite_master where type = 'table' and name = 'audit'").get() === undefined) return
    // Whatever dies here leaves a copy that nobody uses, and must leave no journal that the next copy would be mixed with.
    database.exec('pragma journal_mode = memory')
    database.exec('begin')
    addRestored(database, from, now)
    database.exec('commit')
  } finally {
    database.close()
  }
  flush(path)
}

/** Puts a backup in the place of the database. Throws JadaError: `already-running`, `backup-damaged`, `backup-newer`, `backup-missing`. */
export function restore(dataDir: string, file: string, now: number): RestoreResult {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const lock = lockDataDir(dataDir)
  const partial = join(dataDir, 'restoring.sqlite')
  try {
    verify(file)
    copy(file, partial)
    const contents = verify(partial)
    noteRestore(partial, basename(file), now)
    const kept = putAside(dataDir, now)
    renameSync(partial, join(dataDir, DATABASE))
    flush(dataDir)
    return { ...contents, keptAs: kept === null ? null : basename(kept) }
  } finally {
    rmSync(partial, { force: true })
    lock.release()
  }
}
