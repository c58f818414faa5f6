import type { Config } from '../config.ts'
import type { Agent } from '../services/agent/agent.ts'
import { createClaude } from '../services/model/claude.ts'
import type { Column } from '../services/sheets/columns.ts'
import type { Core } from './core.ts'
import { readPlaybooks, readPrices } from './config-files.ts'

/** The playbooks and prices, read and checked at the start also when no key is set: a mistake in them is told at once. */
export function readAgentFiles(config: Pick<Config, 'configDir'>) {
  const prices = readPrices(config.configDir)
  return { prices, playbooks: readPlaybooks(config.configDir, Object.keys(prices)) }
}

/** Joins the agent; null without a key for Claude: then tasks are kept, and none is worked. */
export function createAgent(core: Core, files: ReturnType<typeof readAgentFiles>, columns: readonly Column[]): Agent | null {
  const { apiKey, baseUrl, limits } = core.config.agent
  if (apiKey === undefined) return null
  return {
    uow: core.uow,
    clock: core.clock,
    log: core.log,
    model: createClaude({ apiKey, baseUrl }),
    ...files,
    limits,
    privateFields: new Set(columns.filter((column) => column.private).map(({ field }) => field)),
  }
}
