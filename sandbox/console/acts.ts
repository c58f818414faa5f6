import { z } from 'zod'

import { FAULT_KINDS } from '../claude/types.ts'
import { HOST_FAULTS } from '../host/faults.ts'
import type { World } from '../world.ts'
import { SETTING } from '../world/setting.ts'
import { clickIn, editMessage, say, sendCommand, typeMessage, useShortcut } from './slack-acts.ts'
import type { SlackSwitches } from './slack-switches.ts'
import type { TourControl } from './tour.ts'

const text = z.string().max(12_000)
const id = z.string().min(1).max(200)
const index = z.int().min(0).max(10_000)

/** What the page may ask for. */
const act = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('command'), user: id, text }),
  z.strictObject({ act: z.literal('message'), user: id, text, threadTs: id.optional() }),
  z.strictObject({ act: z.literal('edit'), user: id, ts: id, text }),
  z.strictObject({ act: z.literal('delete'), user: id, ts: id }),
  z.strictObject({ act: z.literal('shortcut'), user: id, ts: id, callbackId: id }),
  z.strictObject({ act: z.literal('click'), user: id, ts: id, actionId: id, value: text.optional(), ephemeral: z.boolean().optional() }),
  z.strictObject({ act: z.literal('click-view'), user: id, viewId: id.optional(), actionId: id, value: text.optional() }),
  z.strictObject({ act: z.literal('submit'), user: id, viewId: id, values: z.record(id, z.record(id, z.unknown())) }),
  z.strictObject({ act: z.literal('close'), user: id, viewId: id }),
  z.strictObject({ act: z.literal('home'), user: id }),
  z.strictObject({
    act: z.literal('google'),
    do: z.enum(['revoke', 'expire-soon', 'other-account', 'unticked', 'ratelimit', 'outage', 'timeout', 'html', 'reset', 'clear']),
    sync: z.boolean(),
  }),
  z.strictObject({ act: z.literal('claude'), do: z.enum([...FAULT_KINDS, 'clear']) }),
  z.strictObject({ act: z.literal('host'), do: z.enum(HOST_FAULTS), on: z.boolean() }),
  z.strictObject({ act: z.literal('look') }),
  z.strictObject({ act: z.literal('slack'), do: z.enum(['down', 'up', 'limit', 'unlimit', 'refuse', 'accept', 'drop']) }),
  z.strictObject({ act: z.literal('bot'), do: z.enum(['start', 'stop', 'kill']) }),
  z.strictObject({ act: z.literal('sync') }),
  z.strictObject({ act: z.literal('type'), tab: id, row: index, col: z.int().min(0).max(50), text }),
  z.strictObject({ act: z.literal('add-row'), tab: id }),
  z.strictObject({ act: z.literal('delete-row'), tab: id, row: index }),
  z.strictObject({ act: z.literal('tour'), do: z.enum(['start', 'pause', 'resume', 'next', 'stop']) }),
])

export type Act = z.output<typeof act>

export interface ActDeps {
  readonly world: World
  readonly switches: SlackSwitches
  readonly tour: TourControl
}

/** `why` is for people: what Slack would show, or what is in the way. */
export type ActAnswer = { readonly ok: true } | { readonly ok: false; readonly status: 400 | 409; readonly why: string }

const DAY_MS = 86_400_000

async function onGoogle({ world }: ActDeps, { do: what, sync }: Extract<Act, { act: 'google' }>): Promise<void> {
  const { google } = world
  const { account, unticked = false } = google.snapshot().nextConsent
  if (what === 'revoke') world.revoke()
  else if (what === 'expire-soon') google.expireIn(DAY_MS)
  else if (what === 'other-account') google.presetConsent({ unticked, ...(account === undefined ? { account: SETTING.captain } : {}) })
  else if (what === 'unticked') google.presetConsent({ unticked: !unticked, ...(account === undefined ? {} : { account }) })
  else if (what === 'clear') world.clear()
  else world.trouble(what)
  // The regular sync comes every 30 minutes, and nobody wants to wait for it.
  if (sync && what !== 'other-account' && what !== 'unticked') await sendCommand(world, SETTING.operator, '/jada sync now')
}

