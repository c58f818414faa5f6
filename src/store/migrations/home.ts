import type { Kysely } from 'kysely'

export async function homeTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('home')
    .addColumn('user', 'text', (column) => column.primaryKey())
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('asked', 'integer', (column) => column.notNull())
    .addColumn('published_hash', 'text')
    .addColumn('view_hash', 'text')
    .addColumn('published_at', 'bigint')
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .execute()
}
