import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { dateSerial, timeSerial } from '../../../sandbox/google/google.ts'
import {
  columnLetters,
  formulaError,
  isBlank,
  readDate,
  readMoney,
  readText,
  readTime,
  readWhole,
} from '../../../src/services/sheets/cells.ts'

const ok = <T>(value: T) => ({ ok: true, value })
const refused = { ok: false }

describe('a date', () => {
  test.each([
    [dateSerial('2026-11-05'), '2026-11-05'],
    [dateSerial('2028-02-29'), '2028-02-29'],
    [dateSerial('2000-01-01'), '2000-01-01'],
    [dateSerial('2099-12-31'), '2099-12-31'],
    [dateSerial('2099-12-31') + 0.999, '2099-12-31'],
    [dateSerial('2026-11-05') + timeSerial('23:59'), '2026-11-05'],
    ['2026-11-05', '2026-11-05'],
    [' 2028-02-29 ', '2028-02-29'],
  ])('%j is %s', (cell, date) => {
    expect(readDate(cell)).toEqual(ok(date))
  })

  test.each([
    dateSerial('2000-01-01') - 1,
    dateSerial('2099-12-31') + 1,
    0,
    5,
    -1,
    20_261_105,
    '2026-02-29',
    '2026-13-01',
    '2026-11-31',
    '11/5/2026',
    'Nov 5',
    '5',
    '2026-11-05T10:00',
    true,
    '',
    null,
  ])('%j is none', (cell) => {
    expect(readDate(cell)).toMatchObject(refused)
  })

  property.prop([fc.integer({ min: 36_526, max: 73_050 })])('of this century reads as the day it is', (serial) => {
    const read = readDate(serial)
    expect(read.ok && dateSerial(read.value)).toBe(serial)
    expect(readDate(read.ok ? read.value : '')).toEqual(read)
  })
})

describe('a time', () => {
  test.each([
    [0, 0],
    [timeSerial('09:30'), 570],
    [timeSerial('23:59'), 1439],
    [dateSerial('2026-11-05') + timeSerial('09:30'), 570],
    ['9:30', 570],
    ['09:30:59', 570],
    ['9:30 AM', 570],
    ['9:30pm', 1290],
    ['9:30 p.m.', 1290],
    ['12:05 AM', 5],
    ['12:05 PM', 725],
    ['00:00', 0],
    ['23:59', 1439],
  ])('%j is %i minutes after midnight', (cell, minutes) => {
    expect(readTime(cell)).toEqual(ok(minutes))
  })

  test.each(['24:00', '9:60', '13:00 PM', '0:30 AM', '9', 'noon', '9.30', '', null, true, -0.5])('%j is none', (cell) => {
    expect(readTime(cell)).toMatchObject(refused)
  })

  // Typed without a colon, Sheets keeps a plain number: taking its fraction would make every one of them midnight.
  test.each([1, 9, 9.5, 930, 1300, 20_000])('the plain number %d is none', (cell) => {
    expect(readTime(cell)).toMatchObject(refused)
  })

  property.prop([fc.nat(1439)])('reads the same as a fraction of a day, with a date before it, and as text', (minutes) => {
    const text = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
    expect(readTime(minutes / 1440)).toEqual(ok(minutes))
    expect(readTime(dateSerial('2026-11-05') + minutes / 1440)).toEqual(ok(minutes))
    expect(readTime(text)).toEqual(ok(minutes))
  })
})

describe('money', () => {
  test.each([
    [1250.5, 125_050],
    [0, 0],
    [0.1 + 0.2, 30],
    ['$1,250.50', 125_050],
    ['1250', 125_000],
    [' $ 12.5 ', 1250],
    ['1,234,567.89', 123_456_789],
    [null, null],
    ['  ', null],
  ])('%j is %j cents', (cell, cents) => {
    expect(readMoney(cell)).toEqual(ok(cents))
  })

  test.each([
    -1,
    '-5',
    '€5',
    '12.345',
    '1.250,50',
    '1,25',
    '12,5',
    '1,2345',
    ',5',
    'free',
    true,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e300,
  ])('%j is none', (cell) => {
    expect(readMoney(cell)).toMatchObject(refused)
  })

  property.prop([fc.integer({ min: 0, max: 1_000_000_000_00 })])('keeps every cent, as number and as Americans write it', (cents) => {
    expect(readMoney(cents / 100)).toEqual(ok(cents))
    expect(readMoney((cents / 100).toLocaleString('en-US', { style: 'currency', currency: 'USD' }))).toEqual(ok(cents))
  })
})

describe('a whole number', () => {
  test.each([
    [4, 4],
    [0, 0],
    [' 12 ', 12],
    [null, null],
    ['', null],
  ])('%j is %j', (cell, value) => {
    expect(readWhole(cell)).toEqual(ok(value))
  })
  test.each([4.5, -1, '4-6', 'four', true, 1e300])('%j is none', (cell) => {
    expect(readWhole(cell)).toMatchObject(refused)
  })
})

describe('text', () => {
  test.each([
    [' Marisol ', 'Marisol'],
    [1101, '1101'],
    [true, 'true'],
    [null, ''],
    ['   ', ''],
  ])('%j reads %j', (cell, text) => {
    expect(readText(cell)).toEqual(ok(text))
  })
})

test.each(['#REF!', '#N/A', '#VALUE!', '#DIV/0!', '#NAME?', '#NUM!', '#NULL!', '#ERROR!', 'Loading...', ' #REF! '])(
  '%j is the error of a formula',
  (cell) => {
    expect(formulaError(cell)).toBe(cell.trim())
  },
)

test.each(['#1 dock', 'Loading dock', '#REF', null, 5])('%j is no error of a formula', (cell) => {
  expect(formulaError(cell)).toBeUndefined()
})

test('blank is nothing, or nothing but spaces', () => {
  expect([null, '', '  '].map(isBlank)).toEqual([true, true, true])
  expect([0, false, 'x'].map(isBlank)).toEqual([false, false, false])
})

test('a refusal shows the cell, but not all of a long one', () => {
  const read = readTime('x'.repeat(100))
  expect(read.ok ? '' : read.problem).toContain(`"${'x'.repeat(29)}…"`)
})

test('columns are numbered as Sheets does', () => {
  expect([0, 25, 26, 51, 52, 701, 702, 18_277].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA', 'ZZZ'])
})

property.prop([fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null))])(
  'no cell, whatever it holds, is more than a refusal',
  (cell) => {
    for (const read of [readDate, readTime, readMoney, readWhole, readText]) {
      const result = read(cell)
      if (!result.ok) expect(result.problem).not.toBe('')
      else if (typeof result.value === 'number') expect(Number.isSafeInteger(result.value) && result.value >= 0).toBe(true)
    }
  },
)
