import { describe, expect, test } from 'vitest'
import { dateSerial, timeSerial, type Cell } from '../../../sandbox/google/google.ts'
import type { Charter } from '../../../src/services/sheets/charter.ts'
import { mapHeader, normaliseHeader, parseColumns } from '../../../src/services/sheets/columns.ts'
import { readTab } from '../../../src/services/sheets/rows.ts'
import { validateTabs } from '../../../src/services/sheets/validate.ts'
import { COLUMNS, HEADER, row, ZONE } from '../../support/sheet-fixtures.ts'

function read(rows: Cell[][], zone = ZONE, header = HEADER) {
  const reading = readTab(COLUMNS, '2026-11', zone, [header, ...rows])
  if (reading.kind !== 'read') throw new Error(`drift: ${[...reading.missing, ...reading.doubled].join(', ')}`)
  return reading
}

function one(cells: Cell[], zone = ZONE): Charter {
  const [charter] = read([cells], zone).charters
  if (charter === undefined) throw new Error('quarantined')
  return charter
}

describe('the header', () => {
  const map = (header: string[]) => mapHeader(COLUMNS, header)
  const headers = HEADER.map(String)

  test('is found by name in any order, whatever its case, spaces and punctuation', () => {
    const mixed = headers.map((name) => ` ${name.toUpperCase().replaceAll(' ', '_')}: `).reverse()
    const mapped = map(mixed)
    if (mapped.kind !== 'mapped') throw new Error('drift')
    expect([...mapped.positions].every(([field, at]) => normaliseHeader(mixed[at] ?? '') === normaliseHeader(headerOf(field)))).toBe(true)
    expect(mapped.positions.size).toBe(18)
    expect(mapped.unknown).toEqual([])
  })

  const headerOf = (field: string): string => COLUMNS.find((column) => column.field === field)?.header ?? ''

  test('is found under an alias', () => {
    const mapped = map(headers.map((name) => ({ ID: 'Booking ID', Start: 'departure', Vessel: 'Boat', Contact: 'e-mail' })[name] ?? name))
    expect(mapped).toMatchObject({ kind: 'mapped', unknown: [] })
  })

  test('may lack what is not required', () => {
    const required = COLUMNS.filter((column) => column.required).map((column) => column.header)
    const mapped = map(required)
    expect(mapped).toMatchObject({ kind: 'mapped' })
    expect(required).toEqual(['ID', 'Date', 'Start', 'End', 'Vessel', 'Client', 'Status'])
  })

  test('that lost required columns is drift, and each one is named', () => {
    expect(map(headers.filter((name) => name !== 'Date' && name !== 'Status'))).toEqual({
      kind: 'drift',
      missing: ['Date', 'Status'],
      doubled: [],
    })
  })

  test('that has a column twice is drift, by its alias as well', () => {
    expect(map([...headers, 'date'])).toEqual({ kind: 'drift', missing: [], doubled: ['Date'] })
    expect(map([...headers, 'Boat'])).toEqual({ kind: 'drift', missing: [], doubled: ['Vessel'] })
  })

  test('names columns that nobody knows, and passes over empty ones', () => {
    expect(map([...headers, 'Paid?', '', '  ', 'Weather'])).toMatchObject({ kind: 'mapped', unknown: ['Paid?', 'Weather'] })
  })

  test('of nothing but rows is drift', () => {
    expect(readTab(COLUMNS, '2026-11', ZONE, [row('JC-1', '2026-11-05')])).toMatchObject({ kind: 'drift' })
    expect(readTab(COLUMNS, '2026-11', ZONE, [[]])).toMatchObject({ kind: 'drift' })
  })

  test('moved to other places changes no charter', () => {
    const cells = row('JC-1', '2026-11-05')
    const [moved] = read([[...cells].reverse()], ZONE, [...HEADER].reverse()).charters
    expect(moved).toEqual(one(cells))
  })
})

describe('sheet.yml', () => {
  const problem = (yaml: string): string => {
    try {
      parseColumns(yaml)
    } catch (error) {
      return (error as Error).message
    }
    return 'fine'
  }
  const five = ['id', 'date', 'start', 'end', 'status'].map((field) => `  ${field}: { header: ${field} }`)
  const file = (...lines: string[]) => ['columns:', ...five, ...lines].join('\n')

  test('cannot make optional what a charter needs', () => {
    const columns = parseColumns(file('  notes: { header: Notes }').replace('header: id', 'header: id, required: false'))
    expect(columns.map(({ field, required }) => [field, required])).toEqual([
      ['id', true],
      ['date', true],
      ['start', true],
      ['end', true],
      ['status', true],
      ['notes', false],
    ])
  })

  test.each([
    ['a missing column', file().replace('  date: { header: date }\n', ''), 'column `date` is missing'],
    ['a name used twice', file('  notes: { header: N, aliases: [ID] }'), 'the name `id` is used twice'],
    ['a name of punctuation only', file('  notes: { header: "--" }'), 'used twice'],
    ['an unknown field', file('  colour: { header: Colour }'), 'sheet.yml cannot be used'],
    ['an unknown setting', file('  notes: { header: N, secret: true }'), 'sheet.yml cannot be used'],
    ['no YAML', 'columns: [', 'sheet.yml cannot be used'],
    ['nothing', '', 'sheet.yml cannot be used'],
  ])('with %s is refused', (_, yaml, words) => {
    expect(problem(yaml)).toContain(words)
  })
})

