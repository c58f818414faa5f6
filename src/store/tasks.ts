import { sql } from 'kysely'
import type { NewTask, TaskStore } from '../services/tasks/ports.ts'
import { PRIORITIES, type Priority, type Task, type TaskOrigin, type TaskState } from '../services/tasks/task.ts'
import { nextId } from './ids.ts'
import type { Schema } from './schema.ts'
import type { Db } from './sqlite.ts'

const LIVE: readonly TaskState[] = ['queued', 'running', 'waiting', 'needs-person']

/** `case priority when 'critical' then 0 ...`: the order of the list is the order of urgency. */
const rank = sql<number>`case task.priority ${sql.join(
  PRIORITIES.map((priority, index) => sql`when ${sql.lit(priority)} then ${sql.lit(index)}`),
  sql` `,
)} end`

const byUrgency = (db: Db) =>
  db
    .selectFrom('task')
    .selectAll('task')
    .orderBy(rank)
    .orderBy('task.due_on', (order) => order.asc().nullsLast())
    .orderBy('task.id')

function toTask(row: Schema['task'], dependsOn: readonly number[]): Task {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    details: row.details,
    priority: row.priority as Priority,
    dueOn: row.due_on,
    dependsOn,
    parentId: row.parent_id,
    role: row.role as Task['role'],
    charterId: row.charter_id,
    origin: { via: row.via as TaskOrigin['via'], by: row.asked_by },
    state: row.state as TaskState,
    ranOut: row.ran_out,
    outcome: row.outcome,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  }
}

async function toTasks(db: Db, rows: readonly Schema['task'][]): Promise<Task[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const needs = await db.selectFrom('task_dependency').selectAll().where('task_id', 'in', ids).orderBy('needs_id').execute()
  return rows.map((row) =>
    toTask(
      row,
      needs.flatMap((need) => (need.task_id === row.id ? need.needs_id : [])),
    ),
  )
}

const first = async (db: Db, row: Schema['task'] | undefined): Promise<Task | null> =>
  row === undefined ? null : ((await toTasks(db, [row]))[0] ?? null)

/** The task that stands in the way of adding this one: of the same key, or the same parent's follow-up. */
async function findSame(db: Db, { key, parentId, role }: NewTask): Promise<Schema['task'] | undefined> {
  const select = db.selectFrom('task').selectAll()
  const same = key === null ? undefined : await select.where('key', '=', key).executeTakeFirst()
  if (same !== undefined || parentId === null || role === null) return same
  return select.where('parent_id', '=', parentId).where('role', '=', role).executeTakeFirst()
}

async function insert(db: Db, task: NewTask, now: number): Promise<Task> {
  const { kind, title, details, priority, dueOn, parentId, role, charterId, origin, state, key, bodyHash } = task
  const row: Schema['task'] = {
    id: await nextId(db, 'task'),
    kind,
    title,
    details,
    priority,
    due_on: dueOn,
    parent_id: parentId,
    role,
    charter_id: charterId,
    via: origin.via,
    asked_by: origin.by,
    state,
    ran_out: 0,
    outcome: null,
    key,
    body_hash: bodyHash,
    created_at: now,
    updated_at: now,
    version: 1,
  }
  await db.insertInto('task').values(row).execute()
  const needs = [...new Set(task.dependsOn)].toSorted((a, b) => a - b)
  for (const needs_id of needs) await db.insertInto('task_dependency').values({ task_id: row.id, needs_id }).execute()
  return toTask(row, needs)
}

/** Queued tasks of which every dependency is done; one that failed or was cancelled holds them back until a person acts. */
const ready = (db: Db) =>
  byUrgency(db)
    .where('task.state', '=', 'queued')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('task_dependency as need')
            .leftJoin('task as other', 'other.id', 'need.needs_id')
            .select('need.needs_id')
            .whereRef('need.task_id', '=', 'task.id')
            .where((where) => where.or([where('other.state', 'is', null), where('other.state', '!=', 'done')])),
        ),
      ),
    )

export function createTaskStore(db: Db): TaskStore {
  return {
    add: async (task, now) => {
      const same = await findSame(db, task)
      if (same === undefined) return { task: await insert(db, task, now), added: true, bodyHash: task.bodyHash }
      const [known] = await toTasks(db, [same])
      return { task: known ?? toTask(same, []), added: false, bodyHash: same.body_hash }
    },
    find: async (id) => first(db, await db.selectFrom('task').selectAll().where('id', '=', id).executeTakeFirst()),
    save: async ({ id, state, outcome, ranOut, updatedAt, version }) => {
      await db.updateTable('task').set({ state, outcome, ran_out: ranOut, updated_at: updatedAt, version }).where('id', '=', id).execute()
    },
    next: async ({ criticalOnly, kinds }) => {
      if (kinds.length === 0) return null
      const candidates = ready(db).where('task.kind', 'in', [...kinds])
      const critical = criticalOnly ? candidates.where('task.priority', '=', 'critical') : candidates
      return first(db, await critical.limit(1).executeTakeFirst())
    },
    list: async (limit) => {
      const live = await byUrgency(db).where('state', 'in', LIVE).limit(limit).execute()
      const ended = db.selectFrom('task').selectAll().where('state', 'not in', LIVE).orderBy('updated_at', 'desc').orderBy('id', 'desc')
      return toTasks(db, [...live, ...(await ended.limit(limit - live.length).execute())])
    },
    countByState: async () => {
      const rows = await db
        .selectFrom('task')
        .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
        .groupBy('state')
        .execute()
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
    },
    aboutCharter: async (charterId) =>
      toTasks(db, await db.selectFrom('task').selectAll().where('charter_id', '=', charterId).orderBy('id').execute()),
    children: async (parentId) =>
      toTasks(db, await db.selectFrom('task').selectAll().where('parent_id', '=', parentId).orderBy('id').execute()),
  }
}
