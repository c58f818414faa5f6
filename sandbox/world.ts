import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { createClaude } from './claude/claude.ts'
import type { Claude } from './claude/claude.ts'
import { createGoogle } from './google/google.ts'
import type { ConsentChoice, Google } from './google/google.ts'
import { startHost } from './host/host.ts'
import type { Host } from './host/host.ts'
import { createSlack } from './slack/slack.ts'
import type { Slack } from './slack/slack.ts'
import { createBot } from './world/bot-process.ts'
import type { Bot } from './world/bot-process.ts'
import { walkConsent } from './world/browser.ts'
import type { PageSeen } from './world/browser.ts'
import { consentLinks } from './world/buttons.ts'
import type { ShownButton } from './world/buttons.ts'
import { createFaults } from './world/faults.ts'
import type { Faults } from './world/faults.ts'
import { freePort } from './world/loopback.ts'
import { createPortSheet } from './world/port-sheet.ts'
import type { PortSheet } from './world/port-sheet.ts'
import { createQuiet } from './world/quiet.ts'
import type { SettleOptions } from './world/quiet.ts'
import { botEnvironment, choosePlaces, newSecretKey, SETTING } from './world/setting.ts'
import type { Places } from './world/setting.ts'

export interface WorldOptions {
  /** Seconds between the bot's confirmations of a dead token; the real ones are 5, 15 and 45. */
  confirmDelaysS?: readonly number[]
  /** False: the bot has no public address, and addresses are pasted back after a consent. */
  publicUrl?: boolean
  /** How long the model thinks before each reply. */
  thinkMs?: number
}

/** The bot with everything around it on this machine: the stand-ins, a directory that is thrown away, and people's hands. Prints nothing. */
export interface World extends Faults {
  readonly slack: Slack
  readonly google: Google
  readonly claude: Claude
  readonly host: Host
  readonly bot: Bot
  readonly sheet: PortSheet
  readonly places: Places
  readonly confirmDelaysS: readonly number[]
  /** Whether links lead through the bot; otherwise addresses are pasted back. */
  readonly hasPublicUrl: boolean
  /** `/jada <text>`, by the operator unless somebody else is named. Rejects as Slack would complain. */
  command(text: string, user?: string): Promise<void>
  /** Follows a link to Google's consent in a browser. */
  browse(link: string, choice?: ConsentChoice): Promise<PageSeen>
  /** What an operator does first: `/jada reauth`, and the link of the answer. */
  connect(choice?: ConsentChoice): Promise<PageSeen>
  slackDown(): Promise<void>
  slackUp(): Promise<void>
  isSlackUp(): boolean
  /** Resolves when nothing has happened for a moment and nothing is due at once. */
  settled(options?: SettleOptions): Promise<void>
  dispose(): Promise<void>
}

const CONFIRM_DELAYS_S = [0.5, 1, 1.5]
const THINK_MS = 700
const ROOT = join(import.meta.dirname, '..')

/** The stand-ins, listening, and where everything is. */
async function startStandIns(directory: string, thinkMs: number) {
  const [port, slackPort] = await Promise.all([freePort(), freePort()])
  const { botToken, appToken, clientId, clientSecret, callbackPath } = SETTING
  // On one port for good: Slack comes back where it was.
  const slack = createSlack({ botToken, appToken, port: slackPort })
  const google = createGoogle({ clientId, clientSecret, redirectUris: [`http://127.0.0.1:${port}${callbackPath}`] })
  const claude = createClaude({ apiKey: SETTING.anthropicKey, pause: () => pause(thinkMs) })
  const { apiUrl } = await slack.start()
  const { url } = await claude.start()
  const googleUrls = await google.start()
  const host = await startHost({ directory, names: SETTING.host, now: Date.now })
  const places = choosePlaces(port, directory, { slackApiUrl: apiUrl, google: googleUrls, claudeUrl: url, host: host.places })
  return { slack, google, claude, host, places }
}

