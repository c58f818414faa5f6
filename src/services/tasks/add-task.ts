import { createHash } from 'node:crypto'
import { z } from 'zod'
import { BOT, type Actor } from '../audit/audit.ts'
import type { NewTask, TaskPorts } from './ports.ts'
import { PERSON, PRIORITIES, type Task, type TaskOrigin } from './task.ts'

/** The longest texts a task may carry, in characters. */
export const TITLE_LENGTH = 200
export const DETAILS_LENGTH = 8000

/** A day that there is: JavaScript takes 2026-02-31 for the 3rd of March. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

const oneLine = z.string({ error: 'must be text' }).transform((text) => text.trim().replace(/\s+/g, ' '))

const NUMBERS = 'must be numbers of tasks, such as 3, 5'

/** What a person or another system may say about a new task. Messages say what is wrong and what to do. */
export const taskWish = z.strictObject({
  kind: z.string({ error: 'is missing; name a kind of task' }),
  title: oneLine
    .refine((text) => text !== '', 'is empty; say in a few words what is to be done')
    .refine((text) => text.length <= TITLE_LENGTH, `is longer than ${TITLE_LENGTH} characters; put the rest into the details`),
  details: z.string({ error: 'must be text' }).max(DETAILS_LENGTH, `is longer than ${DETAILS_LENGTH} characters; shorten it`).default(''),
  priority: z.enum(PRIORITIES, { error: `must be one of ${PRIORITIES.join(', ')}` }).default('normal'),
  dueOn: z.string().refine(isDate, 'must be a date such as 2026-11-30').nullable().default(null),
  dependsOn: z.array(z.int(NUMBERS).positive(NUMBERS)).max(20, 'names more than 20 tasks').default([]),
  charterId: z.string().trim().min(1).max(100, 'is longer than the id of any charter').nullable().default(null),
})

export type TaskWish = z.output<typeof taskWish>

/** Problems of a wish, as `field: what is wrong`. */
export class WishError extends Error {
  readonly problems: readonly { readonly field: keyof TaskWish; readonly problem: string }[]

  constructor(problems: WishError['problems']) {
    super(problems.map(({ field, problem }) => `${field} ${problem}`).join('; '))
    this.problems = problems
  }
}

/** Reads a wish. Throws a WishError with every problem. */
export function readWish(input: unknown, kinds: readonly string[]): TaskWish {
  const parsed = taskWish.safeParse(input)
  const problems = (parsed.error?.issues ?? []).map((issue) => ({
    field: (issue.path[0] ?? (issue.code === 'unrecognized_keys' ? issue.keys[0] : 'kind')) as keyof TaskWish,
    problem: issue.code === 'unrecognized_keys' ? 'is not a field of a task' : issue.message,
  }))
  if (parsed.success && parsed.data.kind !== PERSON && !kinds.includes(parsed.data.kind)) {
    problems.push({ field: 'kind', problem: `is not known; there is ${[...kinds, PERSON].join(', ')}` })
  }
  if (!parsed.success || problems.length > 0) throw new WishError(problems)
  return parsed.data
}

export interface Adding {
  readonly origin: TaskOrigin
  readonly key?: string
  readonly parentId?: number
  readonly role?: 'followup'
}

const hashOf = (wish: TaskWish): string => createHash('sha256').update(JSON.stringify(wish)).digest('base64url')

export type Added =
  | { readonly kind: 'added' | 'known'; readonly task: Task }
  /** The key was used before, for something else. */
  | { readonly kind: 'conflict'; readonly task: Task }
  | { readonly kind: 'no-such-task'; readonly id: number }

/** A session is the bot, whatever its model wanted. */
const actorOf = ({ via, by }: TaskOrigin): Actor => by ?? (via === 'api' ? 'api' : BOT)

/** Adds a task once for its key, in the caller's transaction. A task for a person waits for one; every other is queued. */
export async function addTask({ tasks, audit }: TaskPorts, wish: TaskWish, adding: Adding, now: number): Promise<Added> {
  for (const id of wish.dependsOn) if ((await tasks.find(id)) === null) return { kind: 'no-such-task', id }
  const bodyHash = adding.key === undefined ? null : hashOf(wish)
  const task: NewTask = {
    ...wish,
    parentId: adding.parentId ?? null,
    role: adding.role ?? null,
    origin: adding.origin,
    state: wish.kind === PERSON ? 'needs-person' : 'queued',
    key: adding.key ?? null,
    bodyHash,
  }
  const result = await tasks.add(task, now)
  if (result.added) {
    const { origin, kind, id } = result.task
    await audit.add({ at: now, actor: actorOf(origin), act: 'task.add', subject: `task:${id}`, details: { kind, via: origin.via } })
    return { kind: 'added', task: result.task }
  }
  return { kind: result.bodyHash === bodyHash ? 'known' : 'conflict', task: result.task }
}
