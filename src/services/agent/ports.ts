import type { IncidentDispatch, IncidentPorts } from '../incidents/ports.ts'
import type { Outbox } from '../messages/outbox.ts'
import type { ModelMessage, StopReason, Usage } from '../model/model.ts'
import type { CrewPorts } from '../crew/ports.ts'
import type { OfficeDispatch } from '../office/dispatch.ts'
import type { Charter } from '../sheets/charter.ts'
import type { SigningPorts } from '../signing/ports.ts'
import type { TaskPorts } from '../tasks/ports.ts'
import type { Settings } from '../work/inbox.ts'
import type { WorkPorts } from '../work/work.ts'
import type { AgentDispatch } from './dispatch.ts'
import type { SessionNote } from './note.ts'
import type { PersonRequest } from './request.ts'
import type { Grip, Session } from './session.ts'
import type { ToolCall } from './tool-call.ts'

/** A message of a session's conversation. `stopReason`: of a reply of the model; null: written by us. */
export interface StoredMessage extends ModelMessage {
  readonly seq: number
  readonly stopReason: StopReason | null
}

export interface SessionStore {
  /** How many of the day's slots are taken. */
  slotsUsed(day: string): Promise<number>
  /** Takes the day's slot `session.slot`, of `of`, and adds the session. Constraints refuse a slot twice or beyond `of`, and a second live session of a task. */
  open(session: Omit<Session, 'id'>, of: number): Promise<Session>
  find(id: number): Promise<Session | null>
  live(): Promise<Session[]>
  /** The newest ones first. */
  list(limit: number): Promise<Session[]>
  startedOn(day: string): Promise<Session[]>
  ofTask(taskId: number): Promise<Session[]>
  /** Writes a session whose owner is still `session.epoch`. Throws JadaError `lost-session` when another one took it over. */
  save(session: Session): Promise<void>
  /** Takes a running session that nobody holds, or whose lease is over: epoch + 1. Null: it is held, or does not run. */
  seize(id: number, now: number, leaseUntil: number): Promise<Session | null>
  /** Throws `lost-session` when the grip is no longer the owner's or the session does not run any more; else gives it as it stands. */
  check(grip: Grip): Promise<Session>
  /** Ends the lease; the session may be seized by whoever comes next. */
  release(grip: Grip): Promise<void>
  /** At the start of the only process there is: no lease has a living owner. */
  releaseAll(): Promise<number>
  /** Running sessions that nobody holds, or whose lease is over. */
  unheld(now: number): Promise<number[]>

  messages(sessionId: number): Promise<StoredMessage[]>
  addMessage(sessionId: number, message: Omit<StoredMessage, 'seq'>): Promise<number>
  calls(sessionId: number): Promise<ToolCall[]>
  saveCall(call: ToolCall): Promise<void>
  addNote(sessionId: number, note: SessionNote, at: number): Promise<number>
  notes(sessionId: number): Promise<{ readonly seq: number; readonly note: SessionNote; readonly at: number }[]>
}

export interface RequestStore {
  add(request: Omit<PersonRequest, 'id' | 'version' | 'state' | 'decidedBy' | 'decidedAt' | 'answer'>): Promise<PersonRequest>
  find(id: number): Promise<PersonRequest | null>
  /** Open ones, oldest first. */
  open(sessionId?: number): Promise<PersonRequest[]>
  /** Writes the next version; throws JadaError `conflict` when somebody decided first. */
  save(request: PersonRequest): Promise<void>
}

/** What calls of the model cost: reserved at its worst before the call, corrected after it. Money is millionths of a dollar. */
export interface SpendStore {
  /** Gives the number of the call. A call that never comes back stays charged at its worst. */
  reserve(call: { sessionId: number; day: string; worst: number; at: number }): Promise<number>
  settle(callId: number, charged: { cost: number; usage: Usage | null }): Promise<void>
  /** All that was charged or is reserved on days from `from` to `to`, both included. */
  total(from: string, to: string): Promise<Spend>
  /** When the last call was made that was answered; null: none was. */
  lastReplyAt(): Promise<number | null>
}

export interface Spend {
  readonly cost: number
  /** Replies that came. */
  readonly turns: number
  readonly usage: Usage
}

/** Charters as the sheet had them at the last sync that was applied. */
export interface CharterReader {
  find(id: string): Promise<{ readonly charter: Charter; readonly removed: boolean; readonly readAt: number | null } | null>
  /** Charters that are in the sheet and overlap the time from `from` to `to` (UTC ms), by start; at most `limit`. */
  between(from: number, to: number, limit: number): Promise<Charter[]>
  /** Changes of charters after the change `seq`, oldest first. */
  changesSince(seq: number): Promise<readonly { readonly seq: number; readonly charterId: string }[]>
  /** When the sheet was last read, of the tab read longest ago; null: never. */
  readAt(): Promise<number | null>
}

export interface AgentPorts extends TaskPorts, WorkPorts, Omit<CrewPorts, 'charterReader'>, SigningPorts, Omit<IncidentPorts, 'outbox'> {
  readonly sessions: SessionStore
  readonly requests: RequestStore
  readonly spend: SpendStore
  readonly charterReader: CharterReader
  readonly settings: Settings
  readonly outbox: Outbox<AgentDispatch | IncidentDispatch | OfficeDispatch>
}
