import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { decideSigning, type SigningEvent } from '../../../src/services/signing/decide.ts'
import { isLive, SIGNING_STATES, type SignatureRequest, type SigningState } from '../../../src/services/signing/request.ts'
import { HOUR, NOW, request, STARTS } from '../../support/signing-samples.ts'

const END = STARTS + 2 * HOUR
const BY = 'U0MARA'
const anyEvent: fc.Arbitrary<SigningEvent> = fc.oneof(
  fc.record({ do: fc.constantFrom('send' as const, 'remind' as const), by: fc.constantFrom('U0MARA', 'U0JON', '') }),
  fc.record({ do: fc.constantFrom('view' as const, 'sign' as const) }),
  fc.record({ do: fc.constant('decline' as const), reason: fc.option(fc.string()) }),
  fc.constant<SigningEvent>({ do: 'expire' }),
  fc.record({ do: fc.constant('withdraw' as const), why: fc.constantFrom('changed' as const, 'not-named' as const, 'cancelled' as const) }),
)
/** Wall clocks jump, also backwards. */
const story = fc.array(fc.tuple(anyEvent, fc.integer({ min: NOW - HOUR, max: END + 5 * HOUR })), { maxLength: 30 })

function play(
  steps: readonly (readonly [SigningEvent, number])[],
): { before: SignatureRequest; after: SignatureRequest; event: SigningEvent; at: number }[] {
  const seen = []
  let current = request()
  for (const [event, at] of steps) {
    const after = decideSigning(current, event, at) ?? current
    seen.push({ before: current, after, event, at })
    current = after
  }
  return seen
}

const RANK: Readonly<Record<SigningState, number>> = { requested: 0, sent: 1, viewed: 2, signed: 3, declined: 3, expired: 3, withdrawn: 3 }

describe('whatever happens', () => {
  property.prop([story])('a state never goes back, and a final one stays as it is', (steps) => {
    for (const { before, after } of play(steps)) {
      expect(RANK[after.state]).toBeGreaterThanOrEqual(RANK[before.state])
      if (!isLive(before)) expect(after).toBe(before)
      expect(after.version - before.version).toBe(after === before ? 0 : 1)
      expect(after.endedAt === null).toBe(isLive(after))
    }
  })

  property.prop([story])('what is expired was never signed, and nothing is signed after its time', (steps) => {
    for (const { after, before, at } of play(steps)) if (after.state === 'signed' && before.state !== 'signed') expect(at).toBeLessThan(END)
    const states = new Set(play(steps).map(({ after }) => after.state))
    expect(states.has('expired') && states.has('signed')).toBe(false)
  })

  property.prop([story])('only a person’s word makes it sent or reminded, and only a POST of the page viewed', (steps) => {
    for (const { before, after, event } of play(steps)) {
      if (after.sentAt !== before.sentAt) expect(event).toMatchObject({ do: 'send', by: after.sentBy })
      if (after.reminders.length !== before.reminders.length) expect(event).toMatchObject({ do: 'remind', by: after.reminders.at(-1)?.by })
      if (after.state === 'sent' && before.state !== 'sent') expect(event.do).toBe('send')
      if (after.state === 'viewed' && before.state !== 'viewed') expect(event.do).toBe('view')
      if (after.viewedAt !== before.viewedAt) expect(['view', 'sign', 'decline']).toContain(event.do)
      expect(after.sentBy).not.toBe('')
      if (after.reminders.length > 0) expect(after.sentAt).not.toBeNull()
    }
  })

  property.prop([story])('what was asked for never changes', (steps) => {
    const { document, documentHash, guest, expiresAt, link, details } = request()
    for (const { after } of play(steps)) expect(after).toMatchObject({ document, documentHash, guest, expiresAt, link, details })
  })
})

describe('one by one', () => {
  const live = { requested: {}, sent: { state: 'sent', sentAt: NOW, sentBy: BY }, viewed: { state: 'viewed', viewedAt: NOW } } as const

  test.each<[keyof typeof live, SigningEvent, SigningState | null]>([
    ['requested', { do: 'send', by: BY }, 'sent'],
    ['requested', { do: 'send', by: '' }, null],
    ['requested', { do: 'remind', by: BY }, null],
    ['requested', { do: 'view' }, 'viewed'],
    ['requested', { do: 'sign' }, 'signed'],
    ['requested', { do: 'expire' }, null],
    ['sent', { do: 'send', by: BY }, null],
    ['sent', { do: 'remind', by: BY }, 'sent'],
    ['sent', { do: 'decline', reason: null }, 'declined'],
    ['sent', { do: 'withdraw', why: 'changed' }, 'withdrawn'],
    ['viewed', { do: 'view' }, null],
    // Sent by hand, opened, and only then the button was pressed.
    ['viewed', { do: 'send', by: BY }, 'viewed'],
    ['viewed', { do: 'sign' }, 'signed'],
  ])('%s and %o: %s', (state, event, expected) => {
    expect(decideSigning(request(live[state]), event, NOW + 1)?.state ?? null).toBe(expected)
  })

  test('the last moment counts, the one after does not', () => {
    expect(decideSigning(request(), { do: 'sign' }, END - 1)).toMatchObject({ state: 'signed', viewedAt: END - 1, endedAt: END - 1 })
    expect(decideSigning(request(), { do: 'sign' }, END)).toBeNull()
    expect(decideSigning(request(), { do: 'expire' }, END)).toMatchObject({ state: 'expired', endedAt: END, viewedAt: null })
    expect(decideSigning(request(), { do: 'expire' }, END - 1)).toBeNull()
    for (const state of SIGNING_STATES.filter((one) => !isLive({ state: one })))
      expect(decideSigning(request({ state, endedAt: NOW }), { do: 'sign' }, NOW)).toBeNull()
  })
})
