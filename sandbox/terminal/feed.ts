import type { EphemeralMessage, Message, SlackChange } from '../slack/slack.ts'
import type { Line } from './blocks.ts'
import { renderMessage } from './message.ts'
import type { Rendered } from './message.ts'
import type { TextContext } from './mrkdwn.ts'

export interface FeedDeps {
  /** For one change: the names, and the moment it is shown at. */
  readonly context: () => TextContext
  /** The channel whose life is shown; its name stands in the heading once. */
  readonly channel: string
  /** The user id of the app. */
  readonly bot: string
}

const THREAD = '      '

interface Place {
  readonly heading: string
  readonly indent: string
}

/** The heading, then what was said; a card has a bar of its colour at its left. */
function layOut({ heading, indent }: Place, { text, card, colour }: Rendered, context: TextContext): string[] {
  const { look } = context
  const bar = colour === null ? '' : `${look.tint(colour, '│')} `
  const isCard = colour !== null
  const headline = isCard ? text.map((line) => line.map((part) => look.tint(colour, look.bold(part)))) : text
  return ['', `${indent}${heading}`, ...[...headline, ...card].flat().map((line) => `${indent}  ${bar}${line}`.trimEnd())]
}

const clockTime = (ts: string, { timeZone }: TextContext): string =>
  new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone }).format(Number(ts) * 1000)

function heading(ts: string, who: string, what: string, context: TextContext): string {
  const { look } = context
  return `${look.dim(clockTime(ts, context))} ${look.bold(who)}${what === '' ? '' : look.dim(` ${what}`)}`
}

/** The same for lines that differ only in an age, which changes all the time. */
const gist = (line: Line): string => line.join(' ').replaceAll(/\d+ (?:s|min|h|d)(?: \d+ (?:m|h))? ago/g, 'ago')

const headlineOf = ({ text }: Rendered): string => text.map(gist).join('\n')

/** Lines that were not there before; all of them when the headline is another one. */
function news(before: Rendered | undefined, after: Rendered): Rendered {
  if (before === undefined || headlineOf(before) !== headlineOf(after)) return after
  const known = new Set(before.card.map(gist))
  return { ...after, card: after.card.filter((line) => !known.has(gist(line))) }
}

const colourWord = ({ colour }: Rendered): string => (colour === null ? '' : `, ${colour}`)

/** Turns what happens in Slack into lines to print; no lines for what a person would not notice. */
export function createFeed({ context: contextNow, channel, bot }: FeedDeps): (change: SlackChange) => string[] {
  const shown = new Map<string, Rendered>()

  function posted(message: Message, context: TextContext): string[] {
    const isReply = message.thread_ts !== undefined && message.thread_ts !== message.ts
    const indent = isReply ? THREAD : ''
    const rendered = renderMessage(message, context, context.look.width - indent.length - 4)
    shown.set(message.ts, rendered)
    const what = isReply ? 'in the thread' : rendered.colour === null ? '' : `posts a card${colourWord(rendered)}`
    return layOut({ indent, heading: heading(message.ts, nameOf(message, context), what, context) }, rendered, context)
  }

  function edited(message: Message, context: TextContext): string[] {
    const rendered = renderMessage(message, context, context.look.width - 4)
    const fresh = news(shown.get(message.ts), rendered)
    shown.set(message.ts, rendered)
    const isWhole = fresh === rendered
    if (!isWhole && fresh.card.length === 0) return []
    const what = `edits the ${rendered.colour === null ? 'message' : 'card'}${colourWord(rendered)}${isWhole ? '' : '; new in it'}`
    const at = message.edited?.ts ?? message.ts
    return layOut({ indent: '', heading: heading(at, nameOf(message, context), what, context) }, fresh, context)
  }

  return (change) => {
    const context = contextNow()
    if ('channel' in change && change.channel !== channel) return []
    if (change.type === 'message') return posted(change.message, context)
    if (change.type === 'edited') return edited(change.message, context)
    if (change.type === 'deleted') return ['', heading(change.ts, 'Slack', 'a message was deleted', context)]
    if (change.type === 'ephemeral') return change.change === 'deleted' ? [] : ephemeral(change.message, bot, context)
    return []
  }
}

const nameOf = ({ user, bot_id }: Message, { names }: TextContext): string => `${bot_id === undefined ? '@' : ''}${names.user(user)}`

function ephemeral(message: EphemeralMessage, bot: string, context: TextContext): string[] {
  const rendered = renderMessage(message, context, context.look.width - 4)
  const what = `answers, for @${context.names.user(message.user)} only`
  return layOut({ indent: '', heading: heading(message.ts, context.names.user(bot), what, context) }, rendered, context)
}
