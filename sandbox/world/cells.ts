import { dateSerial, serialToDate, timeSerial } from '../google/google.ts'
import type { Cell } from '../google/google.ts'

/** How a person has formatted a column of the port sheet. */
export type ColumnKind = 'date' | 'time' | 'number' | 'text'

const KINDS: Readonly<Record<string, ColumnKind>> = {
  Date: 'date',
  Start: 'time',
  End: 'time',
  Guests: 'number',
  'Gross revenue': 'number',
  'Crew cost': 'number',
  'Port fee': 'number',
}

export const kindOfColumn = (name: string): ColumnKind => (Object.hasOwn(KINDS, name) ? (KINDS[name] ?? 'text') : 'text')

const isoDate = (typed: string): string => {
  const [, month = '', day = '', year] = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(typed) ?? []
  return year === undefined ? typed : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

/** Undefined: nothing that Sheets would take for a date or a time. */
function serialOf(kind: 'date' | 'time', typed: string): number | undefined {
  try {
    return kind === 'date' ? dateSerial(isoDate(typed)) : timeSerial(typed.padStart(5, '0'))
  } catch {
    return undefined
  }
}

/** What Sheets makes of something typed into a column of this kind; what it does not understand stays text. */
export function toCell(kind: ColumnKind, typed: string): Cell {
  if (typed === '') return null
  if (kind === 'date' || kind === 'time') return serialOf(kind, typed) ?? typed
  return kind === 'number' && /^-?\d+(\.\d+)?$/.test(typed) ? Number(typed) : typed
}

/** The cell as a person reads it, and as they could type it back. */
export function showCell(kind: ColumnKind, cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell !== 'number' || (kind !== 'date' && kind !== 'time')) return String(cell)
  const iso = serialToDate(cell).toISOString()
  return kind === 'date' ? iso.slice(0, 10) : iso.slice(11, 16)
}
