import type { Business } from '../../services/status/business.ts'
import { duration, moment } from './text.ts'

/** What old data means for the office, in one line: `Port sheet from 09:30, 3 h 10 m old; next charter sails in 5 h; 2 crew pages may be stale`. */
export function businessText({ now, readAt, nextSailsAt, stalePages }: Business): string {
  const sheet = readAt === null ? 'Port sheet never read' : `Port sheet from ${moment(readAt)}, ${duration(now - readAt)} old`
  const next =
    nextSailsAt === null ? 'no charter is known to sail in the next 7 days' : `next charter sails in ${duration(nextSailsAt - now)}`
  const pages = stalePages === 0 ? [] : [stalePages === 1 ? '1 crew page may be stale' : `${stalePages} crew pages may be stale`]
  return [sheet, readAt === null && nextSailsAt === null ? 'when the next charter sails is unknown' : next, ...pages].join('; ')
}

/**
 * The same for a card, which stands for hours without being drawn anew: times, no ages. `withSheet`: also how old the port
 * sheet is, where the card does not say that itself.
 */
export function hangsOn({ readAt, nextSailsAt, stalePages }: Business, withSheet: boolean): string {
  const sheet = !withSheet ? [] : [readAt === null ? 'the port sheet was never read' : `the port sheet is from ${moment(readAt)}`]
  const next = nextSailsAt === null ? 'no charter is known to sail in the next 7 days' : `the next charter sails ${moment(nextSailsAt)}`
  const pages = stalePages === 0 ? [] : [stalePages === 1 ? '1 crew page may be stale' : `${stalePages} crew pages may be stale`]
  const text = [...sheet, next, ...pages].join('; ')
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`
}
