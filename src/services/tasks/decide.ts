import { PERSON, type Task, type TaskState } from './task.ts'

/** What happens to a task. Only `cancel`, `retry` and `close` are a person's. */
export type TaskEvent =
  | { readonly do: 'start' }
  /** Its session waits for a person, or goes on. */
  | { readonly do: 'wait' }
  | { readonly do: 'go-on' }
  | { readonly do: 'finish'; readonly outcome: 'done' | 'blocked'; readonly summary: string }
  /** Its session reached a limit. */
  | { readonly do: 'run-out'; readonly summary: string }
  /** Its session ended without a result; a person must look. */
  | { readonly do: 'give-up'; readonly summary: string }
  /** `by` null: what it was about is called off. */
  | { readonly do: 'cancel'; readonly by: string | null }
  | { readonly do: 'retry'; readonly by: string }
  | { readonly do: 'close'; readonly by: string }

/** From which states an event is taken. In every other state it changes nothing. */
const FROM: Readonly<Record<TaskEvent['do'], readonly TaskState[]>> = {
  start: ['queued'],
  wait: ['running'],
  'go-on': ['waiting'],
  finish: ['running'],
  'run-out': ['running', 'waiting'],
  'give-up': ['running', 'waiting'],
  cancel: ['queued', 'running', 'waiting', 'needs-person'],
  retry: ['needs-person', 'failed'],
  close: ['needs-person', 'failed'],
}

/** A session that ran out is followed by one more; after that a person takes over. */
const MOST_RUN_OUTS = 2

/** The outcome of what was cancelled because the charter was, and by no person. */
export const CALLED_OFF = 'Cancelled: the charter does not sail.'

type Change = Partial<Pick<Task, 'state' | 'outcome' | 'ranOut'>>

function change(task: Task, event: TaskEvent): Change {
  switch (event.do) {
    case 'start':
    case 'go-on':
      return { state: 'running' }
    case 'wait':
      return { state: 'waiting' }
    case 'finish':
      return { state: event.outcome === 'done' ? 'done' : 'needs-person', outcome: event.summary }
    case 'run-out': {
      const ranOut = task.ranOut + 1
      return { state: ranOut < MOST_RUN_OUTS ? 'queued' : 'failed', ranOut, outcome: event.summary }
    }
    case 'give-up':
      return { state: 'needs-person', outcome: event.summary }
    case 'cancel':
      return { state: 'cancelled', outcome: event.by === null ? CALLED_OFF : `Cancelled by <@${event.by}>.` }
    case 'retry':
      return { state: 'queued', ranOut: 0, outcome: null }
    case 'close':
      return { state: 'done', outcome: `Closed by <@${event.by}>.` }
  }
}

/** The task after the event; null: in this state the event means nothing. */
export function decideTask(task: Task, event: TaskEvent, now: number): Task | null {
  if (!FROM[event.do].includes(task.state)) return null
  // No session would ever take it, and in the queue nobody could close it.
  if (event.do === 'retry' && task.kind === PERSON) return null
  return { ...task, ...change(task, event), updatedAt: now, version: task.version + 1 }
}
