import { readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createClaude, type Claude } from '../../sandbox/claude/claude.ts'
import { createGoogle, type Google } from '../../sandbox/google/google.ts'
import { seedPortSheet } from '../../sandbox/google/seed.ts'
import { createSlack, type Message, type Slack } from '../../sandbox/slack/slack.ts'
import { createApp, type App } from '../../src/app.ts'
import type { CommitHooks } from '../../src/store/sqlite.ts'
import { readConfig } from '../../src/config.ts'
import { REQUIRED_SCOPES } from '../../src/bot/scopes.ts'
import { createLog } from '../../src/log.ts'
import { wellCollector } from './host-samples.ts'
import { makeDataDir } from './data-dir.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'

export const OPS = 'C0OPS'
export const OPERATOR = 'U0MARA'
export const GUEST = 'U0GUEST'
export const SHEET = 'sheet-port'
export const OFFICE = 'office@jada.example'
export const CAPTAIN = 'captain@jada.example'
const CLIENT_ID = 'client.apps.example'
const CLIENT_SECRET = 'GOCSPX-not-a-real-secret'
const ANTHROPIC_KEY = 'sk-ant-not-a-real-key'
const QUIET = new URL('../fixtures/quiet', import.meta.url).pathname
/** 2026-11-02 09:30 UTC. */
export const START = Date.UTC(2026, 10, 2, 9, 30)

export interface WorldOptions {
  readonly mode?: 'socket' | 'http'
  readonly publicUrl?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly start?: number
  /** The bot's port; picked when left out. */
  readonly port?: number
  /** Begins at the real time, for walks with processes of their own; the clock still stands until it is moved. */
  readonly real?: boolean
  readonly commitHooks?: CommitHooks
  /** Google's consent screen was left in "Testing": each consent lasts seven days. */
  readonly testing?: boolean
  /** What follows from the port sheet: crew pages and requests for signatures. Left out, nothing does. */
  readonly rules?: boolean
  /** A last will is kept ahead of the bot; then time passes in steps of minutes. Left out, none is. */
  readonly lastWill?: boolean
}

/** The whole bot on real libraries, between strict stand-ins, in one process and on one fake clock. */
export interface World {
  readonly clock: FakeClock
  readonly slack: Slack
  readonly google: Google
  readonly claude: Claude
  readonly dataDir: string
  readonly origin: string
  readonly alertLog: string
  /** What the bot was configured with. */
  readonly env: Readonly<Record<string, string>>
  readonly logText: () => string
  app: App
  /** Waits until nothing is being worked on. */
  settle(): Promise<void>
  /** Lets time pass, stopping at each moment at which a row is due. */
  pass(ms: number): Promise<void>
  /** A tick of the regular schedule. */
  tick(): Promise<void>
  /** Stops the app, as SIGTERM does. */
  stop(): Promise<void>
  /** Stops the app (if it runs) and starts another one on the same data. */
  restart(env?: Readonly<Record<string, string>>): Promise<void>
  /** Sends `/jada ...` and waits for all answers. */
  jada(text: string, who?: { user?: string; channel?: string }): Promise<string>
  /** Opens a link as a browser does, consents, and gives the last page. Cookies are kept. */
  browse(link: string, choice?: Parameters<Google['consent']>[1]): Promise<{ status: number; text: string }>
  /** Connects the office account as an operator would and lets the first sync end. */
  connect(): Promise<void>
  /** The newest card. */
  card(): Message
  cards(): Message[]
  alertLines(): Record<string, unknown>[]
  dispose(): Promise<void>
}

// Below the ports that the kernel hands out for port 0, so that no stand-in takes a port between its choice and its use;
// each test process begins elsewhere.
let nextPort = 20_000 + ((process.pid * 61) % 12_000)

/** A port for a bot that must know it beforehand. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = nextPort
    nextPort = nextPort >= 32_000 ? 20_000 : nextPort + 1
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!free) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}

/** All text of a message: its own, and that of blocks and attachments. */
export function textOf(message: { text: string; blocks?: unknown[]; attachments?: unknown[] } | undefined): string {
  return message === undefined ? '' : `${message.text}\n${JSON.stringify([message.blocks, message.attachments])}`
}

