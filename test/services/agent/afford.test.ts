import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseTurn, type Estimate, type Purse } from '../../../src/services/agent/afford.ts'
import type { Session } from '../../../src/services/agent/session.ts'
import { NO_USAGE } from '../../../src/services/model/model.ts'

const size = (inputTokens: number, outputTokens: number, worst: number): Estimate => ({ inputTokens, outputTokens, worst })

const FULL = size(10_000, 4000, 97_500)
const HAND_OVER = size(10_100, 1000, 52_875)

interface PurseChange extends Partial<Omit<Purse, 'session' | 'playbook'>> {
  readonly session?: Partial<Purse['session']>
  readonly playbook?: Partial<Purse['playbook']>
}

const purse = ({ session, playbook, ...rest }: PurseChange = {}): Purse => ({
  session: { turns: 0, maxTurns: 30, usage: NO_USAGE, cost: 0, handingOver: null, ...session },
  playbook: { maxTokens: 1_000_000, maxCost: 1_000_000, ...playbook },
  dailyBudget: 1_000_000,
  spentToday: 0,
  full: FULL,
  handOver: HAND_OVER,
  ...rest,
})

const used = (input: number): Purse['session']['usage'] => ({ ...NO_USAGE, input })

describe('choosing a turn', () => {
  it.each<[string, PurseChange, object]>([
    ['takes the first', {}, { kind: 'full' }],
    ['takes the one before the last', { session: { turns: 28 } }, { kind: 'full' }],
    ['hands over on the last', { session: { turns: 29 } }, { kind: 'hand-over', limit: 'turns' }],
    ['takes none after it', { session: { turns: 30 } }, { kind: 'end', limit: 'turns' }],
    // 97,500 for the turn, and 52,875 to hand over after it.
    ['takes a turn that leaves the money for a hand-over', { session: { cost: 849_625 } }, { kind: 'full' }],
    ['hands over a millionth later', { session: { cost: 849_626 } }, { kind: 'hand-over', limit: 'dollars' }],
    ['hands over as long as that can be paid', { session: { cost: 947_125 } }, { kind: 'hand-over', limit: 'dollars' }],
    ['ends when not even that can be paid', { session: { cost: 947_126 } }, { kind: 'end', limit: 'dollars' }],
    // 14,000 for the turn, and 11,100 to hand over after it.
    ['takes a turn that leaves the tokens for a hand-over', { session: { usage: used(974_900) } }, { kind: 'full' }],
    ['hands over a token later', { session: { usage: used(974_901) } }, { kind: 'hand-over', limit: 'tokens' }],
    ['hands over with the last tokens', { session: { usage: used(988_900) } }, { kind: 'hand-over', limit: 'tokens' }],
    ['ends without tokens', { session: { usage: used(988_901) } }, { kind: 'end', limit: 'tokens' }],
    [
      'counts tokens of every sort',
      { session: { usage: { input: 250_000, output: 250_000, cacheRead: 250_000, cacheWrite: 224_901 } } },
      { kind: 'hand-over', limit: 'tokens' },
    ],
    ['spends the day’s budget to its end', { spentToday: 902_500 }, { kind: 'full' }],
    ['waits for tomorrow a millionth later', { spentToday: 902_501 }, { kind: 'wait' }],
    ['pays for a hand-over only within the budget', { session: { turns: 29 }, spentToday: 947_126 }, { kind: 'wait' }],
    [
      'ends rather than waits when tomorrow would not help',
      { session: { cost: 947_126 }, spentToday: 1_000_000 },
      { kind: 'end', limit: 'dollars' },
    ],
    [
      'goes on handing over for the reason it began with',
      { session: { handingOver: 'dollars', turns: 5 } },
      { kind: 'hand-over', limit: 'dollars' },
    ],
    ['with a budget of nothing begins nothing', { dailyBudget: 0 }, { kind: 'wait' }],
    ['with one turn hands over at once', { session: { maxTurns: 1 } }, { kind: 'hand-over', limit: 'turns' }],
  ])('%s', (_what, change, choice) => {
    expect(chooseTurn(purse(change))).toEqual(choice)
  })
})

/** The session after a reply. */
function afterReply(session: Purse['session'], reply: { input: number; output: number; cost: number }): Purse['session'] {
  const usage = { ...session.usage, input: session.usage.input + reply.input, output: session.usage.output + reply.output }
  return { ...session, turns: session.turns + 1, cost: session.cost + reply.cost, usage }
}

