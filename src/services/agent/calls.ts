import type { ModelReply } from '../model/model.ts'
import { contextOf, type Agent, type Setting } from './agent.ts'
import { endSession } from './end.ts'
import type { ToolUse } from './plan.ts'
import type { AgentPorts } from './ports.ts'
import type { PersonRequest, RequestWhat } from './request.ts'
import type { Session } from './session.ts'
import { change, postRequest } from './tell.ts'
import { hashOf, toResultText, type OutsideResult, type Tool, type ToolContext, type ToolResult } from './tools/tool.ts'
import { ELSEWHERE, type ToolCall } from './tool-call.ts'
import type { Task } from '../tasks/task.ts'

/** Calls of tools, step by step. All of it belongs into transactions that checked the session's owner. */

export interface Desk {
  readonly agent: Agent
  readonly ports: AgentPorts
  readonly setting: Setting
  readonly session: Session
  readonly task: Task
  readonly now: number
}

/** What is left to do after the transaction: nothing, a call to the outside, or nothing ever again. */
export type Began =
  | { readonly kind: 'again' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'outside'; readonly call: ToolCall; readonly act: (signal: AbortSignal) => Promise<OutsideResult> }

const AGAIN: Began = { kind: 'again' }

/** How long a person has to answer. */
const PATIENCE_MS = 24 * 3_600_000

const contextFor = ({ agent, setting, session, task }: Desk, toolUseId: string): ToolContext =>
  contextOf(agent, setting, session, task, toolUseId)

function newCall({ session, now }: Desk, use: ToolUse, argumentsHash: string): ToolCall {
  const nothing = { state: 'intent' as const, requestId: null, result: null, isError: false }
  return { sessionId: session.id, toolUseId: use.id, name: use.name, input: use.input, argumentsHash, ...nothing, at: now }
}

async function fail({ ports }: Desk, call: ToolCall, message: string): Promise<Began> {
  await ports.sessions.saveCall({ ...call, state: 'done', result: message, isError: true })
  return AGAIN
}

/** Asks a person about a call. Approvals and questions expire; whether something took effect stays to be settled. */
async function ask({ ports, session, now }: Desk, call: ToolCall, what: RequestWhat): Promise<Began> {
  const { toolUseId, argumentsHash } = call
  const expiresAt = what.type === 'settle' ? null : now + PATIENCE_MS
  const request = await ports.requests.add({ sessionId: session.id, toolUseId, what, argumentsHash, askedAt: now, expiresAt })
  await ports.sessions.saveCall({ ...call, state: what.type === 'settle' ? 'unknown' : 'asked', requestId: request.id })
  await postRequest(ports, request, now)
  return AGAIN
}

async function record(desk: Desk, call: ToolCall, result: ToolResult): Promise<Began> {
  const { ports, session, now } = desk
  switch (result.kind) {
    case 'error':
      return fail(desk, call, result.message)
    case 'ask':
      return ask(desk, call, { type: 'question', question: result.question, choices: result.choices })
    case 'finish':
      await ports.sessions.saveCall({ ...call, state: 'done', result: 'finished', isError: false })
      await endSession(ports, session, { how: 'finished', outcome: result.outcome, summary: result.summary }, now)
      return { kind: 'ended' }
    case 'data': {
      await ports.sessions.saveCall({ ...call, state: 'done', result: toResultText(result.source, result.data), isError: false })
      if (!session.tainted) await change(ports, session, { tainted: true }, now)
      return AGAIN
    }
  }
}

async function perform(desk: Desk, call: ToolCall, tool: Tool, input: unknown): Promise<Began> {
  const context = contextFor(desk, call.toolUseId)
  if (tool.inside !== undefined) return record(desk, call, await tool.inside(desk.ports, context, input))
  const { outside } = tool
  if (outside === undefined) return fail(desk, call, 'This tool cannot be used.')
  const intent: ToolCall = { ...call, state: 'intent' }
  await desk.ports.sessions.saveCall(intent)
  return { kind: 'outside', call: intent, act: (signal) => outside.act(context, input, signal) }
}

/** Names and values of the model stand in problems, and it reads them again: as much as helps, and no more. */
const LONGEST_PROBLEM = 2000

/** The tool and its checked arguments; a sentence for the model when there are none. */
function read({ setting }: Desk, name: string, input: unknown): { tool: Tool; input: unknown } | string {
  const tool = setting.tools.find((one) => one.name === name)
  if (tool === undefined) return `There is no tool ${name.slice(0, 64)}. You have ${setting.tools.map((one) => one.name).join(', ')}.`
  const parsed = tool.input.safeParse(input)
  if (parsed.success) return { tool, input: parsed.data }
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the arguments'}: ${message}`)
  return `These arguments do not fit: ${problems.join('; ').slice(0, LONGEST_PROBLEM)}. Correct them and call again.`
}

