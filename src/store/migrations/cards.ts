import { sql, type Kysely } from 'kysely'

/** Cards of whatever has one, where there were only those of incidents. */
export async function cardTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('card')
    .addColumn('subject', 'text', (column) => column.primaryKey())
    .addColumn('channel', 'text')
    .addColumn('ts', 'text')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('edited_at', 'bigint')
    .execute()
  await db.schema.createIndex('card_ts').on('card').columns(['channel', 'ts']).execute()
  await sql`insert into card (subject, channel, ts, version, number)
    select 'incident:' || incident_id, channel, ts, version, number from incident_card`.execute(db)
  await db.schema.dropTable('incident_card').execute()
}
