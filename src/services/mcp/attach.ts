import type { Clock } from '../../clock.ts'
import { errorCode, JadaError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { UnitOfWork } from '../../unit-of-work.ts'
import type { Attachments } from '../agent/agent.ts'
import type { Playbook } from '../agent/playbook.ts'
import type { Session } from '../agent/session.ts'
import { tell } from '../agent/tell.ts'
import type { Connection } from './connection.ts'
import { offeredName, refusalOf, type Definition, type Offered } from './definition.ts'
import { isStopped, keepReview, reviewTools } from './pins.ts'
import { createPool, type Pool } from './pool.ts'
import type { McpPorts } from './ports.ts'
import { LIMITS, type Limits, type Server } from './server.ts'
import { modeOf, toTool, type Use } from './tool.ts'

export interface AttachDeps {
  readonly uow: UnitOfWork<McpPorts>
  readonly clock: Clock
  readonly log: Log
  readonly servers: readonly Server[]
  readonly playbooks: readonly Playbook[]
  /** PATH and HOME of the bot: all that a child inherits. */
  readonly base: Readonly<Record<string, string>>
  readonly limits?: Partial<Limits>
}

type Checked =
  | { readonly kind: 'ready'; readonly connection: Connection; readonly tools: readonly Definition[] }
  | { readonly kind: 'problem'; readonly problem: string }

const problem = (text: string): Checked => ({ kind: 'problem', problem: text })

const stoppedText = (server: string): string =>
  `The MCP server ${server} is stopped: a tool of it has changed, and an operator has not accepted that yet (/jada mcp). No call was made.`

/** Tools that any playbook names, by server: these are pinned, and no others. */
function namedTools(playbooks: readonly Playbook[]): (server: string) => ReadonlySet<string> {
  return (server) =>
    new Set(
      playbooks.flatMap(({ mcp }) => {
        const grant = mcp[server]
        return grant === undefined ? [] : [...grant.read, ...grant.write]
      }),
    )
}

/** Starts a server if need be, and looks whether its tools are what they were. Nothing is called before this said `ready`. */
function createCheck(deps: AttachDeps, pool: Pool) {
  const { uow, clock } = deps
  const named = namedTools(deps.playbooks)
  const review = (session: number, server: string, tools: readonly Definition[]): Promise<boolean> =>
    uow.run(async (ports) => {
      const now = clock.now()
      const found = reviewTools(await ports.mcp.pins(server), tools, named(server), now)
      await keepReview(ports, server, found, now)
      const teller = found.fresh.length === 0 || found.changed.length > 0 ? null : await ports.sessions.find(session)
      if (teller !== null) await tell(ports, teller, { type: 'tools-seen', server, tools: found.fresh.map(({ name }) => name) }, now)
      return found.changed.length === 0
    })
  return async (session: number, name: string, signal: AbortSignal): Promise<Checked> => {
    const server = deps.servers.find((one) => one.name === name)
    if (server === undefined) return problem(`The MCP server ${name} is no longer in mcp.json.`)
    if (await uow.run((ports) => isStopped(ports, name))) {
      await pool.drop(session, name)
      return problem(stoppedText(name))
    }
    const opened = await pool.get(session, server)
    const cannot = (reason: string): Checked => problem(`The MCP server ${name} cannot be used now: ${reason}.`)
    if (opened.kind === 'failed') return cannot(opened.reason)
    const { connection } = opened
    try {
      const tools = await connection.tools(signal)
      if (await review(session, name, tools)) return { kind: 'ready', connection, tools }
    } catch (error) {
      if (!(error instanceof JadaError) || errorCode(error) !== 'mcp-start') throw error
      await pool.drop(session, name)
      return cannot(error.message)
    }
    await pool.drop(session, name)
    return problem(stoppedText(name))
  }
}

type Check = ReturnType<typeof createCheck>

interface Looked {
  readonly offered: readonly Offered[]
  readonly problems: readonly string[]
}

/** What of one server a playbook's sessions are offered, and what of it they are not. */
async function look(check: Check, session: Session, server: string, names: readonly string[], signal: AbortSignal): Promise<Looked> {
  const checked = await check(session.id, server, signal)
  if (checked.kind === 'problem') return { offered: [], problems: [checked.problem] }
  const offered: Offered[] = []
  const problems: string[] = []
  for (const name of names) {
    const tool = checked.tools.find((one) => one.name === name)
    const refusal = tool === undefined ? 'the server has no tool of this name' : refusalOf(tool)
    if (tool !== undefined && refusal === null) offered.push({ ...tool, server, offeredAs: offeredName(server, name) })
    else problems.push(`The tool ${name} of the MCP server ${server} is not offered: ${refusal ?? ''}.`)
  }
  return { offered, problems }
}

/** Decides once what a session is offered. Its conversation is bound to that list. */
async function decideOffer(
  deps: AttachDeps,
  check: Check,
  session: Session,
  playbook: Playbook,
  signal: AbortSignal,
): Promise<readonly Offered[]> {
  const grants = Object.entries(playbook.mcp)
  // A session that has begun without such tools ends without them.
  if (grants.length === 0 || session.turns > 0) return []
  const looked = await Promise.all(grants.map(([server, { read, write }]) => look(check, session, server, [...read, ...write], signal)))
  const offered = looked.flatMap((one) => one.offered)
  return deps.uow.run(async (ports) => {
    const now = deps.clock.now()
    const current = await ports.sessions.check({ sessionId: session.id, epoch: session.epoch })
    await ports.mcp.saveOffer(session.id, offered)
    for (const text of looked.flatMap((one) => one.problems)) await tell(ports, current, { type: 'tool-problem', problem: text }, now)
    return offered
  })
}

function createUse(check: Check): Use {
  return async (sessionId, offered, input, signal) => {
    const checked = await check(sessionId, offered.server, signal)
    if (checked.kind === 'problem') return { problem: checked.problem }
    const tool = checked.tools.find(({ name }) => name === offered.name)
    if (tool === undefined) return { problem: `The MCP server ${offered.server} has no tool ${offered.name} any more. No call was made.` }
    if (tool.hash !== offered.hash) {
      return {
        problem: `The tool ${offered.offeredAs} was changed after this session began, so only a later session can use it. No call was made.`,
      }
    }
    return checked.connection.call(tool, input, signal)
  }
}

/** MCP servers for sessions. */
export function createAttachments(deps: AttachDeps): Attachments {
  const { clock, log, base, limits } = deps
  const pool = createPool({ clock, log, base, limits: { ...LIMITS, ...limits } })
  const check = createCheck(deps, pool)
  const use = createUse(check)
  return {
    attach: async (session, playbook, signal) => {
      const stored = await deps.uow.run(({ mcp }) => mcp.offer(session.id))
      const offered = stored ?? (await decideOffer(deps, check, session, playbook, signal))
      return offered.map((tool) => toTool(tool, modeOf(playbook.mcp[tool.server], tool.name), use))
    },
    release: (sessionId) => pool.release(sessionId),
    stop: () => pool.stop(),
  }
}
