import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { errorCode, JadaError } from '../errors.ts'
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
