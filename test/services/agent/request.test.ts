import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideRequest, type Decision, type PersonRequest, type RequestWhat } from '../../../src/services/agent/request.ts'
import { newRequest } from '../../support/agent-samples.ts'
import { NOON } from '../../support/incident-samples.ts'

const HOUR = 3_600_000

const WHATS: readonly RequestWhat[] = [
  { type: 'approval', tool: 'send_email', title: 'Send an email', fields: [] },
  { type: 'question', question: 'Which one?', choices: [] },
  { type: 'settle', tool: 'send_email', title: 'Send an email', fields: [], where: 'the mail server' },
]

const open = (what: RequestWhat, expiresAt: number | null): PersonRequest => ({
  ...newRequest(1, { what, expiresAt }),
  id: 1,
  state: 'open',
  version: 1,
  decidedBy: null,
  decidedAt: null,
  answer: null,
})

const ALLOWED = { approval: ['approve', 'reject'], question: ['answer'], settle: ['happened', 'not-happened'] } as const

interface Real {
  now: number
  request: PersonRequest
}

interface Model {
  decidedBy: Decision['do'] | null
}

/** Time passes, and somebody decides something. */
class Decide implements fc.Command<Model, Real> {
  readonly decision: Decision
  readonly after: number
  constructor(decision: Decision, after: number) {
    this.decision = decision
    this.after = after
  }
  check(): boolean {
    return true
  }
  run(model: Model, real: Real): void {
    const { decision } = this
    real.now += this.after
    const { request, now } = real
    const next = decideRequest(request, decision, now)
    const isOver = request.expiresAt !== null && now >= request.expiresAt
    const fits =
      decision.do === 'withdraw' ||
      (decision.do === 'expire'
        ? isOver && request.what.type !== 'settle'
        : !isOver && (ALLOWED[request.what.type] as readonly string[]).includes(decision.do))
    expect(next !== null).toBe(model.decidedBy === null && fits)
    if (next === null) return
    expect(next).toEqual({
      ...request,
      state: next.state,
      version: request.version + 1,
      decidedBy: 'by' in decision ? decision.by : null,
      decidedAt: now,
      answer: decision.do === 'answer' ? decision.text : null,
    })
    expect(next.state).not.toBe('open')
    real.request = next
    model.decidedBy = decision.do
  }
  toString(): string {
    return `${this.decision.do} after ${this.after} ms`
  }
}

const decisions: fc.Arbitrary<Decision> = fc.oneof(
  fc.record({
    do: fc.constantFrom('approve' as const, 'reject' as const, 'happened' as const, 'not-happened' as const),
    by: fc.constantFrom('U0MARA', 'U0TOM'),
  }),
  fc.record({ do: fc.constant('answer' as const), by: fc.constant('U0MARA'), text: fc.string() }),
  fc.constantFrom({ do: 'expire' as const }, { do: 'withdraw' as const }),
)

describe('a request', () => {
  it('is decided once, by whoever may and in time; whatever comes later changes nothing', () => {
    const command = fc.tuple(decisions, fc.constantFrom(0, HOUR, 12 * HOUR)).map(([decision, after]) => new Decide(decision, after))
    const setups = fc.tuple(fc.constantFrom(...WHATS), fc.constantFrom(NOON + 24 * HOUR, null), fc.commands([command], { maxCommands: 8 }))
    fc.assert(
      fc.property(setups, ([what, expiresAt, commands]) => {
        fc.modelRun(
          () => ({ model: { decidedBy: null }, real: { now: NOON, request: open(what, what.type === 'settle' ? null : expiresAt) } }),
          commands,
        )
      }),
    )
  })

  it('expires at its very instant: then only expiry and withdrawal are left', () => {
    const request = open(WHATS[0] as RequestWhat, NOON)
    const approve = { do: 'approve', by: 'U0MARA' } as const
    expect(decideRequest(request, approve, NOON - 1)).toMatchObject({ state: 'approved', decidedBy: 'U0MARA', decidedAt: NOON - 1 })
    expect(decideRequest(request, { do: 'expire' }, NOON - 1)).toBeNull()
    expect(decideRequest(request, approve, NOON)).toBeNull()
    expect(decideRequest(request, { do: 'expire' }, NOON)).toMatchObject({ state: 'expired', decidedBy: null })
    expect(decideRequest(request, { do: 'withdraw' }, NOON)).toMatchObject({ state: 'withdrawn' })
  })

  it('about an unknown effect never expires', () => {
    expect(decideRequest(open(WHATS[2] as RequestWhat, null), { do: 'expire' }, NOON + 1000 * HOUR)).toBeNull()
  })
})
