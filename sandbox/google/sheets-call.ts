import type { Call } from './http-message.ts'
import type { DateTimeRender, RenderOptions, ValueRender } from './render-cell.ts'

export interface SheetsCall {
  method: 'GetSpreadsheet' | 'GetValues' | 'BatchGetValues'
  spreadsheetId: string
  ranges: string[]
  fields: string | null
  render: RenderOptions
  unknownParameter?: string
  wrongEnum?: { field: string; type: string; value: string }
  unsupported?: string
}

const SYSTEM = [
  'alt',
  'fields',
  'prettyPrint',
  'quotaUser',
  'key',
  '$.xgafv',
  'callback',
  'access_token',
  'oauth_token',
  'uploadType',
  'upload_protocol',
]
const VALUES = ['majorDimension', 'valueRenderOption', 'dateTimeRenderOption']
const PARAMETERS: Readonly<Record<SheetsCall['method'], ReadonlySet<string>>> = {
  GetSpreadsheet: new Set([...SYSTEM, 'ranges', 'includeGridData', 'excludeTablesInBandedRanges']),
  GetValues: new Set([...SYSTEM, ...VALUES]),
  BatchGetValues: new Set([...SYSTEM, ...VALUES, 'ranges']),
}

const ENUMS = [
  { name: 'majorDimension', field: 'major_dimension', type: 'Dimension', values: ['ROWS', 'COLUMNS'] },
  {
    name: 'valueRenderOption',
    field: 'value_render_option',
    type: 'ValueRenderOption',
    values: ['FORMATTED_VALUE', 'UNFORMATTED_VALUE', 'FORMULA'],
  },
  {
    name: 'dateTimeRenderOption',
    field: 'date_time_render_option',
    type: 'DateTimeRenderOption',
    values: ['SERIAL_NUMBER', 'FORMATTED_STRING'],
  },
]

/** Recognises the three reading methods; anything else under /v4 has no such address. */
export function readSheetsCall({ url }: Call): SheetsCall | undefined {
  const match = /^\/v4\/spreadsheets\/([^/:]+)(?:\/values\/([^/]+)|\/(values:batchGet))?$/.exec(url.pathname)
  if (match === null) return undefined
  const [, id, range, batch] = match
  const query = url.searchParams
  const method = range !== undefined ? 'GetValues' : batch !== undefined ? 'BatchGetValues' : 'GetSpreadsheet'
  const call: SheetsCall = {
    method,
    spreadsheetId: decode(id),
    ranges: range !== undefined ? [decode(range)] : query.getAll('ranges'),
    fields: query.get('fields'),
    render: {
      value: (query.get('valueRenderOption') ?? 'FORMATTED_VALUE') as ValueRender,
      dateTime: (query.get('dateTimeRenderOption') ?? 'SERIAL_NUMBER') as DateTimeRender,
    },
  }
  return { ...call, ...faults(query, method) }
}

function faults(query: URLSearchParams, method: SheetsCall['method']): Pick<SheetsCall, 'unknownParameter' | 'wrongEnum' | 'unsupported'> {
  const unknownParameter = [...query.keys()].find((name) => !PARAMETERS[method].has(name))
  if (unknownParameter !== undefined) return { unknownParameter }
  for (const { name, field, type, values } of ENUMS) {
    const value = query.get(name)
    if (value !== null && !values.includes(value)) return { wrongEnum: { field, type, value } }
  }
  if (query.get('majorDimension') === 'COLUMNS') return { unsupported: 'majorDimension=COLUMNS' }
  if (query.get('includeGridData') === 'true') return { unsupported: 'includeGridData' }
  return {}
}

function decode(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '')
  } catch {
    return text ?? ''
  }
}
