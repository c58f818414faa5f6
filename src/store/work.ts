import { sql } from 'kysely'
import type { WakeStore } from '../services/incidents/ports.ts'
import type { JobName, JobStore, Reason, RunHistory, RunRecord, Work, WorkRequest } from '../services/work/work.ts'
import { nextId } from './ids.ts'
import type { Schema } from './schema.ts'
import type { Db } from './sqlite.ts'

const KEY = ['job', 'subject', 'state'] as const

async function toRow(db: Db, request: WorkRequest, demanded: boolean): Promise<Schema['work']> {
  const { job, subject, dueAt, reason, by } = request
  const id = await nextId(db, 'work')
  return { id, job, subject, state: 'queued', due_at: dueAt, demanded: demanded ? 1 : 0, reason, asked_by: by, run_id: null }
}

export function createWork(db: Db): Work {
  return {
    ensure: async (request) => {
      const row = await toRow(db, request, false)
      await db
        .insertInto('work')
        .values(row)
        .onConflict((conflict) => conflict.columns([...KEY]).doNothing())
        .execute()
    },
    demand: async (request) => {
      const row = await toRow(db, request, true)
      const { reason, asked_by, demanded } = row
      const due_at = sql<number>`case when work.due_at < ${request.dueAt} then work.due_at else ${request.dueAt} end`
      await db
        .insertInto('work')
        .values(row)
        .onConflict((conflict) => conflict.columns([...KEY]).doUpdateSet({ reason, asked_by, demanded, due_at }))
        .execute()
    },
    schedule: async (request) => {
      const row = await toRow(db, request, false)
      const { due_at, reason, asked_by } = row
      await db
        .insertInto('work')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .columns([...KEY])
            .doUpdateSet({ due_at, reason, asked_by })
            .where('work.demanded', '=', 0),
        )
        .execute()
    },
  }
}

export function createWakeStore(work: Work): WakeStore {
  return {
    wakeAt: (incidentId, at) => work.schedule({ job: 'incident-wake', subject: String(incidentId), dueAt: at, reason: 'due', by: null }),
  }
}

function toRecord(row: Schema['run']): RunRecord {
  return {
    id: row.id,
    job: row.job as JobName,
    subject: row.subject,
    reason: row.reason as Reason,
    by: row.asked_by,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    outcome: row.outcome,
    summary: row.summary,
  }
}

export function createRunHistory(db: Db): RunHistory {
  const one = async (rows: Promise<Schema['run'] | undefined>): Promise<RunRecord | null> => {
    const row = await rows
    return row === undefined ? null : toRecord(row)
  }
  return {
    lastRun: (job) => one(db.selectFrom('run').selectAll().where('job', '=', job).orderBy('id', 'desc').limit(1).executeTakeFirst()),
    recent: async (job, limit) =>
      (await db.selectFrom('run').selectAll().where('job', '=', job).orderBy('id', 'desc').limit(limit).execute()).map(toRecord),
    finishedAfter: (job, runId) =>
      one(
        db
          .selectFrom('run')
          .selectAll()
          .where('job', '=', job)
          .where('id', '>', runId)
          .where('finished_at', 'is not', null)
          .orderBy('id')
          .limit(1)
          .executeTakeFirst(),
      ),
    waiting: async (job) => {
      const row = await db
        .selectFrom('work')
        .select(['due_at', 'reason'])
        .where('job', '=', job)
        .where('state', '=', 'queued')
        .executeTakeFirst()
      return row === undefined ? null : { dueAt: row.due_at, reason: row.reason as Reason }
    },
    isRunning: async (job) =>
      (await db.selectFrom('work').select('id').where('job', '=', job).where('state', '=', 'running').executeTakeFirst()) !== undefined,
  }
}

/** Requests of whose job and subject no run is under way. */
const claimable = (db: Db) =>
  db
    .selectFrom('work')
    .where('state', '=', 'queued')
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('work as other')
            .select('other.id')
            .whereRef('other.job', '=', 'work.job')
            .whereRef('other.subject', '=', 'work.subject')
            .where('other.state', '=', 'running'),
        ),
      ),
    )

async function recover(db: Db, now: number): Promise<number> {
  const interrupted = await db.selectFrom('work').selectAll().where('state', '=', 'running').execute()
  for (const row of interrupted) {
    await db.deleteFrom('work').where('id', '=', row.id).execute()
    // What was asked for during the run that died stands for both, and a person's request stays one.
    const { reason, asked_by } = row
    const demanded = row.demanded === 1 ? { demanded: 1, reason, asked_by } : {}
    await db
      .insertInto('work')
      .values({ ...row, state: 'queued', due_at: now, run_id: null })
      .onConflict((conflict) => conflict.columns([...KEY]).doUpdateSet({ due_at: now, ...demanded }))
      .execute()
  }
  await db
    .updateTable('run')
    .set({ finished_at: now, outcome: 'interrupted', summary: 'The bot stopped during this run.' })
    .where('finished_at', 'is', null)
    .execute()
  return interrupted.length
}

export function createJobStore(db: Db): JobStore {
  return {
    nextDueAt: async () => (await claimable(db).select('due_at').orderBy('due_at').limit(1).executeTakeFirst())?.due_at ?? null,
    claim: async (now) => {
      const row = await claimable(db).selectAll().where('due_at', '<=', now).orderBy('due_at').orderBy('id').limit(1).executeTakeFirst()
      if (row === undefined) return null
      const runId = await nextId(db, 'run')
      const { job, subject, reason, asked_by } = row
      await db
        .insertInto('run')
        .values({ id: runId, job, subject, reason, asked_by, started_at: now, finished_at: null, outcome: null, summary: null })
        .execute()
      await db.updateTable('work').set({ state: 'running', run_id: runId }).where('id', '=', row.id).where('state', '=', 'queued').execute()
      const request = { job: job as JobName, subject, dueAt: row.due_at, reason: reason as Reason, by: asked_by }
      return { ...request, id: row.id, runId, demanded: row.demanded === 1 }
    },
    finish: async (work, { outcome, summary }, now) => {
      await db.updateTable('run').set({ finished_at: now, outcome, summary }).where('id', '=', work.runId).execute()
      await db.deleteFrom('work').where('id', '=', work.id).execute()
    },
    recover: (now) => recover(db, now),
    shift: async (deltaMs) => {
      await db
        .updateTable('work')
        .set({ due_at: sql<number>`due_at + ${deltaMs}` })
        .where('state', '=', 'queued')
        .execute()
      await db
        .updateTable('outbox')
        .set({ due_at: sql<number>`due_at + ${deltaMs}`, claimed_at: sql<number | null>`claimed_at + ${deltaMs}` })
        .where('state', '!=', 'sent')
        .execute()
    },
  }
}
