import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { NOT_CONNECTED } from '../../../src/services/google/classify.ts'
import type { FailureClass, GoogleFailure } from '../../../src/services/google/failure.ts'
import type { DataProblem, SyncOutcome } from '../../../src/services/sheets/outcome.ts'
import { decideStaleness, decideSync } from '../../../src/services/sheets/policy.ts'
import { FRESH_SYNC_STATE, type SyncState } from '../../../src/services/sheets/sync-state.ts'
import type { Signal } from '../../../src/services/signals/signal.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const CYCLE = 30 * MINUTE
const CONFIRM = [5000, 15_000, 45_000]

const at = (hour: number, minute = 0, second = 0, day = 2): number => Date.UTC(2026, 10, day, hour, minute, second)
const nextCycle = (now: number): number => Math.floor(now / CYCLE) * CYCLE + CYCLE

const fail = (kind: FailureClass, change: Partial<GoogleFailure> = {}): SyncOutcome => ({
  kind: 'blocked',
  failure: { ...NOT_CONNECTED, endpoint: kind === 'data' ? 'sheets' : 'token', class: kind, code: kind, status: 400, ...change },
})
const REVOKED = fail('reauth-required', { code: 'invalid_grant' })
const DOWN = fail('server', { status: 503 })
const WRONG_CLIENT = fail('configuration', { hint: 'client' })
const GONE = fail('data', { hint: 'not-found', status: 404 })
const reading = { tabs: ['2026-11', '2026-12'], changes: [], charters: 21, quarantined: [], renamed: [], unknownColumns: [] }
const SYNCED: SyncOutcome = { kind: 'synced', ...reading }
const data = (...problems: DataProblem[]): SyncOutcome => ({ kind: 'data', problems, ...reading })

/** A sync whose story is told in instants. Says what was reported, as `kind/severity` or `ok`. */
function story(confirmDelaysMs: readonly number[] = CONFIRM) {
  let state: SyncState = FRESH_SYNC_STATE
  let signals: readonly Signal[] = []
  let hasIncident = false
  return {
    step(now: number, outcome: SyncOutcome) {
      const decision = decideSync(state, outcome, now, {
        confirmDelaysMs,
        nextCycleAt: nextCycle(now),
        account: 'office@example.com',
        demanded: false,
        hasIncident,
      })
      state = decision.state
      signals = decision.signals
      for (const signal of signals) if (signal.key === 'port-sheet/sync') hasIncident = signal.status === 'failing'
      const told = signals
        .filter((signal) => signal.key === 'port-sheet/sync')
        .map((signal) => (signal.status === 'ok' ? 'ok' : `${signal.kind}/${signal.severity}`))
      return { told, next: state.nextAttemptAt }
    },
    state: () => state,
    signals: () => signals,
    evidence: () => {
      const [signal] = signals
      return signal?.status === 'failing' ? signal.evidence : undefined
    },
  }
}

const nothing = (next: number | null) => ({ told: [], next })
const token = (next: number) => ({ told: ['oauth_token_failure/critical'], next })

