import { describe, expect, it } from 'vitest'
import { morningDate, nextMorning } from '../../../src/services/status/local-day.ts'

const LA = 'America/Los_Angeles'
const utc = (text: string): number => Date.parse(`${text}Z`)

describe('the next eight o’clock of people', () => {
  it.each([
    ['2026-11-02T15:59:59', '2026-11-02T16:00:00'],
    ['2026-11-02T16:00:00', '2026-11-03T16:00:00'],
    // Summer time ends on 2026-11-01 and begins on 2026-03-08.
    ['2026-10-31T16:00:00', '2026-11-01T16:00:00'],
    ['2026-03-07T16:00:00', '2026-03-08T15:00:00'],
    ['2026-03-08T09:30:00', '2026-03-08T15:00:00'],
  ])('after %s it is %s', (now, next) => {
    expect(new Date(nextMorning(utc(now), LA)).toISOString()).toBe(`${next}.000Z`)
  })

  it('comes once on each of 400 days', () => {
    let at = utc('2026-01-01T00:00:00')
    const dates: (string | null)[] = []
    for (let day = 0; day < 400; day += 1) {
      at = nextMorning(at, LA)
      dates.push(morningDate(at, LA))
    }
    expect(new Set(dates).size).toBe(400)
    expect(dates).not.toContain(null)
  })
})

describe('whether a digest may still be made', () => {
  it.each([
    ['2026-11-02T15:59:59', null],
    ['2026-11-02T16:00:00', '2026-11-02'],
    ['2026-11-02T19:59:59', '2026-11-02'],
    ['2026-11-02T20:00:00', null],
    ['2026-03-08T15:00:00', '2026-03-08'],
  ])('at %s: %s', (now, date) => {
    expect(morningDate(utc(now), LA)).toBe(date)
  })
})
