import type { Housekeeping } from '../services/work/inbox.ts'
import type { JobName } from '../services/work/work.ts'
import type { Db } from './sqlite.ts'

const DAY_MS = 86_400_000

/** Jobs that run every few minutes and whose runs tell nothing that the sessions do not. */
const FREQUENT: readonly JobName[] = ['agent-poll', 'agent-session', 'host-audit', 'answer-question']

/** What was received, sent and run. */
const sweepMessages = async (db: Db, now: number) => [
  await db
    .deleteFrom('slack_event')
    .where('state', '=', 'done')
    .where('received_at', '<', now - 7 * DAY_MS)
    .executeTakeFirst(),
  await db
    .deleteFrom('slack_act')
    .where('at', '<', now - 7 * DAY_MS)
    .executeTakeFirst(),
  await db
    .deleteFrom('consent')
    .where('expires_at', '<', now - 7 * DAY_MS)
    .executeTakeFirst(),
  await db
    .deleteFrom('ticket')
    .where('expires_at', '<', now - 7 * DAY_MS)
    .executeTakeFirst(),
  await db
    .deleteFrom('outbox')
    .where('state', '=', 'sent')
    .where('sent_at', '<', now - 30 * DAY_MS)
    .executeTakeFirst(),
  await db
    .deleteFrom('run')
    .where('finished_at', '<', now - 90 * DAY_MS)
    .executeTakeFirst(),
  await db
    .deleteFrom('run')
    .where('job', 'in', FREQUENT)
    .where('finished_at', '<', now - 7 * DAY_MS)
    .executeTakeFirst(),
]

/** Figures of the host; the charts reach back a day, a comparison with the week before a little more than seven. How old the data was: a month and a little. */
const sweepSamples = async (db: Db, now: number) => [
  await db
    .deleteFrom('host_sample')
    .where('at', '<', now - 8 * DAY_MS)
    .executeTakeFirst(),
  await db
    .deleteFrom('sync_age')
    .where('hour', '<', now - 40 * DAY_MS)
    .executeTakeFirst(),
]

/** What was said in sessions, a while after they ended, and what they cost, when no report asks any more. */
async function sweepSessions(db: Db, now: number) {
  const ended = db
    .selectFrom('session')
    .select('id')
    .where('ended_at', '<', now - 90 * DAY_MS)
  const old = db
    .selectFrom('session')
    .select('id')
    .where('ended_at', 'is not', null)
    .where('started_at', '<', now - 400 * DAY_MS)
  return [
    await db.deleteFrom('session_message').where('session_id', 'in', ended).executeTakeFirst(),
    await db.deleteFrom('tool_call').where('session_id', 'in', ended).executeTakeFirst(),
    await db.deleteFrom('quota_slot').where('session_id', 'in', old).executeTakeFirst(),
    await db
      .deleteFrom('model_call')
      .where('at', '<', now - 400 * DAY_MS)
      .executeTakeFirst(),
  ]
}

/** What was asked in threads, a while after it was answered, and what that cost, when no report asks any more. */
const sweepQuestions = async (db: Db, now: number) => [
  await db
    .deleteFrom('question')
    .where('state', '=', 'answered')
    .where('asked_at', '<', now - 90 * DAY_MS)
    .executeTakeFirst(),
  await db
    .deleteFrom('question_call')
    .where('at', '<', now - 400 * DAY_MS)
    .executeTakeFirst(),
]

/**
 * Names of crews and guests, when nobody asks about the trip any more: crew pages with their versions, and requests that nobody signed. What was
 * signed stays with its request: it is evidence.
 */
async function sweepPages(db: Db, now: number) {
  const before = now - 400 * DAY_MS
  const pages = db.selectFrom('crew_page').select('id').where('expires_at', '<', before)
  return [
    await db.deleteFrom('crew_version').where('page_id', 'in', pages).executeTakeFirst(),
    await db.deleteFrom('crew_page').where('expires_at', '<', before).executeTakeFirst(),
    await db
      .deleteFrom('signature_request')
      .where('live_key', 'is', null)
      .where('state', '<>', 'signed')
      .where('expires_at', '<', before)
      .executeTakeFirst(),
  ]
}

export function createHousekeeping(db: Db): Housekeeping {
  return {
    sweep: async (now) => {
      const deleted = [
        ...(await sweepMessages(db, now)),
        ...(await sweepSessions(db, now)),
        ...(await sweepPages(db, now)),
        ...(await sweepSamples(db, now)),
        ...(await sweepQuestions(db, now)),
      ]
      return deleted.reduce((sum, result) => sum + Number(result.numDeletedRows), 0)
    },
  }
}
