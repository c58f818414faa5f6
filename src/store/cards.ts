import type { CardStore, CardSubject } from '../services/messages/card.ts'
import type { Db } from './sqlite.ts'

export function createCardStore(db: Db): CardStore {
  return {
    find: async (subject) => {
      const row = await db.selectFrom('card').selectAll().where('subject', '=', subject).executeTakeFirst()
      if (row === undefined || row.channel === null || row.ts === null) return null
      return { channel: row.channel, ts: row.ts, version: row.version, editedAt: row.edited_at }
    },
    set: async (subject, { channel, ts, version, editedAt }) => {
      const place = { channel, ts, version, edited_at: editedAt ?? null }
      await db
        .insertInto('card')
        .values({ subject, ...place, number: 1 })
        .onConflict((conflict) => conflict.column('subject').doUpdateSet(place))
        .execute()
    },
    drop: async (subject) => {
      const nowhere = { channel: null, ts: null, version: 0, edited_at: null }
      // A card that was never posted was to be the first one.
      const row = await db
        .insertInto('card')
        .values({ subject, ...nowhere, number: 2 })
        .onConflict((conflict) =>
          conflict.column('subject').doUpdateSet((expression) => ({ ...nowhere, number: expression('card.number', '+', 1) })),
        )
        .returning('number')
        .executeTakeFirstOrThrow()
      return row.number
    },
    subjectAt: async (channel, ts) => {
      const row = await db.selectFrom('card').select('subject').where('channel', '=', channel).where('ts', '=', ts).executeTakeFirst()
      return row === undefined ? null : (row.subject as CardSubject)
    },
  }
}
