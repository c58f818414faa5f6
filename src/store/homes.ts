import { sql } from 'kysely'
import type { HomeStore } from '../services/status/home-ports.ts'
import type { Db } from './sqlite.ts'

export function createHomeStore(db: Db): HomeStore {
  return {
    opened: async (user, now) => {
      const fresh = { published_hash: null, view_hash: null, due_at: now }
      await db
        .insertInto('home')
        .values({ user, opened_at: now, asked: 1, published_at: null, ...fresh })
        .onConflict((conflict) => conflict.column('user').doUpdateSet({ ...fresh, opened_at: now, asked: sql<number>`home.asked + 1` }))
        .execute()
    },
    touch: async (user, now) => {
      await db
        .updateTable('home')
        .set({ due_at: now, asked: sql<number>`asked + 1` })
        .where('user', '=', user)
        .execute()
    },
    due: async (now, openedSince) => {
      const rows = await db
        .selectFrom('home')
        .selectAll()
        .where('opened_at', '>=', openedSince)
        // What was published in the future was published before the clock was set back.
        .where((where) => where.or([where('due_at', '<=', now), where('published_at', '>', now)]))
        .orderBy('due_at')
        .orderBy('user')
        .execute()
      return rows.map(({ user, asked, published_hash, view_hash, published_at }) => {
        return { user, asked, fingerprint: published_hash, viewHash: view_hash, publishedAt: published_at }
      })
    },
    nextDueAt: async (openedSince) =>
      (
        await db
          .selectFrom('home')
          .select(({ fn }) => fn.min('due_at').as('at'))
          .where('opened_at', '>=', openedSince)
          .executeTakeFirst()
      )?.at ?? null,
    save: async ({ user, asked }, { fingerprint, viewHash, publishedAt }, dueAt) => {
      const due_at = sql<number>`case when asked = ${asked} then ${dueAt} else due_at end`
      // Opened meanwhile: it is published once more, whatever it shows.
      const published_hash = sql<string | null>`case when asked = ${asked} then ${fingerprint} else null end`
      await db
        .updateTable('home')
        .set({ published_hash, view_hash: viewHash, published_at: publishedAt, due_at })
        .where('user', '=', user)
        .execute()
    },
    putOff: async (until) => {
      await db.updateTable('home').set({ due_at: until }).where('due_at', '<', until).execute()
    },
  }
}
