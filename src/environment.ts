import { IANAZone } from 'luxon'
import { validate } from 'node-cron'
import { z } from 'zod'

/** The environment variables one by one. Messages say what is wrong and what to do, never the value. */

const URL_CURE = 'is not an http(s) address; write it like https://bot.example.com'
const KEY_CURE = 'must be 32 random bytes in base64; make one with: openssl rand -base64 32'

function required(what: string): z.ZodString {
  return z.string({ error: `is missing; ${what}` })
}

function isHttpUrl(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:')
}

const address = z.string().refine(isHttpUrl, URL_CURE)
const bareAddress = address.transform((value) => value.replace(/\/+$/, ''))

const isKey = (value: string): boolean => /^[A-Za-z0-9+/]{43}=$/.test(value) && Buffer.from(value, 'base64').length === 32

function isPublicUrl(value: string): boolean {
  const url = URL.parse(value)
  if (url === null) return true
  return url.protocol === 'https:' || url.hostname === '127.0.0.1' || url.hostname === 'localhost'
}

/** Yes and no as people write them. */
const flag = z
  .string()
  .transform((text) => text.trim().toLowerCase())
  .refine((text) => ['1', 'true', 'yes', 'on', '0', 'false', 'no', 'off'].includes(text), 'must be true or false')
  .transform((text) => ['1', 'true', 'yes', 'on'].includes(text))

const wholeNumber = (lowest: number, highest: number): z.ZodPipe<z.ZodString, z.ZodTransform<number, string>> =>
  z
    .string()
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= lowest && Number(text) <= highest,
      `must be a whole number from ${lowest} to ${highest}`,
    )
    .transform(Number)

const userIds = required('set it to the Slack user ids of the people who may act, such as U012AB3CD,U045EF6GH')
  .transform((text) =>
    text
      .split(',')
      .map((id) => id.trim())
      .filter(Boolean),
  )
  .refine((ids) => ids.length > 0, 'names nobody; give at least one Slack user id')
  .refine(
    (ids) => ids.every((id) => /^[UW][A-Z0-9]{2,}$/.test(id)),
    'must be user ids such as U012AB3CD (profile > Copy member ID), not names',
  )

const delays = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((parts) => parts.every((part) => /^\d+(\.\d+)?$/.test(part) && Number(part) > 0), 'must be seconds such as 5,15,45')
  .refine((parts) => parts.length >= 3, 'needs at least three delays: an alert takes more than three failures in a row')
  .transform((parts) => parts.map((part) => Number(part) * 1000))

const cron = z
  .string()
  .refine((text) => /^\S+( \S+){4}$/.test(text) && validate(text), 'must be a valid cron line of five fields, such as */30 * * * * (UTC)')

const API_HOST_CURE = 'must be a host alone, such as https://api.anthropic.com: the client adds /v1 and the rest itself'

function isHostAlone(value: string): boolean {
  const url = URL.parse(value)
  return url === null || (url.pathname === '/' && url.search === '' && url.hash === '')
}

/** Sessions a day, unless something else is set. */
const DEFAULT_SESSIONS = 5

const MOST_DOLLARS = 10_000

/** Dollars with up to six decimals, as millionths of a dollar. */
const dollars = z
  .string()
  .refine(
    (text) => /^\d+(\.\d{1,6})?$/.test(text) && Number(text) <= MOST_DOLLARS,
    `must be dollars from 0 to ${MOST_DOLLARS}, such as 5 or 2.50`,
  )
  .transform((text) => Math.round(Number(text) * 1_000_000))

