import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideAct, decideSignal, type Decision, type Transition } from '../../../src/services/incidents/decide.ts'
import { isOpen, type Act, type Effect, type Incident } from '../../../src/services/incidents/incident.ts'
import type { Severity, Signal } from '../../../src/services/signals/signal.ts'
import {
  anyStep,
  failing,
  incident,
  NETWORK_DOWN,
  NOON,
  NOT_CONNECTED_YET,
  ok,
  STATES,
  toAct,
  TOKEN_DEAD,
} from '../../support/incident-samples.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const MARA = 'U0MARA'
const JON = 'U0JON'

/** Effects in short: `post-card`, `edit-card`, `line`, `wake-at`, `reply evidence`, `note still-failing`. */
const short = (effect: Effect): string => {
  if (effect.do === 'note') return `${effect.reply ? 'reply' : 'note'} ${effect.note.type}`
  return effect.do === 'alert-line' ? 'line' : effect.do
}

function isTransition(decision: Decision): decision is Transition {
  return decision !== null && !('refused' in decision)
}

type Event = { readonly at: number } & ({ readonly signal: Signal } | { readonly act: Act })

/** Plays a story and tells, per event, the state afterwards and what it brought about. */
function play(events: readonly Event[]): { told: string[]; last: Incident | null; ids: number[] } {
  let current: Incident | null = null
  let nextId = 1
  const told: string[] = []
  const ids: number[] = []
  for (const event of events) {
    let decision: Decision = null
    if ('signal' in event) decision = decideSignal(current, event.signal, event.at)
    else if (current !== null) decision = decideAct(current, event.act, event.at)
    if (isTransition(decision)) {
      const next: Incident = 'id' in decision.next ? decision.next : { ...decision.next, id: nextId++ }
      if (ids.at(-1) !== next.id) ids.push(next.id)
      current = next
      told.push(`${next.state} v${next.version}: ${decision.effects.map(short).join(', ')}`)
    } else told.push(decision === null ? '-' : `refused ${decision.refused}`)
  }
  return { told, last: current, ids }
}

const at = (offset: number, signal: Signal): Event => ({ at: NOON + offset, signal })
const does = (offset: number, act: Act): Event => ({ at: NOON + offset, act })

interface Story {
  readonly name: string
  readonly events: readonly Event[]
  readonly told: readonly string[]
  readonly ids: readonly number[]
}