const withLimit = (session: Purse['session'], handingOver: Session['handingOver']): Purse['session'] => ({ ...session, handingOver })

/** One turn as it goes: what it reads, how much of the worst it costs, and whether the answer comes back. */
const turns = fc.array(
  fc.record({
    input: fc.integer({ min: 1, max: 60_000 }),
    reply: fc.integer({ min: 1, max: 4000 }),
    costs: fc.double({ min: 0, max: 1, noNaN: true }),
    writes: fc.double({ min: 0, max: 1, noNaN: true }),
    isLost: fc.boolean(),
    nextDay: fc.boolean(),
  }),
  { maxLength: 60 },
)

const limits = fc.record({
  maxTurns: fc.integer({ min: 1, max: 30 }),
  maxTokens: fc.integer({ min: 10_000, max: 800_000 }),
  maxCost: fc.integer({ min: 1, max: 3_000_000 }),
  dailyBudget: fc.integer({ min: 0, max: 2_000_000 }),
})

describe('spending, whatever turns cost up to their worst', () => {
  it('never passes the budget of a day, nor a session its money, tokens and turns', () => {
    fc.assert(
      fc.property(limits, turns, ({ maxTurns, maxTokens, maxCost, dailyBudget }, taken) => {
        let session: Purse['session'] = { turns: 0, maxTurns, usage: NO_USAGE, cost: 0, handingOver: null }
        let spentToday = 0
        for (const { input, reply, costs, writes, isLost, nextDay } of taken) {
          if (nextDay) spentToday = 0
          const full = size(input, reply, input * 4 + reply * 15)
          const short = Math.min(reply, 1000)
          const handOver = size(input + 60, short, (input + 60) * 4 + short * 15)
          const choice = chooseTurn({ session, playbook: { maxTokens, maxCost }, dailyBudget, spentToday, full, handOver })
          if (choice.kind === 'end') break
          if (choice.kind === 'wait') continue
          const one = choice.kind === 'full' ? full : handOver
          const handingOver: Session['handingOver'] = choice.kind === 'full' ? null : choice.limit
          spentToday += isLost ? one.worst : Math.floor(one.worst * costs)
          const said = { input: one.inputTokens, output: Math.floor(one.outputTokens * writes), cost: Math.floor(one.worst * costs) }
          if (!isLost) session = afterReply(session, said)
          session = withLimit(session, handingOver)
          expect(spentToday).toBeLessThanOrEqual(dailyBudget)
          expect(session.cost).toBeLessThanOrEqual(maxCost)
          expect(session.usage.input + session.usage.output).toBeLessThanOrEqual(maxTokens)
          expect(session.turns).toBeLessThanOrEqual(maxTurns)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('hands over before the money ends, as long as a turn costs no more than its worst', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 900_000 }), fc.integer({ min: 1000, max: 30_000 }), (maxCost, worst) => {
        let session: Purse['session'] = { turns: 0, maxTurns: 10_000, usage: NO_USAGE, cost: 0, handingOver: null }
        for (;;) {
          const choice = chooseTurn({
            ...purse({ playbook: { maxTokens: 1e12, maxCost }, dailyBudget: 1e12 }),
            session,
            full: size(1, 1, worst),
            handOver: size(1, 1, Math.ceil(worst / 2)),
          })
          if (choice.kind !== 'full') {
            expect(choice).toEqual({ kind: 'hand-over', limit: 'dollars' })
            return
          }
          session = afterReply(session, { input: 1, output: 1, cost: worst })
        }
      }),
    )
  })

  it('hands over before the tokens end, as long as a turn brings no more to read than the last', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 900_000 }), fc.integer({ min: 1000, max: 20_000 }), (maxTokens, input) => {
        let session: Purse['session'] = { turns: 0, maxTurns: 10_000, usage: NO_USAGE, cost: 0, handingOver: null }
        for (;;) {
          const choice = chooseTurn({
            ...purse({ playbook: { maxTokens, maxCost: 1e12 }, dailyBudget: 1e12 }),
            session,
            full: size(input, 100, 1),
            handOver: size(input + 60, 100, 1),
          })
          if (choice.kind !== 'full') {
            expect(choice).toEqual({ kind: 'hand-over', limit: 'tokens' })
            return
          }
          session = afterReply(session, { input, output: 100, cost: 0 })
        }
      }),
    )
  })
})
