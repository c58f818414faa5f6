import { dateSerial } from '../google/google.ts'
import type { Cell, SpreadsheetHandle } from '../google/google.ts'
import { kindOfColumn, showCell, toCell } from './cells.ts'
import type { ColumnKind } from './cells.ts'

/** A tab as a person sees it: the header row first, then the charters. */
export interface GridTab {
  readonly title: string
  readonly kinds: readonly ColumnKind[]
  readonly rows: readonly (readonly string[])[]
}

/** Rows and columns count from 0; row 0 is the header. */
export interface Grid {
  tabs(): GridTab[]
  /** Types into a cell; an empty text clears it. */
  type(tab: string, row: number, col: number, typed: string): void
  /** Writes one more charter below the last one, complete enough for its crew page and for one guest to sign. */
  addRow(tab: string): void
  deleteRow(tab: string, row: number): void
}

const FIRST_ID = 1100

function nextId(sheet: SpreadsheetHandle): string {
  const numbers = sheet.tabs().flatMap((tab) => sheet.rows(tab).map(([id]) => Number(/^JC-(\d+)$/.exec(String(id))?.[1] ?? FIRST_ID)))
  return `JC-${Math.max(...numbers) + 1}`
}

/** The seed's columns keep their places; renamed headers do not change what a column holds. */
const DAY_MS = 86_400_000
/** A new charter sails so many days from now, or with the last one when that is later. */
const DAYS_AHEAD = 3

export function createGrid(sheet: SpreadsheetHandle, columns: readonly string[], now: number): Grid {
  const soonest = dateSerial(new Date(now + DAYS_AHEAD * DAY_MS).toISOString().slice(0, 10))
  const kinds = columns.map(kindOfColumn)
  const kindAt = (row: number, col: number): ColumnKind => (row === 0 ? 'text' : (kinds[col] ?? 'text'))
  const require = (tab: string, row: number): void => {
    if (sheet.rows(tab)[row] === undefined) throw new Error(`the tab ${tab} has no row ${row + 1}`)
  }
  const charter = (last: readonly Cell[]): Cell[] => {
    const lastOf = (name: string): Cell => last[columns.indexOf(name)] ?? null
    const news: Readonly<Record<string, Cell>> = {
      ID: nextId(sheet),
      Date: Math.max(soonest, Number(lastOf('Date')) || 0),
      Client: 'Zoe Newcomer',
      Guests: 1,
      'Guest names': 'Zoe Newcomer',
      Contact: 'zoe.newcomer@example.com',
      Captain: lastOf('Captain') ?? 'Capt. Ana Tradewind',
      Agreement: 'pending',
      Status: 'booked',
      Notes: null,
    }
    return columns.map((name, col) => (Object.hasOwn(news, name) ? (news[name] ?? null) : (last[col] ?? null)))
  }
  return {
    tabs: () =>
      sheet.tabs().map((title) => {
        const rows = sheet.rows(title)
        const width = Math.max(columns.length, ...rows.map((cells) => cells.length))
        const texts = rows.map((cells, row) => Array.from({ length: width }, (_, col) => showCell(kindAt(row, col), cells[col] ?? null)))
        return { title, kinds, rows: texts }
      }),
    type(tab, row, col, typed) {
      require(tab, row)
      sheet.setCell(tab, row, col, toCell(kindAt(row, col), typed))
    },
    addRow(tab) {
      const rows = sheet.rows(tab)
      sheet.setRows(tab, [...rows, charter(rows.at(-1) ?? [])])
    },
    deleteRow(tab, row) {
      require(tab, row)
      if (row === 0) throw new Error('the header row stays')
      sheet.setRows(
        tab,
        sheet.rows(tab).filter((_, index) => index !== row),
      )
    },
  }
}
