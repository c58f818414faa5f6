import { sql } from 'kysely'
import type { SpendStore } from '../services/agent/ports.ts'
import { nextId } from './ids.ts'
import type { Db } from './sqlite.ts'

const NOT_SETTLED = { cost: null, input: null, output: null, cache_write: null, cache_read: null }

export function createSpendStore(db: Db): SpendStore {
  return {
    reserve: async ({ sessionId, day, worst, at }) => {
      const id = await nextId(db, 'model_call')
      await db
        .insertInto('model_call')
        .values({ id, session_id: sessionId, day, worst, at, ...NOT_SETTLED })
        .execute()
      return id
    },
    settle: async (callId, { cost, usage }) => {
      const tokens =
        usage === null ? {} : { input: usage.input, output: usage.output, cache_write: usage.cacheWrite, cache_read: usage.cacheRead }
      await db
        .updateTable('model_call')
        .set({ cost, ...tokens })
        .where('id', '=', callId)
        .execute()
    },
    total: async (from, to) => {
      const sum = (column: 'input' | 'output' | 'cache_write' | 'cache_read') => sql<number>`coalesce(sum(${sql.ref(column)}), 0)`
      const row = await db
        .selectFrom('model_call')
        .select(({ fn }) => [
          sql<number>`coalesce(sum(coalesce(cost, worst)), 0)`.as('cost'),
          fn.count<number>('input').as('turns'),
          sum('input').as('input'),
          sum('output').as('output'),
          sum('cache_write').as('cache_write'),
          sum('cache_read').as('cache_read'),
        ])
        .where('day', '>=', from)
        .where('day', '<=', to)
        .executeTakeFirstOrThrow()
      const usage = { input: row.input, output: row.output, cacheWrite: row.cache_write, cacheRead: row.cache_read }
      return { cost: row.cost, turns: row.turns, usage }
    },
    lastReplyAt: async () =>
      (
        await db
          .selectFrom('model_call')
          .select(({ fn }) => fn.max('at').as('at'))
          .where('input', 'is not', null)
          .executeTakeFirst()
      )?.at ?? null,
  }
}
