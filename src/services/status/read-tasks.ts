import type { UnitOfWork } from '../../unit-of-work.ts'
import type { SessionNote } from '../agent/note.ts'
import type { AgentPorts } from '../agent/ports.ts'
import type { PersonRequest } from '../agent/request.ts'
import type { Session } from '../agent/session.ts'
import { decideTask } from '../tasks/decide.ts'
import type { TaskPorts } from '../tasks/ports.ts'
import type { Task, TaskState } from '../tasks/task.ts'

/** What `/jada tasks`, `/jada task N` and `/jada sessions` tell. All of it is read from the store. */

export interface TaskList {
  readonly now: number
  /** Live ones first; `waitsFor` are the tasks that must be done before it. */
  readonly rows: readonly { readonly task: Task; readonly waitsFor: readonly number[] }[]
  readonly counts: Readonly<Partial<Record<TaskState, number>>>
}

async function unmet({ tasks }: Pick<TaskPorts, 'tasks'>, task: Task): Promise<Task[]> {
  const found: Task[] = []
  for (const id of task.dependsOn) {
    const other = await tasks.find(id)
    if (other !== null && other.state !== 'done') found.push(other)
  }
  return found
}

export function readTaskList(uow: UnitOfWork<TaskPorts>, limit: number, now: number): Promise<TaskList> {
  return uow.run(async (ports) => {
    const rows: { task: Task; waitsFor: number[] }[] = []
    for (const task of await ports.tasks.list(limit)) {
      const waitsFor = task.state === 'queued' ? (await unmet(ports, task)).map(({ id }) => id) : []
      rows.push({ task, waitsFor })
    }
    return { now, rows, counts: await ports.tasks.countByState() }
  })
}

/** A line of the story of one of a task's sessions. */
export interface StoryLine {
  readonly sessionId: number
  readonly at: number
  readonly note: SessionNote
}

export interface TaskStory {
  readonly now: number
  readonly task: Task
  /** Tasks that must be done first and are not. */
  readonly waitsFor: readonly Task[]
  readonly children: readonly Task[]
  readonly sessions: readonly Session[]
  readonly openRequests: readonly PersonRequest[]
  /** Oldest first. */
  readonly story: readonly StoryLine[]
  /** What a person may do about it now. */
  readonly may: { readonly cancel: boolean; readonly retry: boolean; readonly close: boolean }
}

type StoryPorts = Pick<AgentPorts, 'tasks' | 'sessions' | 'requests'>

export function readTaskStory(uow: UnitOfWork<StoryPorts>, id: number, now: number): Promise<TaskStory | null> {
  return uow.run(async (ports) => {
    const task = await ports.tasks.find(id)
    if (task === null) return null
    const sessions = await ports.sessions.ofTask(id)
    const story: StoryLine[] = []
    const openRequests: PersonRequest[] = []
    for (const session of sessions) {
      for (const { note, at } of await ports.sessions.notes(session.id)) story.push({ sessionId: session.id, at, note })
      openRequests.push(...(await ports.requests.open(session.id)))
    }
    const can = (what: 'cancel' | 'retry' | 'close'): boolean => decideTask(task, { do: what, by: '' }, now) !== null
    return {
      now,
      task,
      waitsFor: await unmet(ports, task),
      children: await ports.tasks.children(id),
      sessions,
      openRequests,
      story: story.toSorted((a, b) => a.at - b.at),
      may: { cancel: can('cancel'), retry: can('retry'), close: can('close') },
    }
  })
}

export interface SessionList {
  readonly now: number
  readonly rows: readonly { readonly session: Session; readonly task: Task | null }[]
}

/** The newest sessions, with their tasks. */
export function readSessions(uow: UnitOfWork<Pick<AgentPorts, 'sessions' | 'tasks'>>, limit: number, now: number): Promise<SessionList> {
  return uow.run(async ({ sessions, tasks }) => {
    const rows: { session: Session; task: Task | null }[] = []
    for (const session of await sessions.list(limit)) rows.push({ session, task: await tasks.find(session.taskId) })
    return { now, rows }
  })
}
