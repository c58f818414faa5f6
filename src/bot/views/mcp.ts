import type { Accepted } from '../../services/mcp/pins.ts'
import type { ServerStory, ToolStory } from '../../services/mcp/read-servers.ts'
import { fitted, person, toldContext, toldSection } from './agent-text.ts'
import type { MessageView } from './alert.ts'
import { plainView } from './answers.ts'
import { fitLines, moment } from './text.ts'

/** Answers about attached MCP servers. What a server says of itself is theirs: quoted, shortened, and no links. */

const STATE: Readonly<Record<ServerStory['state'], string>> = {
  'not-seen': 'no session has used it yet',
  usable: 'may be used',
  stopped: '*stopped*, because a tool of it has changed',
}

function toolLine({ name, acceptedBy, acceptedAt, change }: ToolStory): string {
  const shown = fitted(name, 80)
  if (change !== null) {
    return `• ${shown} has changed its ${change.what}, seen ${moment(change.at)}. It says now: "${fitted(change.description, 400) || 'nothing'}"`
  }
  return `• ${shown}, ${acceptedBy === null ? `as first seen ${moment(acceptedAt)}` : `accepted by ${person(acceptedBy)} ${moment(acceptedAt)}`}`
}

function serverText({ name, configured, transport, playbooks, state, tools }: ServerStory): string {
  const how = configured ? (transport ?? '') : 'no longer in mcp.json'
  const users = playbooks.length === 0 ? 'no playbook names it' : `for ${playbooks.map((kind) => fitted(kind, 40)).join(', ')}`
  return fitLines([`*${fitted(name, 60)}* (${how}; ${users}): ${STATE[state]}`, ...tools.map(toolLine)], 2800)
}

/** Slack takes 50 blocks. */
const MOST_SERVERS = 40

export function serversView(servers: readonly ServerStory[]): MessageView {
  if (servers.length === 0) return plainView('No MCP server is attached. `docs/playbooks.md` says how to attach one with `mcp.json`.')
  const stopped = servers.filter(({ state }) => state === 'stopped').map(({ name }) => `\`/jada mcp accept ${fitted(name, 60)}\``)
  const hint =
    stopped.length === 0 ? 'A change of one of these tools stops its server.' : `To accept a change: ${stopped.join(', ')}. For operators.`
  return {
    text: 'Attached MCP servers',
    blocks: [...servers.slice(0, MOST_SERVERS).map((server) => toldSection(serverText(server))), toldContext(hint)],
  }
}

export function acceptedView(server: string, accepted: Accepted): MessageView {
  const name = fitted(server, 60)
  switch (accepted.kind) {
    case 'accepted':
      return plainView(
        `Accepted: ${fitted(accepted.tools.join(', '), 1000)} of the MCP server ${name}. Sessions that begin from now on may use it.`,
      )
    case 'nothing':
      return plainView(`The MCP server ${name} is not stopped, so there is nothing to accept.`)
    case 'unknown':
      return plainView(`No tool of an MCP server "${name}" was ever seen. \`/jada mcp\` lists the servers.`)
  }
}
