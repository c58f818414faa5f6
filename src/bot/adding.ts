import type { AgentPorts } from '../services/agent/ports.ts'
import { addTask, readWish, WishError, type Added, type Adding, type TaskWish } from '../services/tasks/add-task.ts'
import type { InboxPorts } from '../services/work/inbox.ts'
import type { BotDeps } from './deps.ts'

/** Adding a task from Slack or over HTTP. */

type AddPorts = Pick<AgentPorts, 'tasks' | 'work' | 'audit'>

/** Adds it and has the queue looked at, in the caller's transaction. */
export async function addAndPoll(ports: AddPorts, wish: TaskWish, adding: Adding, now: number): Promise<Added> {
  const added = await addTask(ports, wish, adding, now)
  if (added.kind === 'added' && added.task.state === 'queued') {
    await ports.work.demand({
      job: 'agent-poll',
      subject: '',
      dueAt: now,
      reason: adding.origin.by === null ? 'due' : 'operator',
      by: adding.origin.by,
    })
  }
  return added
}

export type Read =
  | { readonly kind: 'wish'; readonly wish: TaskWish }
  | { readonly kind: 'problems'; readonly problems: WishError['problems'] }

/** Reads a wish; problems are returned, because people make them. */
export function tryReadWish(input: unknown, kinds: BotDeps['agent']['kinds']): Read {
  try {
    return {
      kind: 'wish',
      wish: readWish(
        input,
        kinds.map(({ kind }) => kind),
      ),
    }
  } catch (error) {
    if (error instanceof WishError) return { kind: 'problems', problems: error.problems }
    throw error
  }
}

/** Adds a task that an operator asked for by a command or modal. Null: this very command was handled before. */
export async function addFromSlack(
  deps: BotDeps,
  wish: TaskWish,
  asked: { readonly user: string; readonly key: string; readonly triggerId?: string },
): Promise<Added | null> {
  const now = deps.clock.now()
  const added = await deps.uow.run(async (ports: AddPorts & InboxPorts) => {
    if (asked.triggerId !== undefined && !(await ports.inbox.claimAct(asked.triggerId, now))) return null
    return addAndPoll(ports, wish, { origin: { via: 'slack', by: asked.user }, key: asked.key }, now)
  })
  deps.wake()
  return added
}
