import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished, vi } from 'vitest'
import { Secret } from '../../src/secret.ts'
import type { Playbook } from '../../src/services/agent/playbook.ts'
import { createAttachments } from '../../src/services/mcp/attach.ts'
import type { HttpServer, StdioServer } from '../../src/services/mcp/server.ts'
import { openDesk, type Desk } from './agent-desk.ts'

const CHILD = fileURLToPath(new URL('mcp-child.ts', import.meta.url))
/** The published server that exercises all of the protocol. */
const EVERYTHING = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))

export const BASE = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' }

/** Our small server, in one of its ways. */
export function child(way: string, folder: string, env: Readonly<Record<string, string>> = {}): StdioServer {
  const values = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, new Secret(value)]))
  const program = { command: process.execPath, args: [CHILD, way, folder], cwd: folder }
  return { name: 'local', transport: 'stdio', ...program, env: values, hidden: Object.values(values) }
}

export const everything = (folder: string): StdioServer => ({
  name: 'everything',
  transport: 'stdio',
  command: process.execPath,
  args: [EVERYTHING, 'stdio'],
  cwd: folder,
  env: {},
  hidden: [],
})

export const overHttp = (url: string): HttpServer => ({ name: 'remote', transport: 'http', url, headers: {}, hidden: [] })

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** The published server on a free port of loopback. Gives its address, once it listens, and what ends it. */
export async function startEverything(): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const port = await freePort()
  const server = spawn(process.execPath, [EVERYTHING, 'streamableHttp'], {
    env: { ...BASE, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const stop = (): Promise<void> => {
    server.kill('SIGKILL')
    return ended
  }
  onTestFinished(stop)
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      if (chunk.toString().includes('listening on port')) resolve()
    }
    server.stdout.on('data', hear)
    server.stderr.on('data', hear)
    server.once('exit', () => reject(new Error('the published server ended')))
  })
  return { url: `http://127.0.0.1:${port}/mcp`, stop }
}

export interface McpDeskOptions {
  readonly servers: readonly (StdioServer | HttpServer)[]
  readonly mcp: Playbook['mcp']
}

/** The agent's desk with servers attached. */
export async function openMcpDesk({ servers, mcp }: McpDeskOptions): Promise<Desk> {
  const desk = await openDesk({ playbook: { mcp } })
  attach(desk, servers)
  return desk
}

/** Attaches servers as a start of the bot does. */
export function attach(desk: Desk, servers: McpDeskOptions['servers']): void {
  const { clock, log, store, agent } = desk
  const attachments = createAttachments({ uow: store.uow, clock, log, servers, playbooks: agent.playbooks, base: BASE })
  onTestFinished(() => attachments.stop())
  Object.assign(agent, { attachments })
}

export type Call = readonly [name: string, input: Readonly<Record<string, unknown>>]

/** The model makes these calls, one a turn, and then finishes. */
export function script(desk: Desk, ...calls: readonly Call[]): void {
  desk.claude.answerWith(({ turns }) => {
    // The first words of the model are the reading of the task, which the bot wrote.
    const [name, input] = calls[turns.filter(({ role }) => role === 'assistant').length - 1] ?? [
      'finish',
      { outcome: 'done', summary: 'Done.' },
    ]
    return { content: [{ type: 'tool_use', name, input }], stop_reason: 'tool_use' }
  })
}

interface Sent {
  readonly tools: readonly { readonly name: string; readonly description: string; readonly input_schema: unknown }[]
  readonly messages: readonly {
    readonly content: readonly { readonly type: string; readonly content?: string; readonly is_error?: boolean }[]
  }[]
}

export const bodies = (desk: Desk): readonly Sent[] => desk.claude.bodies as readonly Sent[]

/** Results of calls, as the model was given them last; without that of read_task. */
export function results(desk: Desk): { readonly text: string; readonly isError: boolean }[] {
  const blocks =
    bodies(desk)
      .at(-1)
      ?.messages.flatMap(({ content }) => content) ?? []
  return blocks
    .filter(({ type }) => type === 'tool_result')
    .slice(1)
    .map((block) => ({
      text: typeof block.content === 'string' ? block.content : JSON.stringify(block.content),
      isError: block.is_error === true,
    }))
}

const SOON = { timeout: 5000, interval: 10 }

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not yet')
  return value
}

/** The process id that stands on a line of a file, once it does. */
export function pidIn(path: string, line = 0): Promise<number> {
  const read = (): string[] =>
    existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .filter((text) => text !== '')
      : []
  return vi.waitFor(() => Number(must(read()[line])), SOON)
}

/** The process id of a child that hangs in a call, the one after `before` others. */
export const hanging = (folder: string, before = 0): Promise<number> => pidIn(join(folder, 'hangs.txt'), before)

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Resolves when a process has ended that is not ours to wait for. */
export const gone = (pid: number): Promise<true> => vi.waitFor(() => must(isAlive(pid) ? undefined : true), SOON)
