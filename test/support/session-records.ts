import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { SessionNote } from '../../src/services/agent/note.ts'
import type { Session } from '../../src/services/agent/session.ts'

/** All that the database of a story holds about its sessions. */
export interface SessionRecords {
  readonly tasks: readonly { id: number; kind: string; title: string; state: string; parent: number | null; via: string }[]
  readonly sessions: readonly Session[]
  readonly slots: readonly { day: string; n: number; session: number }[]
  readonly messages: readonly { session: number; seq: number; role: string; content: string }[]
  readonly notes: readonly { session: number; seq: number; note: SessionNote }[]
  readonly calls: readonly { session: number; id: string; name: string; state: string; result: string | null; isError: number }[]
  readonly requests: readonly { id: number; type: string; tool: string | null; state: string }[]
  readonly outbox: readonly { id: number; key: string; dispatch: string }[]
  readonly modelCalls: readonly { id: number; session: number; worst: number; cost: number | null }[]
  readonly openRuns: number
  readonly waitingWork: readonly string[]
  readonly heldLeases: number
}

type Rows<Name extends keyof SessionRecords> = SessionRecords[Name] extends readonly (infer Row)[] ? Row[] : never

export function readRecords(folder: string): SessionRecords {
  const database = new DatabaseSync(join(folder, 'jada.sqlite'), { readOnly: true, timeout: 5000 })
  const all = <Name extends keyof SessionRecords>(sql: string): Rows<Name> => database.prepare(sql).all() as Rows<Name>
  const count = (sql: string): number => Number(database.prepare(`select count(*) as n from ${sql}`).get()?.['n'])
  try {
    const bodies = database.prepare('select body from session order by id').all()
    const notes = database.prepare('select session_id as session, seq, note from session_note order by session_id, seq').all()
    return {
      tasks: all<'tasks'>('select id, kind, title, state, parent_id as parent, via from task order by id'),
      sessions: bodies.map(({ body }) => JSON.parse(String(body)) as Session),
      slots: all<'slots'>('select day, n, session_id as session from quota_slot order by session_id'),
      messages: all<'messages'>('select session_id as session, seq, role, content from session_message order by session_id, seq'),
      notes: notes.map(({ session, seq, note }) => ({
        session: Number(session),
        seq: Number(seq),
        note: JSON.parse(String(note)) as SessionNote,
      })),
      calls: all<'calls'>(
        'select session_id as session, tool_use_id as id, name, state, result, is_error as isError from tool_call order by session_id, rowid',
      ),
      requests: all<'requests'>(`select id, type, json_extract(what, '$.tool') as tool, state from person_request order by id`),
      outbox: all<'outbox'>('select id, key, dispatch from outbox order by id'),
      modelCalls: all<'modelCalls'>('select id, session_id as session, worst, cost from model_call order by id'),
      openRuns: count('run where finished_at is null'),
      waitingWork: database
        .prepare('select job, state from work order by id')
        .all()
        .map(({ job, state }) => `${String(job)} ${String(state)}`),
      heldLeases: count('session where lease_until is not null'),
    }
  } finally {
    database.close()
  }
}

const keyOf = (row: unknown): string => JSON.stringify(row)

/** What was committed once and is not there any more as it was, or is told otherwise: of everything that must never change again. */
export function lostRecords(before: SessionRecords, after: SessionRecords): string[] {
  const settled = (records: SessionRecords): string[] =>
    [
      records.slots,
      records.messages,
      records.notes,
      records.calls.filter(({ state }) => state === 'done'),
      records.requests.filter(({ state }) => state !== 'open'),
      records.outbox,
      records.modelCalls.filter(({ cost }) => cost !== null),
    ].flatMap((rows, table) => rows.map((row) => `${table} ${keyOf(row)}`))
  const kept = new Set(settled(after))
  return settled(before).filter((row) => !kept.has(row))
}
