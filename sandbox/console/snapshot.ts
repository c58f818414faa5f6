import { SCRIPTS } from '../claude/brain/scripts.ts'
import { FAULT_WORDS, followsOf, HOST_FAULTS } from '../host/faults.ts'
import type { Message, View } from '../slack/slack.ts'
import type { World } from '../world.ts'
import { SETTING } from '../world/setting.ts'
import type { ClaudeView, GoogleView, HostView, Parts, PartsChange, StageView, TourView } from './protocol.ts'
import type { SlackSwitches } from './slack-switches.ts'

export interface Shown {
  readonly world: World
  readonly switches: SlackSwitches
  readonly tour: () => TourView
  readonly commands: readonly string[]
}

const LOG_LINES = 80
const REQUESTS = 4

function stageOf({ world, commands }: Shown): StageView {
  const { slack, places, confirmDelaysS } = world
  const channel = slack.channels.find(({ id }) => id === SETTING.channel)
  return {
    team: 'JADA Charters',
    channel: { id: SETTING.channel, name: channel?.name ?? SETTING.channel },
    bot: { id: slack.bot.id, name: slack.bot.name },
    people: slack.users.map(({ id, name }) => ({
      id,
      name,
      role: SETTING.operators.some((one) => one === id) ? 'operator' : 'may only ask',
    })),
    timeZone: SETTING.timeZone,
    commands: [...commands],
    shortcuts: slack.shortcuts.filter(({ type }) => type === 'message').map(({ name, callback_id }) => ({ name, callbackId: callback_id })),
    hasHome: slack.appHome.home_tab_enabled,
    confirmDelaysS,
    botUrl: places.publicUrl,
    googleUrl: new URL(places.google.authUrl).origin,
  }
}

function tokenOf({ google }: World, now: number): GoogleView['token'] {
  const newest = google
    .refreshTokens()
    .toSorted((a, b) => a.issuedAt - b.issuedAt)
    .at(-1)
  if (newest === undefined) return { state: 'none' }
  const { email, expiresAt, revoked } = newest
  const state = revoked ? 'revoked' : (expiresAt ?? Infinity) <= now ? 'expired' : 'alive'
  return { state, email, ...(expiresAt === undefined ? {} : { expiresAt }) }
}

function googleOf(world: World, now: number): GoogleView {
  const { faults, nextConsent } = world.google.snapshot()
  return {
    token: tokenOf(world, now),
    fault: faults[0]?.kind ?? null,
    nextConsent,
    requests: world.google.requests.slice(-REQUESTS).map(({ at, method, path, status, error = '' }) => ({
      at,
      what: `${method} ${path.replace(SETTING.sheetId, '...')}`,
      status,
      error,
    })),
  }
}

const SCRIPTS_SHOWN = SCRIPTS.map(({ kind, words, says }) => ({ kind: kind ?? null, words, says }))

function claudeOf({ claude }: World): ClaudeView {
  const { faults, replies, usage } = claude.snapshot()
  return {
    fault: faults[0]?.kind ?? null,
    replies,
    tokens: {
      input: usage.input_tokens + usage.cache_creation_input_tokens,
      output: usage.output_tokens,
      cached: usage.cache_read_input_tokens,
    },
    requests: claude.requests.slice(-REQUESTS).map(({ at, path, status, error = '', calls = [], stopReason, usage: spent }) => ({
      at,
      what: [
        calls.length > 0 ? calls.join(', ') : (stopReason ?? path),
        ...(stopReason === 'tool_use' || calls.length === 0 ? [] : [stopReason]),
      ].join(' '),
      status,
      error,
      input: spent === undefined ? 0 : spent.input_tokens + spent.cache_creation_input_tokens + spent.cache_read_input_tokens,
      output: spent?.output_tokens ?? 0,
    })),
    scripts: SCRIPTS_SHOWN,
  }
}

function hostOf({ host }: World): HostView {
  return {
    name: host.places?.instance ?? null,
    why: host.why,
    switches: HOST_FAULTS.map((fault) => {
      const { where, name, says } = FAULT_WORDS[fault]
      return { fault, where, name, says: `${says} ${followsOf(FAULT_WORDS[fault])}`, isOn: host.isOn(fault) }
    }),
    looks: host.looks(),
    requests: host.requests.slice(-REQUESTS).map(({ at, operation, status, error }) => ({ at, what: operation, status, error })),
  }
}

/** Top level and replies. */
function messagesOf({ slack }: World): Message[] {
  const top = slack.messages(SETTING.channel)
  return top.flatMap((message) => (message.reply_count === undefined ? message : slack.thread(SETTING.channel, message.ts)))
}

/** Everything there is to see, now. */
export function takeParts(shown: Shown, now: number): Parts {
  const { world, switches, tour } = shown
  const { slack, bot } = world
  const parts: Parts = {
    stage: stageOf(shown),
    google: googleOf(world, now),
    claude: claudeOf(world),
    host: hostOf(world),
    slack: { isUp: world.isSlackUp(), connected: slack.socket.connected(), ...switches.state() },
    bot: { state: bot.state(), pid: bot.pid() ?? null },
    log: bot.log(LOG_LINES),
    tour: tour(),
    modals: slack.modals,
    sheets: world.sheet.grid.tabs(),
  }
  for (const message of messagesOf(world)) parts[`message/${message.ts}`] = message
  for (const message of slack.ephemerals) if (message.channel === SETTING.channel) parts[`ephemeral/${message.ts}`] = message
  for (const [user, view] of slack.homes) parts[`home/${user}`] = view as View
  return parts
}

/** Parts as they were last sent, each as its JSON. */
export type Sent = ReadonlyMap<string, string>

export const freeze = (parts: Parts): Sent => new Map(Object.entries(parts).map(([name, part]) => [name, JSON.stringify(part)]))

/** What has changed between two snapshots; null: nothing. */
export function diffParts(before: Sent, after: Sent): PartsChange | null {
  const set = [...after].filter(([name, json]) => before.get(name) !== json)
  const gone = [...before.keys()].filter((name) => !after.has(name))
  if (set.length === 0 && gone.length === 0) return null
  return { set: Object.fromEntries(set.map(([name, json]) => [name, JSON.parse(json) as unknown])) as Partial<Parts>, gone }
}
