import type { Schema } from './field-mask.ts'
import type { StoredSpreadsheet, StoredTab } from './spreadsheet-handle.ts'

/** The size of the grid, which is never smaller than a new sheet's. */
export function gridSize(tab: StoredTab): { rowCount: number; columnCount: number } {
  const widest = tab.rows.reduce((width, row) => Math.max(width, row.length), 0)
  return { rowCount: Math.max(1000, tab.rows.length), columnCount: Math.max(26, widest) }
}

/** The answer of `spreadsheets.get` without cells. */
export function spreadsheetResource(spreadsheet: StoredSpreadsheet): unknown {
  const { id, title, locale, timeZone, tabs } = spreadsheet
  return {
    spreadsheetId: id,
    properties: { title, locale, autoRecalc: 'ON_CHANGE', timeZone },
    sheets: tabs.map((tab, index) => ({
      properties: { sheetId: tab.sheetId, title: tab.title, index, sheetType: 'GRID', gridProperties: gridSize(tab) },
    })),
    spreadsheetUrl: `https://docs.google.com/spreadsheets/d/${id}/edit`,
  }
}

/** Every field the real messages have, as far as somebody may name it in a mask. */
export const SPREADSHEET_SCHEMA: Schema = {
  spreadsheetId: null,
  spreadsheetUrl: null,
  properties: {
    title: null,
    locale: null,
    autoRecalc: null,
    timeZone: null,
    defaultFormat: null,
    iterativeCalculationSettings: null,
    spreadsheetTheme: null,
    importFunctionsExternalUrlAccessAllowed: null,
  },
  sheets: {
    properties: {
      sheetId: null,
      title: null,
      index: null,
      sheetType: null,
      gridProperties: {
        rowCount: null,
        columnCount: null,
        frozenRowCount: null,
        frozenColumnCount: null,
        hideGridlines: null,
        rowGroupControlAfter: null,
        columnGroupControlAfter: null,
      },
      hidden: null,
      tabColor: null,
      tabColorStyle: null,
      rightToLeft: null,
      dataSourceSheetProperties: null,
    },
    data: null,
    merges: null,
    conditionalFormats: null,
    filterViews: null,
    protectedRanges: null,
    basicFilter: null,
    charts: null,
    bandedRanges: null,
    developerMetadata: null,
    rowGroups: null,
    columnGroups: null,
    slicers: null,
    tables: null,
  },
  namedRanges: null,
  developerMetadata: null,
  dataSources: null,
  dataSourceSchedules: null,
}

export const VALUE_RANGE_SCHEMA: Schema = { range: null, majorDimension: null, values: null }

export const BATCH_SCHEMA: Schema = { spreadsheetId: null, valueRanges: VALUE_RANGE_SCHEMA }
