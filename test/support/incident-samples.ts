import * as fc from 'fast-check'
import { NO_EVIDENCE, type DutyKey, type Evidence, type Severity, type Signal, type SignalKind } from '../../src/services/signals/signal.ts'
import type { Act, Incident, IncidentState, Note } from '../../src/services/incidents/incident.ts'

/** 2026-03-02 12:00 UTC, a Monday. */
export const NOON = Date.UTC(2026, 2, 2, 12)

export type Failing = Extract<Signal, { status: 'failing' }>

export function failing(kind: SignalKind, severity: Severity, evidence: Partial<Evidence> = {}, key: DutyKey = 'port-sheet/sync'): Failing {
  return { status: 'failing', key, kind, severity, evidence: { ...NO_EVIDENCE, ...evidence } }
}

export function ok(summary = '2 charters changed', key: DutyKey = 'port-sheet/sync'): Signal {
  return { status: 'ok', key, summary }
}

export const TOKEN_DEAD = failing('oauth_token_failure', 'critical', {
  class: 'reauth-required',
  code: 'invalid_grant',
  status: 400,
  detail: 'Token has been expired or revoked.',
  failures: 4,
  firstFailureAt: NOON - 65_000,
  lastSuccessAt: NOON - 1_800_000,
  lastReadAt: NOON - 1_800_000,
  nextAttemptAt: NOON + 3_600_000,
  account: 'office@jada.example',
})

export const NETWORK_DOWN = failing('sync_failing', 'warning', {
  class: 'network',
  code: 'ECONNREFUSED',
  failures: 4,
  firstFailureAt: NOON - 5_400_000,
  lastSuccessAt: NOON - 7_200_000,
  lastReadAt: NOON - 7_200_000,
})

export const NOT_CONNECTED_YET = failing('google_not_connected', 'notice', { class: 'not-connected', code: 'not-connected' })

export const incident = (change: Partial<Incident> = {}): Incident => ({
  id: 7,
  key: 'port-sheet/sync',
  kind: TOKEN_DEAD.kind,
  severity: TOKEN_DEAD.severity,
  state: 'open',
  proven: false,
  version: 1,
  burningSince: 1,
  evidence: TOKEN_DEAD.evidence,
  signals: 1,
  openedAt: NOON,
  lastSeenAt: NOON,
  owner: null,
  snoozedUntil: null,
  reminders: 0,
  remindAt: NOON + 900_000,
  opens: [NOON],
  cause: null,
  symptoms: [],
  resolvedAt: null,
  resolvedBy: null,
  resolution: null,
  ...change,
})

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'notice']
export const KINDS: readonly SignalKind[] = [
  'oauth_token_failure',
  'oauth_token_expiring',
  'google_configuration',
  'google_not_connected',
  'sheet_problem',
  'sync_failing',
  'sync_stale',
  'rows_quarantined',
]
export const STATES: readonly IncidentState[] = ['open', 'acknowledged', 'snoozed', 'recovering', 'resolved']
export const REFUSAL_REASONS = [
  'denied',
  'wrong-account',
  'missing-scopes',
  'no-refresh-token',
  'probe-failed',
  'exchange-failed',
  'no-identity',
  'superseded',
] as const
const HINTS = [
  'session-control',
  'account-deleted',
  'admin-policy',
  'client',
  'our-request',
  'api-disabled',
  'not-found',
  'office-file',
  'scope-unticked',
  'not-shared',
  'made up',
]

/** Pieces of text that would mean something to Slack or to a browser if they got through. */
export const HOSTILE = [
  '<!channel>',
  '<!here>',
  '<@U0HOSTILE>',
  '<#C0HOSTILE>',
  '<https://evil.example|click>',
  '<script>alert(1)</script>',
  '```',
  '`',
  '&lt;',
  '"',
  "'",
  '*',
  '_',
  '\n',
  '\u{1f6a2}',
  '&',
  'x'.repeat(500),
]