const STORIES: readonly Story[] = [
  {
    name: 'a dead token is announced, acknowledged, consented to and proven',
    events: [
      at(0, TOKEN_DEAD),
      does(2 * MINUTE, { do: 'ack', by: MARA, version: 1 }),
      does(5 * MINUTE, { do: 'consented', email: 'office@jada.example' }),
      at(5 * MINUTE + 2000, ok('3 charters changed')),
    ],
    told: [
      'open v1: post-card, reply evidence, line',
      'acknowledged v2: edit-card, note acknowledged',
      'recovering v3: edit-card, reply consented',
      'resolved v4: edit-card, reply recovered, line',
    ],
    ids: [1],
  },
  {
    name: 'repeats edit the card and stay out of the thread',
    events: [at(0, TOKEN_DEAD), at(HOUR, TOKEN_DEAD), at(5 * HOUR, TOKEN_DEAD)],
    told: ['open v1: post-card, reply evidence, line', 'open v2: edit-card, note still-failing', 'open v3: edit-card, note still-failing'],
    ids: [1],
  },
  {
    name: 'a consent that brought nothing is said in the thread, and the incident burns again',
    events: [
      at(0, TOKEN_DEAD),
      does(MINUTE, { do: 'consented', email: 'office@jada.example' }),
      at(2 * MINUTE, TOKEN_DEAD),
      does(3 * MINUTE, { do: 'ack', by: MARA, version: 1 }),
      does(4 * MINUTE, { do: 'ack', by: MARA, version: 3 }),
    ],
    told: [
      'open v1: post-card, reply evidence, line',
      'recovering v2: edit-card, reply consented',
      'open v3: edit-card, reply still-failing',
      'refused outdated',
      'acknowledged v4: edit-card, note acknowledged',
    ],
    ids: [1],
  },
  {
    name: 'worse than what was acknowledged is told again, and the old acknowledgement does not cover it',
    events: [
      at(0, NETWORK_DOWN),
      does(MINUTE, { do: 'ack', by: MARA, version: 1 }),
      at(HOUR, TOKEN_DEAD),
      does(HOUR + 1, { do: 'ack', by: JON, version: 2 }),
      does(HOUR + 2, { do: 'ack', by: JON, version: 3 }),
    ],
    told: [
      'open v1: post-card, reply evidence, line',
      'acknowledged v2: edit-card, note acknowledged',
      'open v3: edit-card, reply changed, line',
      'refused outdated',
      'acknowledged v4: edit-card, note acknowledged',
    ],
    ids: [1],
  },
  {
    name: 'worse than what was snoozed wakes it',
    events: [at(0, NETWORK_DOWN), does(MINUTE, { do: 'snooze', by: MARA, version: 1, until: NOON + 2 * HOUR }), at(HOUR, TOKEN_DEAD)],
    told: [
      'open v1: post-card, reply evidence, line',
      'snoozed v2: edit-card, note snoozed, wake-at',
      'open v3: edit-card, reply changed, line',
    ],
    ids: [1],
  },
  {
    name: 'less bad than what was acknowledged is told once and stays acknowledged',
    events: [at(0, TOKEN_DEAD), does(MINUTE, { do: 'ack', by: MARA, version: 1 }), at(HOUR, NETWORK_DOWN)],
    told: [
      'open v1: post-card, reply evidence, line',
      'acknowledged v2: edit-card, note acknowledged',
      'acknowledged v3: edit-card, reply changed, line',
    ],
    ids: [1],
  },
  {
    name: 'a snooze ends at its hour, not before, and only once',
    events: [
      at(0, TOKEN_DEAD),
      does(MINUTE, { do: 'snooze', by: MARA, version: 1, until: NOON + HOUR }),
      does(HOUR - 1, { do: 'wake' }),
      does(HOUR, { do: 'wake' }),
      does(HOUR + 1, { do: 'wake' }),
    ],
    told: [
      'open v1: post-card, reply evidence, line',
      'snoozed v2: edit-card, note snoozed, wake-at',
      '-',
      'open v3: edit-card, reply woken',
      '-',
    ],
    ids: [1],
  },
  {
    name: 'a close without proof is reopened by the next failure, under the same number',
    events: [
      at(0, TOKEN_DEAD),
      does(MINUTE, { do: 'resolve', by: MARA, version: 1 }),
      does(2 * MINUTE, { do: 'ack', by: JON, version: 1 }),
      at(HOUR, TOKEN_DEAD),
      does(HOUR + 1, { do: 'resolve', by: JON, version: 1 }),
    ],
    told: [
      'open v1: post-card, reply evidence, line',
      'resolved v2: edit-card, reply closed-unproven, line',
      'refused resolved',
      'open v3: edit-card, reply reopened, line',
      'refused outdated',
    ],
    ids: [1],
  },
  {
    name: 'a close without proof that is proven later is over: the next failure is a new incident',
    events: [
      at(0, TOKEN_DEAD),
      does(MINUTE, { do: 'resolve', by: MARA, version: 1 }),
      at(HOUR, ok()),
      at(2 * HOUR, ok()),
      at(3 * HOUR, TOKEN_DEAD),
    ],
    told: [
      'open v1: post-card, reply evidence, line',
      'resolved v2: edit-card, reply closed-unproven, line',
      'resolved v3: edit-card, note proven-later',
      '-',
      'open v1: post-card, reply evidence, line',
    ],
    ids: [1, 2],
  },
  {
    name: 'what opens a third time within an hour keeps its card; after an hour of quiet it is a new incident',
    events: [
      at(0, TOKEN_DEAD),
      at(5 * MINUTE, ok()),
      at(10 * MINUTE, TOKEN_DEAD),
      at(15 * MINUTE, ok()),
      at(20 * MINUTE, TOKEN_DEAD),
      at(25 * MINUTE, ok()),
      at(70 * MINUTE, TOKEN_DEAD),
      at(75 * MINUTE, ok()),
      at(3 * HOUR, TOKEN_DEAD),
    ],
    told: [
      'open v1: post-card, reply evidence, line',
      'resolved v2: edit-card, reply recovered, line',
      'open v1: post-card, reply evidence, line',
      'resolved v2: edit-card, reply recovered, line',
      'open v3: edit-card, reply reopened, line',
      'resolved v4: edit-card, reply recovered, line',
      'open v1: post-card, reply evidence, line',
      'resolved v2: edit-card, reply recovered, line',
      'open v1: post-card, reply evidence, line',
    ],
    ids: [1, 2, 3, 4],
  },
  {
    name: 'a late acknowledgement never opens what is resolved',
    events: [
      at(0, TOKEN_DEAD),
      at(MINUTE, ok()),
      does(MINUTE + 1, { do: 'ack', by: MARA, version: 1 }),
      does(MINUTE + 2, { do: 'snooze', by: MARA, version: 1, until: NOON + HOUR }),
      does(MINUTE + 3, { do: 'wake' }),
      does(MINUTE + 4, { do: 'consented', email: 'office@jada.example' }),
    ],
    told: [
      'open v1: post-card, reply evidence, line',
      'resolved v2: edit-card, reply recovered, line',
      'refused resolved',
      'refused resolved',
      '-',
      '-',
    ],
    ids: [1],
  },
  {
    name: 'a second acknowledgement, and one during recovery, change nothing',
    events: [
      at(0, TOKEN_DEAD),
      does(1, { do: 'ack', by: MARA, version: 1 }),
      does(2, { do: 'ack', by: JON, version: 1 }),
      does(3, { do: 'consented', email: 'office@jada.example' }),
      does(4, { do: 'ack', by: JON, version: 2 }),
    ],
    told: [
      'open v1: post-card, reply evidence, line',
      'acknowledged v2: edit-card, note acknowledged',
      'refused already',
      'recovering v3: edit-card, reply consented',
      'refused already',
    ],
    ids: [1],
  },
  {
    name: 'a refused consent is told in the thread and changes nothing else',
    events: [
      at(0, TOKEN_DEAD),
      does(1, { do: 'consent-refused', reason: 'wrong-account', account: 'x@example.org' }),
      at(2, ok()),
      does(3, { do: 'consent-refused', reason: 'denied', account: null }),
    ],
    told: [
      'open v1: post-card, reply evidence, line',
      'open v2: reply consent-refused',
      'resolved v3: edit-card, reply recovered, line',
      '-',
    ],
    ids: [1],
  },
  {
    name: 'a notice has a card and no line in the alert log',
    events: [at(0, NOT_CONNECTED_YET), does(1, { do: 'resolve', by: MARA, version: 1 }), at(2, NOT_CONNECTED_YET), at(3, ok())],
    told: [
      'open v1: post-card, reply evidence',
      'resolved v2: edit-card, reply closed-unproven',
      'open v3: edit-card, reply reopened',
      'resolved v4: edit-card, reply recovered',
    ],
    ids: [1],
  },
  { name: 'good news without a story is no news', events: [at(0, ok()), at(1, ok())], told: ['-', '-'], ids: [] },
]