describe('a dead token', () => {
  test('is confirmed after 5, 15 and 45 s, told at the fourth failure, and tried again after 1 h, 4 h, 24 h, 24 h', () => {
    const sync = story()
    expect(sync.step(at(9, 30), REVOKED)).toEqual(nothing(at(9, 30, 5)))
    expect(sync.step(at(9, 30, 5), REVOKED)).toEqual(nothing(at(9, 30, 20)))
    expect(sync.step(at(9, 30, 20), REVOKED)).toEqual(nothing(at(9, 31, 5)))
    expect(sync.step(at(9, 31, 5), REVOKED)).toEqual(token(at(10, 31, 5)))
    expect(sync.evidence()).toMatchObject({
      class: 'reauth-required',
      code: 'invalid_grant',
      failures: 4,
      firstFailureAt: at(9, 30),
      nextAttemptAt: at(10, 31, 5),
      account: 'office@example.com',
    })
    expect(sync.step(at(10, 31, 5), REVOKED)).toEqual(token(at(14, 31, 5)))
    expect(sync.step(at(14, 31, 5), REVOKED)).toEqual(token(at(14, 31, 5, 3)))
    expect(sync.step(at(14, 31, 5, 3), REVOKED)).toEqual(token(at(14, 31, 5, 4)))
    expect(sync.step(at(14, 31, 5, 4), REVOKED)).toEqual(token(at(14, 31, 5, 5)))
  })

  test('is told at the fourth failure with more configured delays too, and the long schedule begins after the last of them', () => {
    const sync = story([...CONFIRM, 2 * MINUTE, 5 * MINUTE])
    for (const second of [0, 5, 20]) expect(sync.step(at(9, 30, second), REVOKED).told).toEqual([])
    expect(sync.step(at(9, 31, 5), REVOKED)).toEqual(token(at(9, 33, 5)))
    expect(sync.step(at(9, 33, 5), REVOKED)).toEqual(token(at(9, 38, 5)))
    expect(sync.step(at(9, 38, 5), REVOKED)).toEqual(token(at(10, 38, 5)))
    expect(sync.step(at(10, 38, 5), REVOKED)).toEqual(token(at(14, 38, 5)))
  })

  test('that works again before the fourth failure was never told', () => {
    const sync = story()
    for (const second of [0, 5, 20]) sync.step(at(9, 30, second), REVOKED)
    expect(sync.step(at(9, 31, 5), SYNCED)).toEqual({ told: ['ok'], next: null })
    for (const second of [0, 5, 20]) expect(sync.step(at(10, 0, second), REVOKED).told).toEqual([])
    expect(sync.state().reauthFailures).toBe(3)
  })

  test('a success resets every counter and the schedule', () => {
    const sync = story()
    sync.step(at(9), DOWN)
    for (const second of [0, 5, 20, 59]) sync.step(at(9, 30, second), REVOKED)
    sync.step(at(10, 31), WRONG_CLIENT)
    expect(sync.step(at(11, 31), SYNCED)).toEqual({ told: ['ok'], next: null })
    expect(sync.state()).toEqual({
      ...FRESH_SYNC_STATE,
      lastAttemptAt: at(11, 31),
      lastSuccessAt: at(11, 31),
      lastReadAt: at(11, 31),
      tabs: reading.tabs,
    })
  })

  test('a passing fault in the middle of the long schedule neither advances the step nor brings the 30 minutes back', () => {
    const sync = story()
    for (const [minute, second] of [
      [30, 0],
      [30, 5],
      [30, 20],
      [31, 5],
    ] as const)
      sync.step(at(9, minute, second), REVOKED)
    expect(sync.step(at(10, 31, 5), REVOKED)).toEqual(token(at(14, 31, 5)))
    // The card stays true: it is told again with the next try.
    expect(sync.step(at(14, 31, 5), DOWN)).toEqual(token(at(15, 31, 5)))
    expect(sync.step(at(15, 31, 5), DOWN)).toEqual(token(at(16, 31, 5)))
    // The step that was due before the fault: after 1 h and 4 h comes 24 h.
    expect(sync.step(at(16, 31, 5), REVOKED)).toEqual(token(at(16, 31, 5, 3)))
    expect(sync.state().transientFailures).toBe(2)
  })

  test('a passing fault between the confirmations costs no cycle, and counting goes on', () => {
    const sync = story()
    sync.step(at(9, 30), REVOKED)
    sync.step(at(9, 30, 5), REVOKED)
    expect(sync.step(at(9, 30, 20), DOWN)).toEqual(nothing(at(9, 30, 35)))
    expect(sync.step(at(9, 30, 35), REVOKED)).toEqual(nothing(at(9, 31, 20)))
    expect(sync.step(at(9, 31, 20), REVOKED)).toEqual(token(at(10, 31, 20)))
  })

  test('that was seen once does not silence an outage that follows', () => {
    const sync = story()
    sync.step(at(9), SYNCED)
    sync.step(at(9, 30), REVOKED)
    for (const [hour, minute] of [
      [9, 31],
      [10, 0],
      [10, 30],
    ] as const)
      expect(sync.step(at(hour, minute), DOWN).told).toEqual([])
    expect(sync.step(at(11), DOWN).told).toEqual(['sync_failing/warning'])
    expect(sync.step(at(11, 30), DOWN).told).toEqual(['sync_failing/warning'])
  })
})

