import { OAuth2Client } from 'google-auth-library'
import { sheets } from 'googleapis/build/src/apis/sheets/index.js'
import { guarded } from './client.ts'
import type { GoogleResult } from './failure.ts'

/** A cell as the API gives it with UNFORMATTED_VALUE and SERIAL_NUMBER. */
export type Cell = string | number | boolean | null

export interface SpreadsheetOutline {
  readonly timeZone: string
  readonly tabs: readonly { readonly gridId: number; readonly title: string }[]
}

/** The Sheets calls the bot makes, read-only. Each takes the access token it may use. */
export interface SheetsApi {
  outline(accessToken: string): Promise<GoogleResult<SpreadsheetOutline>>
  /** Whole tabs by title, in the order asked for. Trailing empty cells and rows are missing, as Google leaves them out. */
  values(accessToken: string, titles: readonly string[]): Promise<GoogleResult<readonly Cell[][][]>>
  /** Reads one cell: proof that a token, its scope and the sharing work. */
  probe(accessToken: string): Promise<GoogleResult<undefined>>
}

/** A tab's title as A1 notation wants it: quoted, quotes doubled. */
function wholeTab(title: string): string {
  return `'${title.replaceAll("'", "''")}'`
}

export function createSheetsApi(options: { spreadsheetId: string; rootUrl: string | undefined; timeoutMs?: number }): SheetsApi {
  const spreadsheetId = options.spreadsheetId
  const api = (accessToken: string): ReturnType<typeof sheets> => {
    // Without a refresh token the library cannot refresh by itself: a 401 comes back to us, and we decide.
    const auth = new OAuth2Client()
    auth.setCredentials({ access_token: accessToken })
    return sheets({
      version: 'v4',
      auth,
      retry: false,
      timeout: options.timeoutMs ?? 30_000,
      ...(options.rootUrl === undefined ? {} : { rootUrl: options.rootUrl }),
    })
  }
  return {
    outline: (accessToken) =>
      guarded('sheets', async () => {
        const fields = 'properties(timeZone,locale),sheets.properties(sheetId,title,gridProperties)'
        const { data } = await api(accessToken).spreadsheets.get({ spreadsheetId, fields })
        const zone = data.properties?.timeZone
        if (typeof zone !== 'string' || !Array.isArray(data.sheets)) throw new TypeError('not a spreadsheet')
        const tabs = data.sheets.map(({ properties }) => ({ gridId: properties?.sheetId ?? 0, title: properties?.title ?? '' }))
        // Google's custom zones read `GMT-07:00` (API reference, SpreadsheetProperties.timeZone), which only `UTC-07:00` means elsewhere.
        return { timeZone: zone.replace(/^GMT(?=[+-])/, 'UTC'), tabs }
      }),
    values: (accessToken, titles) =>
      guarded('sheets', async () => {
        const { data } = await api(accessToken).spreadsheets.values.batchGet({
          spreadsheetId,
          ranges: titles.map(wholeTab),
          valueRenderOption: 'UNFORMATTED_VALUE',
          dateTimeRenderOption: 'SERIAL_NUMBER',
        })
        const ranges = data.valueRanges
        if (!Array.isArray(ranges) || ranges.length !== titles.length) throw new TypeError('not the ranges asked for')
        return ranges.map((range) => (range.values ?? []) as Cell[][])
      }),
    probe: (accessToken) =>
      guarded('sheets', async () => {
        const { data } = await api(accessToken).spreadsheets.values.get({ spreadsheetId, range: 'A1' })
        if (typeof data.range !== 'string') throw new TypeError('not a range')
        return undefined
      }),
  }
}
