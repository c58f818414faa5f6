import { STALE_AFTER_MS } from '../sheets/sync-state.ts'

/** How things stand for the office rather than for the machine. Times are UTC milliseconds. */
export interface Business {
  readonly now: number
  /** When the port sheet was last read, of the tab read longest ago; null: never. */
  readonly readAt: number | null
  /** The next charter that has not sailed yet; null: none is known. */
  readonly nextSailsAt: number | null
  /** Live crew pages made from data that is older than people may rely on. */
  readonly stalePages: number
}

/** What is known of a charter that is still to sail, or under way. */
export interface SailingFacts {
  readonly startsAt: number
  readonly hasPage: boolean
  /** When the port sheet was read that this comes from; null: not known. */
  readonly readAt: number | null
}

const isOld = (readAt: number | null, now: number): boolean => readAt === null || now - readAt > STALE_AFTER_MS

/** What old data means for the office: for cards, `/jada status` and Home. */
export function businessTerms(readAt: number | null, sailings: readonly SailingFacts[], now: number): Business {
  const next = sailings.filter(({ startsAt }) => startsAt > now).map(({ startsAt }) => startsAt)
  return {
    now,
    readAt,
    nextSailsAt: next.length === 0 ? null : Math.min(...next),
    stalePages: sailings.filter((sailing) => sailing.hasPage && isOld(sailing.readAt, now)).length,
  }
}