describe('a row', () => {
  test('is read into a charter: cents, minutes, UTC instants, status in small letters', () => {
    expect(one(row('JC-1', '2026-11-05', { notes: ' two children ' }))).toEqual({
      id: 'JC-1',
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
      grossRevenue: 125_050,
      crewCost: null,
      portFee: null,
      agreement: '',
      status: 'booked',
      notes: 'two children',
      tab: '2026-11',
      startsAt: Date.UTC(2026, 10, 5, 17, 30),
      endsAt: Date.UTC(2026, 10, 5, 20, 30),
    })
  })

  test('short of trailing cells is padded', () => {
    const cells = row('JC-1', '2026-11-05')
    const status = COLUMNS.findIndex((column) => column.field === 'status')
    expect(read([cells.slice(0, status + 1)]).charters).toHaveLength(1)
    expect(read([cells.slice(0, 3)]).quarantined[0]?.problems.map(({ cell }) => cell)).toEqual(['D2', 'E2', 'G2', 'Q2'])
  })

  test('that is wholly empty is passed over, and rows keep their numbers', () => {
    const reading = read([row('JC-1', '2026-11-05'), [], [null, ' ', ''], row('JC-2', '2026-11-06', { date: 'soon' })])
    expect(reading.charters.map(({ id }) => id)).toEqual(['JC-1'])
    expect(reading.quarantined).toMatchObject([{ row: 5, id: 'JC-2', problems: [{ cell: 'B5' }] }])
  })

  test('in which nothing is filled in but a box or a remark outside of our columns is no charter', () => {
    const header = [...HEADER, 'Paid']
    const empty = HEADER.map(() => null)
    const agreement = COLUMNS.findIndex((column) => column.field === 'agreement')
    const reading = read([[...empty, false], [...empty, true], empty.map((_, at) => (at === agreement ? false : null))], ZONE, header)
    expect(reading).toMatchObject({ charters: [], quarantined: [] })
  })

  test('with wrong cells is quarantined, each of them with address and words', () => {
    const wrong = row('JC-7', '2026-11-05', {
      date: '5 Nov',
      start: '#REF!',
      end: null,
      guests: 'four',
      grossRevenue: 'Loading...',
      status: '  ',
    })
    expect(read([row('JC-1', '2026-11-04'), wrong]).quarantined).toEqual([
      {
        tab: '2026-11',
        row: 3,
        id: 'JC-7',
        problems: [
          { cell: 'B3', problem: 'Date: "5 Nov" is not a date; type it as 2026-11-05, or format the cell as a date' },
          { cell: 'C3', problem: 'Start shows #REF!' },
          { cell: 'D3', problem: 'End is empty' },
          { cell: 'H3', problem: 'Guests: "four" is not a whole number' },
          { cell: 'M3', problem: 'Gross revenue shows Loading...' },
          { cell: 'Q3', problem: 'Status is empty' },
        ],
      },
    ])
  })

  test('without an id is quarantined, with no id to speak of', () => {
    expect(read([row(null, '2026-11-05'), row('#N/A', '2026-11-05')]).quarantined).toMatchObject([
      { row: 2, id: null, problems: [{ cell: 'A2', problem: 'ID is empty' }] },
      { row: 3, id: null, problems: [{ cell: 'A3', problem: 'ID shows #N/A' }] },
    ])
  })

  test('whose id stands in other rows too is quarantined, all of them', () => {
    const reading = read([
      row('JC-1', '2026-11-05'),
      row('JC-2', '2026-11-06'),
      row(' JC-1 ', '2026-11-07'),
      row('JC-1', '2026-11-08', { date: null }),
    ])
    expect(reading.charters.map(({ id }) => id)).toEqual(['JC-2'])
    expect(reading.quarantined.map(({ row: number, problems }) => [number, problems.at(-1)])).toEqual([
      [2, { cell: 'A2', problem: 'the id JC-1 stands in row 4, 5 as well' }],
      [4, { cell: 'A4', problem: 'the id JC-1 stands in row 2, 5 as well' }],
      [5, { cell: 'A5', problem: 'the id JC-1 stands in row 2, 4 as well' }],
    ])
  })

  test('names its cells by where the columns stand now, beyond Z as well', () => {
    const pad = Array.from({ length: 26 }, (_, index) => `x${index}`)
    const reading = read([[...pad.map(() => null), ...row('JC-1', '2026-11-05', { date: 'soon' })]], ZONE, [...pad, ...HEADER])
    expect(reading.quarantined[0]?.problems).toMatchObject([{ cell: 'AB2' }])
  })
})

