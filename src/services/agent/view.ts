import type { AgentPorts } from './ports.ts'
import type { PersonRequest } from './request.ts'
import type { Session } from './session.ts'
import type { Task } from '../tasks/task.ts'

/** What a session's card shows. */
export interface SessionView {
  readonly version: number
  readonly session: Session
  readonly task: Task
  readonly openRequests: readonly PersonRequest[]
}

/** What a request's card shows. */
export interface RequestView {
  readonly version: number
  readonly request: PersonRequest
  readonly session: Session
  readonly task: Task
}

type ViewPorts = Pick<AgentPorts, 'sessions' | 'requests' | 'tasks'>

export async function readSessionView({ sessions, requests, tasks }: ViewPorts, sessionId: number): Promise<SessionView | null> {
  const session = await sessions.find(sessionId)
  const task = session === null ? null : await tasks.find(session.taskId)
  if (session === null || task === null) return null
  return { version: session.version, session, task, openRequests: await requests.open(session.id) }
}

export async function readRequestView({ sessions, requests, tasks }: ViewPorts, requestId: number): Promise<RequestView | null> {
  const request = await requests.find(requestId)
  const session = request === null ? null : await sessions.find(request.sessionId)
  const task = session === null ? null : await tasks.find(session.taskId)
  if (request === null || session === null || task === null) return null
  return { version: request.version, request, session, task }
}
