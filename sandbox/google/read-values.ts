import { resolveRange } from './a1-range.ts'
import type { Rectangle } from './a1-range.ts'
import { renderCell } from './render-cell.ts'
import type { RenderOptions } from './render-cell.ts'
import { gridSize } from './spreadsheet-resource.ts'
import type { StoredSpreadsheet, StoredTab } from './spreadsheet-handle.ts'

export interface ValueRange {
  range: string
  majorDimension: 'ROWS'
  values?: (string | number | boolean)[][]
}

/** The values of one range. Trailing empty cells and rows are left out, and an empty range has no `values` at all. */
export function readValues(spreadsheet: StoredSpreadsheet, text: string, options: RenderOptions): ValueRange | { message: string } {
  const resolved = resolveRange(
    text,
    spreadsheet.tabs.map((tab) => ({ title: tab.title, ...gridSize(tab), tab })),
  )
  if (!resolved.ok) return { message: resolved.message }
  const values = readArea(resolved.grid.tab, resolved.area, options)
  return { range: resolved.range, majorDimension: 'ROWS', ...(values.length === 0 ? {} : { values }) }
}

function readArea(tab: StoredTab, { top, bottom, left, right }: Rectangle, options: RenderOptions): (string | number | boolean)[][] {
  const headers = tab.rows[0] ?? []
  const rows = tab.rows.slice(top, bottom + 1).map((row) =>
    trim(
      row.slice(left, right + 1).map((cell, index) => renderCell(cell, headers[left + index] ?? null, options)),
      (cell) => cell === '',
    ),
  )
  return trim(rows, (row) => row.length === 0)
}

function trim<T>(list: T[], isEmpty: (item: T) => boolean): T[] {
  return list.slice(0, list.findLastIndex((item) => !isEmpty(item)) + 1)
}
