import type { Playbook } from '../agent/playbook.ts'
import { differenceOf } from './definition.ts'
import type { McpPorts } from './ports.ts'
import type { Server } from './server.ts'

/** A server as `/jada mcp` shows it. */
export interface ServerStory {
  readonly name: string
  /** False: it was taken out of `mcp.json`, and its tools are only remembered. */
  readonly configured: boolean
  readonly transport: Server['transport'] | null
  /** Kinds of tasks whose sessions may use it. */
  readonly playbooks: readonly string[]
  readonly state: 'not-seen' | 'usable' | 'stopped'
  readonly tools: readonly ToolStory[]
}

export interface ToolStory {
  readonly name: string
  /** Null: as it was first seen. */
  readonly acceptedBy: string | null
  readonly acceptedAt: number
  /** What has changed, and what its server says about it now. */
  readonly change: { readonly what: string; readonly description: string; readonly at: number } | null
}

export interface Configured {
  readonly servers: readonly Pick<Server, 'name' | 'transport'>[]
  readonly playbooks: readonly Pick<Playbook, 'kind' | 'mcp'>[]
}

/** All servers, those of `mcp.json` first. */
export async function readServers({ mcp }: Pick<McpPorts, 'mcp'>, { servers, playbooks }: Configured): Promise<ServerStory[]> {
  const pins = await mcp.pins()
  const names = new Set([...servers.map(({ name }) => name), ...pins.filter(({ change }) => change !== null).map(({ server }) => server)])
  return [...names].map((name) => {
    const server = servers.find((one) => one.name === name)
    const tools = pins
      .filter((pin) => pin.server === name)
      .map(({ tool, accepted, acceptedBy, acceptedAt, change }): ToolStory => {
        const shown =
          change === null ? null : { what: differenceOf(accepted, change.seen), description: change.seen.description, at: change.at }
        return { name: tool, acceptedBy, acceptedAt, change: shown }
      })
    const state = tools.length === 0 ? 'not-seen' : tools.some(({ change }) => change !== null) ? 'stopped' : 'usable'
    const kinds = playbooks.filter((playbook) => name in playbook.mcp).map(({ kind }) => kind)
    return { name, configured: server !== undefined, transport: server?.transport ?? null, playbooks: kinds, state, tools }
  })
}
