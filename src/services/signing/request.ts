import type { StoredLink } from '../links/link.ts'
import type { Charter } from '../sheets/charter.ts'

export const SIGNING_STATES = ['requested', 'sent', 'viewed', 'signed', 'declined', 'expired', 'withdrawn'] as const
export type SigningState = (typeof SIGNING_STATES)[number]

const LIVE: ReadonlySet<SigningState> = new Set(['requested', 'sent', 'viewed'])

/** Of these a guest may still make something. */
export const isLive = ({ state }: { readonly state: SigningState }): boolean => LIVE.has(state)

/** What the agreement binds a guest to. When one of these changes, an unsigned request is worthless. */
export interface TripDetails {
  readonly date: string
  readonly start: number
  readonly end: number
  readonly vessel: string
}

/** Why a request was taken back. */
export type WithdrawnWhy = 'changed' | 'not-named' | 'cancelled'

/** One guest's agreement for one charter. Times are UTC milliseconds. */
export interface SignatureRequest {
  readonly id: number
  readonly charterId: string
  /** The name as the port sheet has it. */
  readonly guest: string
  readonly state: SigningState
  /** Counts what was written; a write from an older one is refused. */
  readonly version: number
  readonly link: StoredLink
  readonly details: TripDetails
  readonly startsAt: number
  readonly expiresAt: number
  /** The exact text, in Markdown, frozen when the request was made; and its SHA-256 in hex. */
  readonly document: string
  readonly documentHash: string
  readonly requestedAt: number
  /** A Slack user id; null: the bot by itself. */
  readonly requestedBy: string | null
  readonly sentAt: number | null
  readonly sentBy: string | null
  readonly reminders: readonly { readonly at: number; readonly by: string }[]
  readonly viewedAt: number | null
  /** When it became final. */
  readonly endedAt: number | null
  readonly declineReason: string | null
  readonly withdrawnWhy: WithdrawnWhy | null
}

const HOUR_MS = 3_600_000

/**
 * Guests sign on the dock at the last minute, and boats leave late: two hours after the start is late enough for both. Later the boat is
 * out, and a signature would say "before sailing" of something that was after it.
 */
const SIGNING_GRACE_MS = 2 * HOUR_MS

/** How long after that a guest may still open their signed copy. */
export const COPY_LIFETIME_MS = 30 * 24 * HOUR_MS

export const expiryOf = ({ startsAt }: Pick<Charter, 'startsAt'>): number => startsAt + SIGNING_GRACE_MS

export const isOverdue = (request: SignatureRequest, now: number): boolean => isLive(request) && now >= request.expiresAt

const plain = (text: string): string => text.normalize('NFKC').trim().replaceAll(/\s+/g, ' ')

export const detailsOf = ({ date, start, end, vessel }: TripDetails): TripDetails => ({ date, start, end, vessel: plain(vessel) })

export const isSameTrip = (a: TripDetails, b: TripDetails): boolean =>
  a.date === b.date && a.start === b.start && a.end === b.end && plain(a.vessel) === plain(b.vessel)

/** Two spellings of one name, as far as case and spaces go. */
export const guestKey = (guest: string): string => plain(guest).toLowerCase()
