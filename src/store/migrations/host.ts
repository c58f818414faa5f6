import type { Kysely } from 'kysely'

export async function hostTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('host_sample')
    .addColumn('at', 'bigint', (column) => column.primaryKey())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('host_state')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('audit', 'text', (column) => column.notNull())
    .execute()
}
