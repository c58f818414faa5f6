import { JadaError } from '../errors.ts'
import type { SessionStore } from '../services/agent/ports.ts'
import type { Session } from '../services/agent/session.ts'
import { nextId } from './ids.ts'
import type { Schema } from './schema.ts'
import { createConversationStore } from './session-messages.ts'
import type { Db } from './sqlite.ts'

type Row = Pick<Schema['session'], 'body' | 'epoch'>

/** What rows of earlier versions lack. */
const LATER_FIELDS = { breaks: 0, beginning: null } as const satisfies Partial<Session>

/** `seize` counts the owners in the column alone: there it is true. */
const toSession = ({ body, epoch }: Row): Session => ({ ...LATER_FIELDS, ...(JSON.parse(body) as Session), epoch })

const isLive = ({ status }: Session): boolean => status === 'running' || status === 'waiting'

const lost = (id: number): JadaError => new JadaError('lost-session', `Session ${id} has another owner now, or does not run any more.`)

/** What is written whenever a session is. */
function columns(session: Session) {
  const { taskId, status, version, endedAt } = session
  return { live_task_id: isLive(session) ? taskId : null, status, version, ended_at: endedAt, body: JSON.stringify(session) }
}

async function open(db: Db, fresh: Omit<Session, 'id'>, of: number): Promise<Session> {
  const session: Session = { ...fresh, id: await nextId(db, 'session') }
  const { id, taskId: task_id, day, epoch, startedAt: started_at } = session
  await db.insertInto('quota_slot').values({ day, n: session.slot, of_day: of, session_id: id }).execute()
  await db
    .insertInto('session')
    .values({ id, task_id, day, epoch, started_at, lease_until: null, ...columns(session) })
    .execute()
  return session
}

async function save(db: Db, session: Session): Promise<void> {
  const update = db
    .updateTable('session')
    // Who does not run needs no owner: when it goes on, nobody has to wait for the end of an old lease.
    .set({ ...columns(session), ...(session.status === 'running' ? {} : { lease_until: null }) })
    .where('id', '=', session.id)
    .where('epoch', '=', session.epoch)
    .where('version', '<=', session.version)
  // What has ended stays so.
  const guarded = isLive(session) ? update.where('live_task_id', 'is not', null) : update
  if ((await guarded.executeTakeFirst()).numUpdatedRows === 0n) throw lost(session.id)
}

type Leases = Pick<SessionStore, 'seize' | 'check' | 'release' | 'releaseAll' | 'unheld'>

function createLeases(db: Db): Leases {
  return {
    seize: async (id, now, leaseUntil) => {
      const row = await db
        .updateTable('session')
        .set((expression) => ({ epoch: expression('epoch', '+', 1), lease_until: leaseUntil }))
        .where('id', '=', id)
        .where('status', '=', 'running')
        .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
        .returning(['body', 'epoch'])
        .executeTakeFirst()
      return row === undefined ? null : toSession(row)
    },
    check: async ({ sessionId, epoch }) => {
      const row = await db
        .selectFrom('session')
        .select(['body', 'epoch'])
        .where('id', '=', sessionId)
        .where('epoch', '=', epoch)
        .where('status', '=', 'running')
        .executeTakeFirst()
      if (row === undefined) throw lost(sessionId)
      return toSession(row)
    },
    release: async ({ sessionId, epoch }) => {
      await db.updateTable('session').set({ lease_until: null }).where('id', '=', sessionId).where('epoch', '=', epoch).execute()
    },
    releaseAll: async () => {
      const released = await db.updateTable('session').set({ lease_until: null }).where('lease_until', 'is not', null).executeTakeFirst()
      return Number(released.numUpdatedRows)
    },
    unheld: async (now) => {
      const rows = await db
        .selectFrom('session')
        .select('id')
        .where('status', '=', 'running')
        .where((where) => where.or([where('lease_until', 'is', null), where('lease_until', '<=', now)]))
        .orderBy('id')
        .execute()
      return rows.map(({ id }) => id)
    },
  }
}

export function createSessionStore(db: Db): SessionStore {
  const select = db.selectFrom('session').select(['body', 'epoch'])
  const all = async (rows: Promise<Row[]>): Promise<Session[]> => (await rows).map(toSession)
  return {
    ...createLeases(db),
    ...createConversationStore(db),
    slotsUsed: async (day) => {
      const count = db.selectFrom('quota_slot').select(({ fn }) => fn.countAll<number>().as('used'))
      return (await count.where('day', '=', day).executeTakeFirstOrThrow()).used
    },
    open: (session, of) => open(db, session, of),
    find: async (id) => {
      const row = await select.where('id', '=', id).executeTakeFirst()
      return row === undefined ? null : toSession(row)
    },
    live: () => all(select.where('live_task_id', 'is not', null).orderBy('id').execute()),
    list: (limit) => all(select.orderBy('id', 'desc').limit(limit).execute()),
    startedOn: (day) => all(select.where('day', '=', day).orderBy('id').execute()),
    ofTask: (taskId) => all(select.where('task_id', '=', taskId).orderBy('id').execute()),
    save: (session) => save(db, session),
  }
}