export function colorOf(message: Message): string {
  return String(message.attachments?.[0]?.['color'])
}

export const COLORS = { red: '#c62828', amber: '#e09f1f', grey: '#8a8d91', green: '#2e7d4f', blue: '#31699c' } as const

class CookieJar {
  readonly #cookies = new Map<string, string>()

  async get(url: string): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: cookie === '' ? {} : { cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      this.#cookies.set(name, value)
    }
    return response
  }
}

function portSheet(start: number): { title: string; rows: (string | number | boolean | null)[][] }[] {
  const date = new Date(start)
  return seedPortSheet({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 })
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const start = options.real === true ? Date.now() : (options.start ?? START)
  const clock = createFakeClock(start)
  const now = (): number => clock.now()
  const mode = options.mode ?? 'socket'
  const port = options.port ?? (await freePort())
  const origin = `http://127.0.0.1:${port}`
  const slack = createSlack({
    botToken: 'xoxb-test',
    appToken: 'xapp-test',
    signingSecret: 'signing-secret',
    // What the manifest asks for and nothing more.
    scopes: [...REQUIRED_SCOPES],
    ...(mode === 'http' ? { eventsUrl: `${origin}/slack/events` } : {}),
    now,
  })
  const google = createGoogle({
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    redirectUris: [`${origin}/oauth/google/callback`],
    now,
    ...(options.testing === true ? { publishing: 'testing' as const } : {}),
  })
  const { apiUrl } = await slack.start()
  const urls = await google.start()
  const claude = createClaude({ apiKey: ANTHROPIC_KEY, now })
  const { url: claudeUrl } = await claude.start()
  google.createSpreadsheet({
    id: SHEET,
    title: 'Port sheet',
    timeZone: 'America/Los_Angeles',
    tabs: portSheet(start),
    sharedWith: [OFFICE],
  })
  const dataDir = makeDataDir()
  const alertLog = join(dataDir, 'alerts.log')
  const lines: string[] = []
  const env: Record<string, string> = {
    SLACK_BOT_TOKEN: 'xoxb-test',
    ...(mode === 'socket' ? { SLACK_APP_TOKEN: 'xapp-test' } : { SLACK_SIGNING_SECRET: 'signing-secret' }),
    SLACK_API_URL: apiUrl,
    JADA_OPS_CHANNEL: OPS,
    JADA_OPERATORS: `${OPERATOR},U0TOM`,
    PORT: String(port),
    ...(options.publicUrl === false ? {} : { JADA_PUBLIC_URL: origin }),
    GOOGLE_CLIENT_ID: CLIENT_ID,
    GOOGLE_CLIENT_SECRET: CLIENT_SECRET,
    GOOGLE_AUTH_URL: urls.authUrl,
    GOOGLE_TOKEN_URL: urls.tokenUrl,
    GOOGLE_SHEETS_URL: urls.sheetsUrl,
    JADA_SHEET_ID: SHEET,
    ANTHROPIC_API_KEY: ANTHROPIC_KEY,
    ANTHROPIC_BASE_URL: claudeUrl,
    // As seldom as may be: most walks pass hours, and have no task.
    JADA_POLL_SECONDS: '3600',
    JADA_BACKUP_DAYS: '0',
    ...(options.rules === true ? {} : { JADA_CONFIG_DIR: QUIET }),
    JADA_DATA_DIR: dataDir,
    JADA_ALERT_LOG: alertLog,
    JADA_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    ...options.env,
  }
  const ticks: (() => void)[] = []
  const startApp = async (): Promise<App> => {
    ticks.length = 0
    const app = await createApp(readConfig(env), {
      clock,
      collector: wellCollector,
      log: createLog({ clock, level: 'debug', write: (line) => lines.push(line) }),
      ticker: {
        start: (name, _cron, tick) => {
          if (name === 'port-sheet-sync') ticks.push(tick)
          return { stop: () => undefined }
        },
      },
      lastWill: options.lastWill === true,
      ...(options.commitHooks === undefined ? {} : { commitHooks: options.commitHooks }),
    })
    await app.start()
    return app
  }
  const stopped = new WeakSet<App>()
  const stopApp = async (): Promise<void> => {
    if (!stopped.has(world.app)) await world.app.stop()
    stopped.add(world.app)
  }
  const world: World = {
    clock,
    slack,
    google,
    claude,
    dataDir,
    origin,
    alertLog,
    env,
    logText: () => lines.join(''),
    app: await startApp(),
    settle: () => settle(world),
    pass: async (ms) => {
      const until = clock.now() + ms
      for (;;) {
        await settle(world)
        const due = await nextDue(world)
        const step = Math.min(Math.max((due ?? until) - clock.now(), 1), until - clock.now())
        if (step <= 0) return
        clock.advance(step)
        world.app.loops.loop.wake()
        await settle(world)
      }
    },
    tick: async () => {
      for (const tick of ticks) tick()
      await settle(world)
    },
    stop: stopApp,
    restart: async (change = {}) => {
      await stopApp()
      Object.assign(env, change)
      world.app = await startApp()
      await connected(world, mode)
      await settle(world)
    },
    jada: async (text, who = {}) => {
      const before = slack.ephemerals.length
      const heard = slack.messages(who.channel ?? OPS).length
      await slack.command({ user: who.user ?? OPERATOR, channel: who.channel ?? OPS, text })
      await settle(world)
      return [...slack.ephemerals.slice(before), ...slack.messages(who.channel ?? OPS).slice(heard)].map(textOf).join('\n')
    },
    browse: async (link, choice) => {
      const jar = new CookieJar()
      const first = await jar.get(link)
      const authorize = first.headers.get('location')
      if (authorize === null) return { status: first.status, text: await first.text() }
      const last = await jar.get(await google.consent(authorize, choice))
      const text = await last.text()
      await settle(world)
      return { status: last.status, text }
    },
    connect: async () => {
      const answer = await world.jada('reauth')
      const link = /"url":"([^"]+start\?ticket=[^"]+)"/.exec(answer)?.[1]
      if (link === undefined) throw new Error(`no link in ${answer}`)
      await world.browse(link, { account: OFFICE })
    },
    cards: () => slack.messages(OPS).filter((message) => message.attachments !== undefined),
    card: () => {
      const card = world.cards().at(-1)
      if (card === undefined) throw new Error(`no card; log:\n${lines.join('')}`)
      return card
    },
    alertLines: () =>
      readFileSync(alertLog, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    dispose: async () => {
      await stopApp()
      await slack.stop()
      await google.stop()
      await claude.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  await connected(world, mode)
  await settle(world)
  return world
}

/** Real input and output needs real moments; they are as short as the event loop allows. */
const breathe = (): Promise<false> => new Promise((resolve) => setTimeout(resolve, 1, false))

async function connected(world: World, mode: 'socket' | 'http'): Promise<void> {
  if (mode === 'http') return
  while (world.slack.socket.connected() === 0) await breathe()
}

/** The sync command waits on the clock for the end of its run; everything else ends by itself. */
async function settle(world: World): Promise<void> {
  for (let quiet = 0; quiet < 2;) {
    const idle = world.app.idle().then(() => true)
    for (let waits = 0; !(await Promise.race([idle, breathe()])); waits += 1) {
      if (waits > 20 && !(await isSyncing(world))) world.clock.advance(250)
    }
    await breathe()
    const due = await nextDue(world)
    if (due !== null && due <= world.clock.now()) {
      world.app.loops.loop.wake()
      quiet = 0
    } else quiet += 1
  }
}

const isSyncing = (world: World): Promise<boolean> =>
  world.app.core.uow.run(({ runs }) => runs.isRunning('port-sheet-sync')).catch(() => false)

/** The earliest row; null also while the database cannot be used. */
async function nextDue(world: World): Promise<number | null> {
  const times: (number | null)[] = await world.app.core.uow
    .run(async ({ jobs, outbox }): Promise<(number | null)[]> => [
      await jobs.nextDueAt(),
      await outbox.nextDueAt('slack'),
      await outbox.nextDueAt('alert-log'),
    ])
    .catch(() => [])
  times.push((await world.app.loops.lastWill?.nextDueAt().catch(() => null)) ?? null)
  const waiting = times.filter((time): time is number => time !== null)
  return waiting.length === 0 ? null : Math.min(...waiting)
}
