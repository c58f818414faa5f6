import { sql } from 'kysely'
import type { CallOf, Question, QuestionStore } from '../services/answers/question.ts'
import { nextId } from './ids.ts'
import type { Schema } from './schema.ts'
import type { Db } from './sqlite.ts'

const toQuestion = (row: Schema['question']): Question => ({
  id: row.id,
  eventId: row.event_id,
  incidentId: row.incident_id,
  asker: row.asker,
  text: row.text,
  askedAt: row.asked_at,
  state: row.state as Question['state'],
})

const NOT_SETTLED = { cost: null, input: null, output: null, cache_write: null, cache_read: null }

/** What the calls cost. */
function createCalls(db: Db): Pick<QuestionStore, 'calls' | 'reserve' | 'settle' | 'spentOn'> {
  const settled = ({ questionId, n }: CallOf) => db.updateTable('question_call').where('question_id', '=', questionId).where('n', '=', n)
  return {
    calls: async (questionId) => {
      const row = await db
        .selectFrom('question_call')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('question_id', '=', questionId)
        .executeTakeFirstOrThrow()
      return row.count
    },
    reserve: async ({ questionId, n }, { day, worst, at }) => {
      await db
        .insertInto('question_call')
        .values({ question_id: questionId, n, day, worst, at, ...NOT_SETTLED })
        .execute()
    },
    settle: async (call, { cost, usage }) => {
      const tokens =
        usage === null ? {} : { input: usage.input, output: usage.output, cache_write: usage.cacheWrite, cache_read: usage.cacheRead }
      await settled(call)
        .set({ cost, ...tokens })
        .execute()
    },
    spentOn: async (day) => {
      const row = await db
        .selectFrom('question_call')
        .select(sql<number>`coalesce(sum(coalesce(cost, worst)), 0)`.as('cost'))
        .where('day', '=', day)
        .executeTakeFirstOrThrow()
      return row.cost
    },
  }
}

export function createQuestionStore(db: Db): QuestionStore {
  return {
    ...createCalls(db),
    add: async ({ eventId, incidentId, asker, text, askedAt }) => {
      const id = await nextId(db, 'question')
      const row = { id, event_id: eventId, incident_id: incidentId, asker, text, asked_at: askedAt }
      const added = await db
        .insertInto('question')
        .values({ ...row, state: 'waiting', answered_by: null, answered_at: null })
        .onConflict((conflict) => conflict.column('event_id').doNothing())
        .returningAll()
        .executeTakeFirst()
      return added === undefined ? null : toQuestion(added)
    },
    find: async (id) => {
      const row = await db.selectFrom('question').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? null : toQuestion(row)
    },
    markAnswered: async (id, by, at) => {
      const updated = await db
        .updateTable('question')
        .set({ state: 'answered', answered_by: by, answered_at: at })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .executeTakeFirst()
      return updated.numUpdatedRows > 0n
    },
    askedSince: async (incidentId, since, except) => {
      const row = await db
        .selectFrom('question')
        .innerJoin('question_call', 'question_call.question_id', 'question.id')
        .select(({ fn }) => fn.count<number>('question.id').distinct().as('count'))
        .where('question.incident_id', '=', incidentId)
        .where('question_call.at', '>', since)
        .where('question.id', '!=', except)
        .executeTakeFirstOrThrow()
      return row.count
    },
  }
}
