import type { CharterReader } from '../services/agent/ports.ts'
import type { Charter } from '../services/sheets/charter.ts'
import type { Db } from './sqlite.ts'
import { createSyncStateStore } from './sync-state.ts'

interface Freshness {
  /** Titles of the tabs that are read now. */
  readonly tabs: readonly string[]
  readonly of: (tab: string) => number | null
}

/**
 * How old what is stored of each tab is. `sheet_tab` is written only when a tab changed, so what a tab was at the last
 * reading is known from the sync; not of a tab that is held back, or of a month that is not read any more.
 */
async function readFreshness(db: Db): Promise<Freshness> {
  const { tabs, lastReadAt, lastSuccessAt } = await createSyncStateStore(db).read()
  const applied = new Map((await db.selectFrom('sheet_tab').select(['title', 'read_at']).execute()).map((row) => [row.title, row.read_at]))
  const held = new Set((await db.selectFrom('hold').select('tab').execute()).map(({ tab }) => tab))
  const readNow = lastReadAt ?? lastSuccessAt
  return { tabs, of: (tab) => (tabs.includes(tab) && !held.has(tab) ? readNow : (applied.get(tab) ?? null)) }
}

export function createCharterReader(db: Db): CharterReader {
  return {
    find: async (id) => {
      const row = await db.selectFrom('charter').select(['fields', 'removed_at', 'tab']).where('id', '=', id).executeTakeFirst()
      if (row === undefined) return null
      const readAt = (await readFreshness(db)).of(row.tab)
      return { charter: JSON.parse(row.fields) as Charter, removed: row.removed_at !== null, readAt }
    },
    between: async (from, to, limit) => {
      const rows = await db
        .selectFrom('charter')
        .select('fields')
        .where('removed_at', 'is', null)
        .where('starts_at', '<', to)
        .where('ends_at', '>', from)
        .orderBy('starts_at')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map((row) => JSON.parse(row.fields) as Charter)
    },
    changesSince: async (seq) => {
      const rows = await db.selectFrom('charter_change').select(['seq', 'charter_id']).where('seq', '>', seq).orderBy('seq').execute()
      return rows.map((row) => ({ seq: row.seq, charterId: row.charter_id }))
    },
    readAt: async () => {
      const { tabs, of } = await readFreshness(db)
      const times = tabs.map(of).filter((at) => at !== null)
      return times.length === 0 ? null : Math.min(...times)
    },
  }
}
