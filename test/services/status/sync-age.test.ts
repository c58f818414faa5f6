import { expect, test } from 'vitest'
import { agesUntil, ageSlots, type AgeHour } from '../../../src/services/status/sync-age.ts'

const at = (text: string): number => Date.parse(`2026-03-02T${text}:00Z`)
const HOUR = 3_600_000
const told = (hours: readonly AgeHour[]): string[] =>
  hours.map(({ hour, minutes }) => `${new Date(hour).toISOString().slice(8, 13)} ${minutes}`)

test('within the hour it is simply the age', () => {
  expect(told(agesUntil({ readAt: at('11:30'), lastHour: at('11:00') }, at('11:59')))).toEqual(['02T11 29'])
})

test('what passed since the last time is filled in: nobody read anything then', () => {
  const hours = agesUntil({ readAt: at('09:30'), lastHour: at('09:00') }, at('12:10'))
  expect(told(hours)).toEqual(['02T09 30', '02T10 90', '02T11 150', '02T12 160'])
})

test('without an hour that is kept, it begins with the hour of the reading', () => {
  expect(told(agesUntil({ readAt: at('10:30'), lastHour: null }, at('12:00')))).toEqual(['02T10 30', '02T11 90', '02T12 90'])
})

test('what was never read has no age, and neither has what was read in the future', () => {
  expect(agesUntil({ readAt: null, lastHour: at('09:00') }, at('12:10'))).toEqual([])
  expect(agesUntil({ readAt: at('13:00'), lastHour: null }, at('12:10'))).toEqual([])
})

test('hours of a clock that was ahead do not keep it from beginning anew', () => {
  expect(told(agesUntil({ readAt: at('11:30'), lastHour: at('20:00') }, at('12:10')))).toEqual(['02T11 30', '02T12 40'])
})

test('a year of silence fills no more than the chart shows', () => {
  const hours = agesUntil({ readAt: at('12:00') - 365 * 24 * HOUR, lastHour: null }, at('12:10'))
  expect(hours).toHaveLength(8 * 24 + 1)
  expect(hours.at(-1)).toEqual({ hour: at('12:00'), minutes: 365 * 24 * 60 + 10 })
})

test('a slot is the worst of its half day, and one of which nothing is known is no zero', () => {
  const now = at('16:00') + 5000
  const hours = [
    { hour: at('16:00') - 8 * 24 * HOUR, minutes: 9000 },
    { hour: at('04:00'), minutes: 30 },
    { hour: at('10:00'), minutes: 95 },
    { hour: at('11:00'), minutes: 31 },
    // Begun just now: it belongs to the last one.
    { hour: at('16:00'), minutes: 40 },
    { hour: at('19:00'), minutes: 7000 },
  ]
  const slots = ageSlots(hours, now)
  expect(slots).toHaveLength(14)
  expect(slots[0]?.from).toBe(at('16:00') - 7 * 24 * HOUR)
  expect(slots.slice(-2)).toEqual([
    { from: at('16:00') - 24 * HOUR, minutes: null },
    { from: at('04:00'), minutes: 95 },
  ])
  expect(slots.slice(0, -1).every(({ minutes }) => minutes === null)).toBe(true)
})
