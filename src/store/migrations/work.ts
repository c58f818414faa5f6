import type { Kysely } from 'kysely'

export async function workTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('work')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('job', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('demanded', 'integer', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('asked_by', 'text')
    .addColumn('run_id', 'integer')
    // One run waits and one is under way, of each job and subject: single flight is this line.
    .addUniqueConstraint('work_single_flight', ['job', 'subject', 'state'])
    .execute()
  await db.schema.createIndex('work_due').on('work').columns(['state', 'due_at']).execute()
  await db.schema
    .createTable('run')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('job', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('asked_by', 'text')
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .addColumn('outcome', 'text')
    .addColumn('summary', 'text')
    .execute()
  await db.schema.createIndex('run_job').on('run').columns(['job', 'started_at']).execute()
  await db.schema
    .createTable('setting')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute()
}