describe('what passes by itself', () => {
  test('stays at the regular cycle and is a warning after more than three cycles', () => {
    const sync = story()
    sync.step(at(9), SYNCED)
    expect(sync.step(at(9, 30), DOWN)).toEqual(nothing(null))
    expect(sync.step(at(10), fail('network', { code: 'ENOTFOUND' }))).toEqual(nothing(null))
    expect(sync.step(at(10, 30), fail('unknown'))).toEqual(nothing(null))
    expect(sync.step(at(11), fail('rate-limited', { status: 429 }))).toEqual({ told: ['sync_failing/warning'], next: null })
    expect(sync.evidence()).toMatchObject({ failures: 4, firstFailureAt: at(9, 30), lastSuccessAt: at(9), stale: false })
    expect(sync.step(at(11, 30), SYNCED)).toEqual({ told: ['ok'], next: null })
  })

  test('waits as long as Google asks when that is beyond the next cycle, at most an hour', () => {
    const limited = (minutes: number) => fail('rate-limited', { status: 429, retryAfterMs: minutes * MINUTE })
    expect(story().step(at(9, 30), limited(10)).next).toBeNull()
    expect(story().step(at(9, 30), limited(30)).next).toBeNull()
    expect(story().step(at(9, 30), limited(31)).next).toBe(at(10, 1))
    expect(story().step(at(9, 50), limited(15)).next).toBe(at(10, 5))
    expect(story().step(at(9, 30), limited(600)).next).toBe(at(10, 30))
  })

  test('is stale when the last success is older than two hours, told once the cycles are few', () => {
    const sync = story()
    sync.step(at(9), SYNCED)
    expect(sync.step(at(11), DOWN).told).toEqual([])
    expect(sync.step(at(11, 0, 1), DOWN).told).toEqual(['sync_stale/warning'])
    expect(sync.evidence()).toMatchObject({ stale: true, lastSuccessAt: at(9), failures: 2 })
  })

  test('counts apart from authentication and configuration', () => {
    const sync = story()
    for (const outcome of [DOWN, REVOKED, DOWN, REVOKED, WRONG_CLIENT, DOWN]) sync.step(at(9), outcome)
    expect(sync.state()).toMatchObject({ transientFailures: 3, reauthFailures: 2, configurationFailures: 1, dataFailures: 0 })
  })
})

test('a request of ours that Google refuses is told at once and pauses the job for a day', () => {
  const sync = story()
  const refused = fail('configuration', { hint: 'our-request', code: 'invalid_request' })
  expect(sync.step(at(9, 30), refused)).toEqual({ told: ['google_configuration/critical'], next: at(9, 30, 0, 3) })
})

describe('after a consent', () => {
  const policy = { confirmDelaysMs: CONFIRM, nextCycleAt: at(10), account: null, demanded: true, hasIncident: true }

  test('a passing fault of the sheet is told as what it is, and tried again with the next cycle', () => {
    const before = {
      ...FRESH_SYNC_STATE,
      reauthFailures: 4,
      lastSuccessAt: at(9),
      failure: REVOKED.kind === 'blocked' ? REVOKED.failure : null,
    }
    const down = { ...NOT_CONNECTED, endpoint: 'sheets' as const, class: 'server' as const, code: 'UNAVAILABLE', status: 503 }
    const { state, signals } = decideSync(before, { kind: 'blocked', failure: down }, at(9, 45), policy)
    expect(state).toMatchObject({ reauthFailures: 0, transientFailures: 1, nextAttemptAt: null, failure: { code: 'UNAVAILABLE' } })
    expect(signals).toMatchObject([{ kind: 'sync_failing', severity: 'warning' }])
  })

  test('a try that somebody asked for does not lengthen the wait', () => {
    const before = { ...FRESH_SYNC_STATE, reauthFailures: 4, firstFailureAt: at(9) }
    const { state } = decideSync(before, REVOKED, at(9, 45), policy)
    expect(state).toMatchObject({ reauthFailures: 4, nextAttemptAt: at(10, 45), firstFailureAt: at(9) })
  })
})