/** Text from a sheet or from Google: hostile, long, or both. */
export const outsideText = (): fc.Arbitrary<string> =>
  fc
    .oneof(
      {
        weight: 3,
        arbitrary: fc
          .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'grapheme', maxLength: 40 })), { maxLength: 8 })
          .map((parts) => parts.join('')),
      },
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(...HOSTILE)
          .chain((piece) => fc.integer({ min: 1, max: 9000 }).map((size) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size))),
      },
    )
    .map((text) => text.toWellFormed())

const time = (): fc.Arbitrary<number> => fc.integer({ min: NOON - 400 * 86_400_000, max: NOON + 400 * 86_400_000 })
const nullable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null })

const anyEvidence = (): fc.Arbitrary<Evidence> =>
  fc.record({
    class: nullable(
      fc.constantFrom('reauth-required', 'configuration', 'data', 'rate-limited', 'server', 'network', 'unknown', 'not-connected'),
    ),
    code: nullable(outsideText()),
    status: nullable(fc.integer({ min: 100, max: 599 })),
    hint: nullable(fc.constantFrom(...HINTS)),
    detail: nullable(outsideText()),
    failures: fc.nat(100_000),
    firstFailureAt: nullable(time()),
    lastSuccessAt: nullable(time()),
    lastReadAt: nullable(time()),
    nextAttemptAt: nullable(time()),
    endsAt: nullable(time()),
    stale: fc.boolean(),
    findings: fc.oneof(
      fc.array(outsideText(), { maxLength: 12 }),
      fc
        .integer({ min: 100, max: 2000 })
        .map((count) => Array.from({ length: count }, (_, index) => `2026-03 row ${index}: the fee <!channel> is no number`)),
    ),
    holds: fc.array(
      fc.record({
        tab: fc.string({ unit: 'grapheme', maxLength: 100 }),
        contentHash: fc.string({ unit: fc.constantFrom('0', '7', 'a', 'f'), minLength: 64, maxLength: 64 }),
      }),
      { maxLength: 30 },
    ),
    enableUrl: nullable(
      fc.oneof(
        fc.constant('https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=1'),
        outsideText().map((text) => `https://console.example/${encodeURIComponent(text.toWellFormed())}`),
        outsideText(),
      ),
    ),
    account: nullable(fc.oneof(fc.constant('office@jada.example'), outsideText())),
  })

export const anyIncident = (): fc.Arbitrary<Incident> =>
  fc
    .record({
      id: fc.integer({ min: 1, max: 1_000_000 }),
      key: fc.constantFrom<DutyKey>('port-sheet/sync', 'port-sheet/rows'),
      kind: fc.constantFrom(...KINDS),
      severity: fc.constantFrom(...SEVERITIES),
      state: fc.constantFrom(...STATES),
      proven: fc.boolean(),
      version: fc.integer({ min: 1, max: 100_000 }),
      burningSince: fc.integer({ min: 1, max: 100 }),
      evidence: anyEvidence(),
      signals: fc.nat(100_000),
      openedAt: time(),
      lastSeenAt: time(),
      owner: nullable(fc.constant('U0OPERATOR')),
      snoozedUntil: nullable(time()),
      reminders: fc.nat(8),
      remindAt: nullable(time()),
      opens: fc.array(time(), { maxLength: 6 }),
      cause: fc.constant(null),
      symptoms: fc.constant([]),
      resolvedAt: nullable(time()),
      resolvedBy: nullable(fc.constant('U0OPERATOR')),
      resolution: nullable(outsideText()),
    })
    // What a person did has that person's name; nothing else is left out.
    .map((one) =>
      Object.assign(one, {
        owner: one.state === 'acknowledged' || one.state === 'snoozed' ? 'U0OPERATOR' : one.owner,
        remindAt: one.state === 'open' ? one.remindAt : null,
        snoozedUntil: one.state === 'snoozed' ? (one.snoozedUntil ?? NOON) : null,
        resolvedBy: one.state === 'resolved' && !one.proven ? 'U0OPERATOR' : one.resolvedBy,
      }),
    )

