import { OAuth2Client } from 'google-auth-library'
import { sheets } from 'googleapis/build/src/apis/sheets/index.js'
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/index.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGoogle, dateSerial, timeSerial } from '../../sandbox/google/google.ts'
import type { Google, GoogleUrls } from '../../sandbox/google/google.ts'
import { seedPortSheet } from '../../sandbox/google/seed.ts'

const CLIENT_ID = '104200000001-port.apps.googleusercontent.com'
const OFFICE = 'office@jada.example'
const START = Date.UTC(2026, 10, 5, 16, 0)
const RAW = { valueRenderOption: 'UNFORMATTED_VALUE', dateTimeRenderOption: 'SERIAL_NUMBER' }
const spreadsheetId = 'port-sheet'

let now = START
let google: Google
let urls: GoogleUrls
let api: sheets_v4.Sheets

beforeEach(async () => {
  now = START
  google = createGoogle({ clientId: CLIENT_ID, clientSecret: 'hush', redirectUris: ['http://localhost:3000/cb'], now: () => now })
  urls = await google.start()
  google.createSpreadsheet({
    id: spreadsheetId,
    title: 'Port log',
    timeZone: 'America/Los_Angeles',
    tabs: [
      {
        title: '2026-11',
        rows: [
          ['ID', 'Date', 'Start', 'Gross revenue', 'Paid'],
          ['JC-1', dateSerial('2026-11-05'), timeSerial('09:30'), 1250.5, true],
          [],
          ['JC-2', null, null, '#REF!', null],
        ],
      },
      { title: 'Crew', rows: [] },
    ],
    sharedWith: [OFFICE],
  })
  api = connect(google.issueRefreshToken(OFFICE))
})
afterEach(() => google.stop())

function connect(refreshToken: string): sheets_v4.Sheets {
  const auth = new OAuth2Client({
    clientId: CLIENT_ID,
    clientSecret: 'hush',
    endpoints: { oauth2TokenUrl: urls.tokenUrl },
    transporterOptions: { timeout: 2000, retryConfig: { retry: 0 } },
  })
  auth.setCredentials({ refresh_token: refreshToken })
  return sheets({ version: 'v4', auth, rootUrl: urls.sheetsUrl, retry: false })
}

interface ApiError {
  code: number
  status: string
  message: string
  details?: { reason?: string; metadata?: Record<string, string>; fieldViolations?: { field: string }[] }[]
}

async function refusal(promise: Promise<unknown> = api.spreadsheets.get({ spreadsheetId })): Promise<ApiError> {
  return promise.then(
    () => {
      throw new Error('nothing was refused')
    },
    (error: { response?: { data?: { error: ApiError } } }) => error.response?.data?.error ?? { code: 0, status: '', message: '' },
  )
}

async function values(range: string, options: object = RAW): Promise<sheets_v4.Schema$ValueRange> {
  return (await api.spreadsheets.values.get({ spreadsheetId, range, ...options })).data
}

describe('spreadsheets.get', () => {
  test('gives what the mask asks for and nothing else', async () => {
    const fields = 'properties(timeZone,locale),sheets.properties(sheetId,title,gridProperties)'
    const { data } = await api.spreadsheets.get({ spreadsheetId, fields })
    const gridProperties = { rowCount: 1000, columnCount: 26 }
    expect(data).toEqual({
      properties: { timeZone: 'America/Los_Angeles', locale: 'en_US' },
      sheets: [
        { properties: { sheetId: 0, title: '2026-11', gridProperties } },
        { properties: { sheetId: expect.any(Number), title: 'Crew', gridProperties } },
      ],
    })
  })

  test('without a mask gives the titles too, and a renamed tab keeps its sheetId', async () => {
    const before = (await api.spreadsheets.get({ spreadsheetId })).data
    expect(before.properties?.title).toBe('Port log')
    google.sheet(spreadsheetId).renameTab('Crew', 'People')
    const after = (await api.spreadsheets.get({ spreadsheetId, fields: 'sheets/properties/title,sheets/properties/sheetId' })).data
    expect(after.sheets?.[1]?.properties).toEqual({ title: 'People', sheetId: before.sheets?.[1]?.properties?.sheetId })
  })

  test.each(['properties(timezone)', 'sheets.properties(sheetId', 'constructor', ''.padEnd(3, ',')])(
    'refuses the mask %s',
    async (fields) => {
      expect(await refusal(api.spreadsheets.get({ spreadsheetId, fields }))).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' })
    },
  )
})

