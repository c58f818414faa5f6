import { closest, distance } from 'fastest-levenshtein'
import { readTyped } from '../slack-text.ts'
import { readDuration } from './duration.ts'

/** What was typed after `/jada`. */
export type Command =
  | AgentCommand
  | { readonly name: 'status' | 'incidents' | 'help' | 'sync-diff' | 'sync-now' | 'sync-apply' | 'health' | 'health-now' }
  | { readonly name: 'reauth'; readonly repin: boolean }
  | { readonly name: 'incident' | 'incident-export'; readonly id: number }
  | { readonly name: 'later'; readonly word: string }
  | { readonly name: 'unknown'; readonly typed: string; readonly suggestion: string | null }

/** What is about tasks, sessions and the quota. */
export type AgentCommand =
  | { readonly name: 'quota' | 'tasks' | 'sessions' | 'resume' | 'mcp' }
  /** `server`: as it was typed. */
  | { readonly name: 'mcp-accept'; readonly server: string }
  | { readonly name: 'task'; readonly id: number }
  | { readonly name: 'task-act'; readonly id: number; readonly act: TaskAct }
  /** Without a title the modal asks for the rest. */
  | { readonly name: 'task-add'; readonly kind: string | null; readonly title: string }
  /** `forMs` null: until somebody resumes. */
  | { readonly name: 'pause-agent'; readonly forMs: number | null }
  /** A pause of nothing in particular, or for no length of time that is understood. */
  | { readonly name: 'pause-how'; readonly problem: string | null }

export type TaskAct = 'cancel' | 'retry' | 'done'

const ACTS: readonly TaskAct[] = ['cancel', 'retry', 'done']

/** Commands of parts that are not in this version; they say so. */
const LATER = /^(?:pause|resume) sync(?: .*)?$/

const WORDS =
  'status|quota|sync|sync now|sync diff|sync apply|reauth|reauth repin|incidents|help|tasks|task|task add|sessions|pause|pause agent|resume|resume agent|mcp|mcp accept|health|health now'.split(
    '|',
  )

/** Further from every word than this, a suggestion would be a guess. */
const NEAR = 3

const SIMPLE: Readonly<Record<string, Command>> = {
  '': { name: 'help' },
  help: { name: 'help' },
  status: { name: 'status' },
  quota: { name: 'quota' },
  incidents: { name: 'incidents' },
  tasks: { name: 'tasks' },
  task: { name: 'tasks' },
  sessions: { name: 'sessions' },
  sync: { name: 'sync-diff' },
  'sync diff': { name: 'sync-diff' },
  health: { name: 'health' },
  'health now': { name: 'health-now' },
  'sync now': { name: 'sync-now' },
  'sync apply': { name: 'sync-apply' },
  reauth: { name: 'reauth', repin: false },
  'reauth repin': { name: 'reauth', repin: true },
  pause: { name: 'pause-how', problem: null },
  'pause agent': { name: 'pause-agent', forMs: null },
  resume: { name: 'resume' },
  'resume agent': { name: 'resume' },
  mcp: { name: 'mcp' },
  'mcp accept': { name: 'mcp' },
}

export interface Typed {
  readonly command: Command
  /** `public` at the end: show the answer to the channel. */
  readonly isPublic: boolean
}

function near(typed: string, words: readonly string[]): string | null {
  const nearest = closest(typed, words)
  return distance(typed, nearest) <= NEAR ? nearest : null
}

/** `task 12`, `task 12 cancel`, and what was meant by something like them. */
function toTaskCommand(text: string): Command | null {
  const [, digits, rest] = /^task #?(\d{1,9})(?: (.*))?$/.exec(text) ?? []
  if (digits === undefined) return null
  const id = Number(digits)
  if (rest === undefined) return { name: 'task', id }
  const act = ACTS.find((one) => one === rest)
  if (act !== undefined) return { name: 'task-act', id, act }
  const meant = near(rest, ACTS)
  return { name: 'unknown', typed: text, suggestion: meant === null ? `task ${id}` : `task ${id} ${meant}` }
}

/** `incident 12`, `incident 12 export`, and what was meant by something like them. */
function toIncidentCommand(text: string): Command | null {
  const [, digits, rest] = /^incident #?(\d{1,9})(?: (.*))?$/.exec(text) ?? []
  if (digits === undefined) return null
  const id = Number(digits)
  if (rest === undefined || rest === 'export') return { name: rest === undefined ? 'incident' : 'incident-export', id }
  const meant = near(rest, ['export'])
  return { name: 'unknown', typed: text, suggestion: meant === null ? `incident ${id}` : `incident ${id} ${meant}` }
}

function toPauseCommand(text: string): Command | null {
  const [, length] = /^pause agent (?:for )?(.+)$/.exec(text) ?? []
  if (length === undefined) return null
  const forMs = readDuration(length)
  return forMs === null ? { name: 'pause-how', problem: length } : { name: 'pause-agent', forMs }
}

function toCommand(text: string): Command {
  const simple = Object.hasOwn(SIMPLE, text) ? SIMPLE[text] : undefined
  if (simple !== undefined) return simple
  const [, server] = /^mcp accept (\S+)$/.exec(text) ?? []
  if (server !== undefined) return { name: 'mcp-accept', server }
  if (LATER.test(text)) return { name: 'later', word: text }
  return (
    toIncidentCommand(text) ??
    toTaskCommand(text) ??
    toPauseCommand(text) ?? { name: 'unknown', typed: text, suggestion: near(text, WORDS) }
  )
}

/** `task add <kind> <title...>`: the title stays as it was typed, also when it ends in `public`. */
function toTaskAdd(text: string): Command | null {
  const found = /^task\s+add(?:\s+(\S+)(?:\s+(.+))?)?$/is.exec(text)
  if (found === null) return null
  const [, kind, title = ''] = found
  return { name: 'task-add', kind: kind?.toLowerCase().slice(0, 100) ?? null, title: readTyped(title).trim() }
}

/** Reads what was typed. Total: what is not understood is `unknown`, with the nearest word if one is near. */
export function parseCommand(text: string): Typed {
  const adding = toTaskAdd(text.trim())
  if (adding !== null) return { command: adding, isPublic: false }
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const isPublic = words.length > 1 && words.at(-1) === 'public'
  return { command: toCommand((isPublic ? words.slice(0, -1) : words).join(' ').slice(0, 200)), isPublic }
}

const ACTING: ReadonlySet<Command['name']> = new Set([
  'sync-now',
  'health-now',
  'sync-apply',
  'reauth',
  'task-act',
  'task-add',
  'pause-agent',
  'resume',
  'mcp-accept',
])

/** Whether a command changes something, and therefore takes an operator. */
export const isActing = ({ name }: Command): boolean => ACTING.has(name)

/** Whether only operators may use it, and only they see the answer: it changes something, or tells who did what. */
export const isForOperators = (command: Command): boolean => isActing(command) || command.name === 'incident-export'
