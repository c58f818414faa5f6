import type { Cell, SpreadsheetHandle } from './types.ts'

export interface StoredTab {
  /** Stays the same when the tab is renamed. */
  sheetId: number
  title: string
  rows: Cell[][]
}

export interface StoredSpreadsheet {
  id: string
  title: string
  timeZone: string
  locale: string
  officeFile: boolean
  sharedWith: Set<string>
  tabs: StoredTab[]
}

type Say = (what: string) => void
type AddTab = (title: string, rows: Cell[][]) => void

/** A person's hands on one spreadsheet. */
export function createSpreadsheetHandle(spreadsheet: StoredSpreadsheet, changed: Say, addTab: AddTab): SpreadsheetHandle {
  return { ...cellHands(spreadsheet, changed), ...tabHands(spreadsheet, changed, addTab), ...fileHands(spreadsheet, changed) }
}

function cellHands(spreadsheet: StoredSpreadsheet, changed: Say): Pick<SpreadsheetHandle, 'rows' | 'setRows' | 'setCell'> {
  return {
    rows: (title) => copyRows(findTab(spreadsheet, title).rows),
    setRows(title, rows) {
      findTab(spreadsheet, title).rows = copyRows(rows)
      changed(`tab ${title} rewritten`)
    },
    setCell(title, row, col, value) {
      setCell(findTab(spreadsheet, title).rows, row, col, value)
      changed(`a cell of row ${row + 1} in ${title} changed`)
    },
  }
}

function tabHands(
  spreadsheet: StoredSpreadsheet,
  changed: Say,
  addTab: AddTab,
): Pick<SpreadsheetHandle, 'tabs' | 'addTab' | 'renameTab' | 'removeTab'> {
  return {
    tabs: () => spreadsheet.tabs.map((tab) => tab.title),
    addTab(title, rows) {
      addTab(title, rows)
      changed(`tab ${title} added`)
    },
    renameTab(from, to) {
      const tab = findTab(spreadsheet, from)
      if (from.toLowerCase() !== to.toLowerCase()) checkTitle(spreadsheet, to)
      tab.title = to
      changed(`tab ${from} renamed to ${to}`)
    },
    removeTab(title) {
      if (spreadsheet.tabs.length === 1) throw new Error('a spreadsheet has at least one tab')
      spreadsheet.tabs.splice(spreadsheet.tabs.indexOf(findTab(spreadsheet, title)), 1)
      changed(`tab ${title} removed`)
    },
  }
}

function fileHands(spreadsheet: StoredSpreadsheet, changed: Say): Pick<SpreadsheetHandle, 'share' | 'unshare' | 'setTimeZone'> {
  return {
    share(email) {
      spreadsheet.sharedWith.add(email.toLowerCase())
      changed(`shared with ${email}`)
    },
    unshare(email) {
      spreadsheet.sharedWith.delete(email.toLowerCase())
      changed(`no longer shared with ${email}`)
    },
    setTimeZone(timeZone) {
      checkTimeZone(timeZone)
      spreadsheet.timeZone = timeZone
      changed(`time zone set to ${timeZone}`)
    },
  }
}

function findTab(spreadsheet: StoredSpreadsheet, title: string): StoredTab {
  const tab = spreadsheet.tabs.find((candidate) => candidate.title === title)
  if (tab === undefined) throw new Error(`no tab ${title}`)
  return tab
}

export function checkTitle(spreadsheet: StoredSpreadsheet, title: string): void {
  if (title === '' || spreadsheet.tabs.some((tab) => tab.title.toLowerCase() === title.toLowerCase()))
    throw new Error(`no second tab ${title}`)
}

export function checkTimeZone(timeZone: string): void {
  // Throws a RangeError that names the zone.
  new Intl.DateTimeFormat('en-US', { timeZone }).format(0)
}

function setCell(rows: Cell[][], row: number, col: number, value: Cell): void {
  while (rows.length <= row) rows.push([])
  const cells = rows[row] ?? []
  while (cells.length <= col) cells.push(null)
  cells[col] = value
}

export const copyRows = (rows: readonly Cell[][]): Cell[][] => rows.map((row) => [...row])
