import type { DayFigures, HistoryStore } from '../services/status/history-ports.ts'
import { SYNC_JOB } from '../services/work/work.ts'
import type { Db } from './sqlite.ts'

const DAY_MS = 86_400_000
const MOST_TASKS = 30

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** Figures of the past, counted from what is kept anyway. */
export function createHistoryStore(db: Db): HistoryStore {
  return {
    syncsSince: async (since) => {
      const rows = await db
        .selectFrom('run')
        .select(({ fn }) => ['outcome', fn.countAll<number>().as('count')])
        .where('job', '=', SYNC_JOB)
        .where('finished_at', '>=', since)
        .groupBy('outcome')
        .orderBy('outcome')
        .execute()
      return rows.flatMap(({ outcome, count }) => (outcome === null ? [] : [{ outcome, count }]))
    },
    tasksDoneSince: (since) =>
      db
        .selectFrom('task')
        .select(['id', 'title'])
        .where('state', '=', 'done')
        .where('updated_at', '>=', since)
        .orderBy('id')
        .limit(MOST_TASKS)
        .execute(),
    days: async (from, to) => {
      const [first, last] = [Date.parse(from), Date.parse(to)]
      const sessions = await db
        .selectFrom('quota_slot')
        .select(({ fn }) => ['day', fn.countAll<number>().as('count')])
        .where('day', '>=', from)
        .where('day', '<=', to)
        .groupBy('day')
        .execute()
      const costs = await db
        .selectFrom('model_call')
        .select(({ fn }) => ['day', fn.sum<number>(fn.coalesce('cost', 'worst')).as('cost')])
        .where('day', '>=', from)
        .where('day', '<=', to)
        .groupBy('day')
        .execute()
      const syncs = await db
        .selectFrom('run')
        .select('finished_at')
        .where('job', '=', SYNC_JOB)
        .where('outcome', '=', 'synced')
        .where('finished_at', '>=', first)
        .where('finished_at', '<', last + DAY_MS)
        .execute()
      const days: DayFigures[] = []
      for (let at = first; at <= last; at += DAY_MS) {
        const day = dayOf(at)
        days.push({
          day,
          sessions: sessions.find((row) => row.day === day)?.count ?? 0,
          cost: costs.find((row) => row.day === day)?.cost ?? 0,
          syncs: syncs.filter((row) => row.finished_at !== null && dayOf(row.finished_at) === day).length,
        })
      }
      return days
    },
  }
}
