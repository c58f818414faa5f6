import { report } from '../incidents/report.ts'
import { NO_EVIDENCE, type Signal } from '../signals/signal.ts'
import { differenceOf, refusalOf, type Definition } from './definition.ts'
import type { McpPorts, Pin } from './ports.ts'

/**
 * A server tells the model what its tools are, and may tell another thing tomorrow. What was first seen, or accepted by an
 * operator, is kept; whatever differs from it stops the server.
 */

export interface Review {
  /** Never seen before. */
  readonly fresh: readonly Definition[]
  readonly changed: readonly Pin[]
}

const LONGEST_KEPT = 8000

/** What is kept of a definition; its hash is over all of it. */
const kept = (tool: Definition): Definition => ({
  ...tool,
  description: tool.description.slice(0, LONGEST_KEPT),
  inputSchema: JSON.stringify(tool.inputSchema).length > LONGEST_KEPT ? {} : tool.inputSchema,
})

/** Compares what a server offers with what is pinned; only tools that a playbook names count. Pure. */
export function reviewTools(pins: readonly Pin[], offered: readonly Definition[], named: ReadonlySet<string>, now: number): Review {
  const pinned = new Map(pins.map((pin) => [pin.tool, pin]))
  const tools = offered.filter(({ name }) => named.has(name))
  const changed = tools.flatMap((seen): Pin[] => {
    const pin = pinned.get(seen.name)
    return pin === undefined || pin.accepted.hash === seen.hash ? [] : [{ ...pin, change: { seen: kept(seen), at: now } }]
  })
  const fresh = tools.filter((tool) => !pinned.has(tool.name) && refusalOf(tool) === null).map(kept)
  return { fresh, changed }
}

const findingOf = ({ server, tool, accepted, change }: Pin): string =>
  `${server}: the tool ${tool} has changed its ${change === null ? '' : differenceOf(accepted, change.seen)}`

function signalOf(stopped: readonly Pin[], summary: string): Signal {
  if (stopped.length === 0) return { status: 'ok', key: 'agent/mcp', summary }
  const since = Math.min(...stopped.flatMap(({ change }) => change?.at ?? []))
  const evidence = {
    ...NO_EVIDENCE,
    code: 'mcp-changed',
    failures: stopped.length,
    firstFailureAt: since,
    findings: stopped.map(findingOf),
  }
  return { status: 'failing', key: 'agent/mcp', kind: 'mcp_changed', severity: 'warning', evidence }
}

const isChanged = ({ change }: Pin): boolean => change !== null

/** Whether a server is stopped because a tool of it has changed. */
export async function isStopped({ mcp }: McpPorts, server: string): Promise<boolean> {
  return (await mcp.pins(server)).some(isChanged)
}

/** Keeps what a review found: pins what is new, or stops the server and reports it. */
export async function keepReview(ports: McpPorts, server: string, { fresh, changed }: Review, now: number): Promise<void> {
  if (changed.length === 0) {
    for (const accepted of fresh) {
      await ports.mcp.savePin({ server, tool: accepted.name, accepted, acceptedBy: null, acceptedAt: now, change: null })
    }
    return
  }
  for (const pin of changed) await ports.mcp.savePin(pin)
  await report(ports, signalOf((await ports.mcp.pins()).filter(isChanged), ''), now)
}

export type Accepted =
  | { readonly kind: 'accepted'; readonly tools: readonly string[] }
  /** It is not stopped; `unknown`: none of its tools was ever seen. */
  | { readonly kind: 'nothing' | 'unknown' }

/** An operator accepts the tools of a server as they are now, in the caller's transaction. */
export async function acceptServer(ports: McpPorts, server: string, by: string, now: number): Promise<Accepted> {
  const pins = await ports.mcp.pins(server)
  if (pins.length === 0) return { kind: 'unknown' }
  const changed = pins.filter(isChanged)
  if (changed.length === 0) return { kind: 'nothing' }
  for (const pin of changed) {
    await ports.mcp.savePin({ ...pin, accepted: pin.change?.seen ?? pin.accepted, acceptedBy: by, acceptedAt: now, change: null })
  }
  const tools = changed.map(({ tool }) => tool)
  await ports.audit.add({ at: now, actor: by, act: 'mcp.accept', subject: `mcp:${server}`, details: { tools: tools.join(', ') } })
  const left = (await ports.mcp.pins()).filter(isChanged)
  await report(ports, signalOf(left, `An operator accepted the tools of ${server} as they are now.`), now)
  return { kind: 'accepted', tools }
}