describe('ids across tabs', () => {
  const source = (title: string, ...rows: Cell[][]) => ({
    tab: { title, current: title, gridId: 1 },
    cells: [HEADER, ...rows],
    contentHash: title,
  })

  test('the first tab keeps the charter, the row of the later one is quarantined and names the other tab', () => {
    const { tabs, summary } = validateTabs(COLUMNS, {
      timeZone: ZONE,
      missing: [],
      tabs: [source('2026-11', row('JC-1', '2026-11-05')), source('2026-12', row('JC-2', '2026-12-01'), row('JC-1', '2026-12-05'))],
    })
    expect(tabs.map(({ reading }) => reading.charters.map(({ id }) => id))).toEqual([['JC-1'], ['JC-2']])
    expect(summary.quarantined).toEqual([
      { tab: '2026-12', row: 3, id: 'JC-1', problems: [{ cell: 'A3', problem: 'the id JC-1 stands in the tab 2026-11 as well' }] },
    ])
    expect(summary.charters).toBe(2)
  })

  test('a tab with a drifted header is a problem of its own; the others are read', () => {
    const { tabs, problems } = validateTabs(COLUMNS, {
      timeZone: ZONE,
      missing: ['2027-01'],
      tabs: [
        { tab: { title: '2026-11', current: '2026-11', gridId: 0 }, cells: [['Booking', 'Wenn']], contentHash: 'a' },
        source('2026-12', row('JC-2', '2026-12-01')),
      ],
    })
    expect(problems).toMatchObject([
      { code: 'missing-tab', tab: '2027-01' },
      { code: 'header-drift', tab: '2026-11' },
    ])
    expect(tabs.map(({ source: { tab } }) => tab.title)).toEqual(['2026-12'])
  })
})

describe('the instants of a charter', () => {
  const sail = (date: string, start: string, end: string, zone = ZONE) => {
    const { startsAt, endsAt } = one(row('JC-1', date, { start: timeSerial(start), end: timeSerial(end) }), zone)
    return [startsAt, endsAt]
  }

  test('follow the zone of the sheet, in summer and in winter', () => {
    expect(sail('2026-07-04', '09:30', '12:30')).toEqual([Date.UTC(2026, 6, 4, 16, 30), Date.UTC(2026, 6, 4, 19, 30)])
    expect(sail('2026-12-04', '09:30', '12:30')).toEqual([Date.UTC(2026, 11, 4, 17, 30), Date.UTC(2026, 11, 4, 20, 30)])
    expect(sail('2026-12-04', '09:30', '12:30', 'Pacific/Auckland')).toEqual([Date.UTC(2026, 11, 3, 20, 30), Date.UTC(2026, 11, 3, 23, 30)])
  })

  test('an end at or before the start lies on the next day', () => {
    expect(sail('2026-11-05', '20:00', '02:00')).toEqual([Date.UTC(2026, 10, 6, 4), Date.UTC(2026, 10, 6, 10)])
    expect(sail('2026-11-05', '10:00', '10:00')).toEqual([Date.UTC(2026, 10, 5, 18), Date.UTC(2026, 10, 6, 18)])
    expect(sail('2026-12-31', '22:00', '01:00')).toEqual([Date.UTC(2027, 0, 1, 6), Date.UTC(2027, 0, 1, 9)])
  })

  test('2026-03-08 has 23 hours: a skipped time moves forward, and an afternoon is where the clock says', () => {
    expect(sail('2026-03-08', '01:30', '03:30')).toEqual([Date.UTC(2026, 2, 8, 9, 30), Date.UTC(2026, 2, 8, 10, 30)])
    expect(sail('2026-03-08', '02:30', '13:00')).toEqual([Date.UTC(2026, 2, 8, 10, 30), Date.UTC(2026, 2, 8, 20)])
    expect(sail('2026-03-07', '22:00', '04:00')).toEqual([Date.UTC(2026, 2, 8, 6), Date.UTC(2026, 2, 8, 11)])
  })

  test('2026-11-01 has 25 hours: a time that comes twice is the first of the two', () => {
    expect(sail('2026-11-01', '01:30', '13:00')).toEqual([Date.UTC(2026, 10, 1, 8, 30), Date.UTC(2026, 10, 1, 21)])
    expect(sail('2026-10-31', '22:00', '03:00')).toEqual([Date.UTC(2026, 10, 1, 5), Date.UTC(2026, 10, 1, 11)])
    expect(sail('2026-11-01', '00:30', '02:30')).toEqual([Date.UTC(2026, 10, 1, 7, 30), Date.UTC(2026, 10, 1, 10, 30)])
  })

  test('a date cell that carries a time of day is still that day', () => {
    expect(one(row('JC-1', '2026-11-05', { date: dateSerial('2026-11-05') + 0.75 })).date).toBe('2026-11-05')
  })
})
