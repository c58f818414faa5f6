import { sql, type Kysely } from 'kysely'

export async function crewTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('crew_page')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('charter_id', 'text', (column) => column.notNull())
    // One live page a charter, whatever the code thinks.
    .addColumn('live_charter_id', 'text', (column) => column.unique())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('token_sealed', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('starts_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('own_checklist', 'text')
    .addColumn('office_notes', 'text', (column) => column.notNull())
    .addColumn('made_by', 'text')
    .addColumn('made_at', 'bigint', (column) => column.notNull())
    .addColumn('revoked_by', 'text')
    .addColumn('revoked_at', 'bigint')
    .addColumn('opened_at', 'bigint')
    .addColumn('opened_version', 'integer')
    .addCheckConstraint('crew_page_state', sql`state in ('live', 'revoked')`)
    .addCheckConstraint(
      'crew_page_live',
      sql`case when state = 'live' then coalesce(live_charter_id, '') = charter_id else live_charter_id is null end`,
    )
    .addCheckConstraint('crew_page_revoked', sql`(state = 'revoked') = (revoked_at is not null)`)
    .addCheckConstraint('crew_page_version', sql`version >= 1`)
    .addCheckConstraint('crew_page_times', sql`expires_at > starts_at`)
    .addCheckConstraint('crew_page_opened', sql`(opened_at is null) = (opened_version is null) and coalesce(opened_version, 1) <= version`)
    .execute()
  await db.schema.createIndex('crew_page_charter').on('crew_page').column('charter_id').execute()
  await db.schema
    .createTable('crew_version')
    .addColumn('page_id', 'integer', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('changes', 'text', (column) => column.notNull())
    .addColumn('read_at', 'bigint')
    .addColumn('changed_by', 'text')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('crew_version_key', ['page_id', 'version'])
    .addCheckConstraint('crew_version_number', sql`version >= 1`)
    .execute()
}