const refusalOf = async (desk: Desk, call: ToolCall, tool: Tool, input: unknown): Promise<string | null> =>
  (await tool.refuse?.(desk.ports, contextFor(desk, call.toolUseId), input)) ?? null

/** A call that nobody has looked at yet: checked, allowed or asked about, then done. */
export async function beginCall(desk: Desk, use: ToolUse): Promise<Began> {
  const found = read(desk, use.name, use.input)
  if (typeof found === 'string') {
    await desk.ports.sessions.addNote(desk.session.id, { type: 'bad-input', tool: use.name.slice(0, 64), problem: found }, desk.now)
    return fail(desk, newCall(desk, use, ''), found)
  }
  const { tool, input } = found
  const call = newCall(desk, use, hashOf(tool.name, input))
  const refusal = await refusalOf(desk, call, tool, input)
  if (refusal !== null) return fail(desk, call, refusal)
  const needsYes =
    tool.alwaysAsks === true ||
    desk.setting.playbook.approval.some((name) => name === tool.name) ||
    (tool.reach(input) === 'write' && desk.session.tainted)
  if (!needsYes) return perform(desk, call, tool, input)
  const { title, fields } = tool.describe(input)
  const { charterId } = desk.task
  // Who says yes must see what it is about; the model cannot choose that.
  const about = charterId === null ? [] : [{ label: 'Charter', value: charterId }]
  return ask(desk, call, { type: 'approval', tool: tool.name, title, fields: [...about, ...fields] })
}

/** A call to the outside that was under way when somebody died. */
export async function resumeCall(desk: Desk, call: ToolCall): Promise<Began> {
  const found = read(desk, call.name, call.input)
  if (typeof found === 'string') return fail(desk, call, found)
  const { tool, input } = found
  if (tool.inside !== undefined || tool.outside?.repeatable === true) return perform(desk, call, tool, input)
  return unclear(desk, call, tool, input, ELSEWHERE)
}

function unclear(desk: Desk, call: ToolCall, tool: Tool, input: unknown, where: string): Promise<Began> {
  return ask(desk, call, { type: 'settle', tool: tool.name, ...tool.describe(input), where })
}

/** What a call to the outside brought. */
export async function recordOutside(desk: Desk, call: ToolCall, result: OutsideResult): Promise<Began> {
  if (result.kind !== 'unclear') return record(desk, call, result)
  const found = read(desk, call.name, call.input)
  if (typeof found === 'string') return fail(desk, call, found)
  return unclear(desk, call, found.tool, found.input, result.where)
}

const REFUSALS: Readonly<Partial<Record<PersonRequest['state'], string>>> = {
  rejected: 'A person rejected this call; it was not made. Go on without it, or finish as blocked.',
  expired: 'Nobody answered within 24 hours, so this was not done. Go on without it, or finish as blocked.',
  withdrawn: 'This was withdrawn and not done.',
  'not-happened': 'This call was interrupted. A person looked: it took no effect.',
}

/** A call about which a person has decided. What was said yes to is what is done: the arguments are compared once more. */
export async function decidedCall(desk: Desk, call: ToolCall, request: PersonRequest): Promise<Began> {
  const { ports, session, now } = desk
  const refusal = REFUSALS[request.state]
  if (refusal !== undefined) return fail(desk, call, refusal)
  if (request.state === 'happened') {
    return record(desk, call, { kind: 'data', source: 'a person who looked', data: 'This call was interrupted, but it took effect.' })
  }
  if (request.state === 'answered') {
    if (!session.tainted) await change(ports, session, { tainted: true }, now)
    const result = toResultText('the operator, in the thread', { answer: request.answer })
    await ports.sessions.saveCall({ ...call, state: 'done', result, isError: false })
    return AGAIN
  }
  const found = read(desk, call.name, call.input)
  if (typeof found === 'string') return fail(desk, call, found)
  if (hashOf(found.tool.name, found.input) !== request.argumentsHash) {
    return fail(desk, call, 'The arguments are not the ones that were approved; the call was not made.')
  }
  // What could be done when a person was asked may be out of the question by now.
  const late = await refusalOf(desk, call, found.tool, found.input)
  return late === null ? perform(desk, call, found.tool, found.input) : fail(desk, call, late)
}

/** What a reply is about, for the card. */
export function stepOf(reply: ModelReply): string {
  const names = reply.content.flatMap((block) => (block.type === 'tool_use' ? block.name.replaceAll('_', ' ') : []))
  return names.length === 0 ? 'writing' : names.slice(0, 3).join(', ')
}