export const anyNote = (): fc.Arbitrary<Note> =>
  fc.oneof(
    fc.constant<Note>({ type: 'evidence' }),
    fc.record({ type: fc.constant('changed' as const), from: fc.constantFrom(...KINDS), escalated: fc.boolean() }),
    fc.constant<Note>({ type: 'reopened' }),
    fc.constant<Note>({ type: 'still-failing' }),
    fc.constant<Note>({ type: 'acknowledged', by: 'U0OPERATOR' }),
    fc.record({ type: fc.constant('snoozed' as const), by: fc.constant('U0OPERATOR'), until: time() }),
    fc.constant<Note>({ type: 'assigned', by: 'U0MARA', to: 'U0OPERATOR' }),
    fc.constant<Note>({ type: 'retried', by: 'U0OPERATOR' }),
    fc.record({ type: fc.constant('reminded' as const), number: fc.integer({ min: 1, max: 8 }), direct: fc.boolean() }),
    fc.constant<Note>({ type: 'woken' }),
    fc.record({ type: fc.constant('consented' as const), email: outsideText() }),
    fc.record({
      type: fc.constant('consent-refused' as const),
      reason: fc.constantFrom(...REFUSAL_REASONS),
      account: nullable(outsideText()),
    }),
    fc.record({ type: fc.constant('recovered' as const), summary: outsideText() }),
    fc.constant<Note>({ type: 'closed-unproven', by: 'U0OPERATOR' }),
    fc.record({ type: fc.constant('proven-later' as const), summary: outsideText() }),
  )

/** Something that happens to a duty, as a random story is made of. `card` picks which of the cards seen so far is clicked. */
export type Step =
  | { readonly do: 'signal'; readonly signal: Signal; readonly afterMs: number }
  | {
      readonly do: 'act'
      readonly act: 'ack' | 'snooze' | 'assign' | 'remind' | 'resolve' | 'consented' | 'consent-refused'
      readonly card: number
      readonly afterMs: number
    }
  | { readonly do: 'wait'; readonly afterMs: number }

export function anyStep(keys: readonly DutyKey[] = ['port-sheet/sync']): fc.Arbitrary<Step> {
  const afterMs = fc.constantFrom(0, 1, 60_000, 1_800_000, 3_600_000, 86_400_000)
  const bad = fc.record({
    kind: fc.constantFrom<SignalKind>('oauth_token_failure', 'sync_failing', 'google_not_connected'),
    severity: fc.constantFrom(...SEVERITIES),
    key: fc.constantFrom(...keys),
  })
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('signal' as const),
        afterMs,
        signal: bad.map(({ kind, severity, key }) => failing(kind, severity, {}, key)),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('signal' as const),
        afterMs,
        signal: fc.constantFrom(...keys).map((key) => ok('all read', key)),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('act' as const),
        afterMs,
        act: fc.constantFrom(
          'ack' as const,
          'snooze' as const,
          'assign' as const,
          'remind' as const,
          'resolve' as const,
          'consented' as const,
          'consent-refused' as const,
        ),
        card: fc.nat(20),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), afterMs }) },
  )
}

/** The act of a step on the card of that version. */
export function toAct(step: Extract<Step, { do: 'act' }>, version: number, now: number): Act {
  const by = 'U0OPERATOR'
  switch (step.act) {
    case 'ack':
    case 'resolve':
      return { do: step.act, by, version }
    case 'assign':
      return { do: 'assign', by, version, to: 'U0TOM' }
    case 'remind':
      return { do: 'remind' }
    case 'snooze':
      return { do: 'snooze', by, version, until: now + 3_600_000 }
    case 'consented':
      return { do: 'consented', email: 'office@jada.example' }
    case 'consent-refused':
      return { do: 'consent-refused', reason: 'denied', account: null }
  }
}
