import type { Look } from './look.ts'
import { formatDate } from './slack-date.ts'

/** Who and where things are called by people. */
export interface Names {
  user(id: string): string
  channel(id: string): string
}

export interface TextContext {
  readonly look: Look
  readonly names: Names
  readonly now: number
  /** IANA name; undefined: this machine's. */
  readonly timeZone?: string | undefined
}

const unescape = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

/** What stands between `<` and `>`: a mention, a date, a link. */
function reference(inside: string, context: TextContext): string {
  const bar = inside.indexOf('|')
  const [target, label] = bar < 0 ? [inside, undefined] : [inside.slice(0, bar), inside.slice(bar + 1)]
  if (target.startsWith('@')) return context.look.bold(`@${context.names.user(target.slice(1))}`)
  if (target.startsWith('#')) return context.look.bold(`#${context.names.channel(target.slice(1))}`)
  const [, seconds, format] = /^!date\^(\d+)\^([^^]*)/.exec(target) ?? []
  if (seconds !== undefined && format !== undefined) {
    return formatDate(Number(seconds) * 1000, format, context) ?? label ?? ''
  }
  if (target.startsWith('!')) return label ?? `@${target.slice(1)}`
  const address = target.replace(/^mailto:/, '')
  return label === undefined || label === address ? address : `${label} (${address})`
}

function prose(text: string, context: TextContext): string {
  const { look } = context
  const named = text.replaceAll(/<([^<>\n]+)>/g, (_all, inside: string) => reference(inside, context))
  const bold = named.replaceAll(
    /(^|[\s(])\*(\S(?:[^*\n]*\S)?)\*(?=$|[\s.,:;!?)])/gm,
    (_all, before: string, inner: string) => before + look.bold(inner),
  )
  const plain = bold.replaceAll(/(^|[\s(])([_~])(\S(?:[^_~\n]*\S)?)\2(?=$|[\s.,:;!?)])/gm, '$1$3')
  return unescape(plain)
}

/** Stands at both ends of a code block until it is known what is around it. */
const EDGE = '\uE000'
const EDGES = /\n*\uE000\n*/g

function block(text: string): string {
  return unescape(text)
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
}

/** Slack's mrkdwn as a terminal can show it: dates in local time, people by name, links spelled out, code blocks indented. */
export function renderMrkdwn(text: string, context: TextContext): string {
  return text
    .split(/(```[\s\S]*?```|`[^`\n]+`)/)
    .map((part) => {
      if (part.startsWith('```') && part.length > 5) return EDGE + block(part.slice(3, -3).replace(/^\n|\n$/g, '')) + EDGE
      if (part.startsWith('`') && part.length > 2)
        return context.look.hasColour ? context.look.code(unescape(part.slice(1, -1))) : unescape(part)
      return prose(part, context)
    })
    .join('')
    .replaceAll(EDGES, '\n')
    .replace(/^\n|\n+$/g, '')
}
