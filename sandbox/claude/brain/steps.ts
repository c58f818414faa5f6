import { isFields } from '../request/fields.ts'
import type { Answer, Block } from '../types.ts'
import { charterInHand, idOf, listedCharters, nameOf } from './charters.ts'
import type { Talk, ToolCall } from './conversation.ts'
import { summaryOf } from './wording.ts'

/** One thing a model wants to have done. Undefined: it is done, or cannot be. */
export type Step = (talk: Talk) => Answer | undefined

export const words = (text: string): Answer => ({ content: [{ type: 'text', text }], stopReason: 'end_turn' })

const callBlock = (name: string, input: unknown): Block => ({ type: 'tool_use', name, input })

const isOffered = ({ tools, mayCall }: Talk, name: string): boolean => mayCall && tools.some((tool) => tool.name === name)

export const callsOf = ({ calls }: Talk, name: string): ToolCall[] => calls.filter((call) => call.name === name)

/** Whether the last call of one tool came after the last one of another. */
export const happenedAfter = ({ calls }: Talk, name: string, other: string): boolean =>
  calls.findLastIndex((call) => call.name === name) > calls.findLastIndex((call) => call.name === other)

const hasWorked = (talk: Talk, name: string): boolean => callsOf(talk, name).some(({ isError }) => !isError)

/** A call, with a few words before it. */
export function call(talk: Talk, name: string, input: Record<string, unknown>, say = ''): Answer | undefined {
  if (!isOffered(talk, name)) return undefined
  const content = [...(say === '' ? [] : [{ type: 'text', text: say }]), callBlock(name, input)]
  return { content, stopReason: 'tool_use' }
}

/** Calls once, and a second time when that was an error. */
const untilDone =
  (name: string, inputOf: (talk: Talk) => Record<string, unknown> | undefined, say = ''): Step =>
  (talk) => {
    if (hasWorked(talk, name) || callsOf(talk, name).length >= 2) return undefined
    const input = inputOf(talk)
    return input === undefined ? undefined : call(talk, name, input, say)
  }

export const note: Step = untilDone(
  'note_progress',
  ({ task }) => ({ text: `Working on: ${task?.title ?? 'the task'}` }),
  'I begin with the port sheet.',
)

export const list: Step = untilDone('list_charters', () => ({}))

export const read: Step = untilDone('read_charter', (talk) => {
  const [next] = listedCharters(talk) ?? []
  return next === undefined ? undefined : { id: idOf(next) }
})

/** Both at once, where the request allows it. */
export const noteAndList: Step = (talk) => {
  if (!talk.mayCallSeveral || !isOffered(talk, 'list_charters') || !isOffered(talk, 'note_progress')) return undefined
  if (callsOf(talk, 'list_charters').length > 0) return undefined
  const content = [
    { type: 'text', text: 'I note that I begin, and read the list.' },
    callBlock('note_progress', { text: `Working on: ${talk.task?.title ?? 'the task'}` }),
    callBlock('list_charters', {}),
  ]
  return { content, stopReason: 'tool_use' }
}

/** Asks a person once; whatever comes back is the answer. */
export const ask: Step = (talk) => {
  if (callsOf(talk, 'ask_operator').length > 0) return undefined
  const charter = charterInHand(talk)
  const about =
    charter === undefined ? 'The port sheet shows no charter' : `The agreement of ${nameOf(charter)} should be signed before it sails`
  return call(
    talk,
    'ask_operator',
    { question: `${about}. What shall be done first?`, choices: ['Remind the guest', 'Call the guest', 'Leave it for now'] },
    'This is for a person to decide.',
  )
}

/** Work for another session, or for a person. Not asked for twice: a no is a no. */
export const delegate =
  (who: 'agent' | 'person'): Step =>
  (talk) => {
    if (callsOf(talk, 'create_task').length > 0) return undefined
    const charter = charterInHand(talk)
    const which = charter === undefined ? 'the next charter' : idOf(charter)
    const title = who === 'agent' ? `Look over the papers of ${which}` : `Call the guest of ${which}`
    const details = `${charter === undefined ? 'No charter was found in the port sheet.' : nameOf(charter)} From the task "${talk.task?.title ?? ''}".`
    return call(talk, 'create_task', { for: who, ...kindFor(talk), title, details, priority: 'normal' })
  }

/** The kind of its own task, if the tool takes one. */
function kindFor({ tools, task }: Talk): { kind?: string } {
  const properties = tools.find(({ name }) => name === 'create_task')?.inputSchema['properties']
  const schema = isFields(properties) ? properties['kind'] : undefined
  if (!isFields(schema) || task?.kind === undefined) return {}
  const choices = schema['enum']
  return Array.isArray(choices) && !choices.includes(task.kind) ? {} : { kind: task.kind }
}

/** The end. A `finish` that was refused is tried once more, shorter. */
export function finishWith(talk: Talk, outcome: 'done' | 'blocked', summary: string): Answer {
  const tries = callsOf(talk, 'finish').length
  if (tries > 1 || hasWorked(talk, 'finish')) return words(summary)
  return call(talk, 'finish', { outcome, summary: tries === 0 ? summary : summary.slice(0, 200) }) ?? words(summary)
}

export const finish =
  (outcome: 'done' | 'blocked'): Step =>
  (talk) =>
    finishWith(talk, outcome, summaryOf(talk, outcome))
