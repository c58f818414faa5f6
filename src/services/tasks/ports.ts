import type { AuditPorts } from '../audit/audit.ts'
import type { Priority, Task, TaskOrigin, TaskState } from './task.ts'

/** A task before it has a number. */
export interface NewTask {
  readonly kind: string
  readonly title: string
  readonly details: string
  readonly priority: Priority
  readonly dueOn: string | null
  readonly dependsOn: readonly number[]
  readonly parentId: number | null
  readonly role: 'followup' | null
  readonly charterId: string | null
  readonly origin: TaskOrigin
  readonly state: Extract<TaskState, 'queued' | 'needs-person'>
  /** Unique: the same key twice is one task. */
  readonly key: string | null
  /** A hash of what was asked for, to tell a repetition from another wish under the same key. */
  readonly bodyHash: string | null
}

export interface TaskStore {
  /** Adds a task, unless the key, or the parent's follow-up, is there already: then gives that one with its hash. */
  add(task: NewTask, now: number): Promise<{ readonly task: Task; readonly added: boolean; readonly bodyHash: string | null }>
  find(id: number): Promise<Task | null>
  /** Writes state, outcome, run-outs, the time of change and the version. */
  save(task: Task): Promise<void>
  /** The most urgent queued task that waits for no other one: by priority, then due date (none is last), then number. */
  next(filter: { readonly criticalOnly: boolean; readonly kinds: readonly string[] }): Promise<Task | null>
  /** Live ones first (most urgent first), then the ones that ended last. */
  list(limit: number): Promise<Task[]>
  countByState(): Promise<Readonly<Partial<Record<TaskState, number>>>>
  children(parentId: number): Promise<Task[]>
  /** All tasks about a charter, oldest first. */
  aboutCharter(charterId: string): Promise<Task[]>
}

export interface TaskPorts extends AuditPorts {
  readonly tasks: TaskStore
}
