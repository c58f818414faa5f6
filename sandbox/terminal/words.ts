import { closest, distance } from 'fastest-levenshtein'

import { FAULT_KINDS } from '../claude/types.ts'
import type { FaultKind } from '../claude/types.ts'
import { HOST_FAULTS } from '../host/faults.ts'
import type { HostFault } from '../host/faults.ts'

/** What a person may do to Google; the sandbox sends the next sync afterwards. */
export type Fault = 'revoke' | 'expire' | 'ratelimit' | 'outage' | 'html' | 'timeout' | 'clear'

/** One line of input, understood. `as` is a person's name, null the operator. */
export type Word =
  | { readonly word: 'nothing' | 'restore' | 'kill' | 'start' | 'log' | 'help' }
  | { readonly word: 'quit' }
  | { readonly word: 'command'; readonly text: string; readonly as: string | null }
  | { readonly word: 'click'; readonly button: string; readonly as: string | null }
  | { readonly word: 'reply'; readonly text: string; readonly as: string | null }
  | { readonly word: 'fault'; readonly fault: Fault; readonly times: number | null }
  | { readonly word: 'slack'; readonly up: boolean }
  /** Null: it works. */
  | { readonly word: 'claude'; readonly fault: FaultKind | null }
  /** Null: all is well with it. */
  | { readonly word: 'host'; readonly fault: HostFault | null }
  | { readonly word: 'edit'; readonly charter: string; readonly change: string }
  | { readonly word: 'drop'; readonly count: number }
  | { readonly word: 'consent'; readonly account: 'office' | 'captain'; readonly deny: boolean }
  /** Known, but not complete. */
  | { readonly word: 'wrong'; readonly usage: string }
  | { readonly word: 'unknown'; readonly typed: string; readonly suggestion: string | null }

/** Every word with what it does, in the order of the help. */
export const WORDS: readonly (readonly [usage: string, does: string])[] = [
  ['/jada status', 'any slash command, as the operator @mara'],
  ['as guest /jada status', 'the same as somebody else (guest or tom); also before click and reply'],
  ['click <button>', 'press the newest button of that name, such as click Acknowledge'],
  ['reply <text>', "write into the newest card's thread"],
  ['sync', 'short for /jada sync now'],
  ['revoke', 'the Google token dies, as when somebody removes the access'],
  ['expire', 'the Google token dies of age'],
  ['consent', 'press the newest Re-authorize link and consent as the office'],
  ['consent as captain', 'the same with another Google account'],
  ['deny', "the same, but press Cancel on Google's page"],
  ['ratelimit [n]', 'Google answers 429, the next n syncs or until clear'],
  ['outage [n]', 'Google answers 503'],
  ['html', 'a Wi-Fi login page answers in the place of Google'],
  ['timeout', 'Google does not answer at all'],
  ['clear', 'Google works again; a dead token stays dead'],
  ['edit JC-1105 captain Capt. Ana Tradewind', 'type into a cell of the port sheet'],
  ['drop <n>', 'delete the last n charters of this month'],
  ['restore', 'put deleted charters back'],
  ['slack down', 'Slack is gone; slack up brings it back'],
  ['claude <fault>', `${FAULT_KINDS.join(', ')}; claude works ends it`],
  ['host <fault>', `the watched server: ${HOST_FAULTS.join(', ')}; host works ends all`],
  ['look', 'short for /jada health now: the bot looks at the server'],
  ['kill', 'kill -9 the bot; start brings it back'],
  ['log', "the last lines of the bot's log"],
  ['help', 'this list'],
  ['quit', 'stop everything and clean up'],
]

const SIMPLE = ['restore', 'kill', 'start', 'log', 'help'] as const
const ALIASES: Readonly<Record<string, Word>> = {
  '': { word: 'nothing' },
  quit: { word: 'quit' },
  exit: { word: 'quit' },
  sync: { word: 'command', text: 'sync now', as: null },
  consent: { word: 'consent', account: 'office', deny: false },
  'consent as office': { word: 'consent', account: 'office', deny: false },
  'consent as captain': { word: 'consent', account: 'captain', deny: false },
  deny: { word: 'consent', account: 'office', deny: true },
  'claude works': { word: 'claude', fault: null },
  'host works': { word: 'host', fault: null },
  look: { word: 'command', text: 'health now', as: null },
  'slack down': { word: 'slack', up: false },
  'slack up': { word: 'slack', up: true },
  ...Object.fromEntries(SIMPLE.map((word) => [word, { word }])),
}

const FAULTS: readonly Fault[] = ['revoke', 'expire', 'ratelimit', 'outage', 'html', 'timeout', 'clear']
const COUNTED: ReadonlySet<Fault> = new Set(['ratelimit', 'outage'])

