import { z } from 'zod'
import type { McpGrant } from '../agent/playbook.ts'
import type { RequestField } from '../agent/request.ts'
import type { OutsideResult, Tool } from '../agent/tools/tool.ts'
import type { Called } from './connection.ts'
import { shownDescription, type Offered } from './definition.ts'

type Input = Readonly<Record<string, unknown>>

export type Mode = 'read' | 'write' | 'gone'

/** What a playbook says about a tool now; a session keeps its list, and `gone` tools of it fail. */
export function modeOf(grant: McpGrant | undefined, tool: string): Mode {
  if (grant?.write.includes(tool) === true) return 'write'
  return grant?.read.includes(tool) === true ? 'read' : 'gone'
}

/** Patterns come from the server and could be made to run for ever on our side; the server checks them itself. */
function withoutPatterns(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutPatterns)
  if (typeof schema !== 'object' || schema === null) return schema
  const kept = Object.entries(schema).filter(
    ([key, inner]) => !(key === 'pattern' && typeof inner === 'string') && key !== 'patternProperties',
  )
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutPatterns(inner)]))
}

/** Checks arguments by the server's schema where that can be read, and hands them on exactly as they came. */
function toInput(inputSchema: Input): z.ZodType<Input> {
  const anyObject = z.record(z.string(), z.unknown())
  let checked: z.ZodType
  try {
    checked = z.fromJSONSchema(withoutPatterns(inputSchema) as Parameters<typeof z.fromJSONSchema>[0])
  } catch {
    return anyObject
  }
  return anyObject.superRefine((value, context) => {
    for (const { path, message } of checked.safeParse(value).error?.issues ?? [])
      context.addIssue({ code: 'custom', path: [...path], message })
  })
}

const LONGEST_VALUE = 3000
const MOST_FIELDS = 20

function toField(label: string, value: unknown): RequestField {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 1) ?? String(value))
  const left = text.length - LONGEST_VALUE
  return { label: label.slice(0, 60), value: left > 0 ? `${text.slice(0, LONGEST_VALUE)}\n… and ${left} more characters` : text }
}

/** The arguments one by one; what does not fit is said to be left out. */
function toFields(input: Input): RequestField[] {
  const entries = Object.entries(input)
  const rest = entries.slice(MOST_FIELDS)
  const fields = entries.slice(0, MOST_FIELDS).map(([name, value]) => toField(name, value))
  return rest.length === 0 ? fields : [...fields, toField('Further arguments', Object.fromEntries(rest))]
}

function toResult({ server, name }: Offered, mode: Mode, called: Called): OutsideResult {
  switch (called.kind) {
    case 'answered':
      return {
        kind: 'data',
        source: `MCP server ${server}`,
        data: called.failed ? { failed: true, output: called.text } : { output: called.text },
      }
    case 'not-made':
      return { kind: 'error', message: `This call was not made: the MCP server ${server} cannot be used now (${called.reason}).` }
    case 'cut': {
      if (mode === 'write') return { kind: 'unclear', where: `the system behind the MCP server ${server}, for what its tool ${name} does` }
      return { kind: 'error', message: `The MCP server ${server} gave no answer (${called.reason}). Call again, or go on without it.` }
    }
  }
}

/** How a tool is called when nothing stands in the way; `problem` says what does. */
export type Use = (sessionId: number, tool: Offered, input: Input, signal: AbortSignal) => Promise<Called | { readonly problem: string }>

/** A tool of a server as a tool of ours. */
export function toTool(offered: Offered, mode: Mode, use: Use): Tool {
  const { server, name, offeredAs } = offered
  const act = async (sessionId: number, input: Input, signal: AbortSignal): Promise<OutsideResult> => {
    if (mode === 'gone') return { kind: 'error', message: `The playbook does not allow the tool ${offeredAs} any more.` }
    const called = await use(sessionId, offered, input, signal)
    return 'problem' in called ? { kind: 'error', message: called.problem } : toResult(offered, mode, called)
  }
  const tool: Tool<Input> = {
    name: offeredAs,
    description: shownDescription(offered.description),
    input: toInput(offered.inputSchema),
    inputSchema: Object.fromEntries(Object.entries(offered.inputSchema).filter(([key]) => key !== '$schema')),
    alwaysAsks: mode === 'write',
    // What is gone does nothing: asking a person about it would be in vain.
    reach: () => (mode === 'write' ? 'write' : 'read'),
    describe: (input) => ({ title: `Use the tool ${name} of the MCP server ${server}`, fields: toFields(input) }),
    // Whoever says in a playbook that a tool only reads also says that it can be asked twice.
    outside: { repeatable: mode !== 'write', act: ({ session }, input, signal) => act(session.id, input, signal) },
  }
  return tool as Tool
}
