import { resolve } from 'node:path'
import { z } from 'zod'
import { JadaError } from '../../errors.ts'
import { Secret } from '../../secret.ts'
import type { Variables } from '../../variables.ts'
import type { Server } from './server.ts'

export interface Around {
  /** The bot's environment. */
  readonly variables: Variables
  /** Where `mcp.json` lies: paths in it are relative to that. */
  readonly folder: string
}

const NAME = /^[a-z][a-z0-9-]{0,29}$/

const words = z.record(z.string(), z.string({ error: 'must be text' }), { error: 'must be an object of texts' })
const plain = (what: string) =>
  z
    .string({ error: `is missing; give ${what}` })
    .min(1, 'is empty')
    .refine((text) => !text.includes('${'), 'takes no ${NAME}: only env and headers do, so that no secret is seen in a list of processes')

const stdio = z.strictObject({
  type: z.literal('stdio').optional(),
  command: plain('the program to start'),
  args: z.array(plain('text'), { error: 'must be a list of texts' }).default([]),
  env: words.default({}),
  cwd: plain('a folder').optional(),
})

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

const http = z.strictObject({
  type: z.literal('http', { error: 'must be "http"; the older "sse" is not supported' }).optional(),
  url: plain('an https:// address').superRefine((text, context) => {
    const url = URL.parse(text)
    if (url === null || !/^https?:$/.test(url.protocol)) context.addIssue({ code: 'custom', message: 'is no https:// address' })
    else if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname))
      context.addIssue({
        code: 'custom',
        message: 'must begin with https://; without encryption only servers on this machine are spoken to',
      })
    else if (url.username !== '' || url.password !== '')
      context.addIssue({ code: 'custom', message: 'holds a name or password; put that into headers, as ${NAME}' })
  }),
  headers: words.default({}),
})

const file = z.strictObject({ mcpServers: z.record(z.string(), z.record(z.string(), z.unknown(), { error: 'must be an object' })) })

type Issue = z.core.$ZodIssue

function lines(where: string, issues: readonly Issue[]): string[] {
  return issues.map((issue) => {
    const path = [where, ...issue.path.map(String)].filter((part) => part !== '').join('.')
    if (issue.code !== 'unrecognized_keys') return `${path === '' ? 'the file' : path}: ${issue.message}`
    return `${path === '' ? 'the file' : path}: ${issue.keys.join(', ')} is no setting here`
  })
}

interface Filled {
  readonly values: Readonly<Record<string, Secret>>
  readonly hidden: readonly Secret[]
}

/** Puts in variables of the bot's environment for `${NAME}`, so that no secret stands in the file. */
function fill(where: string, texts: Readonly<Record<string, string>>, variables: Variables, problems: string[]): Filled {
  const hidden: Secret[] = []
  const values = Object.entries(texts).map(([key, text]) => {
    const filled = text.replaceAll(/\$\{([^}]*)\}/g, (_whole, name: string) => {
      const value = /^[A-Za-z_]\w*$/.test(name) ? variables.get(name) : undefined
      if (value === undefined) problems.push(`${where}.${key}: the bot's environment has no ${name}; set it there, for example in .env`)
      else hidden.push(new Secret(value))
      return value ?? ''
    })
    return [key, new Secret(filled)] as const
  })
  return { values: Object.fromEntries(values), hidden }
}

function readServer(name: string, raw: Readonly<Record<string, unknown>>, around: Around, problems: string[]): Server | null {
  const where = `mcpServers.${name}`
  if (!NAME.test(name)) problems.push(`${where}: call it with small letters, digits and hyphens, beginning with a letter, at most 30`)
  if ('url' in raw || (raw['type'] !== undefined && raw['type'] !== 'stdio')) {
    const parsed = http.safeParse(raw)
    if (!parsed.success) {
      problems.push(...lines(where, parsed.error.issues))
      return null
    }
    const { values, hidden } = fill(`${where}.headers`, parsed.data.headers, around.variables, problems)
    return { name, transport: 'http', url: parsed.data.url, headers: values, hidden }
  }
  const parsed = stdio.safeParse(raw)
  if (!parsed.success) {
    problems.push(...lines(where, parsed.error.issues))
    return null
  }
  const { command, args, cwd } = parsed.data
  const { values, hidden } = fill(`${where}.env`, parsed.data.env, around.variables, problems)
  return { name, transport: 'stdio', command, args, cwd: resolve(around.folder, cwd ?? '.'), env: values, hidden }
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new JadaError('config-file', `mcp.json is not valid JSON: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
}

/** Reads `mcp.json`. Throws JadaError `config-file` with every problem and what to do about it. */
export function parseServers(text: string, around: Around): readonly Server[] {
  const problems: string[] = []
  const parsed = file.safeParse(toJson(text))
  if (!parsed.success) problems.push(...lines('', parsed.error.issues))
  const servers = Object.entries(parsed.data?.mcpServers ?? {}).flatMap(([name, raw]) => readServer(name, raw, around, problems) ?? [])
  if (problems.length > 0) throw new JadaError('config-file', problems.map((problem) => `mcp.json: ${problem}`).join('\n'))
  return servers
}
