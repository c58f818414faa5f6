import { checkTimeZone, checkTitle, copyRows, createSpreadsheetHandle } from './spreadsheet-handle.ts'
import type { StoredSpreadsheet } from './spreadsheet-handle.ts'
import type { Cell, SpreadsheetHandle, SpreadsheetInput } from './types.ts'

export type SpreadsheetStore = ReturnType<typeof createSpreadsheetStore>

/** The spreadsheets of this Google, and a person's hands on them. */
export function createSpreadsheetStore(changed: (what: string) => void) {
  const spreadsheets = new Map<string, StoredSpreadsheet>()
  // Google gives the first tab 0 and every other a random number; ours are only unlike each other.
  let lastSheetId = 104_200_000

  function addTab(spreadsheet: StoredSpreadsheet, title: string, rows: Cell[][]): void {
    checkTitle(spreadsheet, title)
    lastSheetId += 7919
    spreadsheet.tabs.push({ sheetId: spreadsheet.tabs.length === 0 ? 0 : lastSheetId, title, rows: copyRows(rows) })
  }

  return {
    list: (): StoredSpreadsheet[] => [...spreadsheets.values()],
    find: (id: string): StoredSpreadsheet | undefined => spreadsheets.get(id),
    create({ id, title, timeZone, locale, tabs, sharedWith, officeFile }: SpreadsheetInput): void {
      if (!/^[\w-]+$/.test(id)) throw new Error(`not a spreadsheet id: ${id}`)
      if (spreadsheets.has(id)) throw new Error(`spreadsheet ${id} exists already`)
      if (tabs.length === 0) throw new Error('a spreadsheet has at least one tab')
      checkTimeZone(timeZone)
      const emails = new Set(sharedWith.map((email) => email.toLowerCase()))
      const spreadsheet = { id, title, timeZone, locale: locale ?? 'en_US', officeFile: officeFile ?? false, sharedWith: emails, tabs: [] }
      for (const tab of tabs) addTab(spreadsheet, tab.title, tab.rows)
      spreadsheets.set(id, spreadsheet)
      changed(`spreadsheet ${title} created`)
    },
    delete(id: string): void {
      if (spreadsheets.delete(id)) changed(`spreadsheet ${id} deleted`)
    },
    handle(id: string): SpreadsheetHandle {
      const spreadsheet = spreadsheets.get(id)
      if (spreadsheet === undefined) throw new Error(`no spreadsheet ${id}`)
      return createSpreadsheetHandle(spreadsheet, changed, (title, rows) => addTab(spreadsheet, title, rows))
    },
  }
}
