import { describe, expect, test } from 'vitest'
import { decideAct, decideSignal } from '../../../src/services/incidents/decide.ts'
import { heldUntil, snoozeEnd } from '../../../src/services/incidents/escalate.ts'
import type { Act, Incident } from '../../../src/services/incidents/incident.ts'
import { failing, incident, NETWORK_DOWN, NOON, NOT_CONNECTED_YET, TOKEN_DEAD } from '../../support/incident-samples.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const ZONE = 'America/Los_Angeles'

/** Lets the incident alone, and tells when who was reminded, in minutes since it opened. */
function remindersOf(start: Incident): [number, 'thread' | 'direct'][] {
  const told: [number, 'thread' | 'direct'][] = []
  let current = start
  for (let turn = 0; current.remindAt !== null && turn < 50; turn += 1) {
    const now = current.remindAt
    expect(decideAct(current, { do: 'remind' }, now - 1)).toBeNull()
    const decision = decideAct(current, { do: 'remind' }, now)
    if (decision === null || 'refused' in decision) throw new Error('no reminder')
    told.push([(now - NOON) / MINUTE, decision.effects.some((effect) => effect.do === 'direct') ? 'direct' : 'thread'])
    current = { id: 7, ...decision.next }
  }
  return told
}

const opened = (signal: Parameters<typeof decideSignal>[1]): Incident => ({ id: 7, ...decideSignal(null, signal, NOON)?.next }) as Incident

describe('an incident that nobody reacts to', () => {
  test('critical: the thread after 15 minutes, the person after 30, then the thread hourly, six times', () => {
    expect(remindersOf(opened(TOKEN_DEAD))).toEqual([
      [15, 'thread'],
      [30, 'direct'],
      [90, 'thread'],
      [150, 'thread'],
      [210, 'thread'],
      [270, 'thread'],
      [330, 'thread'],
      [390, 'thread'],
    ])
  })

  test('a warning: once, after four hours; a notice never', () => {
    expect(remindersOf(opened(NETWORK_DOWN))).toEqual([[240, 'thread']])
    expect(remindersOf(opened(NOT_CONNECTED_YET))).toEqual([])
  })

  test('reminders that were missed do not come all at once', () => {
    const late = NOON + 10 * HOUR
    const decision = decideAct(incident({ remindAt: NOON + 15 * MINUTE }), { do: 'remind' }, late)
    expect(decision).toMatchObject({ next: { reminders: 1, remindAt: late + 15 * MINUTE } })
  })
})

test.each<Act>([
  { do: 'ack', by: 'U0MARA', version: 1 },
  { do: 'snooze', by: 'U0MARA', version: 1, until: NOON + HOUR },
  { do: 'assign', by: 'U0MARA', version: 1, to: 'U0TOM' },
  { do: 'resolve', by: 'U0MARA', version: 1 },
  { do: 'consented', email: 'office@jada.example' },
])('$do ends the reminders', (act) => {
  const decision = decideAct(incident(), act, NOON)
  if (decision === null || 'refused' in decision) throw new Error('nothing was done')
  expect(decision.next.remindAt).toBeNull()
  expect(decideAct({ id: 7, ...decision.next }, { do: 'remind' }, NOON + 24 * HOUR)).toBeNull()
})

test('they begin anew when it opens again, gets worse, or a snooze ends', () => {
  const closed = incident({ state: 'resolved', resolvedBy: 'U0MARA', reminders: 4, remindAt: null })
  expect(decideSignal(closed, TOKEN_DEAD, NOON)?.next).toMatchObject({ reminders: 0, remindAt: NOON + 15 * MINUTE })
  const seen = incident({ ...NETWORK_DOWN, state: 'acknowledged', reminders: 1, remindAt: null })
  expect(decideSignal(seen, TOKEN_DEAD, NOON)?.next).toMatchObject({ reminders: 0, remindAt: NOON + 15 * MINUTE })
  const again = decideSignal(
    { ...seen, ...opened(TOKEN_DEAD), state: 'acknowledged', remindAt: null },
    failing('google_configuration', 'critical'),
    NOON,
  )
  expect(again?.next).toMatchObject({ state: 'acknowledged', remindAt: null })
  const asleep = incident({ state: 'snoozed', snoozedUntil: NOON, reminders: 4, remindAt: null })
  expect(decideAct(asleep, { do: 'wake' }, NOON)).toMatchObject({ next: { reminders: 0, remindAt: NOON + 15 * MINUTE } })
})

describe('assigning', () => {
  const assign = (change: Partial<Incident>, to = 'U0TOM') =>
    decideAct(incident(change), { do: 'assign', by: 'U0MARA', version: 1, to }, NOON)

  test('gives it to somebody, who is told in the thread; taking it oneself is not told', () => {
    expect(assign({})).toMatchObject({
      next: { state: 'acknowledged', owner: 'U0TOM' },
      effects: [{ do: 'edit-card' }, { do: 'note', reply: true }],
    })
    expect(assign({}, 'U0MARA')).toMatchObject({ next: { owner: 'U0MARA' }, effects: [{ do: 'edit-card' }, { do: 'note', reply: false }] })
  })

  test('leaves a snooze and a recovery as they are', () => {
    expect(assign({ state: 'snoozed', snoozedUntil: NOON + HOUR })).toMatchObject({
      next: { state: 'snoozed', snoozedUntil: NOON + HOUR, owner: 'U0TOM' },
    })
    expect(assign({ state: 'recovering' })).toMatchObject({ next: { state: 'recovering', owner: 'U0TOM' } })
  })

  test('never opens what is resolved, and knows who has it', () => {
    expect(assign({ state: 'resolved' })).toEqual({ refused: 'resolved' })
    expect(assign({ version: 5, burningSince: 3 })).toEqual({ refused: 'outdated' })
    expect(assign({ state: 'acknowledged', owner: 'U0TOM' })).toEqual({ refused: 'already' })
  })
})

const local = (iso: string): number => Date.parse(iso)

test.each([
  ['2026-11-02T21:59:00-08:00', null],
  ['2026-11-02T22:00:00-08:00', '2026-11-03T07:00:00-08:00'],
  ['2026-11-03T03:00:00-08:00', '2026-11-03T07:00:00-08:00'],
  ['2026-11-03T07:00:00-08:00', null],
  // The night in which summer time ends is an hour longer.
  ['2026-10-31T23:30:00-07:00', '2026-11-01T07:00:00-08:00'],
])('a warning at %s is held until %s; what is critical never', (now, until) => {
  expect(heldUntil({ severity: 'warning' }, local(now), ZONE)).toBe(until === null ? null : local(until))
  expect(heldUntil({ severity: 'critical' }, local(now), ZONE)).toBeNull()
})

test.each([
  ['1h', '2026-11-02T23:00:00-08:00', '2026-11-03T00:00:00-08:00'],
  ['4h', '2026-11-02T23:00:00-08:00', '2026-11-03T03:00:00-08:00'],
  ['morning', '2026-11-02T23:00:00-08:00', '2026-11-03T08:00:00-08:00'],
  ['morning', '2026-11-03T07:59:00-08:00', '2026-11-03T08:00:00-08:00'],
  ['morning', '2026-11-03T08:00:00-08:00', '2026-11-04T08:00:00-08:00'],
  ['morning', '2026-10-31T20:00:00-07:00', '2026-11-01T08:00:00-08:00'],
] as const)('a snooze of %s at %s ends at %s', (choice, now, until) => {
  expect(snoozeEnd(choice, local(now), ZONE)).toBe(local(until))
})
