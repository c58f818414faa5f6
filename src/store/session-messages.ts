import type { SessionNote } from '../services/agent/note.ts'
import type { SessionStore, StoredMessage } from '../services/agent/ports.ts'
import type { ToolCall } from '../services/agent/tool-call.ts'
import type { Block, StopReason } from '../services/model/model.ts'
import { nextId } from './ids.ts'
import type { Schema } from './schema.ts'
import type { Db } from './sqlite.ts'

type ConversationStore = Pick<SessionStore, 'messages' | 'addMessage' | 'calls' | 'saveCall' | 'addNote' | 'notes'>

function toCall(row: Schema['tool_call']): ToolCall {
  return {
    sessionId: row.session_id,
    toolUseId: row.tool_use_id,
    name: row.name,
    input: JSON.parse(row.input) as unknown,
    argumentsHash: row.arguments_hash,
    state: row.state as ToolCall['state'],
    requestId: row.request_id,
    result: row.result,
    isError: row.is_error === 1,
    at: row.at,
  }
}

async function saveCall(db: Db, call: ToolCall): Promise<void> {
  const row = {
    name: call.name,
    input: JSON.stringify(call.input ?? null),
    arguments_hash: call.argumentsHash,
    state: call.state,
    request_id: call.requestId,
    result: call.result,
    is_error: call.isError ? 1 : 0,
    at: call.at,
  }
  await db
    .insertInto('tool_call')
    .values({ session_id: call.sessionId, tool_use_id: call.toolUseId, ...row })
    .onConflict((conflict) => conflict.columns(['session_id', 'tool_use_id']).doUpdateSet(row))
    .execute()
}

/** What was said in sessions, which tools they called, and their story. Nothing here knows the owner: `check` comes first. */
export function createConversationStore(db: Db): ConversationStore {
  return {
    messages: async (sessionId) => {
      const rows = await db.selectFrom('session_message').selectAll().where('session_id', '=', sessionId).orderBy('seq').execute()
      return rows.map((row) => ({
        seq: row.seq,
        role: row.role as StoredMessage['role'],
        content: JSON.parse(row.content) as Block[],
        stopReason: row.stop_reason as StopReason | null,
      }))
    },
    addMessage: async (sessionId, { role, content, stopReason }) => {
      const seq = await nextId(db, `session-message:${sessionId}`)
      await db
        .insertInto('session_message')
        .values({ session_id: sessionId, seq, role, content: JSON.stringify(content), stop_reason: stopReason })
        .execute()
      return seq
    },
    calls: async (sessionId) => {
      const rows = db.selectFrom('tool_call').selectAll().where('session_id', '=', sessionId).orderBy('at').orderBy('tool_use_id')
      return (await rows.execute()).map(toCall)
    },
    saveCall: (call) => saveCall(db, call),
    addNote: async (sessionId, note, at) => {
      const seq = await nextId(db, `session-note:${sessionId}`)
      await db
        .insertInto('session_note')
        .values({ session_id: sessionId, seq, at, note: JSON.stringify(note) })
        .execute()
      return seq
    },
    notes: async (sessionId) => {
      const rows = await db.selectFrom('session_note').selectAll().where('session_id', '=', sessionId).orderBy('seq').execute()
      return rows.map((row) => ({ seq: row.seq, note: JSON.parse(row.note) as SessionNote, at: row.at }))
    },
  }
}