export const environment = z.object({
  SLACK_BOT_TOKEN: required('copy the bot token (xoxb-...) from the Slack app, OAuth & Permissions').startsWith(
    'xoxb-',
    'is not a bot token; it must begin with xoxb-',
  ),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'is not an app-level token; it must begin with xapp-').optional(),
  SLACK_SIGNING_SECRET: z.string().min(8, 'is too short; copy it from the Slack app, Basic Information').optional(),
  SLACK_API_URL: address.default('https://slack.com/api/').transform((url) => (url.endsWith('/') ? url : `${url}/`)),
  JADA_OPS_CHANNEL: required('set it to the id of the alerts channel, such as C012AB3CD').regex(
    /^[CG][A-Z0-9]{2,}$/,
    'must be a channel id such as C012AB3CD (channel details, at the bottom), not a name',
  ),
  JADA_OPERATORS: userIds,
  JADA_ON_DUTY: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,}$/, 'must be one Slack user id such as U012AB3CD')
    .optional(),
  PORT: wholeNumber(0, 65_535).default(3000),
  JADA_HOST: z.string().default('127.0.0.1'),
  JADA_PUBLIC_URL: bareAddress.refine(isPublicUrl, 'must begin with https:// (plain http only for 127.0.0.1 and localhost)').optional(),
  JADA_TRUST_PROXY: flag.default(false),
  JADA_TIMEZONE: z
    .string()
    .refine((name) => IANAZone.isValidZone(name), 'is not a time zone; write it like America/Los_Angeles')
    .default('America/Los_Angeles'),
  GOOGLE_CLIENT_ID: required('copy the OAuth client id from the Google Cloud console, Credentials'),
  GOOGLE_CLIENT_SECRET: required('copy the OAuth client secret from the Google Cloud console, Credentials'),
  GOOGLE_AUTH_URL: address.optional(),
  GOOGLE_TOKEN_URL: address.optional(),
  GOOGLE_SHEETS_URL: address.transform((url) => (url.endsWith('/') ? url : `${url}/`)).optional(),
  JADA_SHEET_ID: required("set it to the id in the port sheet's address: docs.google.com/spreadsheets/d/<this>/edit").regex(
    /^[\w-]+$/,
    'must be only the id, not the whole address of the sheet',
  ),
  JADA_SHEET_TAB: z.string().default('{yyyy}-{MM}'),
  JADA_SYNC_CRON: cron.default('*/30 * * * *'),
  JADA_CONFIRM_DELAYS: delays.default([5000, 15_000, 45_000]),
  ANTHROPIC_API_KEY: z.string().min(8, 'is too short; copy it from console.anthropic.com, API keys').optional(),
  ANTHROPIC_BASE_URL: address
    .refine(isHostAlone, API_HOST_CURE)
    .transform((value) => value.replace(/\/+$/, ''))
    .optional(),
  JADA_SESSIONS_PER_DAY: wholeNumber(0, 1000).default(DEFAULT_SESSIONS),
  JADA_RESERVED_SESSIONS: wholeNumber(0, 1000).default(0),
  JADA_MAX_TURNS: wholeNumber(1, 30).default(30),
  JADA_POLL_SECONDS: wholeNumber(5, 3600).default(60),
  JADA_DAILY_BUDGET_USD: dollars.default(5_000_000),
  JADA_QUESTION_BUDGET_USD: dollars.default(500_000),
  JADA_API_TOKEN: z.string().min(16, 'is too short to be safe; make one with: openssl rand -base64 32').optional(),
  AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'must be a region such as us-west-2')
    .optional(),
  LIGHTSAIL_INSTANCE: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,254}$/, 'must be the name of a Lightsail instance, as its console shows it')
    .optional(),
  AWS_ENDPOINT_URL_LIGHTSAIL: bareAddress.optional(),
  JADA_SNS_TOPIC_ARN: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:sns:[a-z]{2}(?:-[a-z]+)+-\d:\d{12}:(?=.{1,256}$)[\w-]+(?:\.fifo)?$/,
      'must be the ARN of an SNS topic, such as arn:aws:sns:us-west-2:123456789012:jada-bot-alerts',
    )
    .optional(),
  AWS_ENDPOINT_URL_SNS: bareAddress.optional(),
  JADA_SSH_PORT: wholeNumber(1, 65_535).default(22),
  JADA_UNIT: z
    .string()
    .regex(/^(?!-)[A-Za-z0-9:_.\\@-]{1,247}\.service$/, 'must be a service of systemd, such as jada-agent.service')
    .default('jada-agent.service'),
  /** Set by systemd for a service with a RuntimeDirectory. */
  RUNTIME_DIRECTORY: z.string().optional(),
  JADA_DATA_DIR: z.string().default('./data'),
  JADA_BACKUP_DAYS: wholeNumber(0, 3650).default(14),
  JADA_CONFIG_DIR: z.string().optional(),
  JADA_LOG_FILE: z.string().optional(),
  JADA_ALERT_LOG: z.string().default('/var/log/jada-agent-alerts.log'),
  JADA_SECRET_KEY: required(`it encrypts the Google token; make one with: openssl rand -base64 32`).refine(isKey, KEY_CURE),
  JADA_SECRET_KEY_PREVIOUS: z.string().refine(isKey, KEY_CURE).optional(),
})

/** Problems that lie between variables, or in ones that must not be set. */
export function relations(set: Readonly<Record<string, string | undefined>>): string[] {
  const problems: string[] = []
  if (set['SLACK_APP_TOKEN'] === undefined && set['SLACK_SIGNING_SECRET'] === undefined) {
    problems.push('SLACK_APP_TOKEN: is missing; set it (xapp-..., Socket Mode), or SLACK_SIGNING_SECRET for HTTP mode on /slack/events')
  }
  if (set['DATABASE_URL'] !== undefined) {
    problems.push('DATABASE_URL: this version keeps its state in JADA_DATA_DIR only; unset it')
  }
  if (set['LIGHTSAIL_INSTANCE'] !== undefined && set['AWS_REGION'] === undefined) {
    problems.push('AWS_REGION: is missing; set it to the region of the instance that LIGHTSAIL_INSTANCE names, such as us-west-2')
  }
  const [reserved, perDay] = [Number(set['JADA_RESERVED_SESSIONS'] ?? 0), Number(set['JADA_SESSIONS_PER_DAY'] ?? DEFAULT_SESSIONS)]
  if (reserved > perDay) {
    problems.push('JADA_RESERVED_SESSIONS: is more than JADA_SESSIONS_PER_DAY; keep back at most all sessions of a day')
  }
  if (set['GOOGLE_SDK_NODE_LOGGING'] !== undefined) {
    problems.push('GOOGLE_SDK_NODE_LOGGING: prints access tokens into the log; unset it')
  }
  return problems
}
