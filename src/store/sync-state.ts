import { FRESH_SYNC_STATE, type SyncState } from '../services/sheets/sync-state.ts'
import type { SyncStateStore } from '../services/sheets/ports.ts'
import type { Db } from './sqlite.ts'

const ID = 'port-sheet'

export function createSyncStateStore(db: Db): SyncStateStore {
  return {
    read: async () => {
      const row = await db.selectFrom('sync_state').select('state').where('id', '=', ID).executeTakeFirst()
      return row === undefined ? FRESH_SYNC_STATE : { ...FRESH_SYNC_STATE, ...(JSON.parse(row.state) as Partial<SyncState>) }
    },
    write: async (state) => {
      const text = JSON.stringify(state)
      await db
        .insertInto('sync_state')
        .values({ id: ID, state: text })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ state: text }))
        .execute()
    },
  }
}
