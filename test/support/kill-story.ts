import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createGoogle, type Google } from '../../sandbox/google/google.ts'
import { seedPortSheet } from '../../sandbox/google/seed.ts'
import { createSlack, type Slack } from '../../sandbox/slack/slack.ts'
import { createApp, type App } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/log.ts'
import { Secret } from '../../src/secret.ts'
import { systemRandom } from '../../src/random.ts'
import { createSealedBox } from '../../src/sealed-box.ts'
import { tokenContext } from '../../src/services/google/token-context.ts'
import { SCOPES } from '../../src/services/google/connection.ts'
import { migrate } from '../../src/store/migrations.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { createUnitOfWork } from '../../src/store/unit.ts'
import { makeDataDir } from './data-dir.ts'
import { createScaledClock } from './scaled-clock.ts'
import { freePort, OFFICE, OPS, SHEET, START } from './world.ts'

/** Where the bot is killed: after its n-th committed write, or when the n-th outside call has had its effect and is not answered yet. */
export type KillPoint = { readonly at: 'never' } | { readonly at: 'write' | 'call'; readonly n: number }

/** What stands at the end, and how many points there were. */
export interface Ending {
  readonly writes: number
  readonly calls: string[]
  readonly kills: number
  readonly cards: { text: string; color: string }[]
  /** The thread's messages, first lines, without the card. */
  readonly replies: string[]
  /** Everything else in the channel. */
  readonly strays: string[]
  readonly alertLines: string[]
  readonly undelivered: number
  readonly unfinished: number
  readonly charters: number
  readonly chartersAdded: number
  readonly generation: number
  readonly log: string
}

const QUIET = new URL('../fixtures/quiet', import.meta.url).pathname
const FACTOR = 60
const KEY = Buffer.alloc(32, 9).toString('base64')
const CLIENT = { clientId: 'client.apps.example', clientSecret: 'GOCSPX-not-a-real-secret' }
const CHILD = new URL('kill-child.ts', import.meta.url).pathname
/** A story takes about two seconds; on a busy machine much longer. */
const PATIENCE_MS = 60_000