describe('values', () => {
  test('come with their types, trailing empty cells and rows left out', async () => {
    const { data } = await api.spreadsheets.values.batchGet({
      spreadsheetId,
      ranges: ["'2026-11'!A1:Z2000", "'2026-11'", 'Crew!A1:R'],
      ...RAW,
    })
    const rows = [['ID', 'Date', 'Start', 'Gross revenue', 'Paid'], ['JC-1', 46_331, 9.5 / 24, 1250.5, true], [], ['JC-2', '', '', '#REF!']]
    expect(data).toEqual({
      spreadsheetId,
      valueRanges: [
        { range: "'2026-11'!A1:Z1000", majorDimension: 'ROWS', values: rows },
        { range: "'2026-11'!A1:Z1000", majorDimension: 'ROWS', values: rows },
        { range: 'Crew!A1:R1000', majorDimension: 'ROWS' },
      ],
    })
  })

  test('come as a person sees them unless asked otherwise', async () => {
    expect((await values("'2026-11'!A2:E2", {})).values).toEqual([['JC-1', '11/5/2026', '9:30 AM', '$1,250.50', 'TRUE']])
    const mixed = { valueRenderOption: 'UNFORMATTED_VALUE', dateTimeRenderOption: 'FORMATTED_STRING' }
    expect((await values("'2026-11'!A2:E2", mixed)).values).toEqual([['JC-1', '11/5/2026', '9:30 AM', 1250.5, true]])
  })

  test.each([
    ["'2026-11'!A2", "'2026-11'!A2"],
    ["'2026-11'!$B$2:$C$4", "'2026-11'!B2:C4"],
    ["'2026-11'!C4:B2", "'2026-11'!B2:C4"],
    ["'2026-11'!A:C", "'2026-11'!A1:C1000"],
    ["'2026-11'!2:3", "'2026-11'!A2:Z3"],
    ['A1:R', "'2026-11'!A1:R1000"],
    ['crew', 'Crew!A1:Z1000'],
  ])('the range %s means %s', async (asked, range) => {
    expect((await values(asked)).range).toBe(range)
  })

  test.each(["'2026-10'!A1:B2", 'Nobody!A1', '2026-11!A1:B2', "'2026-11'!", "'2026-11'!A0:B2", "'2026-11'!A", 'A1:B2:C3', 'what is this'])(
    'the range %s cannot be parsed',
    async (range) => {
      expect(await refusal(values(range))).toEqual({ code: 400, message: `Unable to parse range: ${range}`, status: 'INVALID_ARGUMENT' })
    },
  )

  test('a range outside of the grid is refused', async () => {
    expect((await refusal(values('Crew!A1001:B1002'))).message).toBe(
      'Range (Crew!A1001:B1002) exceeds grid limits. Max rows: 1000, max columns: 26',
    )
  })

  test('an unknown option or parameter is refused', async () => {
    expect(await refusal(values('Crew', { valueRenderOption: 'RAW' }))).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' })
    expect((await refusal(values('Crew', { renderOption: 'RAW' }))).message).toContain('Unknown name "renderOption"')
    expect(await refusal(values('Crew', { majorDimension: 'COLUMNS' }))).toMatchObject({ code: 501 })
  })

  test('change as a person works in the sheet', async () => {
    const sheet = google.sheet(spreadsheetId)
    sheet.setCell('Crew', 1, 2, 'x')
    expect((await values('Crew')).values).toEqual([[], ['', '', 'x']])
    sheet.setRows('Crew', [['a']])
    sheet.addTab("Pat's tab", [['b']])
    expect((await values("'Pat''s tab'!A1")).values).toEqual([['b']])
    sheet.removeTab('Crew')
    sheet.setTimeZone('America/Denver')
    expect(sheet.tabs()).toEqual(['2026-11', "Pat's tab"])
    expect((await api.spreadsheets.get({ spreadsheetId, fields: 'properties.timeZone' })).data).toEqual({
      properties: { timeZone: 'America/Denver' },
    })
    expect(() => sheet.setTimeZone('Mars/Base')).toThrow(RangeError)
    expect(() => sheet.rows('Crew')).toThrow('no tab')
  })
})

