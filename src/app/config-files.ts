import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorCode, JadaError } from '../errors.ts'
import { parsePlaybooks, type Known, type Playbook } from '../services/agent/playbook.ts'
import { parseQuestions, type QuestionSettings } from '../services/answers/settings.ts'
import { runbookSections } from '../services/incidents/runbook.ts'
import { parseServers } from '../services/mcp/parse-servers.ts'
import type { Server } from '../services/mcp/server.ts'
import { parseChecklist, type ChecklistPlan } from '../services/crew/checklist.ts'
import { parsePrices, type Prices } from '../services/model/prices.ts'
import { parseRules, type Rules } from '../services/rules/rules.ts'
import { parseColumns, type Column } from '../services/sheets/columns.ts'
import { parseAgreement, type Agreement } from '../services/signing/agreement.ts'
import type { Variables } from '../variables.ts'

/** Files an operator edits. What the operator's folder lacks comes from the shipped `config/`. */
const SHIPPED = fileURLToPath(new URL('../../config', import.meta.url))

function readConfigFile(configDir: string | undefined, name: string): string {
  const path = join(configDir ?? SHIPPED, name)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (configDir !== undefined && errorCode(error) === 'ENOENT') return readFileSync(join(SHIPPED, name), 'utf8')
    throw new JadaError('config-file', `Cannot read ${path} (${errorCode(error) ?? 'unknown'}). Check JADA_CONFIG_DIR.`)
  }
}

export function readColumns(configDir: string | undefined): readonly Column[] {
  return parseColumns(readConfigFile(configDir, 'sheet.yml'))
}

/** The sections of the runbook that comes with the bot; none when somebody left its documents out. */
export function readRunbook(): ReadonlyMap<string, string> {
  try {
    return runbookSections(readFileSync(fileURLToPath(new URL('../../docs/runbook.md', import.meta.url)), 'utf8'))
  } catch {
    return new Map()
  }
}

/** The checklist on crew pages. */
export function readChecklist(configDir: string | undefined): ChecklistPlan {
  return parseChecklist(readConfigFile(configDir, 'crew-checklist.yml'))
}

export function readRules(configDir: string | undefined): Rules {
  return parseRules(readConfigFile(configDir, 'rules.yml'))
}

export function readPrices(configDir: string | undefined): Prices {
  return parsePrices(readConfigFile(configDir, 'prices.yml'))
}

/** What answers questions in threads; `models` are those with a price. */
export function readQuestions(configDir: string | undefined, models: readonly string[]): QuestionSettings {
  return parseQuestions(readConfigFile(configDir, 'questions.yml'), models)
}

/** The guests' agreement; what `sheet.yml` calls private cannot be in it. */
export function readAgreement(configDir: string | undefined, columns: readonly Column[]): Agreement {
  const hidden = new Set(columns.flatMap((column) => (column.private ? [column.field] : [])))
  return parseAgreement(readConfigFile(configDir, 'agreement.md'), hidden)
}

/** The servers of the operator's `mcp.json`; none is shipped, and without the file there are none. */
export function readServersFile(configDir: string | undefined, variables: Variables): readonly Server[] {
  if (configDir === undefined) return []
  const path = join(configDir, 'mcp.json')
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw new JadaError('config-file', `Cannot read ${path} (${errorCode(error) ?? 'unknown'}). Check JADA_CONFIG_DIR.`)
  }
  return parseServers(text, { variables, folder: resolve(configDir) })
}

function playbookNames(folder: string): string[] {
  try {
    return readdirSync(join(folder, 'playbooks')).filter((name) => name.endsWith('.md'))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw new JadaError(
      'config-file',
      `Cannot read ${join(folder, 'playbooks')} (${errorCode(error) ?? 'unknown'}). Check JADA_CONFIG_DIR.`,
    )
  }
}

/** The shipped playbooks, and the operator's own beside them or in their place. */
export function readPlaybooks(configDir: string | undefined, known: Known): readonly Playbook[] {
  const names = new Set([...playbookNames(SHIPPED), ...(configDir === undefined ? [] : playbookNames(configDir))])
  const files = [...names].toSorted().map((name) => [name.slice(0, -3), readConfigFile(configDir, join('playbooks', name))] as const)
  return parsePlaybooks(Object.fromEntries(files), known)
}
