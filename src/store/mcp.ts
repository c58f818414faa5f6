import type { Definition, Offered } from '../services/mcp/definition.ts'
import type { McpStore, Pin } from '../services/mcp/ports.ts'
import type { Schema } from './schema.ts'
import type { Db } from './sqlite.ts'

type Row = Schema['mcp_tool']

const toPin = (row: Row): Pin => ({
  server: row.server,
  tool: row.tool,
  accepted: { ...(JSON.parse(row.definition) as Definition), hash: row.hash },
  acceptedBy: row.accepted_by,
  acceptedAt: row.accepted_at,
  change: row.seen === null ? null : { seen: JSON.parse(row.seen) as Definition, at: row.seen_at ?? row.accepted_at },
})

function toRow({ server, tool, accepted, acceptedBy, acceptedAt, change }: Pin): Row {
  return {
    server,
    tool,
    hash: accepted.hash,
    definition: JSON.stringify(accepted),
    accepted_by: acceptedBy,
    accepted_at: acceptedAt,
    seen: change === null ? null : JSON.stringify(change.seen),
    seen_at: change?.at ?? null,
  }
}

export function createMcpStore(db: Db): McpStore {
  return {
    pins: async (server) => {
      const all = db.selectFrom('mcp_tool').selectAll().orderBy('server').orderBy('tool')
      const rows = await (server === undefined ? all : all.where('server', '=', server)).execute()
      return rows.map(toPin)
    },
    savePin: async (pin) => {
      const { server, tool, ...rest } = toRow(pin)
      await db
        .insertInto('mcp_tool')
        .values({ server, tool, ...rest })
        .onConflict((conflict) => conflict.columns(['server', 'tool']).doUpdateSet(rest))
        .execute()
    },
    offer: async (sessionId) => {
      const row = await db.selectFrom('mcp_offer').select('tools').where('session_id', '=', sessionId).executeTakeFirst()
      return row === undefined ? null : (JSON.parse(row.tools) as Offered[])
    },
    saveOffer: async (sessionId, tools) => {
      await db
        .insertInto('mcp_offer')
        .values({ session_id: sessionId, tools: JSON.stringify(tools) })
        .execute()
    },
  }
}
