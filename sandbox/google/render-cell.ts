import { serialToDate } from './serials.ts'
import type { Cell } from './types.ts'

export type ValueRender = 'FORMATTED_VALUE' | 'UNFORMATTED_VALUE' | 'FORMULA'
export type DateTimeRender = 'SERIAL_NUMBER' | 'FORMATTED_STRING'

export interface RenderOptions {
  value: ValueRender
  dateTime: DateTimeRender
}

type CellFormat = 'date' | 'time' | 'money' | 'plain'

/** The stand-in keeps no cell formats: the title of the column tells how a person would have formatted it. */
function formatOf(header: Cell): CellFormat {
  const title = String(header ?? '').toLowerCase()
  if (/\bdate\b/.test(title)) return 'date'
  if (/\b(start|end|time)\b/.test(title)) return 'time'
  if (/\b(revenue|cost|fee|price|amount)\b/.test(title)) return 'money'
  return 'plain'
}

/** One cell as `values.get` answers it. Unformatted it keeps its type; formatted it is what the person sees. */
export function renderCell(cell: Cell, header: Cell, options: RenderOptions): string | number | boolean {
  if (cell === null) return ''
  if (typeof cell === 'string') return cell
  if (typeof cell === 'boolean') return options.value === 'FORMATTED_VALUE' ? String(cell).toUpperCase() : cell
  const format = formatOf(header)
  const isMoment = format === 'date' || format === 'time'
  if (options.value === 'FORMATTED_VALUE' || (isMoment && options.dateTime === 'FORMATTED_STRING')) return writeNumber(cell, format)
  return cell
}

function writeNumber(number: number, format: CellFormat): string {
  switch (format) {
    case 'date':
      return serialToDate(number).toLocaleDateString('en-US', { timeZone: 'UTC' })
    case 'time':
      return serialToDate(number).toLocaleTimeString('en-US', { timeZone: 'UTC', hour: 'numeric', minute: '2-digit' })
    case 'money':
      return number.toLocaleString('en-US', { style: 'currency', currency: 'USD' })
    case 'plain':
      return String(number)
  }
}
