import type { Cell } from '../google/sheets-api.ts'

/** A read cell: its value, or what is wrong with it in words that follow the cell's address. */
export type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string }

const ok = <T>(value: T): Read<T> => ({ ok: true, value })
const bad = <T>(problem: string): Read<T> => ({ ok: false, problem })

const FORMULA_ERROR = /^(#(REF!|N\/A|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|ERROR!)|Loading\.\.\.)$/

/** The error a formula shows instead of a value, if the cell holds one. */
export function formulaError(cell: Cell): string | undefined {
  return typeof cell === 'string' && FORMULA_ERROR.test(cell.trim()) ? cell.trim() : undefined
}

export function isBlank(cell: Cell): boolean {
  return cell === null || (typeof cell === 'string' && cell.trim() === '')
}

const shown = (cell: Cell): string => {
  const text = String(cell)
  return `"${text.length > 30 ? `${text.slice(0, 29)}…` : text}"`
}

export function readText(cell: Cell): Read<string> {
  return ok(isBlank(cell) ? '' : String(cell).trim())
}

export function readWhole(cell: Cell): Read<number | null> {
  if (isBlank(cell)) return ok(null)
  const value = typeof cell === 'number' ? cell : Number(String(cell).trim())
  return Number.isSafeInteger(value) && value >= 0 ? ok(value) : bad(`${shown(cell)} is not a whole number`)
}

// Commas only where Americans put them: elsewhere `12,5` would be 125 dollars without a word.
const DOLLARS = /^\$?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d{1,2})?$/

/** Dollars, as a number or as text such as `$1,250.50`, to whole cents. */
export function readMoney(cell: Cell): Read<number | null> {
  if (isBlank(cell)) return ok(null)
  const text = String(cell).replaceAll(/\s/g, '')
  const value = typeof cell === 'number' ? cell : DOLLARS.test(text) ? Number(text.replaceAll(/[$,]/g, '')) : Number.NaN
  const cents = Math.round(value * 100)
  return Number.isSafeInteger(cents) && cents >= 0 ? ok(cents) : bad(`${shown(cell)} is not an amount of money`)
}

// Sheets counts days from 1899-12-30 (Sheets API guide, "Date/time serial numbers").
const SERIAL_EPOCH = Date.UTC(1899, 11, 30)
const DAY_MS = 86_400_000
const FIRST_SERIAL = 36_526 // 2000-01-01
const LAST_SERIAL = 73_050 // 2099-12-31

const isDateSerial = (cell: number): boolean => cell >= FIRST_SERIAL && cell < LAST_SERIAL + 1

function isCalendarDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** A date cell (serial number) or text `2026-11-05`, to an ISO date. A time of day in the cell is left out. */
export function readDate(cell: Cell): Read<string> {
  if (typeof cell === 'number' && isDateSerial(cell)) {
    return ok(new Date(SERIAL_EPOCH + Math.floor(cell) * DAY_MS).toISOString().slice(0, 10))
  }
  const text = typeof cell === 'string' ? cell.trim() : ''
  if (/^\d{4}-\d\d-\d\d$/.test(text) && isCalendarDate(text)) return ok(text)
  return bad(`${shown(cell)} is not a date; type it as 2026-11-05, or format the cell as a date`)
}

const DAY_MINUTES = 1440
const CLOCK_TIME = /^(\d{1,2}):([0-5]\d)(?::[0-5]\d)?\s*([ap])?\.?m?\.?$/i

/** A time cell (fraction of a day, alone or after a date) or text `9:30`, `9:30 pm`, to minutes after midnight. */
export function readTime(cell: Cell): Read<number> {
  // Any other number was typed without a colon: 9 or 930 would both become midnight.
  if (typeof cell === 'number' && ((cell >= 0 && cell < 1) || isDateSerial(cell)))
    return ok(Math.round((cell % 1) * DAY_MINUTES) % DAY_MINUTES)
  const [, hours, minutes, half] = CLOCK_TIME.exec(typeof cell === 'string' ? cell.trim() : '') ?? []
  if (hours !== undefined && minutes !== undefined) {
    const hour = Number(hours)
    const afternoon = half?.toLowerCase() === 'p'
    const hour24 = half === undefined ? hour : (hour % 12) + (afternoon ? 12 : 0)
    if (hour24 < 24 && (half === undefined || (hour >= 1 && hour <= 12))) return ok(hour24 * 60 + Number(minutes))
  }
  return bad(`${shown(cell)} is not a time; type it as 9:30 AM or 9:30 PM`)
}

/** Column number from 0 to letters: A, B, ... Z, AA. */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26)
  return (rest > 0 ? columnLetters(rest - 1) : '') + String.fromCodePoint(65 + (index % 26))
}
