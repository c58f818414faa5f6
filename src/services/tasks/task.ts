/** How urgent a task is. Critical tasks may use the sessions that are kept back for them. */
export const PRIORITIES = ['critical', 'high', 'normal', 'low'] as const

export type Priority = (typeof PRIORITIES)[number]

/** `waiting`: its session waits for a person. `needs-person`: no session can go on with it. `failed`: sessions ran out of their limits twice. */
export type TaskState = 'queued' | 'running' | 'waiting' | 'done' | 'failed' | 'needs-person' | 'cancelled'

/** The kind of a task that only a person can do; every other kind is the name of a playbook. */
export const PERSON = 'person'

/** Where a task came from; `by` is a Slack user id where a person asked. */
export interface TaskOrigin {
  readonly via: 'slack' | 'api' | 'agent' | 'bot'
  readonly by: string | null
}

/** A piece of work on the progress dashboard. Title and details are untrusted text. Times are UTC milliseconds. */
export interface Task {
  readonly id: number
  readonly kind: string
  readonly title: string
  readonly details: string
  readonly priority: Priority
  /** ISO date, in the zone of the person who wrote it. */
  readonly dueOn: string | null
  /** Tasks that must be done first. */
  readonly dependsOn: readonly number[]
  /** The task it follows from, and as what: at most one `followup` each. */
  readonly parentId: number | null
  readonly role: 'followup' | null
  /** The charter it is about, by its id in the port sheet. Tools find pages and guests by it, never by what the model says. */
  readonly charterId: string | null
  readonly origin: TaskOrigin
  readonly state: TaskState
  /** How many sessions on it ran out of their limits. */
  readonly ranOut: number
  /** How it ended, or what stands in the way, in words. */
  readonly outcome: string | null
  readonly createdAt: number
  readonly updatedAt: number
  /** Counts changes, also of what its card shows besides it. */
  readonly version: number
}

const LIVE: ReadonlySet<TaskState> = new Set(['queued', 'running', 'waiting', 'needs-person'])

/** Whether something is still to be done about it. */
export const isLive = ({ state }: Pick<Task, 'state'>): boolean => LIVE.has(state)

/** Lower is more urgent: the order in which tasks are taken. */
export const rankOf = (priority: Priority): number => PRIORITIES.indexOf(priority)
