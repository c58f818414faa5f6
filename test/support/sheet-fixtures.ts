import { readFileSync } from 'node:fs'
import { dateSerial, timeSerial, type Cell } from '../../sandbox/google/google.ts'
import type { Charter, Field } from '../../src/services/sheets/charter.ts'
import { parseColumns } from '../../src/services/sheets/columns.ts'

export const ZONE = 'America/Los_Angeles'

/** The columns as the repository ships them. */
export const COLUMNS = parseColumns(readFileSync(new URL('../../config/sheet.yml', import.meta.url), 'utf8'))

export const HEADER: Cell[] = COLUMNS.map((column) => column.header)

const USUAL: Readonly<Record<string, Cell>> = {
  start: timeSerial('09:30'),
  end: timeSerial('12:30'),
  vessel: 'Marisol',
  client: 'Tess Sampleton',
  guests: 4,
  grossRevenue: 1250.5,
  status: 'Booked',
}

/** A row as a person's typing leaves it: `row('JC-1', '2026-11-05', { guests: 6 })`. */
export function row(id: Cell, date: string, change: Partial<Record<Field, Cell>> = {}): Cell[] {
  const cells: Readonly<Record<string, Cell>> = { ...USUAL, id, date: dateSerial(date), ...change }
  return COLUMNS.map((column) => cells[column.field] ?? null)
}

/** A stored charter, for pure comparisons. */
export function charter(id: string, change: Partial<Charter> = {}): Charter {
  return {
    id,
    date: '2026-11-05',
    start: 570,
    end: 750,
    vessel: 'Marisol',
    source: '',
    client: 'Tess Sampleton',
    guests: 4,
    guestNames: '',
    contact: '',
    captain: '',
    crew: '',
    grossRevenue: null,
    crewCost: null,
    portFee: null,
    agreement: '',
    status: 'booked',
    notes: '',
    tab: '2026-11',
    startsAt: Date.UTC(2026, 10, 5, 17, 30),
    endsAt: Date.UTC(2026, 10, 5, 20, 30),
    ...change,
  }
}
