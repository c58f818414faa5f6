import type { Cell, Google } from '../google/google.ts'
import { seedPortSheet } from '../google/seed.ts'
import { kindOfColumn, toCell } from './cells.ts'
import { createGrid } from './grid.ts'
import type { Grid } from './grid.ts'
import { SETTING } from './setting.ts'

/** The office's hands on the port sheet. */
export interface PortSheet {
  /** The header names of this month's tab. */
  columns(): string[]
  charters(): number
  tabs(): string[]
  /** Types into one cell of a charter. Throws in plain words when there is no such charter or column. */
  edit(charterId: string, column: string, value: string): Edit
  /** Deletes the last rows of this month. */
  drop(count: number): { tab: string; ids: string[]; before: number }
  /** Puts back what was deleted; false when nothing was. */
  restore(): boolean
  /** Tab by tab and cell by cell, as the page shows it. */
  readonly grid: Grid
}

interface Edit {
  tab: string
  column: string
  /** Such as `K7`. */
  address: string
}

/** `AB7` for the 27th column and 6th row, both counted from 0. */
function addressOf(row: number, col: number): string {
  const letter = String.fromCharCode(65 + (col % 26))
  return `${col < 26 ? '' : String.fromCharCode(64 + Math.floor(col / 26))}${letter}${row + 1}`
}

/** The month it is in San Diego: that decides which tab the bot reads. */
function thisMonth(now: number): { year: number; month: number } {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: SETTING.timeZone, year: 'numeric', month: 'numeric' }).formatToParts(now)
  const numberOf = (type: string): number => Number(parts.find((part) => part.type === type)?.value)
  return { year: numberOf('year'), month: numberOf('month') }
}

export function createPortSheet(google: Google, now: number): PortSheet {
  const { sheetId: id, timeZone, office, captain } = SETTING
  const tabs = seedPortSheet(thisMonth(now))
  google.createSpreadsheet({ id, title: 'JADA port sheet', timeZone, tabs, sharedWith: [office, captain] })
  const sheet = google.sheet(id)
  const current = tabs[0]?.title ?? ''
  let undamaged: Cell[][] | undefined
  const columns = (): string[] => (sheet.rows(current)[0] ?? []).map(String)

  function find(charterId: string): { tab: string; row: number } {
    for (const tab of sheet.tabs()) {
      const row = sheet.rows(tab).findIndex((cells) => String(cells[0]).toLowerCase() === charterId.toLowerCase())
      if (row > 0) return { tab, row }
    }
    throw new Error(`there is no charter ${charterId} in the port sheet; the first one is ${String(sheet.rows(current)[1]?.[0])}`)
  }

  return {
    columns,
    grid: createGrid(sheet, columns(), now),
    charters: () => sheet.tabs().reduce((sum, tab) => sum + sheet.rows(tab).length - 1, 0),
    tabs: () => sheet.tabs(),
    edit(charterId, column, value) {
      const { tab, row } = find(charterId)
      const col = columns().findIndex((name) => name.toLowerCase() === column.toLowerCase())
      if (col < 0) throw new Error(`there is no column ${column}; there are: ${columns().join(', ')}`)
      const name = columns()[col] ?? column
      sheet.setCell(tab, row, col, toCell(kindOfColumn(name), value === '-' ? '' : value))
      return { tab, column: name, address: addressOf(row, col) }
    },
    drop(count) {
      const rows = sheet.rows(current)
      const before = rows.length - 1
      if (count > before) throw new Error(`the tab ${current} has only ${before} rows`)
      undamaged ??= rows
      sheet.setRows(current, rows.slice(0, rows.length - count))
      return { tab: current, before, ids: rows.slice(rows.length - count).map((row) => String(row[0])) }
    },
    restore() {
      if (undamaged === undefined) return false
      const kept = new Map(sheet.rows(current).map((row) => [row[0], row]))
      // What was typed meanwhile stays.
      sheet.setRows(
        current,
        undamaged.map((row) => kept.get(row[0] ?? null) ?? row),
      )
      undamaged = undefined
      return true
    },
  }
}
