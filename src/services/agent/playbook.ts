import { parse } from 'yaml'
import { z } from 'zod'
import { JadaError } from '../../errors.ts'
import { FIELDS, type Field } from '../sheets/charter.ts'
import { PERSON } from '../tasks/task.ts'
import { OPTIONAL_TOOLS, type ToolName } from './tools/names.ts'

/** How one kind of task is worked: what a file `playbooks/<kind>.md` says. Money is millionths of a dollar. */
export interface Playbook {
  readonly kind: string
  readonly title: string
  readonly model: string
  readonly maxTurns: number
  /** All tokens of a session, read and written, cached or not. */
  readonly maxTokens: number
  readonly maxCost: number
  /** The longest reply, in tokens. */
  readonly replyTokens: number
  /** Tools beyond those that every session has. */
  readonly tools: readonly ToolName[]
  /** Tools whose every call needs a person's yes. */
  readonly approval: readonly ToolName[]
  /** Tools of MCP servers it may use, by the name of the server in `mcp.json`. Only named tools are offered. */
  readonly mcp: Readonly<Record<string, McpGrant>>
  /** Whether other systems may add such a task. */
  readonly api: boolean
  /** Private columns of the port sheet that the model may see. */
  readonly privateColumns: readonly Field[]
  readonly instructions: string
}

/** `read`: only gives text, and needs no yes. `write`: every call needs one. */
export interface McpGrant {
  readonly read: readonly string[]
  readonly write: readonly string[]
}

const tool = z.enum(OPTIONAL_TOOLS, { error: `is not a tool; there is ${OPTIONAL_TOOLS.join(', ')}` })
const whole = (from: number, to: number) =>
  z
    .int({ error: `must be a whole number from ${from} to ${to}` })
    .min(from, `must be at least ${from}`)
    .max(to, `must be at most ${to}`)

const toolNames = z.array(z.string().min(1, 'is empty').max(128, 'is longer than 128 characters'), {
  error: 'must be a list of names of tools',
})

const frontMatter = z.strictObject(
  {
    title: z.string({ error: 'is missing; say what this kind of task is' }).min(1, 'is empty'),
    model: z.string({ error: 'is missing; name a model that prices.yml has' }),
    turns: whole(2, 30).default(30),
    tokens: whole(10_000, 5_000_000).default(400_000),
    dollars: z.number({ error: 'must be dollars, such as 0.50' }).positive('must be more than 0').max(50, 'must be at most 50'),
    replyTokens: whole(500, 16_000).default(4000),
    tools: z.array(tool, { error: 'must be a list of tools' }).default([]),
    approval: z.array(tool, { error: 'must be a list of tools' }).default([]),
    mcp: z
      .record(z.string(), z.strictObject({ read: toolNames.default([]), write: toolNames.default([]) }), {
        error: 'must name servers of mcp.json, each with its tools under `read` and `write`',
      })
      .default({}),
    api: z.boolean({ error: 'must be true or false' }).default(false),
    privateColumns: z
      .array(z.enum(FIELDS, { error: `is not a column; there is ${FIELDS.join(', ')}` }), { error: 'must be a list of columns' })
      .default([]),
  },
  { error: 'must be settings, one a line, such as title: Office task' },
)

/** The name of a kind: what people type and the file is called. */
const KIND = /^[a-z][a-z0-9-]{1,30}$/

function split(text: string): { head: string; body: string } | null {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text)
  return match === null ? null : { head: match[1] ?? '', body: (match[2] ?? '').trim() }
}

/** What `prices.yml` and `mcp.json` know, which playbooks may name. */
export interface Known {
  readonly models: readonly string[]
  readonly servers: readonly string[]
}

function mcpProblems(file: string, mcp: Playbook['mcp'], servers: readonly string[]): string[] {
  const there = servers.length === 0 ? 'there is no mcp.json, or it names none' : `it has ${servers.join(', ')}`
  return Object.entries(mcp).flatMap(([server, { read, write }]) => {
    const where = `${file}: mcp.${server}`
    if (!servers.includes(server)) return [`${where}: mcp.json has no server of this name; ${there}`]
    const all = [...read, ...write]
    if (all.length === 0) return [`${where}: names no tool; list tools under read or write`]
    const twice = [...new Set(all.filter((name, index) => all.indexOf(name) !== index))]
    return twice.length === 0 ? [] : [`${where}: ${twice.join(', ')} is named twice; a tool is either read or write`]
  })
}

/** Reads one playbook. Gives its problems as lines that name the file. */
function read(kind: string, text: string, { models, servers }: Known): Playbook | string[] {
  const file = `playbooks/${kind}.md`
  if (!KIND.test(kind) || kind === PERSON) return [`${file}: call it with small letters, digits and hyphens, and not ${PERSON}`]
  const parts = split(text)
  if (parts === null) return [`${file}: must begin with settings between two lines of ---, then the instructions`]
  let raw: unknown
  try {
    raw = parse(parts.head) ?? {}
  } catch (error) {
    return [`${file}: its settings are not valid YAML: ${error instanceof Error ? error.message : 'unreadable'}`]
  }
  const parsed = frontMatter.safeParse(raw)
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => {
      const where = issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue.path.join('.') || 'its settings'
      return `${file}: ${where}: ${issue.code === 'unrecognized_keys' ? 'is not a setting of a playbook' : issue.message}`
    })
  }
  const { turns, tokens, dollars, ...rest } = parsed.data
  const problems: string[] = []
  if (!models.includes(rest.model)) problems.push(`${file}: model: prices.yml has no price for ${rest.model}; it has ${models.join(', ')}`)
  if (parts.body === '') problems.push(`${file}: has no instructions below its settings`)
  const unused = rest.approval.filter((name) => !rest.tools.includes(name))
  if (unused.length > 0) problems.push(`${file}: approval: ${unused.join(', ')} is not among its tools`)
  problems.push(...mcpProblems(file, rest.mcp, servers))
  if (problems.length > 0) return problems
  return { kind, ...rest, maxTurns: turns, maxTokens: tokens, maxCost: Math.round(dollars * 1e6), instructions: parts.body }
}

/** Reads all playbooks. Throws JadaError `config-file` with every problem of every file. */
export function parsePlaybooks(files: Readonly<Record<string, string>>, known: Known): readonly Playbook[] {
  const playbooks: Playbook[] = []
  const problems: string[] = []
  for (const [kind, text] of Object.entries(files)) {
    const playbook = read(kind, text, known)
    if (Array.isArray(playbook)) problems.push(...playbook)
    else playbooks.push(playbook)
  }
  if (problems.length > 0) throw new JadaError('config-file', problems.join('\n'))
  return playbooks
}
