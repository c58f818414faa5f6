import { describe, expect, test } from 'vitest'
import { dieEverySevenDays, readDeaths, tokenEnd, withDeath, type TokenDeath } from '../../../src/services/google/token-life.ts'
import { decideCountdown } from '../../../src/services/sheets/countdown.ts'
import { NOON } from '../../support/incident-samples.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const death = (generation: number, livedMs: number): TokenDeath => ({ generation, consentedAt: NOON, diedAt: NOON + livedMs })

test.each<[string, number[], boolean]>([
  ['none', [], false],
  ['one', [7 * DAY], false],
  ['two, to the minute', [7 * DAY, 7 * DAY + 25 * 60_000], true],
  ['two, seen half a day late', [7.5 * DAY, 7.9 * DAY], true],
  ['one after three days', [7 * DAY, 3 * DAY], false],
  ['one after half a year', [180 * DAY, 7 * DAY], false],
  ['the last two count', [3 * DAY, 7 * DAY, 7 * DAY], true],
])('deaths: %s', (_name, lives, expected) => {
  expect(dieEverySevenDays(lives.map((lived, index) => death(index, lived)))).toBe(expected)
})

test('each token dies once; ten deaths are remembered, and what is broken is none', () => {
  let deaths: readonly TokenDeath[] = []
  for (let generation = 1; generation <= 12; generation += 1) {
    deaths = withDeath(deaths, death(generation, DAY))
    expect(withDeath(deaths, death(generation, 2 * DAY))).toBe(deaths)
  }
  expect(deaths.map(({ generation }) => generation)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  expect(readDeaths(JSON.stringify(deaths))).toEqual(deaths)
  expect(readDeaths(null)).toEqual([])
  expect(readDeaths('[{"x":1}]')).toEqual([])
})

const SEVEN = [death(1, 7 * DAY), death(2, 7 * DAY)]
const connection = (refreshExpiresAt: number | null) => ({ consentedAt: NOON, refreshExpiresAt, email: 'office@jada.example' })

test('what Google says of the end goes before what the past tells', () => {
  expect(tokenEnd(connection(null), [])).toBeNull()
  expect(tokenEnd(connection(null), SEVEN)).toEqual({ at: NOON + 7 * DAY, from: 'pattern' })
  expect(tokenEnd(connection(NOON + DAY), SEVEN)).toEqual({ at: NOON + DAY, from: 'google' })
})

describe('the countdown', () => {
  const at = (now: number, refreshExpiresAt: number | null, lastSuccessAt = NOON) =>
    decideCountdown(connection(refreshExpiresAt), SEVEN, { lastSuccessAt, lastReadAt: null }, now)

  test('begins a day before the end, and is looked at just then', () => {
    expect(at(NOON, NOON + 7 * DAY)).toMatchObject({ signal: { status: 'ok' }, lookAt: NOON + 6 * DAY })
    expect(at(NOON + 6 * DAY - 1, null)).toMatchObject({ signal: { status: 'ok' }, lookAt: NOON + 6 * DAY })
    expect(at(NOON + 6 * DAY, null)).toMatchObject({
      signal: { kind: 'oauth_token_expiring', severity: 'warning', evidence: { endsAt: NOON + 7 * DAY, hint: 'predicted' } },
      lookAt: null,
    })
  })

  test('says nothing after the end, unless the token lives on', () => {
    expect(at(NOON + 7 * DAY, null, NOON + 7 * DAY - HOUR).signal).toBeNull()
    expect(at(NOON + 8 * DAY, null, NOON + 7 * DAY + 2 * HOUR).signal).toMatchObject({ status: 'ok' })
  })
})