describe('staleness without any run', () => {
  const stale = (state: Partial<SyncState>, now: number) => decideStaleness({ ...FRESH_SYNC_STATE, ...state }, now, 'office@example.com')

  test('is noticed two hours after the last success, and not before', () => {
    expect(stale({ lastSuccessAt: at(9) }, at(11))).toBeNull()
    expect(stale({ lastSuccessAt: at(9) }, at(11) + 1)).toMatchObject({
      kind: 'sync_stale',
      severity: 'warning',
      evidence: { stale: true },
    })
    expect(stale({}, at(11))).toBeNull()
  })

  test('is not told while another alert says why', () => {
    const old = { lastSuccessAt: at(9) }
    expect(stale({ ...old, reauthFailures: 4 }, at(12))).toBeNull()
    expect(stale({ ...old, transientFailures: 4 }, at(12))).toBeNull()
    expect(stale({ ...old, configurationFailures: 1 }, at(12))).toBeNull()
    expect(stale({ ...old, dataFailures: 1 }, at(12))).toBeNull()
    expect(stale({ ...old, reauthFailures: 3, transientFailures: 3 }, at(12))).not.toBeNull()
  })
})

describe('configuration', () => {
  test('is told at once and tried again on the long schedule', () => {
    const sync = story()
    const told = ['google_configuration/critical']
    expect(sync.step(at(9, 30), WRONG_CLIENT)).toEqual({ told, next: at(10, 30) })
    expect(sync.step(at(10, 30), WRONG_CLIENT)).toEqual({ told, next: at(14, 30) })
    expect(sync.step(at(14, 30), WRONG_CLIENT)).toEqual({ told, next: at(14, 30, 0, 3) })
    expect(sync.step(at(14, 30, 0, 3), WRONG_CLIENT)).toEqual({ told, next: at(14, 30, 0, 4) })
    expect(sync.step(at(14, 30, 0, 4), DOWN)).toEqual({ told, next: at(15, 30, 0, 4) })
    expect(sync.step(at(15, 30, 0, 4), SYNCED)).toEqual({ told: ['ok'], next: null })
  })
})

describe('the sheet itself', () => {
  test('a 404 is confirmed by the next cycle, then told', () => {
    const sync = story()
    expect(sync.step(at(9, 30), GONE)).toEqual(nothing(null))
    expect(sync.step(at(10), GONE)).toEqual({ told: ['sheet_problem/warning'], next: null })
  })

  test('a 404 that was a hiccup is never told', () => {
    const sync = story()
    sync.step(at(9, 30), GONE)
    expect(sync.step(at(10), SYNCED).told).toEqual(['ok'])
    expect(sync.step(at(10, 30), GONE).told).toEqual([])
  })

  test('everything else about it is told at once, at the regular cycle', () => {
    expect(story().step(at(9, 30), fail('data', { hint: 'not-shared' }))).toEqual({ told: ['sheet_problem/warning'], next: null })
    expect(story().step(at(9, 30), data({ code: 'missing-tab', tab: '2026-11' }))).toEqual({ told: ['sheet_problem/warning'], next: null })
  })

  test('proves token, client and line: their counters begin anew', () => {
    const sync = story()
    sync.step(at(9), DOWN)
    for (const second of [0, 5, 20]) sync.step(at(9, 30, second), REVOKED)
    sync.step(at(9, 31, 5), fail('data', { hint: 'not-shared' }))
    expect(sync.state()).toMatchObject({ reauthFailures: 0, configurationFailures: 0, transientFailures: 0, dataFailures: 1 })
    expect(sync.step(at(9, 32), REVOKED)).toEqual(nothing(at(9, 32, 5)))
  })

  test('a held change names its tab and content, so that a yes fits only that', () => {
    const sync = story()
    sync.step(at(9, 30), data({ code: 'held', tab: '2026-11', before: 10, removed: ['JC-1', 'JC-2', 'JC-3'], contentHash: 'h' }))
    expect(sync.evidence()).toMatchObject({ holds: [{ tab: '2026-11', contentHash: 'h' }] })
    expect(sync.evidence()?.findings.join(' ')).toContain('3 of 10 charters')
  })

  test('quarantined rows are a duty of their own, beside a successful sync', () => {
    const sync = story()
    const quarantined = [{ tab: '2026-11', row: 4, id: 'JC-3', problems: [{ cell: 'B4', problem: 'Date is empty' }] }]
    expect(sync.step(at(9, 30), { ...SYNCED, quarantined }).told).toEqual(['ok'])
    expect(sync.signals()[1]).toMatchObject({
      key: 'port-sheet/rows',
      kind: 'rows_quarantined',
      evidence: { findings: ['tab 2026-11, cell B4: Date is empty'] },
    })
    sync.step(at(10), SYNCED)
    expect(sync.signals()[1]).toMatchObject({ key: 'port-sheet/rows', status: 'ok' })
  })
})

