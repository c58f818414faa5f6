import { redact } from '../../log.ts'
import { isKnown, known, unknown, type Figure } from './figure.ts'

/** What is looked for in a journal's lines. The old daemon's words stay findable. */
export const PATTERNS = {
  /** The port sheet's cycle of the old daemon, and of this bot: `[port-sheet] token error: HTTP Error 400: Bad Request`. */
  tokenError: /\[port-sheet\] token error/,
  /** A session that used all its turns: expected, and no crash. */
  maxTurns: /hit max turns/i,
  traceback: /Traceback \(most recent call last\)|\b(?:uncaughtException|unhandledRejection|Unhandled exception)\b/,
  /** systemd's words, the kernel's, and Node's own. */
  outOfMemory: /killed by the OOM killer|Out of memory: Killed process|JavaScript heap out of memory/,
} as const

/** The kernel's own words for each kill, whether the machine or only a group of processes had no memory left (mm/oom_kill.c). */
const KERNEL_KILL = /\bKilled process \d+ \(/

export type PatternName = keyof typeof PATTERNS
const PATTERN_NAMES = Object.keys(PATTERNS) as PatternName[]

/** A line worth reading, and how often one like it stood there. Without credentials, and cut. */
export interface WorstLine {
  readonly at: number
  readonly text: string
  readonly times: number
}

/** A day of a journal, counted. */
export interface Journal {
  readonly lines: number
  /** Lines that were no JSON, or no line of a journal. */
  readonly unreadable: number
  /** The oldest line that was read. */
  readonly oldestAt: number | null
  /** There was more than may be read; what is older than `oldestAt` was left out. */
  readonly cut: boolean
  /** Matches an hour; the first is the hour that ends now. */
  readonly counts: Readonly<Record<PatternName, readonly number[]>>
  readonly worst: readonly WorstLine[]
  /** Why the kernel's lines, which belong to no service, could not be read; null: they were. */
  readonly kernelUnread: string | null
}

export interface Tally {
  /** A line of the service. */
  add(line: string): void
  /** A line of the kernel: only its kills count. */
  addKernel(line: string): void
  kernelUnread(why: string): void
  journal(cut: boolean): Journal
}

export const HOURS = 24
const HOUR_MS = 3_600_000
const MOST_KINDS = 200
const MOST_WORST = 6
const LONGEST_LINE = 240
/** syslog(3): LOG_ERR and worse. */
const ERROR_PRIORITY = 3

/** `journalctl -o json`: a string; bytes where it is no UTF-8; null where it is too long; several where the field was given twice. */
function messageOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return '(a message that the journal leaves out because of its length)'
  if (value.every((byte) => typeof byte === 'number')) return Buffer.from(value).toString('utf8')
  return value.map(messageOf).join(' ')
}

function parseLine(line: string): { at: number; priority: number; message: string } | null {
  try {
    const entry: unknown = JSON.parse(line)
    if (typeof entry !== 'object' || entry === null) return null
    const { __REALTIME_TIMESTAMP: time, PRIORITY: priority, MESSAGE: message } = entry as Record<string, unknown>
    const at = Math.floor(Number(time) / 1000)
    if (typeof time !== 'string' || !Number.isSafeInteger(at)) return null
    return { at, priority: typeof priority === 'string' ? Number(priority) : 6, message: messageOf(message) }
  } catch {
    return null
  }
}

/** Without what would break a line or a terminal, without credentials, and not longer than a person reads. */
function readable(text: string): string {
  const clean = redact(text.toWellFormed())
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
  return clean.length <= LONGEST_LINE ? clean : `${clean.slice(0, LONGEST_LINE - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

interface Kind {
  at: number
  text: string
  times: number
  readonly score: number
}

const worstOf = (kinds: readonly Kind[]): WorstLine[] =>
  kinds
    .toSorted((a, b) => b.score - a.score || b.times - a.times || b.at - a.at)
    .slice(0, MOST_WORST)
    .map(({ at, text, times }) => ({ at, text, times }))

/** Counts lines as they come, in any order; what it holds does not grow with them. */
export function createTally(now: number): Tally {
  const counts = Object.fromEntries(PATTERN_NAMES.map((name) => [name, Array.from({ length: HOURS }, () => 0)])) as Record<
    PatternName,
    number[]
  >
  const kinds = new Map<string, Kind>()
  let lines = 0
  let unreadable = 0
  let kernelUnread: string | null = null
  const kernelKills = Array.from({ length: HOURS }, () => 0)
  let oldestAt: number | null = null
  const remember = (at: number, message: string, score: number): void => {
    const text = readable(message)
    // Lines that differ in their numbers only are one kind.
    const key = text.replaceAll(/[0-9a-f]*\d[0-9a-f]*/gi, '0')
    const kind = kinds.get(key)
    if (kind === undefined) {
      if (kinds.size < MOST_KINDS) kinds.set(key, { at, text, times: 1, score })
      return
    }
    kind.times += 1
    if (at > kind.at) Object.assign(kind, { at, text })
  }
  // A host whose clock goes ahead of ours by a little writes in our future.
  const hourOf = (at: number): number => Math.floor(Math.max(0, now - at) / HOUR_MS)
  return {
    addKernel: (line) => {
      const entry = parseLine(line)
      if (entry === null || !KERNEL_KILL.test(entry.message) || hourOf(entry.at) >= HOURS) return
      kernelKills[hourOf(entry.at)] = (kernelKills[hourOf(entry.at)] ?? 0) + 1
      remember(entry.at, entry.message, 2)
    },
    kernelUnread: (why) => {
      kernelUnread = why
    },
    add: (line) => {
      if (line.trim() === '') return
      const entry = parseLine(line)
      if (entry === null) {
        unreadable += 1
        return
      }
      lines += 1
      oldestAt = Math.min(oldestAt ?? entry.at, entry.at)
      const hour = hourOf(entry.at)
      if (hour >= HOURS) return
      const matched = PATTERN_NAMES.filter((name) => PATTERNS[name].test(entry.message))
      for (const name of matched) counts[name][hour] = (counts[name][hour] ?? 0) + 1
      const isError = entry.priority <= ERROR_PRIORITY
      if (isError || matched.length > 0) remember(entry.at, entry.message, isError ? 2 : 1)
    },
    journal: (cut) => ({
      lines,
      unreadable,
      oldestAt,
      cut,
      // A kill of the service's own process stands in both.
      counts: { ...counts, outOfMemory: counts.outOfMemory.map((count, hour) => Math.max(count, kernelKills[hour] ?? 0)) },
      kernelUnread,
      worst: worstOf([...kinds.values()]),
    }),
  }
}

/** Kills for want of memory; none seen is none only if the kernel's lines could be read. */
export function killsIn(journal: Figure<Journal>, hours: number): Figure<number> {
  if (!isKnown(journal)) return journal
  const kills = countIn(journal.value, 'outOfMemory', hours)
  return kills === 0 && journal.value.kernelUnread !== null ? unknown(journal.value.kernelUnread, journal.at) : known(kills, journal.at)
}

/** How many matches the last `hours` hours have. */
export function countIn({ counts }: Journal, name: PatternName, hours: number): number {
  return counts[name].slice(0, hours).reduce((sum, count) => sum + count, 0)
}