/** What a reply ends with; it happens once, as it would. */
const ENDINGS: ReadonlySet<string> = new Set(['refusal', 'max_tokens', 'max_tokens_in_tool_use', 'pause_turn', 'context_window', 'lost'])

function onClaude({ world: { claude } }: ActDeps, what: Extract<Act, { act: 'claude' }>['do']): void {
  claude.clearFaults()
  if (what !== 'clear') claude.addFault({ kind: what, ...(ENDINGS.has(what) ? { times: 1 } : {}) })
}

async function onSlack({ world, switches }: ActDeps, what: Extract<Act, { act: 'slack' }>['do']): Promise<void> {
  if (what === 'down') await world.slackDown()
  else if (what === 'up') await world.slackUp()
  else if (what === 'drop') world.slack.socket.drop()
  else if (what === 'limit' || what === 'unlimit') switches.limit(what === 'limit')
  else switches.refuse(what === 'refuse')
}

async function onBot({ world: { bot } }: ActDeps, what: Extract<Act, { act: 'bot' }>['do']): Promise<void> {
  if (what === 'start') return bot.start()
  if (bot.pid() === undefined) throw new Error('The bot does not run.')
  return what === 'kill' ? bot.kill() : bot.stop()
}

async function inSlack({ world: { slack } }: ActDeps, given: Extract<Act, { act: 'delete' | 'submit' | 'close' | 'home' }>): Promise<void> {
  switch (given.act) {
    case 'delete':
      return slack.deleteMessage({ user: given.user, channel: SETTING.channel, ts: given.ts })
    case 'submit':
      await slack.submitModal({ user: given.user, viewId: given.viewId, values: given.values })
      return undefined
    case 'close':
      return slack.closeModal({ user: given.user, viewId: given.viewId })
    case 'home':
      return slack.openHome(given.user)
  }
}

async function perform(deps: ActDeps, given: Act): Promise<void> {
  const { world, tour } = deps
  const { grid } = world.sheet
  switch (given.act) {
    case 'command':
      return sendCommand(world, given.user, given.text)
    case 'message':
      return typeMessage(world, given)
    case 'edit':
      return editMessage(world, given)
    case 'shortcut':
      return useShortcut(world, given)
    case 'click':
    case 'click-view':
      return clickIn(world, given)
    case 'delete':
    case 'submit':
    case 'close':
    case 'home':
      return inSlack(deps, given)
    case 'google':
      return onGoogle(deps, given)
    case 'claude':
      return onClaude(deps, given.do)
    case 'slack':
      return onSlack(deps, given.do)
    case 'bot':
      return onBot(deps, given.do)
    case 'host':
      return world.host.set(given.do, given.on)
    case 'look':
      return sendCommand(world, SETTING.operator, '/jada health now')
    case 'sync':
      return sendCommand(world, SETTING.operator, '/jada sync now')
    case 'type':
      return grid.type(given.tab, given.row, given.col, given.text)
    case 'add-row':
      return grid.addRow(given.tab)
    case 'delete-row':
      return grid.deleteRow(given.tab, given.row)
    case 'tour':
      return tour.control(given.do)
  }
}

/** Does what the page asks for, or says why not. */
export async function runAct(deps: ActDeps, given: unknown): Promise<ActAnswer> {
  const parsed = act.safeParse(given)
  if (!parsed.success) return { ok: false, status: 400, why: `The sandbox does not know this act: ${z.prettifyError(parsed.error)}` }
  try {
    await perform(deps, parsed.data)
    return { ok: true }
  } catch (error) {
    return { ok: false, status: 409, why: say(parsed.data, error) }
  }
}
