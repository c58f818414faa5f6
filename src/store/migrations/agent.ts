import { sql, type Kysely } from 'kysely'

export async function agentTables(db: Kysely<unknown>): Promise<void> {
  await taskTables(db)
  await sessionTables(db)
  await conversationTables(db)
  await requestTable(db)
  await modelCallTable(db)
}

async function taskTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('task')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('details', 'text', (column) => column.notNull())
    .addColumn('priority', 'text', (column) => column.notNull())
    .addColumn('due_on', 'text')
    .addColumn('parent_id', 'integer')
    .addColumn('role', 'text')
    .addColumn('charter_id', 'text')
    .addColumn('via', 'text', (column) => column.notNull())
    .addColumn('asked_by', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('ran_out', 'integer', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('key', 'text', (column) => column.unique())
    .addColumn('body_hash', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    // One follow-up a task; where there is no role, nulls differ from each other.
    .addUniqueConstraint('task_role', ['parent_id', 'role'])
    .addCheckConstraint('task_priority', sql`priority in ('critical', 'high', 'normal', 'low')`)
    .addCheckConstraint('task_state', sql`state in ('queued', 'running', 'waiting', 'done', 'failed', 'needs-person', 'cancelled')`)
    .execute()
  await db.schema.createIndex('task_by_state').on('task').columns(['state', 'updated_at']).execute()
  await db.schema.createIndex('task_about_charter').on('task').columns(['charter_id', 'id']).execute()
  await db.schema
    .createTable('task_dependency')
    .addColumn('task_id', 'integer', (column) => column.notNull())
    .addColumn('needs_id', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('task_dependency_key', ['task_id', 'needs_id'])
    .execute()
}

async function sessionTables(db: Kysely<unknown>): Promise<void> {
  // The daily quota is this table: a slot is taken once, and there is none beyond the number of that day.
  await db.schema
    .createTable('quota_slot')
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('n', 'integer', (column) => column.notNull())
    .addColumn('of_day', 'integer', (column) => column.notNull())
    .addColumn('session_id', 'integer', (column) => column.notNull().unique())
    .addPrimaryKeyConstraint('quota_slot_key', ['day', 'n'])
    .addCheckConstraint('quota_slot_within', sql`n >= 1 and n <= of_day`)
    .execute()
  await db.schema
    .createTable('session')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('task_id', 'integer', (column) => column.notNull())
    // One live session a task, whatever the code thinks.
    .addColumn('live_task_id', 'integer', (column) => column.unique())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('epoch', 'integer', (column) => column.notNull())
    .addColumn('lease_until', 'bigint')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('body', 'text', (column) => column.notNull())
    .addCheckConstraint('session_status', sql`status in ('running', 'waiting', 'finished', 'ran-out', 'gave-up', 'cancelled')`)
    .addCheckConstraint(
      'session_live',
      sql`case when status in ('running', 'waiting') then coalesce(live_task_id, 0) = task_id else live_task_id is null end`,
    )
    .execute()
  await db.schema.createIndex('session_task').on('session').column('task_id').execute()
  await db.schema.createIndex('session_day').on('session').column('day').execute()
}

async function conversationTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('session_message')
    .addColumn('session_id', 'integer', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('stop_reason', 'text')
    .addPrimaryKeyConstraint('session_message_key', ['session_id', 'seq'])
    .execute()
  await db.schema
    .createTable('tool_call')
    .addColumn('session_id', 'integer', (column) => column.notNull())
    .addColumn('tool_use_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('input', 'text', (column) => column.notNull())
    .addColumn('arguments_hash', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('request_id', 'integer')
    .addColumn('result', 'text')
    .addColumn('is_error', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('tool_call_key', ['session_id', 'tool_use_id'])
    .addCheckConstraint('tool_call_state', sql`state in ('asked', 'intent', 'unknown', 'done')`)
    .execute()
  await db.schema
    .createTable('session_note')
    .addColumn('session_id', 'integer', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('session_note_key', ['session_id', 'seq'])
    .execute()
}

async function requestTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('person_request')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('session_id', 'integer', (column) => column.notNull())
    .addColumn('tool_use_id', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('what', 'text', (column) => column.notNull())
    .addColumn('arguments_hash', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('decided_by', 'text')
    .addColumn('decided_at', 'bigint')
    .addColumn('answer', 'text')
    // A call is asked about once; one that was approved may also have to be settled.
    .addUniqueConstraint('person_request_call', ['session_id', 'tool_use_id', 'type'])
    .addCheckConstraint('person_request_type', sql`type in ('approval', 'question', 'settle')`)
    .addCheckConstraint(
      'person_request_state',
      sql`state in ('open', 'approved', 'rejected', 'answered', 'happened', 'not-happened', 'expired', 'withdrawn')`,
    )
    .execute()
  await db.schema.createIndex('person_request_open').on('person_request').columns(['state', 'session_id']).execute()
}

async function modelCallTable(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('model_call')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('session_id', 'integer', (column) => column.notNull())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('worst', 'bigint', (column) => column.notNull())
    // Null until it is settled: it counts with its worst.
    .addColumn('cost', 'bigint')
    .addColumn('input', 'bigint')
    .addColumn('output', 'bigint')
    .addColumn('cache_write', 'bigint')
    .addColumn('cache_read', 'bigint')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('model_call_day').on('model_call').column('day').execute()
}
