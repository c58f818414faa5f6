import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pauseAgent } from '../../../src/services/agent/pause.ts'
import { forecastDry, readQuota } from '../../../src/services/status/read-quota.ts'
import { charter, MARA, openDesk, START } from '../../support/agent-desk.ts'

const at = (hours: number, minutes = 0): number => Date.UTC(2026, 10, 2, hours, minutes)

describe('when the day’s sessions will be used up', () => {
  it.each<[string, Parameters<typeof forecastDry>[0], number | null]>([
    ['two of four by six: the others in the next six', { used: 2, limit: 4, waiting: 9, now: at(6) }, at(12)],
    ['one of five by three: the fifth at fifteen', { used: 1, limit: 5, waiting: 4, now: at(3) }, at(15)],
    ['one of five by 4:48 would be midnight itself, which is tomorrow', { used: 1, limit: 5, waiting: 4, now: at(4, 48) }, null],
    ['a minute earlier it is still today', { used: 1, limit: 5, waiting: 4, now: at(4, 47) }, at(23, 55)],
    ['slow days last', { used: 1, limit: 5, waiting: 9, now: at(12) }, null],
    ['nothing was used, so nothing is known', { used: 0, limit: 5, waiting: 9, now: at(12) }, null],
    ['too few tasks wait to use them up', { used: 2, limit: 4, waiting: 1, now: at(6) }, null],
    ['just enough tasks wait', { used: 2, limit: 4, waiting: 2, now: at(6) }, at(12)],
    ['they are used up already', { used: 4, limit: 4, waiting: 9, now: at(6) }, null],
    ['more were used than the limit is now', { used: 6, limit: 4, waiting: 9, now: at(6) }, null],
    ['at midnight the first one is gone: at once', { used: 1, limit: 3, waiting: 9, now: at(0) }, at(0)],
  ])('%s', (_what, facts, dryAt) => {
    expect(forecastDry(facts)).toBe(dryAt)
  })

  it('lies between now and the end of the day, if it is told', () => {
    const facts = fc.record({
      used: fc.integer({ min: 0, max: 60 }),
      limit: fc.integer({ min: 0, max: 60 }),
      waiting: fc.integer({ min: 0, max: 60 }),
      now: fc.integer({ min: at(0), max: at(24) - 1 }),
    })
    fc.assert(
      fc.property(facts, (one) => {
        const dryAt = forecastDry(one)
        if (dryAt === null) return
        expect(dryAt).toBeGreaterThanOrEqual(one.now)
        expect(dryAt).toBeLessThanOrEqual(at(24))
      }),
    )
  })
})

describe('the quota', () => {
  it('tells sessions, money, tasks and the pause as the store has them', async () => {
    const desk = await openDesk({ limits: { sessionsPerDay: 2 } })
    await desk.charters(charter())
    await desk.add('Look at the coming charters')
    await desk.work()
    await desk.add('Another look')
    await desk.in((ports) => pauseAgent(ports, { by: MARA, until: null }, START))
    const session = await desk.session()
    const quota = await readQuota(desk.store.uow, { limits: desk.agent.limits, hasKey: true }, START)
    expect(quota).toMatchObject({
      used: 1,
      dayEndsAt: Date.UTC(2026, 10, 3),
      today: { cost: session.cost, turns: session.turns },
      month: { cost: session.cost },
      sessions: [{ id: 1, status: 'finished' }],
      tasks: { done: 1, queued: 1 },
      pause: { by: MARA, until: null },
      // One session in 9 h 30 min, and one task waits.
      dryAt: START + 9.5 * 3_600_000,
    })
  })
})
