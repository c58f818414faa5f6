import { appendFileSync } from 'node:fs'
import type { Clock } from './clock.ts'

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

/** The journal. `component` is printed in brackets, as the old daemon did: `[port-sheet] synced`. */
export interface Log {
  debug(component: string, message: string, fields?: LogFields): void
  info(component: string, message: string, fields?: LogFields): void
  warn(component: string, message: string, fields?: LogFields): void
  error(component: string, message: string, fields?: LogFields): void
}

export type LogLevel = keyof Log

// Shapes of credentials that must not reach a log even when a library put one into a message: Slack and Google
// tokens, client secrets, addresses of crew and signature pages, authorization codes and states in query strings, bearer headers.
const CREDENTIALS = [
  /\bx(?:ox[a-z]|app)-[\w-]+/g,
  /\bya29\.[\w.-]+/g,
  /\b[14]\/\/?0?[\w-]{10,}/g,
  /\bGOCSPX-[\w-]+/g,
  /\bsk-ant-[\w-]+/g,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /(?<=\bBearer\s+)[\w.~+/-]+=*/gi,
  /(?<=\/(?:crew|sign)\/)[\w-]{20,}/g,
  /(?<=[?&](?:code|state|ticket)=)[^\s&"']+/gi,
  /(?<=\b(?:code_verifier|client_secret|refresh_token|access_token|id_token)\\?["']?\s*[=:]\s*\\?["']?)[^\s&"',}\\]+/gi,
]

/** The text with everything that looks like a credential replaced. A second net: nothing should be there. */
export function redact(text: string): string {
  return CREDENTIALS.reduce((shown, pattern) => shown.replace(pattern, '[secret]'), text)
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 }

function renderFields(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => ` ${name}=${/[\s"=]/.test(String(value)) ? JSON.stringify(String(value)) : String(value)}`)
    .join('')
}

/** One line a message: ISO time, level, component, message, fields. Line breaks inside are escaped. */
export function createLog(deps: { clock: Clock; write: (line: string) => void; level?: LogLevel }): Log {
  const lowest = RANK[deps.level ?? 'info']
  const at =
    (level: LogLevel) =>
    (component: string, message: string, fields: LogFields = {}): void => {
      if (RANK[level] < lowest) return
      const time = new Date(deps.clock.now()).toISOString()
      const text = `${time} ${level} [${component}] ${message}${renderFields(fields)}`
      deps.write(`${redact(text).replaceAll(/[\r\n]+/g, '\\n')}\n`)
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Standard output, and a file where one is named: opened for each line, so that logrotate may move it at any time. */
export function logTo(file: string | undefined, output: (line: string) => void): (line: string) => void {
  if (file === undefined) return output
  let complained = false
  return (line) => {
    output(line)
    try {
      appendFileSync(file, line, { mode: 0o640 })
      complained = false
    } catch {
      // A full disk must not end the bot; the journal has the line.
      if (!complained) output(`the log file ${file} cannot be written\n`)
      complained = true
    }
  }
}
