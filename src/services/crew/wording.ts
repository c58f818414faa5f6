/** Plain words of crew pages, shared by what changed, the page and messages about it. Pure. */

/** Minutes after midnight: `09:30`. */
export const clockTime = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

const noon = (date: string): Date => new Date(`${date}T12:00:00Z`)

const part = (at: Date, zone: string, option: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...option }).format(at)

/** An ISO date: `Wed 4 Nov`. */
export function dayWords(date: string): string {
  const at = noon(date)
  return Number.isNaN(at.getTime())
    ? date
    : [part(at, 'UTC', { weekday: 'short' }), part(at, 'UTC', { day: 'numeric' }), monthOf(at, 'UTC')].join(' ')
}

/** An ISO date written out: `Wednesday 4 November 2026`. */
export function longDayWords(date: string): string {
  const at = noon(date)
  if (Number.isNaN(at.getTime())) return date
  return [{ weekday: 'long' as const }, { day: 'numeric' as const }, { month: 'long' as const }, { year: 'numeric' as const }]
    .map((option) => part(at, 'UTC', option))
    .join(' ')
}

// British English has come to write `Sept`.
const monthOf = (at: Date, zone: string): string => new Intl.DateTimeFormat('en-US', { timeZone: zone, month: 'short' }).format(at)

/** A moment in a zone (an IANA name): `Mon 2 Nov, 09:30`. */
export function momentWords(at: number, zone: string): string {
  const date = new Date(at)
  const time = part(date, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return `${part(date, zone, { weekday: 'short' })} ${part(date, zone, { day: 'numeric' })} ${monthOf(date, zone)}, ${time}`
}

/** The zone's name at a moment: `Pacific Standard Time`. */
export function zoneWords(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'long' }).formatToParts(new Date(at))
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? zone
}

/** `3 h`, `2 h 30 min`, `45 min`. */
export function lengthWords(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (hours === 0) return `${rest} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}

/** How long a charter lasts; an end at or before the start lies on the next day. */
export const minutesOf = ({ start, end }: { start: number; end: number }): number => (end > start ? end - start : end + 1440 - start)

/** Whether the office's word for a charter's state means that nobody sails. */
export const isCancelled = (status: string): boolean => /\bcancel|\bcalled off\b|\bvoid\b|\bno[- ]?show\b|\brefunded\b/i.test(status)

/** Whether the office's word says that the agreement is signed: what it does not say, is not. */
export const isSigned = (agreement: string): boolean =>
  /^(?:signed|done|yes|y|ok|complete[d]?|received|true)\b/i.test(agreement.trim()) &&
  !/\b(?:not|un|partly|partial|except|but)\b/i.test(agreement)

/** Data older than this may miss what was changed this morning. */
const OLD_AFTER_MS = 2 * 3_600_000

export const isOld = (readAt: number, now: number): boolean => now - readAt > OLD_AFTER_MS
