import type { CharterStore } from '../services/sheets/ports.ts'
import type { Db } from './sqlite.ts'

/** Changes that wait for an operator's yes, at most one a tab. */
export function createHoldStore(db: Db): Pick<CharterStore, 'holds' | 'saveHold' | 'removeHold' | 'approveHold'> {
  return {
    holds: async () => {
      const rows = await db.selectFrom('hold').selectAll().orderBy('tab').execute()
      return rows.map((row) => ({
        tab: row.tab,
        contentHash: row.content_hash,
        before: row.before,
        removed: JSON.parse(row.removed) as string[],
        createdAt: row.created_at,
        approvedBy: row.approved_by,
      }))
    },
    saveHold: async (hold) => {
      const row = {
        content_hash: hold.contentHash,
        before: hold.before,
        removed: JSON.stringify(hold.removed),
        created_at: hold.createdAt,
        approved_by: null,
        approved_at: null,
      }
      await db
        .insertInto('hold')
        .values({ tab: hold.tab, ...row })
        .onConflict((conflict) => conflict.column('tab').doUpdateSet(row))
        .execute()
    },
    removeHold: async (tab) => {
      await db.deleteFrom('hold').where('tab', '=', tab).execute()
    },
    approveHold: async (tab, contentHash, by, now) => {
      const updated = await db
        .updateTable('hold')
        .set({ approved_by: by, approved_at: now })
        .where('tab', '=', tab)
        .where('content_hash', '=', contentHash)
        .executeTakeFirst()
      return updated.numUpdatedRows > 0n
    },
  }
}
