import { writeFileSync } from 'node:fs'
import { createClaude } from '../../sandbox/claude/claude.ts'
import { createGoogle } from '../../sandbox/google/google.ts'
import { seedPortSheet } from '../../sandbox/google/seed.ts'
import { createSlack } from '../../sandbox/slack/slack.ts'
import { SETTING } from '../../sandbox/world/setting.ts'

/** The far ends for deploy/test/boot.sh: `node test/support/boot-child.ts <port of the bot> <file for its settings>`. Ends with SIGTERM. */

const [port = '3000', file = ''] = process.argv.slice(2)
const { botToken, appToken, clientId, clientSecret, anthropicKey, sheetId, timeZone, office } = SETTING
const now = new Date()

const slack = createSlack({ botToken, appToken })
const google = createGoogle({ clientId, clientSecret, redirectUris: [`http://127.0.0.1:${port}${SETTING.callbackPath}`] })
const claude = createClaude({ apiKey: anthropicKey })
const { apiUrl } = await slack.start()
const urls = await google.start()
const { url } = await claude.start()
google.createSpreadsheet({
  id: sheetId,
  title: 'Port sheet',
  timeZone,
  tabs: seedPortSheet({ year: now.getUTCFullYear(), month: now.getUTCMonth() + 1 }),
  sharedWith: [office],
})

const settings = {
  SLACK_BOT_TOKEN: botToken,
  SLACK_APP_TOKEN: appToken,
  SLACK_API_URL: apiUrl,
  JADA_OPS_CHANNEL: SETTING.channel,
  JADA_OPERATORS: SETTING.operators.join(','),
  PORT: port,
  GOOGLE_CLIENT_ID: clientId,
  GOOGLE_CLIENT_SECRET: clientSecret,
  GOOGLE_AUTH_URL: urls.authUrl,
  GOOGLE_TOKEN_URL: urls.tokenUrl,
  GOOGLE_SHEETS_URL: urls.sheetsUrl,
  JADA_SHEET_ID: sheetId,
  ANTHROPIC_API_KEY: anthropicKey,
  ANTHROPIC_BASE_URL: url,
}
writeFileSync(
  file,
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join(''),
)
process.stdout.write('ready\n')

process.once('SIGTERM', () => {
  process.exit(0)
})
