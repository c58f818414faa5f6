import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AHEAD_MS,
  currentOf,
  NO_WILL,
  nextWillAt,
  planWill,
  reconcile,
  RENEW_MS,
  type Will,
} from '../../../src/services/status/last-will.ts'

const NOW = Date.UTC(2026, 10, 2, 9, 30)
const MINUTE = 60_000
const will = (id: string, minutes: number): Will => ({ id, postAt: NOW + minutes * MINUTE, since: NOW + (minutes - 20) * MINUTE })
const held = (...wills: Will[]) => ({ ...NO_WILL, wills })

describe('what is to be done about the last will', () => {
  it.each<[string, Will[], { make: boolean; cancel: string[]; posted: string[] }]>([
    ['none', [], { make: true, cancel: [], posted: [] }],
    ['11 min left', [will('a', 11)], { make: false, cancel: [], posted: [] }],
    ['10 min left', [will('a', 10)], { make: true, cancel: [], posted: [] }],
    ['two: the older one goes', [will('a', 10), will('b', 20)], { make: false, cancel: ['a'], posted: [] }],
    ['the older one too close to be taken back', [will('a', 5), will('b', 15)], { make: false, cancel: [], posted: [] }],
    ['one from before the clock was set back goes', [will('a', 80), will('b', 20)], { make: false, cancel: ['a'], posted: [] }],
    ['its time has passed', [will('a', -1)], { make: true, cancel: [], posted: ['a'] }],
    ['the clock was set back an hour', [will('a', 80)], { make: true, cancel: [], posted: [] }],
  ])('%s', (_name, wills, { make, cancel, posted }) => {
    const plan = planWill(held(...wills), NOW)
    expect(plan.make).toBe(make)
    expect(plan.cancel.map(({ id }) => id)).toEqual(cancel)
    expect(plan.state.posted.map(({ id }) => id)).toEqual(posted)
  })

  it('is looked at when ten minutes are left, at once when there is none, and never later than Slack asks', () => {
    expect(nextWillAt(NO_WILL, NOW)).toBe(NOW)
    expect(nextWillAt(held(will('a', 20)), NOW)).toBe(NOW + RENEW_MS)
    expect(nextWillAt({ ...held(), retryAt: NOW + 30_000 }, NOW)).toBe(NOW + 30_000)
    // Decided before the clock was set back.
    expect(nextWillAt({ ...held(), retryAt: NOW + 3_600_000 }, NOW)).toBe(NOW)
  })

  it('knows what a dead process scheduled, and what Slack has posted meanwhile', () => {
    const state = reconcile(held(will('gone', -30)), [{ id: 'found', postAt: NOW + 12 * MINUTE }], NOW)
    expect(state.wills).toEqual([{ id: 'found', postAt: NOW + 12 * MINUTE, since: NOW + 12 * MINUTE - AHEAD_MS }])
    expect(state.posted.map(({ id }) => id)).toEqual(['gone'])
  })

  it('never takes back the one that counts', () => {
    const minutes = fc.array(fc.integer({ min: -60, max: 90 }), { maxLength: 5 })
    fc.assert(
      fc.property(minutes, (all) => {
        const wills = all.map((left, index) => will(String(index), left))
        const { cancel } = planWill(held(...wills), NOW)
        expect(cancel).not.toContain(currentOf(wills, NOW))
      }),
    )
  })
})
