import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorCode, JadaError } from '../errors.ts'
import { parsePlaybooks, type Playbook } from '../services/agent/playbook.ts'
import { parsePrices, type Prices } from '../services/model/prices.ts'
import { parseColumns, type Column } from '../services/sheets/columns.ts'

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

export function readPrices(configDir: string | undefined): Prices {
  return parsePrices(readConfigFile(configDir, 'prices.yml'))
}

function playbookNames(folder: string): string[] {
  try {
    return readdirSync(join(folder, 'playbooks')).filter((name) => name.endsWith('.md'))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw new JadaError('config-file', `Cannot read ${join(folder, 'playbooks')} (${errorCode(error) ?? 'unknown'}). Check JADA_CONFIG_DIR.`)
  }
}

/** The shipped playbooks, and the operator's own beside them or in their place. */
export function readPlaybooks(configDir: string | undefined, models: readonly string[]): readonly Playbook[] {
  const names = new Set([...playbookNames(SHIPPED), ...(configDir === undefined ? [] : playbookNames(configDir))])
  const files = [...names].toSorted().map((name) => [name.slice(0, -3), readConfigFile(configDir, join('playbooks', name))] as const)
  return parsePlaybooks(Object.fromEntries(files), models)
}
