import { contextOf, settingOf } from '../../src/services/agent/agent.ts'
import type { Session } from '../../src/services/agent/session.ts'
import type { Tool, ToolResult } from '../../src/services/agent/tools/tool.ts'
import type { Task } from '../../src/services/tasks/task.ts'
import { openDesk, START, type Desk, type DeskOptions } from './agent-desk.ts'
import { newSession } from './agent-samples.ts'

export interface Toolbox {
  readonly desk: Desk
  readonly tools: readonly Tool[]
  readonly task: Task
  readonly session: Session
  /** What a call brings; a sentence when its arguments do not fit. */
  use(name: string, input: unknown, toolUseId?: string): Promise<ToolResult | string>
  /** The data of a call that brings some. */
  data(name: string, input: unknown): Promise<Record<string, unknown>>
}

/** What is wrong with the arguments of a call, as the model is told; null: they fit. */
export function problemOf(tools: readonly Tool[], name: string, input: unknown): string | null {
  const parsed = tools.find((one) => one.name === name)?.input.safeParse(input)
  if (parsed === undefined) throw new Error(`no tool ${name}`)
  return parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') ?? null
}

/** The tools of a session on one task, called by hand. */
export async function openToolbox(options: DeskOptions & { readonly details?: string } = {}): Promise<Toolbox> {
  const desk = await openDesk(options)
  const task = await desk.add('Look at the charters', options.details === undefined ? {} : { details: options.details })
  const session = await desk.in(({ sessions }) => sessions.open(newSession(task.id, 1, { kind: 'general', startedAt: START }), 5))
  const setting = settingOf(desk.agent, session)
  if (setting === null) throw new Error('no playbook')
  const { tools } = setting
  let number = 0
  const use: Toolbox['use'] = async (name, input, toolUseId) => {
    const tool = tools.find((one) => one.name === name)
    if (tool?.inside === undefined) throw new Error(`no tool ${name}`)
    const problem = problemOf(tools, name, input)
    if (problem !== null) return problem
    const { inside, refuse } = tool
    const context = contextOf(desk.agent, setting, session, await desk.task(task.id), toolUseId ?? `toolu_${(number += 1)}`)
    return desk.in(async (ports) => {
      const refusal = (await refuse?.(ports, context, tool.input.parse(input))) ?? null
      return refusal === null ? inside(ports, context, tool.input.parse(input)) : { kind: 'error', message: refusal }
    })
  }
  return {
    desk,
    tools,
    task,
    session,
    use,
    data: async (name, input) => {
      const result = await use(name, input)
      if (typeof result === 'string' || result.kind !== 'data') throw new Error(`no data: ${JSON.stringify(result)}`)
      return result.data as Record<string, unknown>
    },
  }
}
