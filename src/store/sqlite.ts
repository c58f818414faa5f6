import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, SqliteDialect, type SqliteDatabase } from 'kysely'
import { JadaError } from '../errors.ts'
import type { Schema } from './schema.ts'

export type Db = Kysely<Schema>

/** What crash tests watch: called when a transaction that changed something is about to be committed, and when it has reached the disk. */
export interface CommitHooks {
  readonly beforeWrite?: () => void
  readonly afterWrite?: () => void
}

const BUSY_TIMEOUT_MS = 10_000

/** Kysely's SQLite dialect over `node:sqlite`. */
function shim(database: DatabaseSync, hooks: CommitHooks): SqliteDatabase {
  const total = database.prepare('select total_changes() as changes')
  const isWatched = hooks.beforeWrite !== undefined || hooks.afterWrite !== undefined
  const changes = (): number => (isWatched ? Number(total.get()?.['changes']) : 0)
  let seen = 0
  return {
    close: () => {
      database.close()
    },
    prepare: (sql) => {
      // All our transactions write: taking the lock at once means waiting for it, never failing in the middle.
      const statement = database.prepare(sql === 'begin' ? 'begin immediate' : sql)
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => {
          // SQLite itself has rolled back when the disk is full; a second rollback's complaint would hide the first error.
          if (sql === 'rollback' && !database.isTransaction) return { changes: 0, lastInsertRowid: 0 }
          if (sql === 'begin') seen = changes()
          const isWrite = sql === 'commit' && changes() > seen
          if (isWrite) hooks.beforeWrite?.()
          const result = statement.run(...(parameters as SQLInputValue[]))
          if (isWrite) hooks.afterWrite?.()
          return result
        },
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      }
    },
  }
}

function openFile(path: string): DatabaseSync {
  try {
    // The timeout must be there before WAL is switched on, or a second process gets "database is locked".
    return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  } catch (error) {
    throw new JadaError('data-dir', `Cannot open ${path}. Check that JADA_DATA_DIR exists and may be written by this user.`, {
      cause: error,
      retry: 'later',
    })
  }
}

export interface OpenedDatabase {
  readonly db: Db
  /** The raw handle, for pragmas. */
  readonly raw: DatabaseSync
  close(): Promise<void>
}

/** Opens `jada.sqlite` in the data directory (made if missing): WAL, and every commit reaches the disk before it returns. */
export function openDatabase(dataDir: string, hooks: CommitHooks = {}): OpenedDatabase {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new JadaError('data-dir', `Cannot make the folder ${dataDir}. Set JADA_DATA_DIR to one that this user may write.`, {
      cause: error,
    })
  }
  const raw = openFile(join(dataDir, 'jada.sqlite'))
  raw.exec('PRAGMA journal_mode = WAL')
  raw.exec('PRAGMA synchronous = FULL')
  raw.exec('PRAGMA foreign_keys = ON')
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: shim(raw, hooks) }) })
  return { db, raw, close: () => db.destroy() }
}

/**
 * Holds the data directory for this process. The kernel lets go when the process dies, whatever killed it. Throws
 * JadaError `already-running`.
 */
export function lockDataDir(dataDir: string): { release(): void } {
  const lock = new DatabaseSync(join(dataDir, 'lock.sqlite'), { timeout: 0 })
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
  } catch {
    lock.close()
    throw new JadaError('already-running', `Another JADA Bot works in ${dataDir}. Stop it first, or set another JADA_DATA_DIR.`, {
      retry: 'later',
    })
  }
  return {
    release: () => {
      lock.close()
    },
  }
}
