import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import type { GoogleUrls } from '../google/google.ts'

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
} as const

export interface Places {
  port: number
  publicUrl: string
  slackApiUrl: string
  google: GoogleUrls
  claudeUrl: string
  dataDir: string
  alertLog: string
}

export function choosePlaces(
  port: number,
  directory: string,
  { slackApiUrl, google, claudeUrl }: Pick<Places, 'slackApiUrl' | 'google' | 'claudeUrl'>,
): Places {
  return {
    port,
    publicUrl: `http://127.0.0.1:${port}`,
    slackApiUrl,
    google,
    claudeUrl,
    dataDir: join(directory, 'data'),
    alertLog: join(directory, 'alerts.log'),
  }
}

export const newSecretKey = (): string => randomBytes(32).toString('base64')

interface BotWishes {
  confirmDelaysS: readonly number[]
  publicUrl: boolean
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
