import type { World } from '../world.ts'
import { SETTING } from '../world/setting.ts'

const COMMAND = '/jada'

/** A slash command as typed. Slack itself refuses one that no app has. */
export async function sendCommand({ slack }: World, user: string, typed: string): Promise<void> {
  const [command = '', ...rest] = typed.trim().split(/\s+/)
  if (command !== COMMAND)
    throw new Error(`${command} is not a valid command. In Slack, every message that starts with a "/" is a command.`)
  await slack.command({ user, channel: SETTING.channel, text: rest.join(' '), command })
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** What Slack's client makes of what a person types: entities, links, and people and channels by their ids. */
function encode({ slack }: World, typed: string): string {
  const people = new Map<string, string>([...slack.users.map(({ name, id }) => [name, id] as const), [slack.bot.name, slack.bot.id]])
  const channels = new Map(slack.channels.map(({ name, id }) => [name, id]))
  return escaped(typed)
    .replaceAll(/\bhttps?:\/\/[^\s|]+[^\s|.,;:!?)'"]/g, (url) => `<${url}>`)
    .replaceAll(/(?<![\w<@])@([\w.-]*\w)/g, (all, name: string) => (people.has(name) ? `<@${people.get(name)}>` : all))
    .replaceAll(/(?<![\w<#])#([\w.-]*\w)/g, (all, name: string) => (channels.has(name) ? `<#${channels.get(name)}|${name}>` : all))
}

const isUndelivered = (error: unknown): boolean => error instanceof Error && /dispatch failed|operation_timeout/.test(error.message)

/** What people say stands in the channel whether or not the bot takes the event. */
async function whetherHeardOrNot(said: Promise<unknown>): Promise<void> {
  await said.catch((error: unknown) => {
    if (!isUndelivered(error)) throw error
  })
}

export function typeMessage(
  world: World,
  { user, text, threadTs }: { user: string; text: string; threadTs?: string | undefined },
): Promise<void> {
  const thread = threadTs === undefined ? {} : { threadTs }
  return whetherHeardOrNot(world.slack.message({ user, channel: SETTING.channel, text: encode(world, text), ...thread }))
}

export const editMessage = (world: World, { user, ts, text }: { user: string; ts: string; text: string }): Promise<void> =>
  whetherHeardOrNot(world.slack.editMessage({ user, channel: SETTING.channel, ts, text: encode(world, text) }))

export async function useShortcut({ slack }: World, given: { user: string; ts: string; callbackId: string }): Promise<void> {
  const { user, ts, callbackId } = given
  await slack.shortcut({ user, channel: SETTING.channel, ts, callbackId })
}

interface Click {
  user: string
  actionId: string
  value?: string | undefined
  ts?: string
  ephemeral?: boolean | undefined
  viewId?: string | undefined
}

export async function clickIn({ slack }: World, { user, actionId, value, ts, ephemeral, viewId }: Click): Promise<void> {
  const what = { user, actionId, ...(value === undefined ? {} : { value }) }
  if (ts === undefined) await slack.clickView({ ...what, ...(viewId === undefined ? {} : { viewId }) })
  else await slack.click({ ...what, channel: SETTING.channel, ts, ...(ephemeral === undefined ? {} : { ephemeral }) })
}

const SHOWN: Readonly<Record<string, string>> = {
  click: 'This button did not work: the app',
  'click-view': 'This did not work: the app',
  shortcut: 'This shortcut did not work: the app',
  submit: 'We had some trouble connecting. Try again? The app',
  delete: 'The message was deleted, but the app',
  close: 'The dialog was closed, but the app',
  home: 'The Home tab was opened, but the app',
}

/** What went wrong, as Slack shows it to the person; other troubles in their own words. */
export function say(given: { act: string; text?: string }, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const code = /^(operation_timeout|dispatch failed)/.exec(message)?.[1]?.replace(' ', '_')
  if (code === undefined) return message
  if (given.act === 'command' || given.act === 'sync' || given.act === 'look' || given.act === 'google')
    return `${COMMAND} failed with the error "${code}"`
  const why = code === 'operation_timeout' ? 'gave no answer within 3 seconds' : 'is not connected to Slack now'
  return `${SHOWN[given.act] ?? 'The app'} ${why} (${code}).`
}
