import { expect, test } from 'vitest'
import { joinPast, toPastSample } from '../../../src/services/host/past.ts'

test('series are joined by their times, oldest first, and sums become bytes a second', () => {
  const points = joinPast(
    [
      { at: 600_000, value: 2.44 },
      { at: 300_000, value: 3 },
    ],
    [{ at: 600_000, value: 600_000 }],
    [{ at: 900_000, value: 300 }],
    300,
  )
  expect(points).toEqual([
    { at: 300_000, cpu: 3, received: null, sent: null },
    { at: 600_000, cpu: 2.44, received: 2000, sent: null },
    { at: 900_000, cpu: null, received: null, sent: 1 },
  ])
  expect(points.map(toPastSample)[1]).toEqual({
    at: 600_000,
    cpu: 2.4,
    received: 2000,
    sent: null,
    memory: null,
    disk: null,
    restarts: null,
    counters: null,
  })
})
