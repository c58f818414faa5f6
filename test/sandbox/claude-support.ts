import Anthropic from '@anthropic-ai/sdk'

import { createClaude } from '../../sandbox/claude/claude.ts'
import type { Claude, ClaudeOptions } from '../../sandbox/claude/claude.ts'

export const KEY = 'sk-ant-test'
export const MODEL = 'claude-haiku-5-5'

export interface Stage {
  claude: Claude
  client: Anthropic
  url: string
}

export async function startClaude(options: Partial<ClaudeOptions> = {}): Promise<Stage> {
  const claude = createClaude({ apiKey: KEY, ...options })
  const { url } = await claude.start()
  return { claude, url, client: new Anthropic({ apiKey: KEY, baseURL: url, maxRetries: 0, timeout: 5000 }) }
}

type Json = Record<string, unknown>

const schema = (properties: Json = {}, required: string[] = []): Anthropic.Tool.InputSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const text = { type: 'string' }

/** The tools of the bot's sessions. */
export const TOOLS: Anthropic.Tool[] = [
  { name: 'read_task', description: 'The task of this session.', input_schema: schema() },
  { name: 'list_charters', description: 'Charters of the port sheet.', input_schema: schema({ from: text, to: text }) },
  { name: 'read_charter', description: 'One charter.', input_schema: schema({ id: text }, ['id']) },
  {
    name: 'create_task',
    description: 'Leaves work for later.',
    input_schema: schema(
      {
        for: { type: 'string', enum: ['person', 'agent'] },
        kind: { type: 'string', enum: ['general'] },
        title: text,
        details: text,
        priority: { type: 'string', enum: ['low', 'normal', 'high'] },
      },
      ['for', 'title'],
    ),
  },
  { name: 'note_progress', description: 'Shows what is being done.', input_schema: schema({ text }, ['text']) },
  {
    name: 'ask_operator',
    description: 'Asks a person.',
    input_schema: schema({ question: text, choices: { type: 'array', items: text } }, ['question']),
  },
  {
    name: 'finish',
    description: 'Ends the session.',
    input_schema: schema({ outcome: { type: 'string', enum: ['done', 'blocked'] }, summary: text }, ['outcome', 'summary']),
  },
]

const data = (source: string, value: unknown): string => JSON.stringify({ source, data: value })

const CHARTERS = [
  {
    id: 'JC-1101',
    date: '2026-11-04',
    vessel: 'Marisol',
    client: 'Tess Sampleton',
    captain: 'Capt. Ana Tradewind',
    agreement: 'sent',
    status: 'booked',
  },
  {
    id: 'JC-1102',
    date: '2026-11-06',
    vessel: 'Kestrel',
    client: 'Otto Placeholder',
    captain: null,
    agreement: 'signed',
    status: 'confirmed',
  },
  {
    id: 'JC-1103',
    date: '2026-11-09',
    vessel: 'Second Wind',
    client: 'Ivy Testerman',
    captain: null,
    agreement: 'pending',
    status: 'cancelled',
  },
]

export function opening(title: string): Anthropic.MessageParam[] {
  const task = { id: 7, kind: 'general', title, details: '', priority: 'normal', due: null }
  return [
    { role: 'user', content: 'Work on the task.' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_read_task', name: 'read_task', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_read_task', content: data('task queue', task) }] },
  ]
}

export const requestOf = (messages: Anthropic.MessageParam[]): Anthropic.MessageCreateParamsNonStreaming => ({
  model: MODEL,
  max_tokens: 2000,
  system: 'You work for a charter business.',
  tools: TOOLS,
  messages,
})

type Result = string | { error: string }
export type Tools = Partial<Record<string, (input: Json) => Result>>

const WORKING: Tools = {
  list_charters: () => data('port sheet', { charters: CHARTERS }),
  read_charter: ({ id }) => {
    const found = CHARTERS.find((one) => one.id === id)
    return found === undefined ? { error: 'Give the id of a charter.' } : data('port sheet', found)
  },
  create_task: () => data('task queue', { id: 8 }),
  note_progress: () => data('session', 'noted'),
  ask_operator: () => data('operator', { answer: 'Remind the guest', by: 'U0MARA' }),
  finish: () => data('session', 'ended'),
}

export interface Session {
  /** The name of each call, or the stop reason of a reply without one. */
  story: string[]
  finished: Json | undefined
  replies: Anthropic.Message[]
  messages: Anthropic.MessageParam[]
}

/** A little agent: sends, runs the tools, sends the results, until `finish` or the last turn. */
export async function runSession({ client }: Stage, title: string, tools: Tools = {}, maxTurns = 15): Promise<Session> {
  const working = { ...WORKING, ...tools }
  const session: Session = { story: [], finished: undefined, replies: [], messages: opening(title) }
  while (session.replies.length < maxTurns && session.finished === undefined) {
    const reply = await client.messages.create(requestOf(session.messages))
    session.replies.push(reply)
    if (reply.content.length === 0) return Object.assign(session, { story: [...session.story, reply.stop_reason ?? ''] })
    session.messages.push({ role: 'assistant', content: reply.content as Anthropic.ContentBlockParam[] })
    const calls = reply.content.filter((block) => block.type === 'tool_use')
    session.story.push(
      calls.length === 0 || reply.stop_reason !== 'tool_use' ? String(reply.stop_reason) : calls.map(({ name }) => name).join('+'),
    )
    if (calls.length > 0) session.messages.push({ role: 'user', content: calls.map((call) => resultOf(call, reply, working, session)) })
    else if (reply.stop_reason !== 'pause_turn') session.messages.push({ role: 'user', content: 'Call finish when you are done.' })
  }
  return session
}

function resultOf(call: Anthropic.ToolUseBlock, reply: Anthropic.Message, tools: Tools, session: Session): Anthropic.ToolResultBlockParam {
  const input = call.input as Json
  const isCut = reply.stop_reason === 'max_tokens'
  const result: Result = isCut ? { error: 'The call was cut and not run.' } : (tools[call.name]?.(input) ?? { error: 'no such tool' })
  if (call.name === 'finish' && typeof result === 'string') session.finished = input
  const block = { type: 'tool_result' as const, tool_use_id: call.id }
  return typeof result === 'string' ? { ...block, content: result } : { ...block, content: result.error, is_error: true }
}
