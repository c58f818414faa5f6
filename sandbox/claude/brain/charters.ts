import { isFields } from '../request/fields.ts'
import type { Fields } from '../request/fields.ts'
import type { Talk } from './conversation.ts'

/** The rows of a result, wherever they stand in it. */
function rowsIn(data: unknown): Fields[] {
  if (Array.isArray(data)) return data.filter(isFields)
  if (!isFields(data)) return []
  const list = Object.values(data).find((value) => Array.isArray(value) && value.some(isFields))
  return Array.isArray(list) ? list.filter(isFields) : []
}

const field = (row: Fields, ...names: readonly RegExp[]): string => {
  const found = names
    .map((name) => Object.keys(row).find((key) => name.test(key) && ['string', 'number'].includes(typeof row[key])))
    .find(Boolean)
  return found === undefined ? '' : String(row[found])
}

export const idOf = (charter: Fields): string => field(charter, /^(charter_?)?id$/i)

const agreementOf = (charter: Fields): string => field(charter, /^agreement/i)

/** The charters that were listed, without cancelled ones. Undefined: no list was read. */
export function listedCharters({ calls }: Talk): Fields[] | undefined {
  const list = calls.findLast(({ name, isError }) => name === 'list_charters' && !isError)
  if (list === undefined) return undefined
  return rowsIn(list.data).filter((row) => idOf(row) !== '' && !/cancel/i.test(field(row, /^status$/i)))
}

/** The charter to speak of: the one that was read, or the next in the list. */
export function charterInHand(talk: Talk): Fields | undefined {
  const read = talk.calls.findLast(({ name, isError }) => name === 'read_charter' && !isError)?.data
  if (isFields(read)) {
    if (idOf(read) !== '') return read
    const inner = Object.values(read).find((value) => isFields(value) && idOf(value) !== '')
    if (isFields(inner)) return inner
  }
  return listedCharters(talk)?.[0]
}

/** `JC-1105 (2026-11-12, Marisol, Ada Guestly)`. */
export function nameOf(charter: Fields): string {
  const about = [
    field(charter, /^date$/i, /date|day/i, /^starts?/i),
    field(charter, /^vessel/i),
    field(charter, /^(client|guest)$/i, /client/i),
  ]
  const known = about.filter((text) => text !== '')
  return `${idOf(charter)}${known.length === 0 ? '' : ` (${known.join(', ')})`}`
}

/** What the sheet says about the charter, such as `agreement sent, status booked`. */
export function stateOf(charter: Fields): string {
  const facts = [
    ['captain', field(charter, /^captain/i)],
    ['agreement', agreementOf(charter)],
    ['status', field(charter, /^status$/i)],
  ].filter(([, value]) => value !== '')
  return facts.map(([name, value]) => `${name} ${value}`).join(', ')
}

/** Those whose agreement is not signed. */
export const unsigned = (charters: readonly Fields[]): Fields[] =>
  charters.filter((charter) => agreementOf(charter) !== '' && !/^signed$/i.test(agreementOf(charter)))
