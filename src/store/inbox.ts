import type { Inbox, Settings } from '../services/work/inbox.ts'
import type { Db } from './sqlite.ts'

export function createInbox(db: Db): Inbox {
  return {
    receive: async ({ id, type, event }, now) => {
      const inserted = await db
        .insertInto('slack_event')
        .values({ id, type, body: JSON.stringify(event), state: 'new', received_at: now, done_at: null })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst()
      return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n
    },
    pending: async () => {
      const rows = await db.selectFrom('slack_event').selectAll().where('state', '=', 'new').orderBy('received_at').limit(100).execute()
      return rows.map((row) => ({ id: row.id, type: row.type, event: JSON.parse(row.body) as Record<string, unknown> }))
    },
    markDone: async (id, now) => {
      await db.updateTable('slack_event').set({ state: 'done', done_at: now }).where('id', '=', id).execute()
    },
    claimAct: async (id, now) => {
      const inserted = await db
        .insertInto('slack_act')
        .values({ id, at: now })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst()
      return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n
    },
  }
}

export function createSettings(db: Db): Settings {
  return {
    get: async (name) => (await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst())?.value ?? null,
    set: async (name, value) => {
      await db
        .insertInto('setting')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute()
    },
  }
}