/** Further from every word than this, a suggestion would be a guess. */
const nearOf = (typed: string): number => Math.min(3, Math.max(1, Math.floor(typed.length / 3)))

const SUGGESTIONS = [
  ...Object.keys(ALIASES).filter(Boolean),
  ...FAULTS,
  'click',
  'reply',
  'edit',
  'drop',
  '/jada status',
  '/jada help',
  '/jada quota',
  '/jada reauth',
]
/** Slash commands that people type without their beginning. */
const JADA_WORDS = ['status', 'quota', 'incidents', 'incident', 'reauth']

function suggest(typed: string): string | null {
  const [first = ''] = typed.split(' ')
  if (/^jada\b/.test(typed)) return `/${typed}`
  const command = closest(first, JADA_WORDS)
  const nearest = closest(typed, SUGGESTIONS)
  if (distance(first, command) <= Math.min(nearOf(first), distance(typed, nearest))) return `/jada ${typed.replace(first, command)}`
  if (distance(typed, nearest) <= nearOf(typed)) return nearest
  const byFirst = closest(first, SUGGESTIONS)
  return distance(first, byFirst) <= nearOf(first) ? byFirst : null
}

const countOf = (text: string): number | null => (/^[1-9]\d{0,3}$/.test(text) ? Number(text) : null)

function fault(name: Fault, rest: string): Word {
  if (rest === '') return { word: 'fault', fault: name, times: null }
  const times = countOf(rest)
  if (!COUNTED.has(name) || times === null) return { word: 'wrong', usage: COUNTED.has(name) ? `${name} [n]` : name }
  return { word: 'fault', fault: name, times }
}

function claude(rest: string): Word {
  const kind = FAULT_KINDS.find((one) => one === rest.toLowerCase())
  return kind === undefined
    ? { word: 'wrong', usage: `claude works, or claude and one of ${FAULT_KINDS.join(', ')}` }
    : { word: 'claude', fault: kind }
}

function host(rest: string): Word {
  const found = HOST_FAULTS.find((one) => one === rest.toLowerCase())
  return found === undefined
    ? { word: 'wrong', usage: `host works, or host and one of ${HOST_FAULTS.join(', ')}` }
    : { word: 'host', fault: found }
}

/** What takes words after it. Null: no such word. */
function withRest(first: string, rest: string, as: string | null): Word | null {
  if (first === '/jada') return { word: 'command', text: rest, as }
  if (first === 'click') return rest === '' ? { word: 'wrong', usage: 'click <button>' } : { word: 'click', button: rest, as }
  if (first === 'reply') return rest === '' ? { word: 'wrong', usage: 'reply <text>' } : { word: 'reply', text: rest, as }
  if (as !== null) return { word: 'wrong', usage: 'as <name> /jada ..., as <name> click <button>, as <name> reply <text>' }
  if (first === 'drop') {
    const count = countOf(rest)
    return count === null ? { word: 'wrong', usage: 'drop <n>, such as drop 4' } : { word: 'drop', count }
  }
  if (first === 'claude') return claude(rest)
  if (first === 'host') return host(rest)
  if (first !== 'edit') return null
  const [, charter, change] = /^(\S+)\s+(.+)$/.exec(rest) ?? []
  if (charter === undefined || change === undefined)
    return { word: 'wrong', usage: 'edit <charter id> <column> <value>, such as edit JC-1105 captain Capt. Ana Tradewind' }
  return { word: 'edit', charter, change }
}

/** Reads one line. Total: what is not understood is `unknown`, with the nearest word when one is near. Lines with # are comments. */
export function parseWord(line: string): Word {
  const typed = line.trim().replaceAll(/\s+/g, ' ')
  if (typed.startsWith('#')) return { word: 'nothing' }
  const [, name, act] = /^as (\S+) ?(.*)$/i.exec(typed) ?? []
  const said = act ?? typed
  const lower = said.toLowerCase()
  const simple = Object.hasOwn(ALIASES, lower) ? ALIASES[lower] : undefined
  if (simple !== undefined && name === undefined) return simple
  const [first = ''] = lower.split(' ')
  const rest = said.slice(first.length).trim()
  const known = withRest(first, rest, name?.replace(/^@/, '').toLowerCase() ?? null)
  if (known !== null) return known
  const named = FAULTS.find((one) => one === first)
  return named === undefined ? { word: 'unknown', typed, suggestion: suggest(lower) } : fault(named, rest)
}

/** The column at the beginning of `change`, the longest that fits, and the value after it. Null: no such column. */
export function splitChange(change: string, columns: readonly string[]): { column: string; value: string } | null {
  const lower = `${change.toLowerCase()} `
  const fitting = columns.filter((column) => lower.startsWith(`${column.toLowerCase()} `)).toSorted((a, b) => b.length - a.length)
  const [column] = fitting
  return column === undefined ? null : { column, value: change.slice(column.length).trim() }
}
