import { sql } from 'kysely'
import type { SyncAgeStore } from '../services/status/sync-age.ts'
import type { Db } from './sqlite.ts'

export function createSyncAgeStore(db: Db): SyncAgeStore {
  return {
    lastHour: async () =>
      (
        await db
          .selectFrom('sync_age')
          .select(({ fn }) => fn.max('hour').as('hour'))
          .executeTakeFirst()
      )?.hour ?? null,
    keep: async (hours, now) => {
      await db.deleteFrom('sync_age').where('hour', '>', now).execute()
      if (hours.length === 0) return
      const minutes = sql<number>`case when excluded.minutes > sync_age.minutes then excluded.minutes else sync_age.minutes end`
      await db
        .insertInto('sync_age')
        .values([...hours])
        .onConflict((conflict) => conflict.column('hour').doUpdateSet({ minutes }))
        .execute()
    },
    since: (from) => db.selectFrom('sync_age').selectAll().where('hour', '>=', from).orderBy('hour').execute(),
  }
}
