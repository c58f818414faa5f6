import type { DutyKey, SignalKind } from '../signals/signal.ts'
import { CAUSE_WORDS } from './cause-wording.ts'
import type { Incident } from './incident.ts'

/** Words about an incident that the card, the alert log and the terminal share. */

export const SEVERITY_WORD = { critical: 'CRITICAL', warning: 'WARNING', notice: 'SET-UP' } as const

const TITLES: Readonly<Record<SignalKind, string>> = {
  oauth_token_failure: 'Google no longer accepts our token, so the port sheet sync is blocked',
  oauth_token_expiring: 'The Google token ends soon; after that the port sheet cannot be read',
  google_configuration: 'Google refuses our settings, so the port sheet sync is blocked',
  google_not_connected: 'Google is not connected yet, so the port sheet cannot be read',
  sheet_problem: 'The port sheet needs a look; its sync is not complete',
  sync_failing: 'The port sheet sync keeps failing',
  sync_stale: 'The port sheet has not been synced for more than 2 hours',
  rows_quarantined: 'Some rows of the port sheet cannot be read and were left out',
  model_refused: 'Claude refuses our requests; no session can go on',
  model_unavailable: 'Claude has not answered for a while; sessions wait',
  mcp_changed: 'A tool that sessions use has changed; its MCP server is stopped',
  backup_failed: 'The state of the bot could not be backed up',
  notices_refused: 'AWS does not take our notices: SNS publishes nothing',
  host_down: "The agent's service, or the server it lives on, does not run as it should",
  host_memory: 'The server is short of memory',
  host_disk: 'The disk of the server is filling up',
  host_cpu: 'The server is short of CPU',
  host_journal: "The journal of the agent's service shows failures",
  host_clock: 'The clock of the server is wrong',
  host_certificate: "The certificate of the bot's public address ends soon",
  host_unreachable: 'The server can no longer be watched as a whole',
}

const RESOLVED_TITLES: Readonly<Record<DutyKey, string>> = {
  'port-sheet/sync': 'The port sheet syncs again',
  'port-sheet/consent': 'The Google token is good for longer again',
  'port-sheet/rows': 'All rows of the port sheet can be read again',
  'agent/model': 'Claude answers again, and sessions go on',
  'agent/mcp': 'The changed tools were accepted, and their servers may be used again',
  'bot/backup': 'The state of the bot is backed up again',
  'bot/notices': 'Notices are published over SNS again',
  'host/service': "The agent's service runs steadily again",
  'host/memory': 'The server has enough memory again',
  'host/disk': 'The disk of the server has room again',
  'host/cpu': 'The server has enough CPU again',
  'host/status-checks': 'The server runs, and passes its status checks again',
  'host/journal': "The journal of the agent's service is quiet again",
  'host/clock': 'The clock of the server is right again',
  'host/certificate': "The certificate of the bot's public address was renewed",
  'host/reach': 'The server can be watched as a whole again',
}

/** The title once the duty was seen done. A first connection was nothing broken. */
export function resolvedTitleOf({ key, kind, cause }: Pick<Incident, 'key' | 'kind' | 'cause'>): string {
  if (cause !== null) return CAUSE_WORDS[cause].resolved
  return kind === 'google_not_connected' ? 'Google is connected, and the port sheet has been read' : RESOLVED_TITLES[key]
}

/** Causes that the title of their kind would tell wrongly. */
const HINT_TITLES: Readonly<Record<string, string>> = {
  'secret-key': 'The stored Google token cannot be read, so the port sheet sync is blocked',
  'our-request': 'Google does not take our request, so the port sheet sync is blocked',
  proxy: 'Something else answers in the place of Google, so the port sheet sync fails',
}

export function titleOf({ kind, evidence, cause = null }: Pick<Incident, 'kind'> & Partial<Pick<Incident, 'evidence' | 'cause'>>): string {
  if (cause !== null) return CAUSE_WORDS[cause].title
  return HINT_TITLES[evidence?.hint ?? ''] ?? TITLES[kind]
}

