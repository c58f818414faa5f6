import { isFields } from '../request/fields.ts'
import type { Fields } from '../request/fields.ts'
import type { Block, MessagesRequest, OfferedTool } from '../types.ts'

/** One call of a tool, with what came of it. */
export interface ToolCall {
  name: string
  input: unknown
  isError: boolean
  /** The result as text. */
  text: string
  /** What the result holds, when it is JSON with `data`. */
  data: unknown
}

export interface TaskSeen {
  title: string
  details: string
  kind: string | undefined
  /** The id of the charter that it is about. */
  charter: string | undefined
}

/** What the model makes of a conversation: nothing is remembered besides. */
export interface Talk {
  task: TaskSeen | undefined
  calls: ToolCall[]
  /** Its own replies that called nothing. */
  wordsOnly: number
  tools: readonly OfferedTool[]
  mayCall: boolean
  mayCallSeveral: boolean
}

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return Array.isArray(content) ? content.map((block: Block) => stringOf(block['text'])).join('\n') : ''
}

function dataOf(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text)
    return isFields(parsed) && 'data' in parsed ? parsed['data'] : parsed
  } catch {
    return undefined
  }
}

function callsOf({ turns }: MessagesRequest): ToolCall[] {
  const blocks = turns.flatMap(({ content }) => content)
  const results = new Map(blocks.filter(({ type }) => type === 'tool_result').map((block) => [block['tool_use_id'], block]))
  return blocks
    .filter(({ type }) => type === 'tool_use')
    .map(({ id, name, input }) => {
      const result = results.get(id)
      const text = textOf(result?.['content'])
      return { name: String(name), input, isError: result?.['is_error'] === true, text, data: dataOf(text) }
    })
}

function taskOf(calls: readonly ToolCall[]): TaskSeen | undefined {
  const data = calls.find(({ name, isError }) => name === 'read_task' && !isError)?.data
  if (!isFields(data)) return undefined
  const task: Fields = isFields(data['task']) ? data['task'] : data
  const orNone = (name: string): string | undefined => stringOf(task[name]) || undefined
  return { title: stringOf(task['title']), details: stringOf(task['details']), kind: orNone('kind'), charter: orNone('charter') }
}

export function readTalk(request: MessagesRequest): Talk {
  const calls = callsOf(request)
  const replies = request.turns.filter(({ role }) => role === 'assistant')
  return {
    task: taskOf(calls),
    calls,
    wordsOnly: replies.filter(({ content }) => content.every(({ type }) => type !== 'tool_use')).length,
    tools: request.tools,
    mayCall: request.toolChoice.type !== 'none',
    mayCallSeveral: request.toolChoice.disable_parallel_tool_use !== true,
  }
}
