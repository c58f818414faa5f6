import type { DatabaseSync } from 'node:sqlite'
import type { AuditAct, AuditDetails, AuditEntry, AuditRecord, AuditSubject, AuditTrail } from '../services/audit/audit.ts'
import { nextId } from './ids.ts'
import type { Schema } from './schema.ts'
import type { Db } from './sqlite.ts'

/** Longer ones are cut: a row says that something was done, not what was written. */
const LONGEST_DETAIL = 200

const small = (details: AuditDetails): AuditDetails =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, LONGEST_DETAIL) : value]),
  )

const toRecord = (row: Schema['audit']): AuditRecord => ({
  id: row.id,
  at: row.at,
  actor: row.actor,
  act: row.act as AuditAct,
  subject: row.subject as AuditSubject,
  details: JSON.parse(row.details) as AuditDetails,
})

/** The entry of a restore, which no unit of work surrounds: nobody has this file open. `from`: the backup's name. */
export function addRestored(database: DatabaseSync, from: string, now: number): void {
  const counted =
    "insert into counter (name, value) values ('audit', 1) on conflict (name) do update set value = counter.value + 1 returning value"
  const id = Number(database.prepare(counted).get()?.['value'])
  const entry = { actor: 'terminal', act: 'data.restored', subject: 'database' } satisfies Omit<AuditEntry, 'at'>
  database
    .prepare('insert into audit (id, at, actor, act, subject, details) values (?, ?, ?, ?, ?, ?)')
    .run(id, now, entry.actor, entry.act, entry.subject, JSON.stringify(small({ from })))
}

export function createAuditTrail(db: Db): AuditTrail {
  return {
    add: async ({ at, actor, act, subject, details = {} }) => {
      const id = await nextId(db, 'audit')
      await db
        .insertInto('audit')
        .values({ id, at, actor, act, subject, details: JSON.stringify(small(details)) })
        .execute()
    },
    about: async (subject, { acts, from, to }) => {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .where((row) =>
          row.or([
            row('subject', '=', subject),
            ...(acts.length === 0 ? [] : [row.and([row('act', 'in', acts), row('at', '>=', from), row('at', '<=', to)])]),
          ]),
        )
        .orderBy('id')
        .execute()
      return rows.map(toRecord)
    },
    refusedSince: async (actor, subject, since) => {
      const row = await db
        .selectFrom('audit')
        .select('id')
        .where('subject', '=', subject)
        .where('at', '>', since)
        .where('act', '=', 'access.refused')
        .where('actor', '=', actor)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