const HINT_ACTIONS: Readonly<Record<string, string>> = {
  'session-control': 'Re-authorize; then ask the Google Workspace admin to trust this app, or it will happen again',
  'account-deleted': 'The Google account is deleted: an operator connects another one with `/jada reauth repin`',
  'admin-policy': 'Ask the Google Workspace admin to allow this app',
  'secret-key':
    'The stored token cannot be decrypted: if `JADA_SECRET_KEY` was changed, put the old key into `JADA_SECRET_KEY_PREVIOUS` and restart the bot; otherwise re-authorize',
  proxy:
    'Something between the server and Google answers in its place, perhaps a proxy or a captive portal: check the network of the server',
  'disk-full': 'Free space on the disk of the server: look at `journalctl --disk-usage`, old logs and the folder of `JADA_DATA_DIR`',
  'tab-renamed': 'Usually nothing: a renamed tab is found at the next sync. If it lasts, check the setting `JADA_SHEET_TAB`',
  client: 'Compare the settings `GOOGLE_CLIENT_ID` and `GOOGLE_CLIENT_SECRET` with the Google Cloud console, then restart the bot',
  'our-request': 'Tell whoever looks after the bot: it sent a request that Google does not take',
  'api-disabled': 'Turn the Google Sheets API on for the project of the OAuth client',
  'not-found': 'Check the setting `JADA_SHEET_ID`, and that the sheet was not deleted',
  'office-file': 'The file is an Excel file: open it in Sheets, choose File > Save as Google Sheets, and set `JADA_SHEET_ID` to the new id',
  'model-key':
    'Compare `ANTHROPIC_API_KEY` with the keys in the Anthropic console, correct it and restart the bot; or, if the key works again, type `/jada resume`',
  'model-payment':
    'The Anthropic account has no credit, or its bill is not paid: settle that in the Anthropic console, then type `/jada resume`',
  'model-permission': 'The key may not use this model: allow it in the Anthropic console, or name another model in the playbook',
  'model-name': 'Anthropic does not know the model of this playbook: correct its name there and in `prices.yml`, then restart the bot',
  'scope-unticked': 'Re-authorize and leave the box for the spreadsheets ticked',
}

const KIND_ACTIONS: Readonly<Record<SignalKind, string>> = {
  oauth_token_failure: 'Re-authorize Google: press Re-authorize on the card, type `/jada reauth`, or run `npm run reauth` on the server',
  oauth_token_expiring: 'Re-authorize Google before it ends: press Re-authorize on the card, or type `/jada reauth`',
  google_configuration: 'Correct the settings of the Google client, then restart the bot',
  google_not_connected: 'An operator presses Connect Google on the card, types `/jada reauth`, or runs `npm run reauth` on the server',
  sheet_problem: 'Correct what the card lists',
  sync_failing: 'Usually nothing: it is tried again by itself. If it lasts, check the network of the server and the status of Google',
  sync_stale: 'Look at `/jada status` for the reason, then try `/jada sync now`',
  rows_quarantined: 'Correct the named cells in the sheet; the next sync takes the rows in',
  model_refused: 'Find the reason in the Anthropic console and mend it, then type `/jada resume`',
  model_unavailable:
    'Usually nothing: it is tried again by itself. If it lasts, check the network of the server and the status of Anthropic',
  mcp_changed:
    'Look at the change with `/jada mcp`, and find out why it came; then accept it with `/jada mcp accept` and the name of the server, or take the server out of `mcp.json`',
  backup_failed: 'Mend what the card names, then write `retry` in this thread: a good backup closes it',
  notices_refused: 'Mend what the card names; waiting notices are then published by themselves within 15 minutes',
  host_down:
    'On the server look at `systemctl status` and at the journal of the service, then start it; if the server itself does not answer, reboot the instance in the Lightsail console',
  host_memory: 'Find what holds the memory (`systemd-cgtop -m` shows it) and restart it; if it is short again, take a larger plan',
  host_disk: 'Free space: look at `journalctl --disk-usage`, old logs and the folder of `JADA_DATA_DIR`',
  host_cpu: 'Find what keeps the CPU busy (`top` shows it) and end it, before the burst capacity is used up',
  host_journal: 'Look at `/jada health` for the lines, and at the journal on the server for what stands around them',
  host_clock: 'Turn on time synchronization on the server: `timedatectl set-ntp true`',
  host_certificate:
    'Find out why Caddy does not renew it: look at `journalctl -u caddy` on the server, and whether its ports 80 and 443 can be reached from outside',
  host_unreachable: 'Look at what the card says cannot be seen, and why; `npm run doctor` tries each again',
}

/** What a person should do, in one sentence without a full stop. What is to be typed, and names of settings, stand in backticks. */
export function actionOf({ kind, evidence, cause = null }: Pick<Incident, 'kind' | 'evidence'> & Partial<Pick<Incident, 'cause'>>): string {
  if (cause !== null) return CAUSE_WORDS[cause].action
  if (evidence.hint === 'not-shared')
    return `Share the port sheet with ${evidence.account ?? 'the connected Google account'} (viewer is enough)`
  if (evidence.holds.length > 0) return 'Look at what would disappear (`/jada sync diff`), then apply it, or put the rows back'
  return (evidence.hint === null ? undefined : HINT_ACTIONS[evidence.hint]) ?? KIND_ACTIONS[kind]
}

/** The same where a backtick would only be a backtick: the alert log, the terminal, cells of tables. */
export const unmarked = (text: string): string => text.replaceAll('`', '')

/** The name of the runbook's section about this kind. Where the document lies differs, its sections do not. */
export const runbookSectionOf = (kind: SignalKind): string => kind.replaceAll('_', '-')

/** The same as a path in the repository, for the alert log. */
export function runbookOf(kind: SignalKind): string {
  return `docs/runbook.md#${runbookSectionOf(kind)}`
}
