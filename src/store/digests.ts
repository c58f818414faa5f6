import type { DigestStore, DrawnMessage, StoredDigest } from '../services/messages/drawn.ts'
import { nextId } from './ids.ts'
import type { Schema } from './schema.ts'
import type { Db } from './sqlite.ts'

const toDigest = (row: Schema['digest'] | undefined): StoredDigest | null =>
  row === undefined
    ? null
    : {
        id: row.id,
        date: row.local_date,
        madeAt: row.made_at,
        card: JSON.parse(row.card) as DrawnMessage,
        replies: JSON.parse(row.replies) as DrawnMessage[],
      }

export function createDigestStore(db: Db): DigestStore {
  return {
    find: async (id) => toDigest(await db.selectFrom('digest').selectAll().where('id', '=', id).executeTakeFirst()),
    last: async () => toDigest(await db.selectFrom('digest').selectAll().orderBy('made_at', 'desc').limit(1).executeTakeFirst()),
    add: async (digest) => {
      const { date, madeAt, card, replies } = digest
      const id = await nextId(db, 'digest')
      const inserted = await db
        .insertInto('digest')
        .values({ id, local_date: date, made_at: madeAt, card: JSON.stringify(card), replies: JSON.stringify(replies) })
        .onConflict((conflict) => conflict.column('local_date').doNothing())
        .executeTakeFirst()
      return (inserted.numInsertedOrUpdatedRows ?? 0n) > 0n ? { ...digest, id } : null
    },
  }
}
