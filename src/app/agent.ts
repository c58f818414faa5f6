import type { Config } from '../config.ts'
import type { Agent } from '../services/agent/agent.ts'
import type { Office } from '../services/office/ports.ts'
import type { Column } from '../services/sheets/columns.ts'
import type { Core } from './core.ts'
import { readPlaybooks, readPrices, readQuestions, readServersFile } from './config-files.ts'

/** The agent's files, read and checked at the start also when no key is set: a mistake in them is told at once. */
export function readAgentFiles(config: Pick<Config, 'configDir' | 'variables'>) {
  const prices = readPrices(config.configDir)
  const servers = readServersFile(config.configDir, config.variables)
  const known = { models: Object.keys(prices), servers: servers.map(({ name }) => name) }
  const questions = readQuestions(config.configDir, known.models)
  return { prices, servers, questions, playbooks: readPlaybooks(config.configDir, known) }
}

type Files = ReturnType<typeof readAgentFiles>

/** All that a child process of ours inherits. */
function baseOf({ variables }: Pick<Config, 'variables'>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ['PATH', 'HOME'].flatMap((name) => {
      const value = variables.get(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** Joins the agent; null without a key for Claude: then tasks are kept, none is worked, and its libraries take neither time nor memory. */
export async function createAgent(
  core: Core,
  files: Files,
  { columns, office }: { readonly columns: readonly Column[]; readonly office: Office | null },
): Promise<Agent | null> {
  const { apiKey, baseUrl, limits } = core.config.agent
  if (apiKey === undefined) return null
  const { prices, playbooks, servers } = files
  const [{ createClaude }, { createAttachments }] = await Promise.all([
    import('../services/model/claude.ts'),
    import('../services/mcp/attach.ts'),
  ])
  return {
    uow: core.uow,
    clock: core.clock,
    log: core.log,
    model: createClaude({ apiKey, baseUrl }),
    prices,
    playbooks,
    limits,
    zone: core.config.zone,
    office,
    privateFields: new Set(columns.filter((column) => column.private).map(({ field }) => field)),
    // Also without servers: a session that was offered tools of one keeps its list.
    attachments: createAttachments({ uow: core.uow, clock: core.clock, log: core.log, servers, playbooks, base: baseOf(core.config) }),
  }
}
