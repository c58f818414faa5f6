import type { Log } from '../../src/log.ts'

export interface TestLog extends Log {
  readonly lines: string[]
}

/** Keeps what was logged instead of printing it. */
export function createTestLog(): TestLog {
  const lines: string[] = []
  const at =
    (level: string) =>
    (component: string, message: string): void => {
      lines.push(`${level} [${component}] ${message}`)
    }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
