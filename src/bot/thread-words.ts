import { distance } from 'fastest-levenshtein'
import { LONGEST_SNOOZE_MS } from '../services/incidents/escalate.ts'
import { readDuration } from './commands/duration.ts'
import { readTyped } from './slack-text.ts'

/** What somebody wrote in an incident's thread. People talk to each other there, too. */
export type Word =
  | { readonly word: 'ack' | 'resolve' }
  | { readonly word: 'retry' }
  | { readonly word: 'status' | 'why' | 'timeline' }
  /** `forMs` null: until the morning. */
  | { readonly word: 'snooze'; readonly forMs: number | null }
  /** `to`: a Slack user. */
  | { readonly word: 'assign'; readonly to: string }
  /** A word of ours, with something that is not understood; or nearly one of them. */
  | { readonly word: 'unclear'; readonly of: 'snooze' | 'assign' | 'words' }
  /** Something asked of the bot. */
  | { readonly word: 'question'; readonly text: string }
  /** Said to others: nothing is said to it. */
  | { readonly word: 'talk' }

const SIMPLE: Readonly<Record<string, Word>> = {
  ack: { word: 'ack' },
  acknowledge: { word: 'ack' },
  resolve: { word: 'resolve' },
  retry: { word: 'retry' },
  status: { word: 'status' },
  why: { word: 'why' },
  timeline: { word: 'timeline' },
}

const HOUR_MS = 3_600_000
const MORNING = new Set(['morning', 'until morning', 'until 8', 'until 08:00', 'until 8:00'])
const PERSON = /^<@([UW][A-Z0-9]{1,30})(?:\|[^<>]*)?>$/

function toSnooze(length: string): Word {
  if (length === '') return { word: 'snooze', forMs: HOUR_MS }
  if (MORNING.has(length)) return { word: 'snooze', forMs: null }
  const forMs = readDuration(length.replace(/^for /, ''))
  return forMs === null || forMs > LONGEST_SNOOZE_MS ? { word: 'unclear', of: 'snooze' } : { word: 'snooze', forMs }
}

function toAssign(whom: string, by: string): Word {
  if (whom.toLowerCase() === 'me') return { word: 'assign', to: by }
  const [, to] = PERSON.exec(whom) ?? []
  return to === undefined ? { word: 'unclear', of: 'assign' } : { word: 'assign', to }
}

/** Longer ones are cut: it is a question, not a document. */
const LONGEST_QUESTION = 2000

/** A text that is nothing but a word of ours; null: it is none. */
function readExact(text: string, by: string): Word | null {
  const plain = text.toLowerCase().replace(/[.!?]+$/, '')
  if (Object.hasOwn(SIMPLE, plain)) return SIMPLE[plain] ?? null
  const [, length] = /^snooze(?: (.{1,30}))?$/.exec(plain) ?? []
  if (plain === 'snooze' || length !== undefined) return toSnooze(length ?? '')
  const [, whom] = /^assign(?: to)? (\S{1,80})$/i.exec(text) ?? []
  return plain === 'assign' || whom !== undefined ? toAssign(whom ?? '', by) : null
}

const ASKING = new Set('what who whom whose which where when why how'.split(' '))
/** With these, a sentence asks, unless its subject was left out: `will do`, `is fixed now`. */
const HELPING = new Set('is are was were am does did can could should would will has'.split(' '))
const NO_SUBJECT = new Set(
  'do not be been look check try take fix fixed done confirm see ok okay fine good gone back working resolved have already still now'.split(
    ' ',
  ),
)

/** Whether a sentence asks something by how it is built. */
function isQuestion(text: string): boolean {
  if (/\?["')\]]*$/.test(text)) return true
  const [first = '', second = '', third] = text.toLowerCase().split(' ')
  // "What's", "who’s", "isn't".
  const begins = first.replace(/(?:['’](?:s|re|d|ll)|n['’]t)$/, '').replace(/[^a-z]+$/, '')
  if (ASKING.has(begins)) return second !== ''
  return HELPING.has(begins) && third !== undefined && !NO_SUBJECT.has(second.replace(/[^a-z]+$/, ''))
}

const OURS = [...Object.keys(SIMPLE), 'snooze', 'assign']
const MOST_TOKENS = 4
const SHORT = 4

/** A short word is near only alone: English is full of words that are nearly `ack`. */
function isNearly(token: string, alone: boolean): boolean {
  return OURS.some((ours) => {
    if (token === ours) return true
    return ours.length <= SHORT ? alone && distance(token, ours) === 1 : distance(token, ours) <= 2
  })
}

/** A few words that begin with one of ours, or with what looks like a slip of it. */
function isNear(text: string): boolean {
  const tokens = text.toLowerCase().split(' ')
  const first = (tokens[0] ?? '').replace(/[^a-z]+$/, '')
  return first !== '' && tokens.length <= MOST_TOKENS && isNearly(first, tokens.length === 1)
}

const MENTION = /<@([UW][A-Z0-9]{1,30})(?:\|[^<>]*)?>/g

/**
 * Reads a reply as Slack sends it, written by `by`. Total. Only a reply that is nothing but a word is one. A question is for
 * us when it mentions us (`bot`, a Slack user; null: not known yet), or asks and mentions nobody else.
 */
export function readWord(raw: string, by: string, bot: string | null): Word {
  const written = raw.trim().replaceAll(/\s+/g, ' ')
  const mentions = [...written.matchAll(MENTION)].map(([, id]) => id)
  const isForUs = bot !== null && mentions.includes(bot)
  const text = isForUs
    ? written
        .replaceAll(MENTION, (all, id: string) => (id === bot ? ' ' : all))
        .replaceAll(/\s+/g, ' ')
        .trim()
        .replace(/^[,:]\s*/, '')
    : written
  const exact = readExact(text, by)
  if (exact !== null) return exact
  if (isForUs && text === '') return { word: 'unclear', of: 'words' }
  if (isForUs || (mentions.length === 0 && isQuestion(text)))
    return {
      word: 'question',
      text: readTyped(isForUs ? text : raw)
        .trim()
        .slice(0, LONGEST_QUESTION),
    }
  return mentions.length === 0 && isNear(text) ? { word: 'unclear', of: 'words' } : { word: 'talk' }
}
