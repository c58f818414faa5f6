import { LONGEST_SNOOZE_MS } from '../services/incidents/escalate.ts'
import { readDuration } from './commands/duration.ts'
import { readTyped } from './slack-text.ts'

/** What somebody wrote in an incident's thread. What is no word of ours is a question. */
export type Word =
  | { readonly word: 'ack' | 'resolve' }
  | { readonly word: 'retry' }
  | { readonly word: 'status' | 'why' | 'timeline' }
  /** `forMs` null: until the morning. */
  | { readonly word: 'snooze'; readonly forMs: number | null }
  /** `to`: a Slack user. */
  | { readonly word: 'assign'; readonly to: string }
  /** A word of ours, with something that is not understood. */
  | { readonly word: 'unclear'; readonly of: 'snooze' | 'assign' }
  | { readonly word: 'question'; readonly text: string }

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

/** Reads a reply as Slack sends it, written by `by`. Total. Only a reply that is nothing but a word is one: talk is not. */
export function readWord(raw: string, by: string): Word {
  const text = raw.trim().replaceAll(/\s+/g, ' ')
  const plain = text.toLowerCase().replace(/[.!?]+$/, '')
  if (Object.hasOwn(SIMPLE, plain)) return SIMPLE[plain] ?? { word: 'question', text }
  const [, length] = /^snooze(?: (.{1,30}))?$/.exec(plain) ?? []
  if (plain === 'snooze' || length !== undefined) return toSnooze(length ?? '')
  const [, whom] = /^assign(?: to)? (\S{1,80})$/i.exec(text) ?? []
  if (plain === 'assign' || whom !== undefined) return toAssign(whom ?? '', by)
  return { word: 'question', text: readTyped(raw).trim().slice(0, LONGEST_QUESTION) }
}
