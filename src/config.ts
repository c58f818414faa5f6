import type { z } from 'zod'
import { environment, relations } from './environment.ts'
import { JadaError } from './errors.ts'
import { Secret } from './secret.ts'
import { Variables } from './variables.ts'

/** The whole configuration, parsed once at the process edge. Durations are milliseconds, addresses have no trailing slash. */
export interface Config {
  readonly slack: {
    readonly botToken: Secret
    /** Present: Socket Mode. Absent: HTTP mode with `signingSecret`. */
    readonly appToken: Secret | undefined
    readonly signingSecret: Secret | undefined
    readonly apiUrl: string
    readonly opsChannel: string
    readonly operators: readonly string[]
    readonly onDuty: string
  }
  readonly http: {
    readonly port: number
    readonly host: string
    /** Where people's browsers reach the bot; undefined: loopback redirect and paste-back. */
    readonly publicUrl: string | undefined
    /** A proxy of ours stands in front: the last entry of `X-Forwarded-For` is who asks. */
    readonly trustProxy: boolean
  }
  readonly google: {
    readonly clientId: string
    readonly clientSecret: Secret
    readonly authUrl: string | undefined
    readonly tokenUrl: string | undefined
    readonly sheetsUrl: string | undefined
  }
  readonly sheet: {
    readonly id: string
    readonly tab: string
    readonly cron: string
    readonly confirmDelaysMs: readonly number[]
  }
  readonly agent: {
    /** Without it no session begins. */
    readonly apiKey: Secret | undefined
    readonly baseUrl: string | undefined
    /** Money is millionths of a dollar. */
    readonly limits: {
      readonly sessionsPerDay: number
      readonly reservedSessions: number
      readonly maxTurns: number
      readonly dailyBudget: number
    }
    /** For answers in threads, apart from that of sessions; 0: Claude is not asked. */
    readonly questionBudget: number
    readonly pollMs: number
  }
  /** Bearer token of `POST /api/tasks`; undefined: that route is off. */
  readonly apiToken: Secret | undefined
  /** The host whose health is audited. */
  readonly host: {
    readonly unit: string
    /** Undefined: the bot's own machine is looked at. */
    readonly lightsail: { readonly instance: string; readonly region: string; readonly url: string | undefined } | undefined
    /** Where that instance listens for SSH. */
    readonly sshPort: number
    /** A private folder of ours that may be emptied at any time, in memory where systemd gave us one. */
    readonly runDir: string
  }
  /** Where alerts are published besides; undefined: nowhere. */
  readonly sns: { readonly topic: string; readonly region: string; readonly url: string | undefined } | undefined
  /** The zone of people, for pages. */
  readonly zone: string
  readonly dataDir: string
  /** How long daily backups are kept; 0: none are made. */
  readonly backupDays: number
  /** Undefined: the shipped `config/`. */
  readonly configDir: string | undefined
  readonly alertLog: string
  /** Where the log goes besides standard output; undefined: nowhere. */
  readonly logFile: string | undefined
  /** What `mcp.json` may name of the environment. */
  readonly variables: Variables
  readonly secretKey: Secret
  readonly previousSecretKey: Secret | undefined
}

/** Every problem of the environment at once; `problems` are lines such as `NAME: what is wrong; what to do`. */
export class ConfigError extends JadaError {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super('configuration', `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:`)
    this.problems = problems
  }
}

type Environment = z.output<typeof environment>

const secret = (value: string): Secret => new Secret(value)
const optionalSecret = (value: string | undefined): Secret | undefined => (value === undefined ? undefined : secret(value))

function toHost(env: Environment): Config['host'] {
  const { LIGHTSAIL_INSTANCE: instance, AWS_REGION: region } = env
  return {
    unit: env.JADA_UNIT,
    lightsail: instance === undefined || region === undefined ? undefined : { instance, region, url: env.AWS_ENDPOINT_URL_LIGHTSAIL },
    sshPort: env.JADA_SSH_PORT,
    runDir: `${env.RUNTIME_DIRECTORY?.split(':')[0] ?? env.JADA_DATA_DIR}/run`,
  }
}