describe('a refusal', () => {
  test('401 once the access token is over or revoked', async () => {
    await api.spreadsheets.get({ spreadsheetId })
    now += 3_600_000
    expect(await refusal()).toMatchObject({ code: 401, status: 'UNAUTHENTICATED' })
    api = connect(google.issueRefreshToken(OFFICE))
    await api.spreadsheets.get({ spreadsheetId })
    google.revokeAll()
    expect(await refusal()).toMatchObject({ code: 401, status: 'UNAUTHENTICATED' })
  })

  test('403 without any token', async () => {
    const response = await fetch(`${urls.sheetsUrl}v4/spreadsheets/${spreadsheetId}`)
    expect([response.status, ((await response.json()) as { error: ApiError }).error.status]).toEqual([403, 'PERMISSION_DENIED'])
  })

  test('403 when the scope was unticked', async () => {
    api = connect(google.issueRefreshToken(OFFICE, ['openid', 'email']))
    const error = await refusal()
    expect(error).toMatchObject({ code: 403, status: 'PERMISSION_DENIED' })
    expect(error.details?.[0]?.reason).toBe('ACCESS_TOKEN_SCOPE_INSUFFICIENT')
  })

  test('403 when the API is disabled, with the link that enables it', async () => {
    google.disableSheetsApi(true)
    const error = await refusal()
    expect(error).toMatchObject({ code: 403, status: 'PERMISSION_DENIED' })
    const info = error.details?.find((detail) => detail.reason === 'SERVICE_DISABLED')
    expect(info?.metadata?.['activationUrl']).toBe(
      'https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=104200000001',
    )
  })

  test('403 when the sheet is not shared, 404 when it is gone', async () => {
    google.sheet(spreadsheetId).unshare(OFFICE)
    expect(await refusal()).toEqual({ code: 403, status: 'PERMISSION_DENIED', message: 'The caller does not have permission' })
    google.sheet(spreadsheetId).share('Office@jada.example')
    await api.spreadsheets.get({ spreadsheetId })
    google.deleteSpreadsheet(spreadsheetId)
    expect(await refusal()).toEqual({ code: 404, status: 'NOT_FOUND', message: 'Requested entity was not found.' })
  })

  test('400 for an Office file', async () => {
    google.createSpreadsheet({
      id: 'xlsx',
      title: 'Old log',
      timeZone: 'UTC',
      tabs: [{ title: 'A', rows: [] }],
      sharedWith: [OFFICE],
      officeFile: true,
    })
    const error = await refusal(api.spreadsheets.get({ spreadsheetId: 'xlsx' }))
    expect(error).toMatchObject({ code: 400, status: 'FAILED_PRECONDITION' })
    expect(error.message).toContain('Office file')
  })

  test('429 and 5xx as faults, in the envelope of the API', async () => {
    google.fault({ endpoint: 'sheets', kind: '429', retryAfterS: 30, times: 1 })
    const limited = await refusal()
    expect(limited).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' })
    expect(limited.details?.at(-1)).toEqual({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '30s' })
    google.fault({ endpoint: 'sheets', kind: '5xx', status: 500, times: 1 })
    expect(await refusal()).toMatchObject({ code: 500, status: 'INTERNAL' })
  })

  test('a page in the place of the API is a success to the library', async () => {
    google.fault({ endpoint: 'sheets', kind: 'html', times: 2 })
    await api.spreadsheets.get({ spreadsheetId }).catch(() => undefined)
    expect(typeof (await api.spreadsheets.get({ spreadsheetId })).data).toBe('string')
  })
})

describe('the seed', () => {
  test('is the same on every call and spans two months', () => {
    const tabs = seedPortSheet({ year: 2026, month: 12 })
    expect(tabs).toEqual(seedPortSheet({ year: 2026, month: 12 }))
    expect(tabs.map((tab) => tab.title)).toEqual(['2026-12', '2027-01'])
    const charters = tabs.flatMap((tab) => tab.rows.slice(1))
    expect(charters).toHaveLength(21)
    expect(new Set(charters.map((row) => row[0])).size).toBe(21)
    for (const row of charters) expect(row[14]).toBeCloseTo(Number(row[12]) * 0.18, 2)
  })

  test('has the header of the port sheet', () => {
    expect(seedPortSheet({ year: 2026, month: 11 })[0]?.rows[0]?.join(', ')).toBe(
      'ID, Date, Start, End, Vessel, Source, Client, Guests, Guest names, Contact, Captain, Crew, Gross revenue, Crew cost, Port fee, Agreement, Status, Notes',
    )
  })

  test('serials are those of Sheets', () => {
    expect([dateSerial('1899-12-30'), dateSerial('2026-11-05'), timeSerial('12:00')]).toEqual([0, 46_331, 0.5])
    expect(() => dateSerial('2026-02-30')).toThrow('not a date')
    expect(() => timeSerial('9:30')).toThrow('not a time')
  })
})
