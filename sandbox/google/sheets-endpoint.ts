import {
  anonymousCaller,
  insufficientScope,
  invalidArgument,
  notFound,
  notShared,
  notSupported,
  officeFile,
  serviceDisabled,
  unauthenticated,
} from './api-error.ts'
import { applyFieldMask } from './field-mask.ts'
import type { Schema } from './field-mask.ts'
import { jsonReply, notFoundReply } from './http-message.ts'
import type { Call, Reply } from './http-message.ts'
import { readValues } from './read-values.ts'
import { readSheetsCall } from './sheets-call.ts'
import type { SheetsCall } from './sheets-call.ts'
import { readsSheets } from './scopes.ts'
import type { Settings } from './settings.ts'
import { BATCH_SCHEMA, SPREADSHEET_SCHEMA, VALUE_RANGE_SCHEMA, spreadsheetResource } from './spreadsheet-resource.ts'
import type { StoredSpreadsheet } from './spreadsheet-handle.ts'
import type { SpreadsheetStore } from './spreadsheet-store.ts'
import type { TokenStore } from './token-store.ts'

interface Deps {
  readonly settings: Settings
  readonly tokens: TokenStore
  readonly spreadsheets: SpreadsheetStore
}

/** Sheets v4, reading only. Refusals come in the order in which Google's layers see the request. */
export function createSheetsEndpoint({ settings, tokens, spreadsheets }: Deps): (call: Call, now: number) => Reply {
  return (call, now) => {
    const read = readSheetsCall(call)
    if (read === undefined) return notFoundReply(call.url.pathname)
    const authorization = call.headers['authorization']
    if (authorization === undefined) return anonymousCaller()
    const token = tokens.access(/^Bearer (\S+)$/i.exec(authorization)?.[1] ?? '', now)
    if (token === undefined) return unauthenticated()
    if (settings.sheetsApiDisabled) return serviceDisabled(settings.projectNumber)
    if (!readsSheets(token.scopes)) return insufficientScope(read.method)
    if (call.method !== 'GET') return notSupported('writing')
    const wrong = argumentError(read)
    if (wrong !== undefined) return wrong
    const spreadsheet = spreadsheets.find(read.spreadsheetId)
    if (spreadsheet === undefined) return notFound()
    if (!spreadsheet.sharedWith.has(token.email.toLowerCase())) return notShared()
    if (spreadsheet.officeFile) return officeFile()
    return answer(read, spreadsheet)
  }
}

function argumentError(call: SheetsCall): Reply | undefined {
  if (call.unknownParameter !== undefined) {
    const name = call.unknownParameter
    const message = `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`
    return invalidArgument(message, '', message)
  }
  if (call.wrongEnum !== undefined) {
    const message = `Invalid value at '${call.wrongEnum.field}' (type.googleapis.com/google.apps.sheets.v4.${call.wrongEnum.type}), "${call.wrongEnum.value}"`
    return invalidArgument(message, call.wrongEnum.field, message)
  }
  return call.unsupported === undefined ? undefined : notSupported(call.unsupported)
}

function answer(call: SheetsCall, spreadsheet: StoredSpreadsheet): Reply {
  if (call.method === 'GetSpreadsheet') return masked(call.fields, spreadsheetResource(spreadsheet), SPREADSHEET_SCHEMA)
  const valueRanges = []
  for (const range of call.ranges) {
    const values = readValues(spreadsheet, range, call.render)
    if ('message' in values) return invalidArgument(values.message)
    valueRanges.push(values)
  }
  if (call.method === 'GetValues') return masked(call.fields, valueRanges[0], VALUE_RANGE_SCHEMA)
  return masked(call.fields, { spreadsheetId: spreadsheet.id, ...(valueRanges.length === 0 ? {} : { valueRanges }) }, BATCH_SCHEMA)
}

function masked(fields: string | null, message: unknown, schema: Schema): Reply {
  if (!fields) return jsonReply(200, message)
  const result = applyFieldMask(fields, message, schema)
  return result.ok
    ? jsonReply(200, result.value)
    : invalidArgument('Request contains an invalid argument.', result.field, result.description)
}
