import type { Dispatch, TopicDispatch } from '../services/delivery/dispatch.ts'
import type { NewMessage, OutboxRow, OutboxStore, Target } from '../services/messages/outbox.ts'
import { nextId } from './ids.ts'
import type { Schema } from './schema.ts'
import type { Db } from './sqlite.ts'

type Row = OutboxRow<Dispatch>

/** A card goes before everything else of its lane: replies need its thread, and so do the cards of requests. */
const RANK: Readonly<Record<Dispatch['kind'], number>> = {
  card: 0,
  edit: 1,
  reply: 1,
  direct: 1,
  answer: 1,
  notice: 1,
  line: 1,
  topic: 1,
  'session-card': 0,
  'session-edit': 1,
  'session-reply': 1,
  'request-card': 1,
  'request-edit': 1,
  'task-card': 0,
  'task-edit': 1,
  'task-reply': 1,
  'digest-card': 0,
  'digest-reply': 1,
  told: 1,
}

function toOutboxRow(row: Schema['outbox']): Row {
  return {
    id: row.id,
    key: row.key,
    target: row.target as Target,
    lane: row.lane,
    dispatch: JSON.parse(row.dispatch) as Dispatch,
    state: row.state as Row['state'],
    tries: row.tries,
    dueAt: row.due_at,
    claimedAt: row.claimed_at,
  }
}

/** The first waiting row of each lane of a target. */
const heads = (db: Db, target: Target) =>
  db
    .selectFrom('outbox as head')
    .where('head.target', '=', target)
    .where('head.state', '!=', 'sent')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('outbox as earlier')
            .select('earlier.id')
            .whereRef('earlier.lane', '=', 'head.lane')
            .whereRef('earlier.target', '=', 'head.target')
            .where('earlier.state', '!=', 'sent')
            .where((where) =>
              where.or([
                where('earlier.rank', '<', where.ref('head.rank')),
                where.and([where('earlier.rank', '=', where.ref('head.rank')), where('earlier.id', '<', where.ref('head.id'))]),
              ]),
            ),
        ),
      ),
    )

async function insert(db: Db, { key, target, lane, dispatch }: NewMessage<Dispatch>, now: number): Promise<void> {
  const id = await nextId(db, 'outbox')
  const rest = { state: 'new', tries: 0, due_at: now, claimed_at: null, sent_at: null, error: null, created_at: now }
  await db
    .insertInto('outbox')
    .values({ id, key, target, lane, rank: RANK[dispatch.kind], dispatch: JSON.stringify(dispatch), ...rest })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute()
}

/** The notice that goes with an alert line. Of one incident in order; one that SNS does not take holds up no other. */
const noticeOf = (key: string, line: TopicDispatch['line']): NewMessage<Dispatch> => ({
  key: `${key}:sns`,
  target: 'sns',
  lane: `sns:incident:${line.incident}`,
  dispatch: { kind: 'topic', line },
})

/** `topic`: each alert line also becomes a notice of the SNS topic, in the same transaction. */
export function createOutboxStore(db: Db, topic = false): OutboxStore<Dispatch> {
  const guarded = (row: Row, change: Partial<Schema['outbox']>) =>
    db
      .updateTable('outbox')
      .set(change)
      .where('id', '=', row.id)
      .where('state', '=', 'sending')
      .where('tries', '=', row.tries)
      .executeTakeFirst()
      .then((result) => result.numUpdatedRows > 0n)
  return {
    add: async (row, now) => {
      await insert(db, row, now)
      if (topic && row.dispatch.kind === 'line') await insert(db, noticeOf(row.key, row.dispatch.line), now)
    },
    nextDueAt: async (target) =>
      (await heads(db, target).select('head.due_at').orderBy('head.due_at').limit(1).executeTakeFirst())?.due_at ?? null,
    due: async (target, now) =>
      (await heads(db, target).selectAll('head').where('head.due_at', '<=', now).orderBy('head.id').execute()).map(toOutboxRow),
    claim: async (row, now, graceMs) => {
      // While it is being sent, `due_at` is the end of the grace period after which it is looked for. However often that
      // takes, `claimed_at` stays when it was sent: what is looked for is as old as that.
      const claimedAt = row.state === 'sending' ? row.claimedAt : now
      const claimed = await db
        .updateTable('outbox')
        .set({ state: 'sending', tries: row.tries + 1, claimed_at: claimedAt, due_at: now + graceMs })
        .where('id', '=', row.id)
        .where('state', '=', row.state)
        .where('tries', '=', row.tries)
        .returningAll()
        .executeTakeFirst()
      return claimed === undefined ? null : toOutboxRow(claimed)
    },
    postpone: async (row, dueAt) => {
      await db
        .updateTable('outbox')
        .set({ due_at: dueAt })
        .where('id', '=', row.id)
        .where('state', '=', row.state)
        .where('tries', '=', row.tries)
        .execute()
    },
    markSent: (row, now) => guarded(row, { state: 'sent', sent_at: now, error: null }),
    giveBack: (row, dueAt, error) => guarded(row, { state: 'new', due_at: dueAt, error }),
    backlog: async () => {
      const rows = await db
        .selectFrom('outbox')
        .select(({ fn }) => ['target', fn.countAll<number>().as('count'), fn.min('created_at').as('since'), fn.max('error').as('error')])
        .where('state', '!=', 'sent')
        .groupBy('target')
        .execute()
      return rows.map((row) => ({ target: row.target as Target, count: row.count, since: row.since, error: row.error }))
    },
  }
}