/** Passes requests on; `answered` is called when the far end has acted and before the caller hears of it. */
async function createProxy(target: string, answered: (label: string) => boolean): Promise<{ origin: string; server: Server }> {
  const server = createServer((incoming, outgoing) => {
    const forward = httpRequest(new URL(incoming.url ?? '/', target), { method: incoming.method, headers: incoming.headers }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => {
        if (!answered(`${incoming.method ?? ''} ${(incoming.url ?? '').split('?')[0] ?? ''}`)) {
          outgoing.destroy()
          return
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        outgoing.end(Buffer.concat(parts))
      })
    })
    forward.on('error', () => outgoing.destroy())
    incoming.pipe(forward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

/** Connected an hour ago; the token has died since, and the sync is about to find out. */
async function prepare(dataDir: string, google: Google, now: number): Promise<void> {
  const database = openDatabase(dataDir)
  await migrate(database.db)
  const box = createSealedBox({ key: new Secret(KEY), previousKey: undefined, random: systemRandom })
  const owner = { id: 'google', clientId: CLIENT.clientId, sub: subOf(OFFICE) }
  const token = box.seal(google.issueRefreshToken(OFFICE), tokenContext(owner))
  google.revokeAll(OFFICE)
  const rest = {
    email: OFFICE,
    scopes: SCOPES.join(' '),
    previousToken: null,
    generation: 1,
    consentedAt: now,
    refreshExpiresAt: null,
    updatedAt: now,
  }
  await createUnitOfWork(database.db).run(({ connections }) => connections.replace({ ...owner, token, ...rest }, 0))
  // The small jobs of each day have just run: the story is about the sync, and each write of theirs would be one more point to die at.
  const done = database.raw.prepare(
    "insert into run (id, job, subject, reason, started_at, finished_at, outcome, summary) values (?, ?, '', 'cron', ?, ?, 'done', '')",
  )
  for (const [index, job] of SMALL_JOBS.entries()) done.run(-1 - index, job, now, now)
  await database.close()
}

const SMALL_JOBS = ['housekeeping', 'backup', 'host-audit']

const ACCOUNT = { sub: '100000000000000000001', email: OFFICE, name: 'The JADA office' }
const subOf = (email: string): string => (email === ACCOUNT.email ? ACCOUNT.sub : '')

function query<T>(dataDir: string, sql: string): T[] {
  const database = new DatabaseSync(join(dataDir, 'jada.sqlite'), { readOnly: true, timeout: 5000 })
  try {
    return database.prepare(sql).all() as T[]
  } finally {
    database.close()
  }
}

const count = (dataDir: string, sql: string): number => query<{ n: number }>(dataDir, `select count(*) as n from ${sql}`)[0]?.n ?? 0

const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))

/** A person who opens the card's link, consents, and tries again when the bot is not there. */
async function consent(google: Google, link: string): Promise<void> {
  try {
    const first = await fetch(link, { redirect: 'manual' })
    const authorize = first.headers.get('location')
    if (authorize === null) return
    const cookie = first.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    await fetch(await google.consent(authorize, { account: OFFICE }), { headers: { cookie } })
  } catch {
    // The bot died under the request; the link in the card still works.
  }
}

const linkOf = (slack: Slack): string | undefined => /"url":"([^"]+start\?ticket=[^"]+)"/.exec(JSON.stringify(slack.messages(OPS)))?.[1]

/** Plays the main story once with one kill in it, in real processes, and says how it ended. */
export async function playStory(point: KillPoint): Promise<Ending> {
  const realBase = Date.now()
  const clock = createScaledClock(START, realBase, FACTOR)
  const now = (): number => clock.now()
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const slack = createSlack({ botToken: 'xoxb-test', signingSecret: 'signing-secret', now, echo: false })
  const google = createGoogle({ ...CLIENT, redirectUris: [`${origin}/oauth/google/callback`], accounts: [ACCOUNT], now })
  const { apiUrl } = await slack.start()
  const urls = await google.start()
  google.createSpreadsheet({
    id: SHEET,
    title: 'Port sheet',
    timeZone: 'America/Los_Angeles',
    tabs: seedPortSheet({ year: 2026, month: 11 }),
    sharedWith: [OFFICE],
  })
  const dataDir = makeDataDir()
  await prepare(dataDir, google, now())

  let child: ChildProcess | null = null
  let alive = false
  let kills = 0
  let writes = 0
  let log = ''
  const calls: string[] = []
  const answered = (label: string): boolean => {
    calls.push(label)
    if (point.at !== 'call' || point.n !== calls.length || kills > 0) return true
    child?.kill('SIGKILL')
    return false
  }
  const slackProxy = await createProxy(new URL(apiUrl).origin, answered)
  const googleProxy = await createProxy(new URL(urls.tokenUrl).origin, answered)
  const env: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'jada-compile-cache'),
    SLACK_BOT_TOKEN: 'xoxb-test',
    SLACK_SIGNING_SECRET: 'signing-secret',
    SLACK_API_URL: apiUrl.replace(new URL(apiUrl).origin, slackProxy.origin),
    JADA_OPS_CHANNEL: OPS,
    JADA_OPERATORS: 'U0MARA',
    PORT: String(port),
    JADA_PUBLIC_URL: origin,
    GOOGLE_CLIENT_ID: CLIENT.clientId,
    GOOGLE_CLIENT_SECRET: CLIENT.clientSecret,
    GOOGLE_AUTH_URL: urls.authUrl,
    GOOGLE_TOKEN_URL: urls.tokenUrl.replace(new URL(urls.tokenUrl).origin, googleProxy.origin),
    GOOGLE_SHEETS_URL: `${googleProxy.origin}/`,
    JADA_SHEET_ID: SHEET,
    JADA_CONFIG_DIR: QUIET,
    JADA_CONFIRM_DELAYS: '2,2,2',
    JADA_DATA_DIR: dataDir,
    JADA_ALERT_LOG: join(dataDir, 'alerts.log'),
    JADA_SECRET_KEY: KEY,
    CLOCK_BASE: String(START),
    CLOCK_REAL_BASE: String(realBase),
    CLOCK_FACTOR: String(FACTOR),
  }
  let successor: Promise<App> | null = null
  /** Who goes on after a kill lives in this process: a fresh bot on the same data, whose libraries are loaded already. */
  const succeed = async (): Promise<App> => {
    const bot = await createApp(readConfig(env), {
      clock,
      ticker: { start: () => ({ stop: () => undefined }) },
      log: createLog({ clock, write: (line) => (log += line) }),
    })
    await bot.start()
    return bot
  }
  const launch = (): void => {
    alive = true
    if (kills > 0) {
      successor = succeed()
      return
    }
    const deadly = point.at === 'write' && kills === 0 ? { KILL_AFTER_WRITE: String(point.n) } : {}
    const started = spawn(process.execPath, [CHILD], { env: { ...env, ...deadly }, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    const hear = (chunk: Buffer): void => {
      const text = chunk.toString()
      writes += text.split('write\n').length - 1
      log += text.replaceAll('write\n', '')
    }
    started.stdout.on('data', hear)
    started.stderr.on('data', hear)
    started.once('exit', (_code, signal) => {
      alive = false
      if (signal === 'SIGKILL') kills += 1
    })
  }
  const settled = (): boolean =>
    count(dataDir, "incident where state = 'resolved'") === 1 &&
    count(dataDir, "outbox where state <> 'sent'") === 0 &&
    count(dataDir, "work where state = 'running' or job = 'port-sheet-sync'") === 0

  launch()
  const giveUp = Date.now() + PATIENCE_MS
  while (!settled() && Date.now() < giveUp) {
    if (!alive) launch()
    const link = linkOf(slack)
    const needed = query<{ generation: number }>(dataDir, 'select generation from connection')[0]?.generation === 1
    if (link !== undefined && needed) await consent(google, link)
    await breathe()
  }
  const killed = kills
  await stop(child)
  await (await (successor as Promise<App> | null))?.stop()
  const top = slack.messages(OPS)
  const cards = top.filter((message) => message.attachments !== undefined)
  const ending: Ending = {
    writes,
    calls,
    kills: killed,
    cards: cards.map((card) => ({ text: card.text, color: String(card.attachments?.[0]?.['color']) })),
    replies: cards
      .flatMap((card) => slack.thread(OPS, card.ts).filter((reply) => reply.ts !== card.ts))
      .map((reply) => reply.text.split('\n')[0] ?? ''),
    strays: top.filter((message) => message.attachments === undefined).map((message) => message.text),
    alertLines: readLines(join(dataDir, 'alerts.log')),
    undelivered: count(dataDir, "outbox where state <> 'sent'"),
    unfinished: count(dataDir, 'run where finished_at is null'),
    charters: count(dataDir, 'charter where removed_at is null'),
    chartersAdded: count(dataDir, "charter_change where what = 'added'"),
    generation: query<{ generation: number }>(dataDir, 'select generation from connection')[0]?.generation ?? 0,
    log,
  }
  for (const { server } of [slackProxy, googleProxy]) {
    server.close()
    server.closeAllConnections()
  }
  await slack.stop()
  await google.stop()
  rmSync(dataDir, { recursive: true, force: true })
  return ending
}

function readLines(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []
}

async function stop(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}
