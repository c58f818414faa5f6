import type { FailureClass, GoogleFailure } from '../google/failure.ts'
import { NO_EVIDENCE, type Evidence, type Severity, type Signal, type SignalKind } from '../signals/signal.ts'
import type { SyncOutcome } from './outcome.ts'
import { describeChanges, describeProblem, describeQuarantine } from './wording.ts'

/** How the sync stands. Counters count failures in a row, each family on its own; only what disproves a family resets it. */
export interface SyncState {
  readonly lastAttemptAt: number | null
  readonly lastSuccessAt: number | null
  readonly firstFailureAt: number | null
  readonly reauthFailures: number
  readonly configurationFailures: number
  readonly dataFailures: number
  readonly transientFailures: number
  readonly failure: GoogleFailure | null
  /** The next attempt when it is not simply the next cycle. */
  readonly nextAttemptAt: number | null
}

export const FRESH_SYNC_STATE: SyncState = {
  lastAttemptAt: null,
  lastSuccessAt: null,
  firstFailureAt: null,
  reauthFailures: 0,
  configurationFailures: 0,
  dataFailures: 0,
  transientFailures: 0,
  failure: null,
  nextAttemptAt: null,
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Retries of what only a person can mend: 1 h, 4 h, then once a day. */
const LONG_DELAYS_MS = [HOUR, 4 * HOUR, 24 * HOUR] as const
/** More failures in a row than this make an authentication alert, and a warning of what passes by itself. */
const TOLERATED = 3
/** No wait of a failure that passes by itself is longer. */
const TRANSIENT_CEILING_MS = HOUR
/** Data older than this is stale, whatever the reason. */
export const STALE_AFTER_MS = 2 * HOUR

export interface SyncPolicy {
  readonly confirmDelaysMs: readonly number[]
  /** When the next regular cycle comes. */
  readonly nextCycleAt: number
  readonly account: string | null
}

export interface SyncDecision {
  readonly state: SyncState
  readonly signals: readonly Signal[]
}

type Family = 'reauth' | 'configuration' | 'data' | 'not-connected' | 'transient'

const FAMILY: Readonly<Record<FailureClass, Family>> = {
  'reauth-required': 'reauth',
  configuration: 'configuration',
  data: 'data',
  'not-connected': 'not-connected',
  'rate-limited': 'transient',
  server: 'transient',
  network: 'transient',
  unknown: 'transient',
  'stale-access-token': 'transient',
}

const longDelay = (step: number): number => LONG_DELAYS_MS[Math.min(step, LONG_DELAYS_MS.length - 1)] ?? LONG_DELAYS_MS[2]

/** The wait after the n-th authentication failure in a row: first the confirmations, then the long schedule. */
function reauthDelay(failures: number, confirmDelaysMs: readonly number[]): number {
  return confirmDelaysMs[failures - 1] ?? longDelay(failures - 1 - confirmDelaysMs.length)
}

function count(state: SyncState, family: Family): SyncState {
  switch (family) {
    case 'reauth':
      // Google looks at the client before the token: an answer about the token says that the client is right.
      return { ...state, configurationFailures: 0, reauthFailures: state.reauthFailures + 1 }
    case 'configuration':
      return { ...state, configurationFailures: state.configurationFailures + 1 }
    case 'data':
      // Google let us in and spoke about the sheet: token and client are proven, the line is up.
      return { ...state, reauthFailures: 0, configurationFailures: 0, transientFailures: 0, dataFailures: state.dataFailures + 1 }
    case 'transient':
      return { ...state, transientFailures: state.transientFailures + 1 }
    case 'not-connected':
      return state
  }
}

function transientNext(state: SyncState, failure: GoogleFailure | null, now: number, policy: SyncPolicy): number | null {
  const alerted = state.reauthFailures - 1 - policy.confirmDelaysMs.length
  const step = Math.max(alerted, state.configurationFailures - 1)
  // In the middle of the long schedule a network fault neither advances the step nor brings the old rhythm back.
  if (step >= 0) return now + Math.min(longDelay(step), TRANSIENT_CEILING_MS)
  const asked = failure?.retryAfterMs ?? 0
  return now + asked > policy.nextCycleAt ? now + Math.min(asked, TRANSIENT_CEILING_MS) : null
}

function nextAttempt(state: SyncState, family: Family, failure: GoogleFailure | null, now: number, policy: SyncPolicy): number | null {
  if (family === 'reauth') return now + reauthDelay(state.reauthFailures, policy.confirmDelaysMs)
  if (family === 'configuration') return now + longDelay(state.configurationFailures - 1)
  return family === 'transient' ? transientNext(state, failure, now, policy) : null
}

export function isStale(state: SyncState, now: number): boolean {
  return state.lastSuccessAt !== null && now - state.lastSuccessAt > STALE_AFTER_MS
}

function evidenceOf(state: SyncState, failures: number, now: number, account: string | null): Evidence {
  const { failure } = state
  return {
    ...NO_EVIDENCE,
    class: failure?.class ?? null,
    code: failure?.code ?? null,
    status: failure?.status ?? null,
    hint: failure?.hint ?? null,
    detail: failure?.detail ?? null,
    enableUrl: failure?.enableUrl ?? null,
    failures,
    firstFailureAt: state.firstFailureAt,
    lastSuccessAt: state.lastSuccessAt,
    nextAttemptAt: state.nextAttemptAt,
    stale: isStale(state, now),
    account,
  }
}

interface Verdict {
  readonly kind: SignalKind
  readonly severity: Severity
  readonly failures: number
}

/** Whether this failure is worth a person's attention yet, and as what. */
function judge(state: SyncState, family: Family, now: number): Verdict | null {
  if (family === 'reauth') {
    return state.reauthFailures > TOLERATED ? { kind: 'oauth_token_failure', severity: 'critical', failures: state.reauthFailures } : null
  }
  if (family === 'configuration') return { kind: 'google_configuration', severity: 'critical', failures: state.configurationFailures }
  if (family === 'not-connected') return { kind: 'google_not_connected', severity: 'notice', failures: 0 }
  if (family === 'data') {
    // A sheet that cannot be found may be Google's own hiccup: one more cycle decides.
    const sure = state.failure?.hint !== 'not-found' || state.dataFailures > 1
    return sure ? { kind: 'sheet_problem', severity: 'warning', failures: state.dataFailures } : null
  }
  // While a token or client alert stands, a passing fault says nothing new about it. An unconfirmed one was never told.
  if (state.reauthFailures > TOLERATED || state.configurationFailures > 0) return null
  const failures = state.transientFailures
  if (failures > TOLERATED) return { kind: 'sync_failing', severity: 'warning', failures }
  return isStale(state, now) ? { kind: 'sync_stale', severity: 'warning', failures } : null
}

/** `more`: what the evidence holds beyond the state. */
function failing(state: SyncState, family: Family, more: Partial<Evidence>, now: number, policy: SyncPolicy): SyncDecision {
  const verdict = judge(state, family, now)
  if (verdict === null) return { state, signals: [] }
  const { kind, severity, failures } = verdict
  const evidence = { ...evidenceOf(state, failures, now, policy.account), ...more }
  return { state, signals: [{ status: 'failing', key: 'port-sheet/sync', kind, severity, evidence }] }
}

function rowsSignal(outcome: Exclude<SyncOutcome, { kind: 'blocked' }>): Signal {
  const rows = outcome.quarantined
  if (rows.length === 0) return { status: 'ok', key: 'port-sheet/rows', summary: 'All rows of the port sheet can be read.' }
  const evidence = {
    ...NO_EVIDENCE,
    class: 'data',
    code: 'rows-quarantined',
    failures: rows.length,
    findings: rows.flatMap(describeQuarantine),
  }
  return { status: 'failing', key: 'port-sheet/rows', kind: 'rows_quarantined', severity: 'warning', evidence }
}

/**
 * What one run of the sync means: the next state, when to try again, and what to report. Pure; the only place where
 * retries of Google are decided. Rules: confirmations, then 1 h, 4 h, 24 h for what a person must mend; the regular
 * cycle, at most 1 h, for what passes.
 */
export function decideSync(before: SyncState, outcome: SyncOutcome, now: number, policy: SyncPolicy): SyncDecision {
  if (outcome.kind === 'synced') {
    const state = { ...FRESH_SYNC_STATE, lastAttemptAt: now, lastSuccessAt: now }
    return { state, signals: [{ status: 'ok', key: 'port-sheet/sync', summary: describeChanges(outcome.changes) }, rowsSignal(outcome)] }
  }
  const failure: GoogleFailure | null = outcome.kind === 'blocked' ? outcome.failure : null
  const family = failure === null ? 'data' : FAMILY[failure.class]
  const counted = count({ ...before, lastAttemptAt: now, firstFailureAt: before.firstFailureAt ?? now, failure }, family)
  const state = { ...counted, nextAttemptAt: nextAttempt(counted, family, failure, now, policy) }
  if (outcome.kind === 'blocked') return failing(state, family, {}, now, policy)
  const holds = outcome.problems.flatMap((problem) =>
    problem.code === 'held' ? [{ tab: problem.tab, contentHash: problem.contentHash }] : [],
  )
  const codes = [...new Set(outcome.problems.map(({ code }) => code))].join(', ')
  const decision = failing(
    state,
    'data',
    { findings: outcome.problems.map(describeProblem), holds, class: 'data', code: codes },
    now,
    policy,
  )
  return { state: decision.state, signals: [...decision.signals, rowsSignal(outcome)] }
}

/** No success for too long: the check that fires even when no run does. Null while another alert already says why. */
export function decideStaleness(state: SyncState, now: number, account: string | null): Signal | null {
  const told = state.reauthFailures > TOLERATED || state.transientFailures > TOLERATED
  if (!isStale(state, now) || told || state.configurationFailures > 0 || state.dataFailures > 0) return null
  const evidence = evidenceOf(state, state.transientFailures, now, account)
  return { status: 'failing', key: 'port-sheet/sync', kind: 'sync_stale', severity: 'warning', evidence }
}
