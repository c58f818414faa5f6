import { describe, expect, it } from 'vitest'
import { businessText } from '../../../src/bot/views/business.ts'
import { businessTerms } from '../../../src/services/status/business.ts'

const NOW = Date.UTC(2026, 10, 2, 20, 40)
const HOUR = 3_600_000
const READ = NOW - 3 * HOUR - 600_000

describe('business terms', () => {
  it('counts the pages made from old data, and finds the next sailing', () => {
    const sailings = [
      { startsAt: NOW - HOUR, hasPage: true, readAt: READ },
      { startsAt: NOW + 5 * HOUR, hasPage: true, readAt: READ },
      { startsAt: NOW + 9 * HOUR, hasPage: false, readAt: READ },
      { startsAt: NOW + 30 * HOUR, hasPage: true, readAt: NOW - HOUR },
    ]
    expect(businessTerms(READ, sailings, NOW)).toEqual({ now: NOW, readAt: READ, nextSailsAt: NOW + 5 * HOUR, stalePages: 2 })
  })

  it('takes a page whose data nobody has dated for stale', () => {
    expect(businessTerms(NOW, [{ startsAt: NOW + HOUR, hasPage: true, readAt: null }], NOW).stalePages).toBe(1)
  })

  it.each([
    [
      { readAt: READ, nextSailsAt: NOW + 5 * HOUR, stalePages: 2 },
      /^Port sheet from <!date.+>, 3 h 10 m old; next charter sails in 5 h; 2 crew pages may be stale$/,
    ],
    [{ readAt: NOW - 60_000, nextSailsAt: null, stalePages: 0 }, /1 min old; no charter is known to sail in the next 7 days$/],
    [{ readAt: null, nextSailsAt: null, stalePages: 0 }, /^Port sheet never read; when the next charter sails is unknown$/],
    [{ readAt: READ, nextSailsAt: NOW + HOUR, stalePages: 1 }, /; 1 crew page may be stale$/],
  ])('%# reads as a sentence', (facts, words) => {
    expect(businessText({ now: NOW, ...facts })).toMatch(words)
  })
})
