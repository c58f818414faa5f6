import type { Kysely } from 'kysely'

export async function mcpTables(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('mcp_tool')
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('tool', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('definition', 'text', (column) => column.notNull())
    // Null: taken as it was when it was first seen.
    .addColumn('accepted_by', 'text')
    .addColumn('accepted_at', 'bigint', (column) => column.notNull())
    // What it has become, while no operator has accepted that.
    .addColumn('seen', 'text')
    .addColumn('seen_at', 'bigint')
    .addPrimaryKeyConstraint('mcp_tool_key', ['server', 'tool'])
    .execute()
  await db.schema
    .createTable('mcp_offer')
    .addColumn('session_id', 'integer', (column) => column.primaryKey())
    .addColumn('tools', 'text', (column) => column.notNull())
    .execute()
}
