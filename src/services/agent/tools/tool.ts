import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Task } from '../../tasks/task.ts'
import type { ModelTool } from '../../model/model.ts'
import type { Office } from '../../office/ports.ts'
import type { Field } from '../../sheets/charter.ts'
import type { Playbook } from '../playbook.ts'
import type { AgentPorts } from '../ports.ts'
import type { RequestField } from '../request.ts'
import type { Session } from '../session.ts'

/** What a tool may know of its session. */
export interface ToolContext {
  readonly session: Session
  readonly task: Task
  readonly playbook: Playbook
  /** The columns that no playbook sees unless it names them. */
  readonly privateFields: ReadonlySet<Field>
  readonly kinds: readonly string[]
  /** Null: there is no public address, so nobody could open a link. */
  readonly office: Office | null
  /** `<session>:<tool_use_id>`: the same for each attempt at one call. */
  readonly key: string
  readonly now: number
  /** The day it is in the office's zone, as an ISO date. */
  readonly today: string
}

/** What a call brought. Data is given to the model as JSON with its source; an error as plain text it can mend. */
export type ToolResult =
  | { readonly kind: 'data'; readonly source: string; readonly data: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'ask'; readonly question: string; readonly choices: readonly string[] }
  | { readonly kind: 'finish'; readonly outcome: 'done' | 'blocked'; readonly summary: string }

/** What an outside call brought. `unclear`: nobody knows whether it took effect. */
export type OutsideResult = Exclude<ToolResult, { kind: 'ask' | 'finish' }> | { readonly kind: 'unclear'; readonly where: string }

/**
 * How far the effect of a call goes. `read`: gives text that others wrote. `session`: is seen only where the session is seen.
 * `write`: goes beyond it, and needs a person's yes once the session has read text of others.
 */
export type Reach = 'read' | 'session' | 'write'

export interface Tool<Input = unknown> {
  readonly name: string
  readonly description: string
  readonly input: z.ZodType<Input>
  /** What the model is shown in place of the schema that `input` makes. */
  readonly inputSchema?: Readonly<Record<string, unknown>>
  /** Every call needs a person's yes, whatever the session has read. */
  readonly alwaysAsks?: boolean
  reach(input: Input): Reach
  /**
   * Why this call cannot be made at all, as the model is told; null: nothing stands in its way. Asked before a person is, and once more before
   * it is done.
   */
  readonly refuse?: (ports: AgentPorts, context: ToolContext, input: Input) => Promise<string | null>
  /** The call in words made by code, for the card that asks for a yes. */
  describe(input: Input): { readonly title: string; readonly fields: readonly RequestField[] }
  /** Inside our database: the effect and its record are one transaction. */
  readonly inside?: (ports: AgentPorts, context: ToolContext, input: Input) => Promise<ToolResult>
  /** Outside: between intent and record a crash leaves it unknown, unless the call can be made again with the same key. */
  readonly outside?: {
    readonly repeatable: boolean
    act(context: ToolContext, input: Input, signal: AbortSignal): Promise<OutsideResult>
  }
}

export function toModelTool(tool: Tool): ModelTool {
  if (tool.inputSchema !== undefined) return { name: tool.name, description: tool.description, inputSchema: tool.inputSchema }
  const { $schema: _, ...inputSchema } = z.toJSONSchema(tool.input, { io: 'input' }) as Record<string, unknown>
  return { name: tool.name, description: tool.description, inputSchema }
}

/** What a person says yes to: this tool with these arguments and no others. */
export function hashOf(name: string, input: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([name, input]))
    .digest('base64url')
}

/** The longest result the model is given, in characters. */
const LONGEST_RESULT = 20_000

/** Text of others enters a conversation only like this: as data, with its source. */
export function toResultText(source: string, data: unknown): string {
  const text = JSON.stringify({ source, data })
  if (text.length <= LONGEST_RESULT) return text
  // Written as JSON once more, quotation marks and the like take twice their room.
  for (let room = LONGEST_RESULT - 200; ; room = Math.floor(room * 0.8)) {
    const cut = JSON.stringify({ source, cut: `only the first ${room} characters are shown`, text: text.slice(0, room) })
    if (cut.length <= LONGEST_RESULT) return cut
  }
}
