import { JadaError } from '../errors.ts'
import type { RequestStore } from '../services/agent/ports.ts'
import type { PersonRequest, RequestState, RequestWhat } from '../services/agent/request.ts'
import { nextId } from './ids.ts'
import type { Schema } from './schema.ts'
import type { Db } from './sqlite.ts'

function toRequest(row: Schema['person_request']): PersonRequest {
  return {
    id: row.id,
    sessionId: row.session_id,
    toolUseId: row.tool_use_id,
    what: JSON.parse(row.what) as RequestWhat,
    argumentsHash: row.arguments_hash,
    state: row.state as RequestState,
    version: row.version,
    askedAt: row.asked_at,
    expiresAt: row.expires_at,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
    answer: row.answer,
  }
}

async function save(db: Db, request: PersonRequest): Promise<void> {
  const { id, state, version, decidedBy: decided_by, decidedAt: decided_at, answer } = request
  const updated = await db
    .updateTable('person_request')
    .set({ state, version, decided_by, decided_at, answer })
    .where('id', '=', id)
    .where('version', '=', version - 1)
    .executeTakeFirst()
  if (updated.numUpdatedRows === 0n) throw new JadaError('conflict', `Request ${id} was decided by somebody else.`, { retry: 'later' })
}

export function createRequestStore(db: Db): RequestStore {
  const select = db.selectFrom('person_request').selectAll()
  return {
    add: async ({ sessionId, toolUseId, what, argumentsHash, askedAt, expiresAt }) => {
      const undecided = { decided_by: null, decided_at: null, answer: null }
      const row: Schema['person_request'] = {
        id: await nextId(db, 'person_request'),
        session_id: sessionId,
        tool_use_id: toolUseId,
        type: what.type,
        what: JSON.stringify(what),
        arguments_hash: argumentsHash,
        state: 'open',
        version: 1,
        asked_at: askedAt,
        expires_at: expiresAt,
        ...undecided,
      }
      await db.insertInto('person_request').values(row).execute()
      return toRequest(row)
    },
    find: async (id) => {
      const row = await select.where('id', '=', id).executeTakeFirst()
      return row === undefined ? null : toRequest(row)
    },
    open: async (sessionId) => {
      const open = select.where('state', '=', 'open').orderBy('id')
      return (await (sessionId === undefined ? open : open.where('session_id', '=', sessionId)).execute()).map(toRequest)
    },
    save: (request) => save(db, request),
  }
}
