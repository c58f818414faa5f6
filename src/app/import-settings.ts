import { ConfigError, readConfig } from '../config.ts'
import { environment } from '../environment.ts'
import type { OldEnv } from './old-env.ts'

/** The old daemon's settings as this bot's. What is not certain is told and left to a person. Pure. */

type Name = keyof typeof environment.shape

export interface Imported {
  readonly taken: readonly { readonly name: string; readonly from: string; readonly value: string }[]
  /** Understood, and yet not taken: why. Without values. */
  readonly left: readonly { readonly from: string; readonly why: string }[]
  /** Nobody here knows what they mean. */
  readonly unknown: readonly string[]
  /** What the bot still needs: lines such as `NAME: is missing; what to do`. */
  readonly missing: readonly string[]
}

/** Names that say by themselves what they are. The first that is set counts; this bot's own name goes before all. */
const ALIASES: Readonly<Partial<Record<Name, readonly string[]>>> = {
  SLACK_BOT_TOKEN: ['SLACK_TOKEN'],
  JADA_OPS_CHANNEL: ['SLACK_CHANNEL_ID', 'SLACK_OPS_CHANNEL', 'SLACK_CHANNEL', 'OPS_CHANNEL', 'ALERT_CHANNEL'],
  GOOGLE_CLIENT_ID: ['GOOGLE_OAUTH_CLIENT_ID', 'OAUTH_CLIENT_ID', 'GOOGLE_SHEETS_CLIENT_ID'],
  GOOGLE_CLIENT_SECRET: ['GOOGLE_OAUTH_CLIENT_SECRET', 'OAUTH_CLIENT_SECRET', 'GOOGLE_SHEETS_CLIENT_SECRET'],
  JADA_SHEET_ID: ['PORT_SHEET_ID', 'GOOGLE_SHEET_ID', 'GOOGLE_SPREADSHEET_ID', 'SPREADSHEET_ID', 'SHEET_ID', 'PORT_SHEET_URL', 'SHEET_URL'],
  JADA_SHEET_TAB: ['PORT_SHEET_TAB', 'GOOGLE_SHEET_TAB', 'SHEET_TAB'],
  ANTHROPIC_API_KEY: ['CLAUDE_API_KEY'],
  JADA_SESSIONS_PER_DAY: ['MAX_SESSIONS_PER_DAY', 'SESSIONS_PER_DAY'],
  JADA_MAX_TURNS: ['CLAUDE_MAX_TURNS', 'MAX_TURNS'],
  JADA_POLL_SECONDS: ['POLL_INTERVAL_SECONDS', 'POLL_SECONDS'],
  // Not TZ: that is the zone of a process, not of people.
  JADA_TIMEZONE: ['TIMEZONE'],
  JADA_SNS_TOPIC_ARN: ['SNS_TOPIC_ARN'],
  AWS_REGION: ['AWS_DEFAULT_REGION'],
}

const ON_PURPOSE: readonly (readonly [RegExp, string])[] = [
  [/^(?:JADA_SECRET_KEY|JADA_SECRET_KEY_PREVIOUS)$/, 'the installer has made one for this machine'],
  [/^(?:JADA_DATA_DIR|JADA_ALERT_LOG|JADA_LOG_FILE|RUNTIME_DIRECTORY|LOG_FILE|ALERT_LOG)$/, 'the unit says where things lie'],
  [
    /REFRESH_TOKEN|ACCESS_TOKEN|^GOOGLE_TOKEN|TOKEN_(?:FILE|PATH|JSON)$/,
    'the consent makes a fresh token; the old one stays good for the way back',
  ],
  [
    /^AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE)$/,
    'make a key of a user that may do no more than the bot needs (operations.md, step 9)',
  ],
  [/^(?:SLACK_API_URL|GOOGLE_\w+_URL|ANTHROPIC_BASE_URL|AWS_ENDPOINT_URL\w*)$/, 'it is for stand-ins; set it by hand if it is meant'],
]

const NAMES = Object.keys(environment.shape) as Name[]

/** A sheet's address holds its id. */
const sheetId = (value: string): string => /\/spreadsheets\/d\/([\w-]+)/.exec(value)?.[1] ?? value

/** As a line that systemd and Node read alike; null: there is none for this value. */
export function settingLine(name: string, value: string): string | null {
  if (/^[\w./:@%+,=~-]*$/.test(value)) return `${name}=${value}`
  return /['\\\p{Cc}]/u.test(value) ? null : `${name}='${value}'`
}

function troubleOf(name: Name, value: string): string | null {
  const parsed = environment.shape[name].safeParse(value)
  if (!parsed.success) return parsed.error.issues[0]?.message ?? 'is not as it must be'
  return settingLine(name, value) === null ? 'holds a quote, a backslash or a line break; write it by hand' : null
}

/** Every problem of the settings as they would be; a key of this machine is there already. */
function missingIn(values: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig({ ...values, JADA_SECRET_KEY: `${'A'.repeat(43)}=` })
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

export function importSettings({ values }: OldEnv): Imported {
  const taken: { name: string; from: string; value: string }[] = []
  const left: { from: string; why: string }[] = []
  const seen = new Set<string>()
  for (const [from] of values) {
    const reason = ON_PURPOSE.find(([pattern]) => pattern.test(from))?.[1]
    if (reason === undefined) continue
    seen.add(from)
    left.push({ from, why: reason })
  }
  for (const name of NAMES) {
    for (const from of [name, ...(ALIASES[name] ?? [])]) {
      const raw = values.get(from)
      if (raw === undefined || seen.has(from)) continue
      seen.add(from)
      const value = name === 'JADA_SHEET_ID' ? sheetId(raw) : raw
      const before = taken.find((one) => one.name === name)
      const why = value.trim() === '' ? 'it is empty' : troubleOf(name, value)
      if (why !== null) left.push({ from, why: `as ${name} it ${why.replace(/^it /, '')}` })
      else if (before === undefined) taken.push({ name, from, value })
      else if (before.value !== value) left.push({ from, why: `${before.from} says something else, and was taken for ${name}` })
    }
  }
  const missing = missingIn(Object.fromEntries(taken.map(({ name, value }) => [name, value])))
  return { taken, left, unknown: [...values.keys()].filter((name) => !seen.has(name)), missing }
}
