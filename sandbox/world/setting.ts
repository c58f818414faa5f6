import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import type { GoogleUrls } from '../google/google.ts'
import type { HostPlaces } from '../host/host.ts'

/** Names and secrets of the sandbox; none of them is worth anything anywhere else. */
export const SETTING = {
  channel: 'C0OPS',
  operator: 'U0MARA',
  operators: ['U0MARA', 'U0TOM'],
  botToken: 'xoxb-sandbox-bot',
  appToken: 'xapp-sandbox-app',
  clientId: '104200000000-sandbox.apps.googleusercontent.com',
  clientSecret: 'GOCSPX-sandbox',
  anthropicKey: 'sk-ant-sandbox',
  sheetId: 'port-sheet-of-the-sandbox',
  timeZone: 'America/Los_Angeles',
  office: 'office@jada.example',
  captain: 'captain@jada.example',
  callbackPath: '/oauth/google/callback',
  host: { region: 'us-west-2', instance: 'jada-prod', unit: 'jada-agent.service' },
  awsKeyId: 'AKIASANDBOX',
  awsSecret: 'aws-secret-of-the-sandbox',
} as const

export interface Places {
  port: number
  publicUrl: string
  slackApiUrl: string
  google: GoogleUrls
  claudeUrl: string
  /** Null: there is no host to watch but this machine. */
  host: HostPlaces | null
  dataDir: string
  alertLog: string
}

export function choosePlaces(
  port: number,
  directory: string,
  { slackApiUrl, google, claudeUrl, host }: Pick<Places, 'slackApiUrl' | 'google' | 'claudeUrl' | 'host'>,
): Places {
  return {
    port,
    publicUrl: `http://127.0.0.1:${port}`,
    slackApiUrl,
    google,
    claudeUrl,
    host,
    dataDir: join(directory, 'data'),
    alertLog: join(directory, 'alerts.log'),
  }
}

export const newSecretKey = (): string => randomBytes(32).toString('base64')

interface BotWishes {
  confirmDelaysS: readonly number[]
  publicUrl: boolean
}

/** What the bot is told of the host. Its folder for keys is `run` in the data folder, as on any machine without systemd. */
function hostEnvironment(host: HostPlaces | null): Record<string, string> {
  if (host === null) return {}
  return {
    LIGHTSAIL_INSTANCE: host.instance,
    AWS_REGION: host.region,
    AWS_ENDPOINT_URL_LIGHTSAIL: host.lightsailUrl,
    JADA_UNIT: host.unit,
    JADA_SSH_PORT: String(host.sshPort),
    AWS_ACCESS_KEY_ID: SETTING.awsKeyId,
    AWS_SECRET_ACCESS_KEY: SETTING.awsSecret,
    AWS_EC2_METADATA_DISABLED: 'true',
    // A person's own profiles are not ours to read.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  }
}

/** The whole environment of the bot. Nothing of the person's own reaches it but PATH, HOME and Node's compile cache. */
export function botEnvironment(places: Places, secretKey: string, { confirmDelaysS, publicUrl }: BotWishes): Record<string, string> {
  const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
  return {
    ...(PATH === undefined ? {} : { PATH }),
    ...(HOME === undefined ? {} : { HOME }),
    ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }),
    SLACK_BOT_TOKEN: SETTING.botToken,
    SLACK_APP_TOKEN: SETTING.appToken,
    SLACK_API_URL: places.slackApiUrl,
    JADA_OPS_CHANNEL: SETTING.channel,
    JADA_OPERATORS: SETTING.operators.join(','),
    PORT: String(places.port),
    ...(publicUrl ? { JADA_PUBLIC_URL: places.publicUrl } : {}),
    GOOGLE_CLIENT_ID: SETTING.clientId,
    GOOGLE_CLIENT_SECRET: SETTING.clientSecret,
    GOOGLE_AUTH_URL: places.google.authUrl,
    GOOGLE_TOKEN_URL: places.google.tokenUrl,
    GOOGLE_SHEETS_URL: places.google.sheetsUrl,
    ANTHROPIC_API_KEY: SETTING.anthropicKey,
    ANTHROPIC_BASE_URL: places.claudeUrl,
    ...hostEnvironment(places.host),
    // A person who has added a task is watching.
    JADA_POLL_SECONDS: '5',
    JADA_SHEET_ID: SETTING.sheetId,
    JADA_SHEET_TAB: '{yyyy}-{MM}',
    JADA_CONFIRM_DELAYS: confirmDelaysS.join(','),
    JADA_DATA_DIR: places.dataDir,
    JADA_ALERT_LOG: places.alertLog,
    JADA_SECRET_KEY: secretKey,
  }
}
