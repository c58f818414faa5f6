import { actorOf, type AuditAct } from '../audit/audit.ts'
import { decideTask, type TaskEvent } from '../tasks/decide.ts'
import type { Task } from '../tasks/task.ts'
import { endSession } from './end.ts'
import type { AgentPorts } from './ports.ts'
import { decideRequest, type Decision, type PersonRequest } from './request.ts'
import { isLive, type Session } from './session.ts'
import { change, saveDecided, tell } from './tell.ts'

/** What people do about tasks and sessions. Each is to be called in one transaction; the access was checked before. */

/** Lets a waiting session go on, by whoever works on it next. */
export async function goOn(ports: AgentPorts, session: Session, now: number): Promise<Session> {
  const task = await ports.tasks.find(session.taskId)
  const going = task === null ? null : decideTask(task, { do: 'go-on' }, now)
  if (going !== null) await ports.tasks.save(going)
  return change(ports, session, { status: 'running', wait: null, step: 'going on' }, now)
}

export type Decided =
  | { readonly kind: 'done'; readonly request: PersonRequest }
  /** Somebody decided before, it has expired, or its session has ended. */
  | { readonly kind: 'late'; readonly request: PersonRequest }
  | { readonly kind: 'nothing' }

/** How a decision is written down; null: time, or the end of the session, made it. */
const AUDITED = {
  approve: 'approval.approve',
  reject: 'approval.reject',
  answer: 'session.answer',
  happened: 'call.happened',
  'not-happened': 'call.not-happened',
  expire: null,
  withdraw: null,
} as const satisfies Record<Decision['do'], AuditAct | null>

async function noteDecision({ audit }: AgentPorts, { id, sessionId, what }: PersonRequest, decision: Decision, now: number): Promise<void> {
  const act = AUDITED[decision.do]
  if (act === null || !('by' in decision)) return
  const details = { session: sessionId, ...('tool' in what ? { tool: what.tool } : {}) }
  await audit.add({ at: now, actor: decision.by, act, subject: `request:${id}`, details })
}

/** A person's answer to a request; the session goes on when it waits for nothing else. */
export async function decide(ports: AgentPorts, requestId: number, decision: Decision, now: number): Promise<Decided> {
  const request = await ports.requests.find(requestId)
  if (request === null) return { kind: 'nothing' }
  const decided = decideRequest(request, decision, now)
  if (decided === null) return { kind: 'late', request }
  await saveDecided(ports, decided, now)
  await noteDecision(ports, decided, decision, now)
  const session = await ports.sessions.find(request.sessionId)
  const waits = session !== null && session.status === 'waiting' && session.wait?.for === 'request'
  if (waits && (await ports.requests.open(session.id)).length === 0) {
    await goOn(ports, session, now)
    await ports.work.demand({ job: 'agent-session', subject: String(session.id), dueAt: now, reason: 'due', by: null })
  }
  return { kind: 'done', request: decided }
}

const liveOf = async (ports: AgentPorts, taskId: number): Promise<Session | undefined> =>
  (await ports.sessions.ofTask(taskId)).find((session) => isLive(session))

/** Cancels a task together with its session; `by` null: what it was about is called off. Null: there is nothing left to cancel. */
export async function cancelTask(ports: AgentPorts, taskId: number, by: string | null, now: number): Promise<Task | null> {
  const session = await liveOf(ports, taskId)
  if (session === undefined) return moveTask(ports, taskId, { do: 'cancel', by }, now)
  await endSession(ports, session, { how: 'cancelled', by }, now)
  await noteTask(ports, taskId, { do: 'cancel', by }, now)
  return ports.tasks.find(taskId)
}

/** What people do to a task; a rule may only cancel it. */
type TaskMove = Extract<TaskEvent, { by: string | null }>

const MOVES = { cancel: 'task.cancel', retry: 'task.retry', close: 'task.done' } as const satisfies Record<TaskMove['do'], AuditAct>

const noteTask = ({ audit }: AgentPorts, taskId: number, move: TaskMove, now: number): Promise<void> =>
  audit.add({ at: now, actor: actorOf(move.by), act: MOVES[move.do], subject: `task:${taskId}` })

async function moveTask(ports: AgentPorts, taskId: number, event: TaskMove, now: number): Promise<Task | null> {
  const task = await ports.tasks.find(taskId)
  const next = task === null ? null : decideTask(task, event, now)
  if (next === null) return null
  await ports.tasks.save(next)
  await noteTask(ports, taskId, event, now)
  return next
}

/** Puts a task back that waits for a person. Null: it does not wait for one. */
export async function retryTask(ports: AgentPorts, taskId: number, by: string, now: number): Promise<Task | null> {
  const task = await moveTask(ports, taskId, { do: 'retry', by }, now)
  if (task !== null) await ports.work.demand({ job: 'agent-poll', subject: '', dueAt: now, reason: 'operator', by })
  return task
}

/** A person did it. Null: it does not wait for one. */
export function closeTask(ports: AgentPorts, taskId: number, by: string, now: number): Promise<Task | null> {
  return moveTask(ports, taskId, { do: 'close', by }, now)
}

/** Ends a session at once; its task then waits for a person. Null: it has ended already. */
export async function stopSession(ports: AgentPorts, sessionId: number, by: string, now: number): Promise<Session | null> {
  const session = await ports.sessions.find(sessionId)
  if (session === null || !isLive(session)) return null
  await ports.audit.add({ at: now, actor: by, act: 'session.stop', subject: `session:${sessionId}`, details: { task: session.taskId } })
  return endSession(ports, session, { how: 'stopped', by }, now)
}

/** What a person wrote in a session's thread. Words are commands; anything else answers the oldest open question. */
export async function hear(ports: AgentPorts, sessionId: number, said: { by: string; text: string }, now: number): Promise<void> {
  const session = await ports.sessions.find(sessionId)
  if (session === null) return
  const { by } = said
  const text = said.text.trim()
  const word = text.toLowerCase().replace(/[.!]+$/, '')
  if (word === 'stop') {
    if ((await stopSession(ports, sessionId, by, now)) === null) await tell(ports, session, { type: 'not-asked', by }, now)
    return
  }
  if (word === 'mute' || word === 'unmute') {
    const muted = word === 'mute'
    if (isLive(session)) {
      await change(ports, session, { muted }, now)
      if (muted !== session.muted) {
        await ports.audit.add({ at: now, actor: by, act: muted ? 'session.mute' : 'session.unmute', subject: `session:${sessionId}` })
      }
    }
    return tell(ports, session, { type: muted ? 'muted' : 'unmuted', by }, now)
  }
  const question = (await ports.requests.open(sessionId)).find(({ what }) => what.type === 'question')
  if (question === undefined || text === '') return tell(ports, session, { type: 'not-asked', by }, now)
  const decided = await decide(ports, question.id, { do: 'answer', by, text }, now)
  if (decided.kind !== 'done') await tell(ports, session, { type: 'not-asked', by }, now)
}
