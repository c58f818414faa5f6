import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { migrate } from '../../src/store/migrations.ts'
import { openDatabase, type CommitHooks, type OpenedDatabase } from '../../src/store/sqlite.ts'
import { createUnitOfWork, type AllPorts } from '../../src/store/unit.ts'
import type { UnitOfWork } from '../../src/unit-of-work.ts'

/** A folder of its own for this test, removed when it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jada-test-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

export interface TestDatabase extends OpenedDatabase {
  readonly uow: UnitOfWork<AllPorts>
  readonly folder: string
}

/** The real store, migrated. Without `durable` it spares the fsync of each commit: no test cuts the power. */
export async function openTestDatabase(options: { folder?: string; durable?: boolean; hooks?: CommitHooks } = {}): Promise<TestDatabase> {
  const folder = options.folder ?? temporaryFolder()
  const opened = openDatabase(folder, options.hooks)
  if (options.durable !== true) opened.raw.exec('PRAGMA synchronous = OFF')
  await migrate(opened.db)
  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    await opened.close()
  }
  onTestFinished(close)
  return { ...opened, close, uow: createUnitOfWork(opened.db), folder }
}

/** Empties every table, so that one file can serve many runs of a property. */
export function emptyDatabase({ raw }: OpenedDatabase): void {
  const tables = raw
    .prepare("select name from sqlite_master where type = 'table' and name not like 'kysely%' and name not like 'sqlite%'")
    .all()
  // The audit log lets nothing be deleted.
  const triggers = raw.prepare("select name, sql from sqlite_master where type = 'trigger'").all()
  for (const { name } of triggers) raw.exec(`drop trigger "${String(name)}"`)
  for (const { name } of tables) raw.exec(`delete from "${String(name)}"`)
  for (const { sql } of triggers) raw.exec(String(sql))
}
