import { closest, distance } from 'fastest-levenshtein'

/** What was typed after `/jada`. */
export type Command =
  | { readonly name: 'status' | 'quota' | 'incidents' | 'help' | 'sync-diff' | 'sync-now' | 'sync-apply' }
  | { readonly name: 'reauth'; readonly repin: boolean }
  | { readonly name: 'incident'; readonly id: number }
  | { readonly name: 'later'; readonly word: string }
  | { readonly name: 'unknown'; readonly typed: string; readonly suggestion: string | null }

/** Commands of parts that are not in this version; they say so. */
const LATER = ['tasks', 'task', 'sessions', 'health', 'pause', 'resume']
const WORDS = ['status', 'quota', 'sync', 'sync now', 'sync diff', 'sync apply', 'reauth', 'reauth repin', 'incidents', 'help', ...LATER]

/** Further from every word than this, a suggestion would be a guess. */
const NEAR = 3

const SIMPLE: Readonly<Record<string, Command>> = {
  '': { name: 'help' },
  help: { name: 'help' },
  status: { name: 'status' },
  quota: { name: 'quota' },
  incidents: { name: 'incidents' },
  sync: { name: 'sync-diff' },
  'sync diff': { name: 'sync-diff' },
  'sync now': { name: 'sync-now' },
  'sync apply': { name: 'sync-apply' },
  reauth: { name: 'reauth', repin: false },
  'reauth repin': { name: 'reauth', repin: true },
}

export interface Typed {
  readonly command: Command
  /** `public` at the end: show the answer to the channel. */
  readonly isPublic: boolean
}

function toCommand(text: string): Command {
  const simple = Object.hasOwn(SIMPLE, text) ? SIMPLE[text] : undefined
  if (simple !== undefined) return simple
  const [, id] = /^incident #?(\d{1,9})$/.exec(text) ?? []
  if (id !== undefined) return { name: 'incident', id: Number(id) }
  const [first = ''] = text.split(' ')
  // Parts of this command that belong to a version to come, such as `incident 12 export`.
  if (LATER.includes(first) || /^incident #?\d{1,9} export$/.test(text)) return { name: 'later', word: text }
  const nearest = closest(text, WORDS)
  return { name: 'unknown', typed: text, suggestion: distance(text, nearest) <= NEAR ? nearest : null }
}

/** Reads what was typed. Total: what is not understood is `unknown`, with the nearest word if one is near. */
export function parseCommand(text: string): Typed {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const isPublic = words.length > 1 && words.at(-1) === 'public'
  return { command: toCommand((isPublic ? words.slice(0, -1) : words).join(' ').slice(0, 200)), isPublic }
}

/** Whether a command changes something, and therefore takes an operator. */
export function isActing(command: Command): boolean {
  return command.name === 'sync-now' || command.name === 'sync-apply' || command.name === 'reauth'
}
