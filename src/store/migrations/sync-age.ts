import type { Kysely } from 'kysely'

export async function syncAgeTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sync_age')
    // One row a UTC hour: when it began.
    .addColumn('hour', 'bigint', (column) => column.primaryKey())
    .addColumn('minutes', 'integer', (column) => column.notNull())
    .execute()
}
