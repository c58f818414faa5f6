import type { StoredLink } from '../links/link.ts'

/** A part of the checklist, in the order of the day. */
export interface ChecklistSection {
  readonly title: string
  readonly items: readonly string[]
}

/**
 * What a crew page shows, and all it can show: a charter without money, without a guest's contact and without the names of guests
 * other than the one who booked. Texts are masked (`mask.ts`), not escaped.
 */
export interface CrewContent {
  /** The charter's id. */
  readonly id: string
  /** ISO date in the sheet's zone; `start` and `end` are minutes after midnight there. */
  readonly date: string
  readonly start: number
  readonly end: number
  readonly vessel: string
  /** The platform it was booked on. */
  readonly source: string
  /** Who booked: the name that the crew asks for at the dock. */
  readonly client: string
  readonly guests: number | null
  readonly captain: string
  readonly crew: string
  /** How the agreement stands, as the office wrote it. */
  readonly agreement: string
  readonly status: string
  /** The sheet's own notes, and what the office adds for the crew. */
  readonly notes: string
  readonly officeNotes: string
  readonly checklist: readonly ChecklistSection[]
  /** The row is gone from the port sheet. */
  readonly removed: boolean
}

/** One page of a charter, at an address of its own. Times are UTC milliseconds. */
export interface CrewPage {
  readonly id: number
  readonly charterId: string
  /** A page whose time is over is still `live`: a charter that is put off brings it back. */
  readonly state: 'live' | 'revoked'
  readonly link: StoredLink
  /** The newest version. */
  readonly version: number
  readonly startsAt: number
  readonly expiresAt: number
  /** What a person or the agent wrote in place of the checklist by code; null: that one. */
  readonly ownChecklist: readonly ChecklistSection[] | null
  readonly officeNotes: string
  /** A Slack user id; null: the bot by itself. */
  readonly madeBy: string | null
  readonly madeAt: number
  readonly revokedBy: string | null
  readonly revokedAt: number | null
  /** When somebody last looked, to the minute, and the newest version that somebody has seen; null: nobody yet. */
  readonly openedAt: number | null
  readonly openedVersion: number | null
}

/** A page as it once was. Kept for good; never changed. */
export interface CrewVersion {
  readonly version: number
  readonly content: CrewContent
  /** What is other than before, in words; of the first version nothing. */
  readonly changes: readonly string[]
  /** When the port sheet was read that this was taken from; null: not known. */
  readonly readAt: number | null
  readonly by: string | null
  readonly at: number
}

const DAY_MS = 86_400_000

/** How long after sailing a page can still be read. */
export const PAGE_LIFETIME_MS = 7 * DAY_MS
