import { cancelTask, closeTask, retryTask } from '../services/agent/people.ts'
import type { AgentPorts } from '../services/agent/ports.ts'
import type { Task } from '../services/tasks/task.ts'
import type { TaskAct } from './commands/parse.ts'
import { TASK_STATE } from './views/agent-words.ts'

/** What operators do about a task, by a command or a button. */

const ACTS: Readonly<Record<TaskAct, (ports: AgentPorts, id: number, by: string, now: number) => Promise<Task | null>>> = {
  cancel: cancelTask,
  retry: retryTask,
  done: closeTask,
}

const DONE: Readonly<Record<TaskAct, string>> = {
  cancel: 'is cancelled. A session that worked on it has ended; what it did stays.',
  retry: 'is queued again.',
  done: 'is marked as done.',
}

const ONLY: Readonly<Record<TaskAct, string>> = {
  cancel: 'There is nothing left to cancel.',
  retry: 'Only a task that needs a person, or has failed, can be queued again.',
  done: 'Only a task that needs a person, or has failed, can be marked as done.',
}

/** Does it in the caller's transaction and gives what to say about it. */
export async function actOnTask(ports: AgentPorts, id: number, act: TaskAct, by: string, now: number): Promise<string> {
  const task = await ports.tasks.find(id)
  if (task === null) return `There is no task ${id}. \`/jada tasks\` lists them.`
  const next = await ACTS[act](ports, id, by, now)
  return next === null ? `Task ${id} is ${TASK_STATE[task.state]}. ${ONLY[act]}` : `Task ${id} ${DONE[act]}`
}
