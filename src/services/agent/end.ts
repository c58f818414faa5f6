import { BOT } from '../audit/audit.ts'
import { decideTask, type TaskEvent } from '../tasks/decide.ts'
import { PERSON, type Task } from '../tasks/task.ts'
import type { SessionNote } from './note.ts'
import type { AgentPorts } from './ports.ts'
import { decideRequest } from './request.ts'
import type { Session } from './session.ts'
import { ELSEWHERE } from './tool-call.ts'
import { change, saveDecided, tell } from './tell.ts'

/** How a session ends. Every end leaves its task in a state in which somebody will look at it, or nobody has to. */
export type End =
  | { readonly how: 'finished'; readonly outcome: 'done' | 'blocked'; readonly summary: string }
  | { readonly how: 'ran-out'; readonly limit: 'turns' | 'tokens' | 'dollars' | 'context'; readonly handOver: string }
  | { readonly how: 'gave-up'; readonly reason: string }
  /** A person cancelled the task, or stopped only this session. */
  | { readonly how: 'cancelled'; readonly by: string | null }
  | { readonly how: 'stopped'; readonly by: string }

function toTaskEvent(end: End): TaskEvent {
  switch (end.how) {
    case 'finished':
      return { do: 'finish', outcome: end.outcome, summary: end.summary }
    case 'ran-out':
      return { do: 'run-out', summary: end.handOver }
    case 'gave-up':
      return { do: 'give-up', summary: end.reason }
    case 'stopped':
      return { do: 'give-up', summary: `Stopped by <@${end.by}>.` }
    case 'cancelled':
      return { do: 'cancel', by: end.by }
  }
}

const STATUS = { finished: 'finished', 'ran-out': 'ran-out', 'gave-up': 'gave-up', cancelled: 'cancelled', stopped: 'cancelled' } as const

/** Leaves exactly one task for a person after a task whose sessions ran out twice. */
async function followUp(ports: AgentPorts, task: Task, handOver: string, now: number): Promise<number> {
  const { task: next, added } = await ports.tasks.add(
    {
      kind: PERSON,
      title: `Take over: ${task.title}`.slice(0, 200),
      details: handOver,
      priority: task.priority,
      dueOn: task.dueOn,
      dependsOn: [],
      parentId: task.id,
      role: 'followup',
      origin: { via: 'bot', by: null },
      state: 'needs-person',
      key: null,
      bodyHash: null,
      charterId: task.charterId,
    },
    now,
  )
  if (added) {
    const details = { kind: PERSON, via: 'bot', after: task.id }
    await ports.audit.add({ at: now, actor: BOT, act: 'task.add', subject: `task:${next.id}`, details })
  }
  return next.id
}

function noteOf(end: End, again: boolean, followUpId: number | null): SessionNote {
  switch (end.how) {
    case 'finished':
      return { type: 'finished', outcome: end.outcome, summary: end.summary }
    case 'ran-out':
      return { type: 'ran-out', limit: end.limit, handOver: end.handOver, next: again ? 'again' : 'person', followUpId }
    case 'gave-up':
      return { type: 'gave-up', reason: end.reason }
    case 'cancelled':
    case 'stopped':
      return { type: 'cancelled', by: end.by }
  }
}

const STEP: Readonly<Record<End['how'], string>> = {
  finished: 'finished',
  'ran-out': 'reached its limit',
  'gave-up': 'given up',
  cancelled: 'cancelled',
  stopped: 'stopped',
}

type MaybeDone = Extract<SessionNote, { type: 'maybe-done' }>

/**
 * Calls that nobody knows the effect of, in the words of the card on which somebody said yes to them. One without a card only reads, or can
 * be made again.
 */
async function unsettled({ sessions, requests }: AgentPorts, session: Session): Promise<MaybeDone[]> {
  const notes: MaybeDone[] = []
  for (const { state, requestId } of await sessions.calls(session.id)) {
    const request = requestId === null || (state !== 'intent' && state !== 'unknown') ? null : await requests.find(requestId)
    if (request?.what.type === 'approval' && state === 'intent') {
      notes.push({ type: 'maybe-done', title: request.what.title, where: ELSEWHERE })
    }
    if (request?.what.type === 'settle' && request.state === 'open') {
      notes.push({ type: 'maybe-done', title: request.what.title, where: request.what.where })
    }
  }
  return notes
}

/** Ends a session and moves its task on, in the caller's transaction. */
export async function endSession(ports: AgentPorts, session: Session, end: End, now: number): Promise<Session> {
  const before = await ports.tasks.find(session.taskId)
  const task = before === null ? null : decideTask(before, toTaskEvent(end), now)
  if (task !== null) await ports.tasks.save(task)
  const followUpId =
    task !== null && task.state === 'failed' && end.how === 'ran-out' ? await followUp(ports, task, end.handOver, now) : null
  const maybeDone = await unsettled(ports, session)
  for (const request of await ports.requests.open(session.id)) {
    const withdrawn = decideRequest(request, { do: 'withdraw' }, now)
    if (withdrawn !== null) await saveDecided(ports, withdrawn, now)
  }
  const summary = end.how === 'finished' ? end.summary : end.how === 'ran-out' ? end.handOver : end.how === 'gave-up' ? end.reason : null
  const patch = {
    status: STATUS[end.how],
    wait: null,
    step: STEP[end.how],
    summary,
    exitCode: end.how === 'finished' ? (0 as const) : (1 as const),
    endedAt: now,
  }
  const ended = await change(ports, session, patch, now)
  await tell(ports, ended, noteOf(end, task?.state === 'queued', followUpId), now)
  for (const note of maybeDone) await tell(ports, ended, note, now)
  await ports.work.demand({ job: 'agent-poll', subject: '', dueAt: now, reason: 'due', by: null })
  return ended
}
