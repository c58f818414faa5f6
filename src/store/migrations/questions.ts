import { sql, type Kysely } from 'kysely'

/** Questions in the threads of incidents, and what the calls for them cost. */
export async function questionTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('question')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    // Slack tells of an event up to four times: it is one question.
    .addColumn('event_id', 'text', (column) => column.notNull().unique())
    .addColumn('incident_id', 'integer', (column) => column.notNull())
    .addColumn('asker', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('answered_by', 'text')
    .addColumn('answered_at', 'bigint')
    .addCheckConstraint('question_state', sql`state in ('waiting', 'answered')`)
    .addCheckConstraint('question_answered', sql`(state = 'answered') = (answered_at is not null and answered_by is not null)`)
    .execute()
  await db.schema.createIndex('question_incident').on('question').columns(['incident_id', 'asked_at']).execute()
  await db.schema
    .createTable('question_call')
    .addColumn('question_id', 'integer', (column) => column.notNull())
    .addColumn('n', 'integer', (column) => column.notNull())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('worst', 'bigint', (column) => column.notNull())
    // Null: not known yet, or never; then the worst counts.
    .addColumn('cost', 'bigint')
    .addColumn('input', 'bigint')
    .addColumn('output', 'bigint')
    .addColumn('cache_write', 'bigint')
    .addColumn('cache_read', 'bigint')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('question_call_key', ['question_id', 'n'])
    // Two calls for a question and no more, whatever the code thinks.
    .addCheckConstraint('question_call_n', sql`n between 1 and 2`)
    .execute()
  await db.schema.createIndex('question_call_day').on('question_call').column('day').execute()
}
