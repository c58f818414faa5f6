import { sql, type Kysely } from 'kysely'

export async function auditTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('act', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('details', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('audit_subject').on('audit').columns(['subject', 'at']).execute()
  await db.schema.createIndex('audit_at').on('audit').column('at').execute()
  await appendOnly(db)
}

const REFUSED = "select raise(abort, 'the audit log only grows')"

/** SQLite's way of saying it; another database has its own. */
async function appendOnly(db: Kysely<unknown>): Promise<void> {
  await sql`create trigger audit_no_update before update on audit begin ${sql.raw(REFUSED)}; end`.execute(db)
  await sql`create trigger audit_no_delete before delete on audit begin ${sql.raw(REFUSED)}; end`.execute(db)
  // `insert or replace` would take a row away without asking the trigger above.
  await sql`create trigger audit_no_replace before insert on audit when exists (select 1 from audit where id = new.id) begin ${sql.raw(REFUSED)}; end`.execute(
    db,
  )
}
