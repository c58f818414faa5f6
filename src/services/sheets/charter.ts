/** The columns of the port sheet, by the names that `sheet.yml` uses. */
export const FIELDS = [
  'id',
  'date',
  'start',
  'end',
  'vessel',
  'source',
  'client',
  'guests',
  'guestNames',
  'contact',
  'captain',
  'crew',
  'grossRevenue',
  'crewCost',
  'portFee',
  'agreement',
  'status',
  'notes',
] as const

export type Field = (typeof FIELDS)[number]

/** One charter: one valid row of the port sheet. Money is whole cents; times are minutes after midnight in the sheet's zone. */
export interface CharterValues {
  readonly id: string
  /** ISO date in the sheet's zone. */
  readonly date: string
  readonly start: number
  readonly end: number
  readonly vessel: string
  readonly source: string
  readonly client: string
  readonly guests: number | null
  readonly guestNames: string
  readonly contact: string
  readonly captain: string
  readonly crew: string
  readonly grossRevenue: number | null
  readonly crewCost: number | null
  readonly portFee: number | null
  readonly agreement: string
  readonly status: string
  readonly notes: string
}

export interface Charter extends CharterValues {
  /** The tab it was read from. */
  readonly tab: string
  /** UTC milliseconds. An end at or before the start lies on the next day. */
  readonly startsAt: number
  readonly endsAt: number
}

/** A row that was left out, with what is wrong in which cell. The charter it may have been keeps its last good values. */
export interface QuarantinedRow {
  readonly tab: string
  /** Row number in the sheet, from 1. */
  readonly row: number
  readonly id: string | null
  readonly problems: readonly { readonly cell: string; readonly problem: string }[]
}

export type CharterChange =
  | { readonly what: 'added' | 'restored'; readonly charter: Charter }
  | { readonly what: 'changed'; readonly charter: Charter; readonly fields: readonly string[] }
  | { readonly what: 'removed'; readonly charter: Charter }
