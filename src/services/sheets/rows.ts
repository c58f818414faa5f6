import { DateTime } from 'luxon'
import type { Cell } from '../google/sheets-api.ts'
import type { Charter, CharterValues, Field, QuarantinedRow } from './charter.ts'
import { columnLetters, formulaError, isBlank, readDate, readMoney, readText, readTime, readWhole, type Read } from './cells.ts'
import { mapHeader, type Column } from './columns.ts'

/** A whole tab, validated. `drift`: its header cannot be used, so nothing of it is. */
export type TabReading =
  | { readonly kind: 'drift'; readonly missing: readonly string[]; readonly doubled: readonly string[] }
  | {
      readonly kind: 'read'
      readonly charters: readonly Charter[]
      readonly quarantined: readonly QuarantinedRow[]
      readonly unknownColumns: readonly string[]
      /** Where each charter's id stands, for messages about it. */
      readonly idCells: ReadonlyMap<string, { readonly row: number; readonly cell: string }>
    }

const READERS: { readonly [F in Field]: (cell: Cell) => Read<CharterValues[F]> } = {
  id: readText,
  date: readDate,
  start: readTime,
  end: readTime,
  vessel: readText,
  source: readText,
  client: readText,
  guests: readWhole,
  guestNames: readText,
  contact: readText,
  captain: readText,
  crew: readText,
  grossRevenue: readMoney,
  crewCost: readMoney,
  portFee: readMoney,
  agreement: readText,
  status: (cell) => {
    const text = readText(cell)
    return text.ok ? { ok: true, value: text.value.toLowerCase() } : text
  },
  notes: readText,
}

const ABSENT: CharterValues = {
  id: '',
  date: '',
  start: 0,
  end: 0,
  vessel: '',
  source: '',
  client: '',
  guests: null,
  guestNames: '',
  contact: '',
  captain: '',
  crew: '',
  grossRevenue: null,
  crewCost: null,
  portFee: null,
  agreement: '',
  status: '',
  notes: '',
}

interface RowReading {
  readonly row: number
  readonly values: CharterValues
  readonly problems: QuarantinedRow['problems']
}

function readCell(column: Column, cell: Cell): Read<CharterValues[Field]> {
  const error = formulaError(cell)
  if (error !== undefined) return { ok: false, problem: `${column.header} shows ${error}` }
  if (column.required && isBlank(cell)) return { ok: false, problem: `${column.header} is empty` }
  const read = READERS[column.field](cell)
  if (read.ok) return read
  // What stands in a private column is for the office only: messages name the cell, never the value.
  return { ok: false, problem: column.private ? `${column.header} cannot be read` : `${column.header}: ${read.problem}` }
}

function readRow(columns: readonly Column[], positions: ReadonlyMap<Field, number>, cells: readonly Cell[], row: number): RowReading {
  const values: Record<string, unknown> = { ...ABSENT }
  const problems: { cell: string; problem: string }[] = []
  for (const column of columns) {
    const position = positions.get(column.field)
    if (position === undefined) continue
    const read = readCell(column, cells[position] ?? null)
    if (read.ok) values[column.field] = read.value
    else problems.push({ cell: `${columnLetters(position)}${row}`, problem: read.problem })
  }
  return { row, values: values as unknown as CharterValues, problems }
}

/** The instant of a wall-clock time in the sheet's zone; a time that a DST change skips moves forward with the clock. */
function instant(date: string, minutes: number, zone: string): number {
  return DateTime.fromISO(date, { zone })
    .set({ hour: Math.floor(minutes / 60), minute: minutes % 60 })
    .toMillis()
}

function toCharter(values: CharterValues, tab: string, zone: string): Charter {
  const startsAt = instant(values.date, values.start, zone)
  const sameDay = instant(values.date, values.end, zone)
  const nextDay = DateTime.fromISO(values.date, { zone }).plus({ days: 1 }).toISODate() ?? values.date
  return { ...values, tab, startsAt, endsAt: values.end > values.start ? sameDay : instant(nextDay, values.end, zone) }
}

/** Ids that stand in more than one row: which of them is right is not ours to guess. */
function withDoubles(rows: readonly RowReading[], idCell: (row: number) => string): RowReading[] {
  const seen = new Map<string, number[]>()
  for (const { row, values } of rows) if (values.id !== '') seen.set(values.id, [...(seen.get(values.id) ?? []), row])
  return rows.map((reading) => {
    const others = (seen.get(reading.values.id) ?? []).filter((row) => row !== reading.row)
    if (others.length === 0) return reading
    const problem = `the id ${reading.values.id} stands in row ${others.join(', ')} as well`
    return { ...reading, problems: [...reading.problems, { cell: idCell(reading.row), problem }] }
  })
}

/**
 * No row of ours: nothing in any column the bot knows. A column of boxes makes every row of a sheet say FALSE, down to the last.
 */
function isEmptyRow(positions: ReadonlyMap<Field, number>, cells: readonly Cell[]): boolean {
  return [...positions.values()].every((position) => isBlank(cells[position] ?? null) || cells[position] === false)
}

/** Reads a tab's cells (header first) into charters and quarantined rows. Empty rows are passed over. Pure. */
export function readTab(columns: readonly Column[], tab: string, zone: string, cells: readonly (readonly Cell[])[]): TabReading {
  const header = mapHeader(
    columns,
    (cells[0] ?? []).map((cell) => String(cell ?? '')),
  )
  if (header.kind === 'drift') return header
  const { positions } = header
  const read = cells.flatMap((row, index) =>
    index === 0 || isEmptyRow(positions, row) ? [] : [readRow(columns, positions, row, index + 1)],
  )
  const idCell = (row: number): string => `${columnLetters(positions.get('id') ?? 0)}${row}`
  const rows = withDoubles(read, idCell)
  const sound = rows.filter((row) => row.problems.length === 0)
  return {
    kind: 'read',
    charters: sound.map((row) => toCharter(row.values, tab, zone)),
    idCells: new Map(sound.map(({ row, values }) => [values.id, { row, cell: idCell(row) }])),
    quarantined: rows
      .filter((row) => row.problems.length > 0)
      .map((row) => ({ tab, row: row.row, id: row.values.id === '' ? null : row.values.id, problems: row.problems })),
    unknownColumns: header.unknown,
  }
}
