import { sql, type Kysely } from 'kysely'

export async function signingTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('signature_request')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('charter_id', 'text', (column) => column.notNull())
    .addColumn('guest', 'text', (column) => column.notNull())
    // Charter and guest while the request is live, else null: one live request a guest, whatever the code thinks.
    .addColumn('live_key', 'text', (column) => column.unique())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('token_sealed', 'text', (column) => column.notNull())
    .addColumn('details', 'text', (column) => column.notNull())
    .addColumn('starts_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('document', 'text', (column) => column.notNull())
    .addColumn('document_hash', 'text', (column) => column.notNull())
    .addColumn('requested_at', 'bigint', (column) => column.notNull())
    .addColumn('requested_by', 'text')
    .addColumn('sent_at', 'bigint')
    .addColumn('sent_by', 'text')
    .addColumn('reminders', 'text', (column) => column.notNull())
    .addColumn('viewed_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .addColumn('decline_reason', 'text')
    .addColumn('withdrawn_why', 'text')
    .addCheckConstraint(
      'signature_request_state',
      sql`state in ('requested', 'sent', 'viewed', 'signed', 'declined', 'expired', 'withdrawn')`,
    )
    .addCheckConstraint('signature_request_live', sql`(state in ('requested', 'sent', 'viewed')) = (live_key is not null)`)
    .addCheckConstraint('signature_request_ended', sql`(live_key is null) = (ended_at is not null)`)
    // Sent is what a person said.
    .addCheckConstraint('signature_request_sent', sql`(sent_at is null) = (sent_by is null) and (state <> 'sent' or sent_at is not null)`)
    .addCheckConstraint('signature_request_in_time', sql`state <> 'signed' or ended_at < expires_at`)
    .execute()
  await db.schema.createIndex('signature_request_charter').on('signature_request').column('charter_id').execute()
  await db.schema.createIndex('signature_request_open').on('signature_request').columns(['state', 'expires_at']).execute()
  await db.schema
    .createTable('signature')
    .addColumn('request_id', 'integer', (column) => column.primaryKey().references('signature_request.id'))
    .addColumn('document', 'text', (column) => column.notNull())
    .addColumn('document_hash', 'text', (column) => column.notNull())
    .addColumn('consent', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('drawing', 'text')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('address', 'text')
    .addColumn('user_agent', 'text', (column) => column.notNull())
    .addCheckConstraint('signature_method', sql`method in ('drawn', 'typed') and (method = 'drawn') = (drawing is not null)`)
    .execute()
}