describe('stories', () => {
  test.each(STORIES.map((story) => [story.name, story] as const))('%s', (_name, { events, told, ids }) => {
    const played = play(events)
    expect(played.told).toEqual(told)
    expect(played.ids).toEqual(ids)
  })

  test('the whole incident is written down at each turn', () => {
    const opened = decideSignal(null, TOKEN_DEAD, NOON)
    expect(opened?.next).toEqual({ ...incident(), id: undefined })
    const { last } = play([
      at(0, TOKEN_DEAD),
      does(MINUTE, { do: 'snooze', by: MARA, version: 1, until: NOON + HOUR }),
      does(2 * MINUTE, { do: 'ack', by: JON, version: 2 }),
      does(3 * MINUTE, { do: 'resolve', by: MARA, version: 3 }),
      at(4 * MINUTE, NETWORK_DOWN),
      at(5 * MINUTE, ok('nothing changed')),
    ])
    expect(last).toEqual({
      ...incident({ id: 1, kind: 'sync_failing', severity: 'warning', evidence: NETWORK_DOWN.evidence }),
      state: 'resolved',
      proven: true,
      version: 6,
      burningSince: 5,
      signals: 2,
      openedAt: NOON,
      lastSeenAt: NOON + 4 * MINUTE,
      owner: JON,
      opens: [NOON, NOON + 4 * MINUTE],
      remindAt: null,
      resolvedAt: NOON + 5 * MINUTE,
      resolution: 'nothing changed',
    })
  })

  test.each(STATES)('a proof resolves what is %s, and nothing else does without a person', (state) => {
    const current = incident({ state, version: 5, snoozedUntil: state === 'snoozed' ? NOON + HOUR : null })
    const next = decideSignal(current, ok(), NOON + MINUTE)?.next
    expect(next).toMatchObject({ state: 'resolved', proven: true, snoozedUntil: null })
    for (const act of [{ do: 'wake' }, { do: 'consented', email: 'a@b.c' }, { do: 'ack', by: MARA, version: 5 }] as const) {
      const decision = decideAct(current, act, NOON + 2 * HOUR)
      if (isTransition(decision) && state !== 'resolved') expect(decision.next.state).not.toBe('resolved')
    }
  })
})

