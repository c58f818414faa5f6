import type { Kysely } from 'kysely'

export async function digestTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('digest')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    // One a local date, whatever the code thinks.
    .addColumn('local_date', 'text', (column) => column.notNull().unique())
    .addColumn('made_at', 'bigint', (column) => column.notNull())
    .addColumn('card', 'text', (column) => column.notNull())
    .addColumn('replies', 'text', (column) => column.notNull())
    .execute()
}
