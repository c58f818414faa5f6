import { Migrator, type Migration } from 'kysely/migration'
import { JadaError } from '../errors.ts'
import { agentTables } from './migrations/agent.ts'
import { auditTable } from './migrations/audit.ts'
import { cardTable } from './migrations/cards.ts'
import { crewTables } from './migrations/crew.ts'
import { incidentTables } from './migrations/incidents.ts'
import { digestTable } from './migrations/digest.ts'
import { googleTables } from './migrations/google.ts'
import { hostTables } from './migrations/host.ts'
import { homeTable } from './migrations/home.ts'
import { mcpTables } from './migrations/mcp.ts'
import { questionTables } from './migrations/questions.ts'
import { sheetTables } from './migrations/sheets.ts'
import { signingTables } from './migrations/signing.ts'
import { syncAgeTable } from './migrations/sync-age.ts'
import { workTables } from './migrations/work.ts'
import type { Db } from './sqlite.ts'

/** Forward only: what has been released is never edited, a change is a further entry. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-google': { up: googleTables },
  '002-sheets': { up: sheetTables },
  '003-work': { up: workTables },
  '004-incidents': { up: incidentTables },
  '005-cards': { up: cardTable },
  '006-agent': { up: agentTables },
  '007-mcp': { up: mcpTables },
  '008-crew': { up: crewTables },
  '009-signing': { up: signingTables },
  '012-host': { up: hostTables },
  '013-home': { up: homeTable },
  '014-digest': { up: digestTable },
  '015-audit': { up: auditTable },
  '016-questions': { up: questionTables },
  '017-sync-age': { up: syncAgeTable },
}

/** Whether this version knows how to go on from it. */
export function isKnownMigration(name: string): boolean {
  return Object.hasOwn(MIGRATIONS, name)
}

/** Brings the schema up to date. Throws JadaError `migration`. */
export async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) },
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error === undefined) return
  const failedAt = results?.find((result) => result.status === 'Error')?.migrationName ?? 'before the first'
  throw new JadaError(
    'migration',
    `The database could not be brought up to date (${failedAt}). If a newer version wrote it, start that one.`,
    { cause: error },
  )
}
