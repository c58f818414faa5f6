import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../src/store/migrations.ts'
import { openDatabase, type OpenedDatabase } from '../../src/store/sqlite.ts'
import { createUnitOfWork, type AllPorts } from '../../src/store/unit.ts'
import type { UnitOfWork } from '../../src/unit-of-work.ts'

export interface TestStore extends OpenedDatabase {
  readonly uow: UnitOfWork<AllPorts>
  /** Rows written since the store was opened. */
  writes(): number
}

/** A migrated database in a folder of its own; `close` takes the folder away. */
export async function openTestStore(): Promise<TestStore> {
  const folder = mkdtempSync(join(tmpdir(), 'jada-google-'))
  const opened = openDatabase(folder)
  // No test pulls the plug, and waiting for the disk is most of what these tests would do.
  opened.raw.exec('PRAGMA synchronous = OFF')
  await migrate(opened.db)
  return {
    ...opened,
    uow: createUnitOfWork(opened.db),
    writes: () => Number(opened.raw.prepare('select total_changes() as n').get()?.['n']),
    close: async () => {
      await opened.close()
      rmSync(folder, { recursive: true })
    },
  }
}