/** What must hold after every step of any story of one duty. */
function checkTurn(before: Incident | null, transition: Transition, cause: Signal | Act): void {
  const { next, effects } = transition
  const short_ = effects.map(short)
  const isNew = !('id' in next)
  expect(next.version).toBe(isNew ? 1 : (before?.version ?? 0) + 1)
  expect(next.burningSince).toBeLessThanOrEqual(next.version)
  if (isNew) expect(before === null || (before.state === 'resolved' && before.proven)).toBe(true)
  expect(next.opens.length).toBeGreaterThan(0)
  // At most two cards an hour for one duty: the third opening belongs to the second card.
  if (isNew) expect(next.opens.length).toBeLessThan(3)
  const closes = before !== null && isOpen(before) && next.state === 'resolved'
  const opens = next.state !== 'resolved' && (before === null || !isOpen(before))
  if (closes) {
    expect('status' in cause ? cause.status : cause.do).toBe('status' in cause ? 'ok' : 'resolve')
    expect(next.proven).toBe('status' in cause)
    expect(short_.filter((effect) => effect.startsWith('reply'))).toHaveLength(1)
    expect(next.snoozedUntil).toBeNull()
  }
  if (opens) expect('status' in cause && cause.status).toBe('failing')
  if (next.state === 'snoozed' && before?.state !== 'snoozed') {
    expect(effects).toContainEqual({ do: 'wake-at', at: next.snoozedUntil })
  }
  expect(next.state === 'snoozed').toBe(next.snoozedUntil !== null)
  const rank: Record<Severity, number> = { notice: 0, warning: 1, critical: 2 }
  if (before !== null && isOpen(before) && rank[next.severity] > rank[before.severity]) {
    expect(next.state).toBe('open')
    expect(short_).toContain('reply changed')
  }
  const changes = before !== null && isOpen(before) && (before.kind !== next.kind || before.severity !== next.severity)
  const wantsLine = (opens || changes || closes) && next.severity !== 'notice'
  expect(short_.filter((effect) => effect === 'line')).toHaveLength(wantsLine ? 1 : 0)
  // A mention-free card is posted once an incident; afterwards it is only edited.
  expect(short_.filter((effect) => effect === 'post-card')).toHaveLength(isNew ? 1 : 0)
}

test('any story keeps the rules of an incident', () => {
  fc.assert(
    fc.property(fc.array(anyStep(), { maxLength: 40 }), (steps) => {
      let current: Incident | null = null
      let now = NOON
      let ids = 0
      const cards: number[] = []
      for (const step of steps) {
        now += step.afterMs
        let decision: Decision = null
        let cause: Signal | Act = { do: 'wake' }
        if (step.do === 'signal') {
          cause = step.signal
          decision = decideSignal(current, step.signal, now)
        } else if (current !== null) {
          const seen = cards[step.do === 'act' ? step.card % cards.length : 0] ?? 0
          cause = step.do === 'act' ? toAct(step, seen, now) : { do: 'wake' }
          decision = decideAct(current, cause, now)
          const late = 'version' in cause && cause.version < current.burningSince
          if (late) expect(decision).toEqual({ refused: isOpen(current) ? 'outdated' : 'resolved' })
        }
        if (!isTransition(decision)) continue
        checkTurn(current, decision, cause)
        const isNew: boolean = !('id' in decision.next)
        if (isNew) cards.length = 0
        const next: Incident = 'id' in decision.next ? decision.next : { ...decision.next, id: ++ids }
        cards.push(next.version)
        current = next
      }
      // However it ended: a snooze is over at its hour.
      if (current !== null && current.state === 'snoozed') {
        const woken: Decision = decideAct(current, { do: 'wake' }, current.snoozedUntil ?? 0)
        expect(isTransition(woken) && woken.next.state).toBe('open')
      }
    }),
    { numRuns: 400 },
  )
})

test('a failure of another kind but the same severity is told and does not un-acknowledge', () => {
  const acknowledged = incident({ state: 'acknowledged', version: 3, owner: MARA })
  const decision = decideSignal(acknowledged, failing('google_configuration', 'critical'), NOON)
  expect(decision?.next).toMatchObject({ state: 'acknowledged', kind: 'google_configuration', burningSince: 1 })
  expect(decision?.effects.map(short)).toEqual(['edit-card', 'reply changed', 'line'])
})

test('setting up is no opening of a trouble that comes and goes', () => {
  const setUp = incident({ severity: 'notice', kind: 'google_not_connected', opens: [NOON - MINUTE], state: 'resolved', proven: true })
  expect(decideSignal(setUp, failing('oauth_token_failure', 'critical'), NOON)?.next.opens).toEqual([NOON])
})