async function isHealthy(publicUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${publicUrl}/healthz`)
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}

/** Slack as a whole, gone and back. */
function createSlackSwitch(slack: Slack) {
  let up = true
  return {
    isSlackUp: () => up,
    async slackDown() {
      if (up) await slack.stop()
      up = false
    },
    async slackUp() {
      if (!up) await slack.start()
      up = true
    },
  }
}

/** The first link to the consent that the operator is shown and has not seen before: other answers may come in between. */
function nextLink(slack: Slack, known: ReadonlySet<string>): Promise<ShownButton> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      leave()
      reject(new Error('the bot did not answer /jada reauth with a link'))
    }, 10_000)
    const look = (): void => {
      const fresh = consentLinks(slack, SETTING.operator).find(({ url }) => !known.has(url ?? ''))
      if (fresh === undefined) return
      clearTimeout(late)
      leave()
      resolve(fresh)
    }
    const leave = slack.on(look)
  })
}

/** What people do at Slack and at their browsers. */
function createPeople(slack: Slack, google: Google): Pick<World, 'command' | 'browse' | 'connect'> {
  const command: World['command'] = async (text, user = SETTING.operator) => {
    await slack.command({ user, channel: SETTING.channel, text })
  }
  const browse: World['browse'] = (link, choice = { account: SETTING.office }) => walkConsent(google, link, choice)
  return {
    command,
    browse,
    async connect(choice) {
      const answered = nextLink(slack, new Set(consentLinks(slack, SETTING.operator).map(({ url = '' }) => url)))
      await Promise.all([answered, command('reauth')])
      return browse((await answered).url ?? '', choice)
    },
  }
}

type FarEnds = Pick<World, 'slack' | 'google' | 'claude' | 'host' | 'bot'>

/** Everything that happens keeps the quiet from coming; a dead token will be tried again after a confirmation's delay. */
function watch({ slack, google, claude, host, bot }: FarEnds, longestDelayS: number, thinkMs: number) {
  const quiet = createQuiet()
  slack.on(() => quiet.pulse())
  bot.on(() => quiet.pulse())
  host.on(() => quiet.pulse())
  google.on((change) => {
    const dead = change.kind === 'request' && change.request.error === 'invalid_grant'
    quiet.pulse(dead ? longestDelayS * 1000 : 0)
  })
  claude.on((change) => {
    const goesOn = change.kind === 'request' && change.request.stopReason === 'tool_use'
    quiet.pulse(goesOn ? thinkMs : 0)
  })
  return quiet
}

/** Builds the world; the bot is not started yet. Call `dispose` in any case. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const { confirmDelaysS = CONFIRM_DELAYS_S, publicUrl = true, thinkMs = THINK_MS } = options
  const directory = await mkdtemp(join(tmpdir(), 'jada-sandbox-'))
  const clean = (): Promise<void> => rm(directory, { recursive: true, force: true })
  const { slack, google, claude, host, places } = await startStandIns(directory, thinkMs).catch(async (error: unknown) => {
    await clean()
    throw error
  })
  const slackSwitch = createSlackSwitch(slack)
  const sheet = createPortSheet(google, Date.now())
  const bot = createBot({
    main: join('src', 'main.ts'),
    cwd: ROOT,
    env: botEnvironment(places, newSecretKey(), { confirmDelaysS, publicUrl }),
    isReady: async () => (!slackSwitch.isSlackUp() || slack.socket.connected() > 0) && (await isHealthy(places.publicUrl)),
  })
  const quiet = watch({ slack, google, claude, host, bot }, Math.max(...confirmDelaysS), thinkMs)
  return {
    slack,
    google,
    claude,
    host,
    bot,
    sheet,
    places,
    confirmDelaysS,
    hasPublicUrl: publicUrl,
    ...slackSwitch,
    ...createFaults(google),
    ...createPeople(slack, google),
    settled: (options) => quiet.settled(options),
    async dispose() {
      await bot.stop()
      await Promise.all([slack.stop(), google.stop(), claude.stop(), host.stop()])
      await clean()
    },
  }
}
