import type { QuarantinedRow } from '../services/sheets/charter.ts'
import type { CharterStore } from '../services/sheets/ports.ts'
import type { Db } from './sqlite.ts'

type TabStore = Pick<CharterStore, 'tabs' | 'saveTab' | 'replaceQuarantine' | 'quarantine'>

/** What is known of whole tabs: the last reading that was applied, and the rows it left out. */
export function createTabStore(db: Db): TabStore {
  return {
    tabs: async () => {
      const rows = await db.selectFrom('sheet_tab').selectAll().orderBy('title').execute()
      return rows.map((row) => ({
        title: row.title,
        gridId: row.grid_id,
        contentHash: row.content_hash,
        readAt: row.read_at,
        charters: row.charters,
      }))
    },
    saveTab: async (tab) => {
      const row = { grid_id: tab.gridId, content_hash: tab.contentHash, read_at: tab.readAt, charters: tab.charters }
      await db
        .insertInto('sheet_tab')
        .values({ title: tab.title, ...row })
        .onConflict((conflict) => conflict.column('title').doUpdateSet(row))
        .execute()
    },
    replaceQuarantine: async (tab, rows, now) => {
      await db.deleteFrom('quarantine').where('tab', '=', tab).execute()
      for (const row of rows) {
        await db
          .insertInto('quarantine')
          .values({ tab, row: row.row, charter_id: row.id, problems: JSON.stringify(row.problems), at: now })
          .execute()
      }
    },
    quarantine: async () => {
      const rows = await db.selectFrom('quarantine').selectAll().orderBy('tab').orderBy('row').execute()
      return rows.map((row) => ({
        tab: row.tab,
        row: row.row,
        id: row.charter_id,
        problems: JSON.parse(row.problems) as QuarantinedRow['problems'],
      }))
    },
  }
}
