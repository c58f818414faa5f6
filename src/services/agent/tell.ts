import type { SessionNote } from './note.ts'
import type { AgentPorts } from './ports.ts'
import type { PersonRequest } from './request.ts'
import type { Session } from './session.ts'

/** Changes of a session and what of them is shown. All of it belongs into the caller's transaction. */

const lane = (sessionId: number): string => `session:${sessionId}`

/** Saves a change; its card will show it. */
export async function change(ports: AgentPorts, session: Session, patch: Partial<Session>, now: number): Promise<Session> {
  const next = { ...session, ...patch, version: session.version + 1 }
  await ports.sessions.save(next)
  const dispatch = { kind: 'session-edit' as const, sessionId: next.id, version: next.version }
  await ports.outbox.add({ key: `${lane(next.id)}:edit:${next.version}`, target: 'slack', lane: lane(next.id), dispatch }, now)
  return next
}

export async function postCard(ports: AgentPorts, session: Session, now: number): Promise<void> {
  const dispatch = { kind: 'session-card' as const, sessionId: session.id }
  await ports.outbox.add({ key: `${lane(session.id)}:card`, target: 'slack', lane: lane(session.id), dispatch }, now)
}

/** Told in the thread even when somebody muted it: how it ended, and answers to what a person just did. */
const ALWAYS: ReadonlySet<SessionNote['type']> = new Set([
  'finished',
  'ran-out',
  'gave-up',
  'cancelled',
  'maybe-done',
  'muted',
  'unmuted',
  'not-asked',
])

/** Adds a line to the session's story. */
export async function tell(ports: AgentPorts, session: Pick<Session, 'id' | 'muted'>, note: SessionNote, now: number): Promise<void> {
  const seq = await ports.sessions.addNote(session.id, note, now)
  if (session.muted && !ALWAYS.has(note.type)) return
  const dispatch = { kind: 'session-reply' as const, sessionId: session.id, note, at: now }
  await ports.outbox.add({ key: `${lane(session.id)}:note:${seq}`, target: 'slack', lane: lane(session.id), dispatch }, now)
}

export async function postRequest(ports: AgentPorts, request: PersonRequest, now: number): Promise<void> {
  const dispatch = { kind: 'request-card' as const, requestId: request.id, sessionId: request.sessionId }
  await ports.outbox.add({ key: `request:${request.id}:card`, target: 'slack', lane: lane(request.sessionId), dispatch }, now)
}

/** Saves a decided request; its buttons go when its card is edited, which is after this was committed. */
export async function saveDecided(ports: AgentPorts, request: PersonRequest, now: number): Promise<void> {
  await ports.requests.save(request)
  const dispatch = { kind: 'request-edit' as const, requestId: request.id, version: request.version }
  const key = `request:${request.id}:edit:${request.version}`
  await ports.outbox.add({ key, target: 'slack', lane: lane(request.sessionId), dispatch }, now)
}