function toConfig(env: Environment): Omit<Config, 'variables'> {
  return {
    slack: {
      botToken: secret(env.SLACK_BOT_TOKEN),
      appToken: optionalSecret(env.SLACK_APP_TOKEN),
      signingSecret: optionalSecret(env.SLACK_SIGNING_SECRET),
      apiUrl: env.SLACK_API_URL,
      opsChannel: env.JADA_OPS_CHANNEL,
      operators: env.JADA_OPERATORS,
      onDuty: env.JADA_ON_DUTY ?? env.JADA_OPERATORS[0] ?? '',
    },
    http: { port: env.PORT, host: env.JADA_HOST, publicUrl: env.JADA_PUBLIC_URL, trustProxy: env.JADA_TRUST_PROXY },
    google: {
      clientId: env.GOOGLE_CLIENT_ID,
      clientSecret: secret(env.GOOGLE_CLIENT_SECRET),
      authUrl: env.GOOGLE_AUTH_URL,
      tokenUrl: env.GOOGLE_TOKEN_URL,
      sheetsUrl: env.GOOGLE_SHEETS_URL,
    },
    sheet: {
      id: env.JADA_SHEET_ID,
      tab: env.JADA_SHEET_TAB,
      cron: env.JADA_SYNC_CRON,
      confirmDelaysMs: env.JADA_CONFIRM_DELAYS,
    },
    agent: {
      apiKey: optionalSecret(env.ANTHROPIC_API_KEY),
      baseUrl: env.ANTHROPIC_BASE_URL,
      limits: {
        sessionsPerDay: env.JADA_SESSIONS_PER_DAY,
        reservedSessions: env.JADA_RESERVED_SESSIONS,
        maxTurns: env.JADA_MAX_TURNS,
        dailyBudget: env.JADA_DAILY_BUDGET_USD,
      },
      questionBudget: env.JADA_QUESTION_BUDGET_USD,
      pollMs: env.JADA_POLL_SECONDS * 1000,
    },
    host: toHost(env),
    apiToken: optionalSecret(env.JADA_API_TOKEN),
    sns:
      env.JADA_SNS_TOPIC_ARN === undefined
        ? undefined
        : { topic: env.JADA_SNS_TOPIC_ARN, region: env.JADA_SNS_TOPIC_ARN.split(':')[3] ?? '', url: env.AWS_ENDPOINT_URL_SNS },
    zone: env.JADA_TIMEZONE,
    dataDir: env.JADA_DATA_DIR,
    backupDays: env.JADA_BACKUP_DAYS,
    configDir: env.JADA_CONFIG_DIR,
    alertLog: env.JADA_ALERT_LOG,
    logFile: env.JADA_LOG_FILE,
    secretKey: secret(env.JADA_SECRET_KEY),
    previousSecretKey: optionalSecret(env.JADA_SECRET_KEY_PREVIOUS),
  }
}

/** Zero days means no daily ones; whoever makes one by hand still keeps some. */
const DEFAULT_KEEP_DAYS = 14

type Environs = Readonly<Record<string, string | undefined>>

/** An empty variable is an unset one: that is what `NAME=` in an .env file means to people. */
function withoutEmpty(variables: Environs): Environs {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value.trim() !== ''))
}

const backupSettings = environment.pick({ JADA_DATA_DIR: true, JADA_BACKUP_DAYS: true })

/** The little that backups need: they must work on a night when the rest of the settings is lost. Throws a ConfigError. */
export function readBackupSettings(variables: Environs): { readonly dataDir: string; readonly keepDays: number } {
  const parsed = backupSettings.safeParse(withoutEmpty(variables))
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`))
  const { JADA_DATA_DIR: dataDir, JADA_BACKUP_DAYS: days } = parsed.data
  return { dataDir, keepDays: days === 0 ? DEFAULT_KEEP_DAYS : days }
}

/** Reads the configuration from environment variables. Throws a ConfigError with every problem and its cure. */
export function readConfig(variables: Environs): Config {
  const set = withoutEmpty(variables)
  const parsed = environment.safeParse(set)
  const problems = [...(parsed.error?.issues ?? []).map((issue) => `${String(issue.path[0])}: ${issue.message}`), ...relations(set)]
  if (!parsed.success || problems.length > 0) throw new ConfigError([...new Set(problems)])
  return { ...toConfig(parsed.data), variables: new Variables(set) }
}