test('a connection that was never made is a notice, without counting and without retries of its own', () => {
  const sync = story()
  const told = ['google_not_connected/notice']
  expect(sync.step(at(9, 30), { kind: 'blocked', failure: NOT_CONNECTED })).toEqual({ told, next: null })
  expect(sync.state()).toMatchObject({ reauthFailures: 0, configurationFailures: 0, transientFailures: 0, dataFailures: 0 })
})

const CLASSES: readonly FailureClass[] = [
  'reauth-required',
  'configuration',
  'data',
  'rate-limited',
  'server',
  'network',
  'unknown',
  'not-connected',
  'stale-access-token',
]
const TRANSIENT: ReadonlySet<FailureClass> = new Set(['rate-limited', 'server', 'network', 'unknown', 'stale-access-token'])

const anyOutcome: fc.Arbitrary<SyncOutcome> = fc.oneof(
  fc.constantFrom(SYNCED, REVOKED, DOWN, WRONG_CLIENT, GONE, data({ code: 'missing-tab', tab: '2026-12' })),
  fc
    .record({ kind: fc.constantFrom(...CLASSES), retryAfterMs: fc.option(fc.nat(100 * HOUR), { nil: undefined }) })
    .map(({ kind, retryAfterMs }) => fail(kind, { retryAfterMs })),
)
const anyDelays = fc.array(fc.integer({ min: 1000, max: 30 * MINUTE }), { minLength: 3, maxLength: 8 })

const counters = (state: SyncState) => [state.reauthFailures, state.configurationFailures, state.dataFailures, state.transientFailures]

property.prop([fc.array(fc.tuple(anyOutcome, fc.nat(CYCLE)), { maxLength: 60 }), anyDelays])(
  'whatever happens, in whatever order, the schedule stays within its bounds',
  (steps, confirmDelaysMs) => {
    let state = FRESH_SYNC_STATE
    let now = at(9, 30)
    for (const [outcome, late] of steps) {
      const before = state
      const decision = decideSync(state, outcome, now, {
        confirmDelaysMs,
        nextCycleAt: nextCycle(now),
        account: null,
        demanded: false,
        hasIncident: false,
      })
      state = decision.state
      const failing = outcome.kind === 'blocked' ? outcome.failure.class : outcome.kind
      const wait = (state.nextAttemptAt ?? nextCycle(now)) - now
      expect(wait).toBeGreaterThan(0)
      expect(wait).toBeLessThanOrEqual(24 * HOUR)
      if (failing !== 'reauth-required' && failing !== 'configuration') expect(wait).toBeLessThanOrEqual(HOUR)
      for (const count of counters(state)) expect(count).toBeGreaterThanOrEqual(0)
      if (failing === 'reauth-required') {
        expect(state.transientFailures).toBe(before.transientFailures)
        expect(state.reauthFailures).toBe(before.reauthFailures + 1)
        expect(decision.signals).toHaveLength(state.reauthFailures > 3 ? 1 : 0)
      }
      if (TRANSIENT.has(failing as FailureClass)) {
        expect(state.reauthFailures).toBe(before.reauthFailures)
        expect(state.configurationFailures).toBe(before.configurationFailures)
      }
      if (failing === 'synced') expect(counters(state)).toEqual([0, 0, 0, 0])
      expect(state.lastSuccessAt).toBe(failing === 'synced' ? now : before.lastSuccessAt)
      now += wait + late
    }
  },
)

property.prop([fc.array(anyOutcome, { maxLength: 40 })])('the state survives a restart: it is plain data', (steps) => {
  let state = FRESH_SYNC_STATE
  let restored = FRESH_SYNC_STATE
  steps.forEach((outcome, index) => {
    const now = at(9) + index * CYCLE
    const policy = { confirmDelaysMs: CONFIRM, nextCycleAt: nextCycle(now), account: null, demanded: false, hasIncident: false }
    state = decideSync(state, outcome, now, policy).state
    restored = JSON.parse(JSON.stringify(decideSync(restored, outcome, now, policy).state)) as SyncState
    expect(restored).toEqual(JSON.parse(JSON.stringify(state)))
  })
})
