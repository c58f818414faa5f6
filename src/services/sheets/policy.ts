import type { GoogleFailure } from '../google/failure.ts'
import { NO_EVIDENCE, type Evidence, type Severity, type Signal, type SignalKind } from '../signals/signal.ts'
import type { SyncOutcome } from './outcome.ts'
import { nextAttempt, type Rhythm } from './schedule.ts'
import { count, FAMILY, FRESH_SYNC_STATE, isStale, standing, TOLERATED, type Family, type SyncState } from './sync-state.ts'
import { describeChanges, describeProblem, describeQuarantine } from './wording.ts'

export interface SyncPolicy extends Rhythm {
  /** The account the connection is pinned to, for messages. */
  readonly account: string | null
  /** Whether this run was asked for, by an operator or after a consent. */
  readonly demanded: boolean
  /** Whether an incident about the sync is open: then every failure is told, so that its card stays true. */
  readonly hasIncident: boolean
}

export interface SyncDecision {
  readonly state: SyncState
  readonly signals: readonly Signal[]
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
    lastReadAt: state.lastReadAt ?? state.lastSuccessAt,
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

/** Whether this failure is worth a person's attention yet, and as what. While an incident is open, each one is. */
function judge(state: SyncState, family: Family, now: number, hasIncident: boolean): Verdict | null {
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
  // While a token or client alert stands, a passing fault says nothing new about it but when the next try comes.
  const stands = standing(state)
  if (stands === 'configuration' || (stands === 'reauth' && state.reauthFailures > TOLERATED)) return judge(state, stands, now, hasIncident)
  const failures = state.transientFailures
  if (failures > TOLERATED || hasIncident) return { kind: 'sync_failing', severity: 'warning', failures }
  return isStale(state, now) ? { kind: 'sync_stale', severity: 'warning', failures } : null
}

/** `more`: what the evidence holds beyond the state. */
function failing(state: SyncState, family: Family, more: Partial<Evidence>, now: number, policy: SyncPolicy): SyncDecision {
  const verdict = judge(state, family, now, policy.hasIncident)
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
    const state = { ...FRESH_SYNC_STATE, lastAttemptAt: now, lastSuccessAt: now, lastReadAt: now, tabs: outcome.tabs }
    return { state, signals: [{ status: 'ok', key: 'port-sheet/sync', summary: describeChanges(outcome.changes) }, rowsSignal(outcome)] }
  }
  const failure: GoogleFailure | null = outcome.kind === 'blocked' ? outcome.failure : null
  const family = failure === null ? 'data' : FAMILY[failure.class]
  const read = outcome.kind === 'data' ? { lastReadAt: now, tabs: outcome.tabs } : {}
  const counted = count({ ...before, ...read, lastAttemptAt: now }, family, failure, policy.demanded)
  // Another trouble began when it began, not when the one before it did.
  const firstFailureAt = standing(counted) === standing(before) ? (before.firstFailureAt ?? now) : now
  const state = { ...counted, firstFailureAt, nextAttemptAt: nextAttempt(counted, family, failure, now, policy) }
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
  // Only a sheet that could be read as a whole proves anything about its rows.
  const whole = outcome.problems.every(({ code }) => code === 'held')
  const rows = rowsSignal(outcome)
  return { state: decision.state, signals: [...decision.signals, ...(whole || rows.status === 'failing' ? [rows] : [])] }
}

/** No success for too long: the check that fires even when no run does. Null while another alert already says why. */
export function decideStaleness(state: SyncState, now: number, account: string | null): Signal | null {
  const told = state.reauthFailures > TOLERATED || state.transientFailures > TOLERATED
  if (!isStale(state, now) || told || state.configurationFailures > 0 || state.dataFailures > 0) return null
  const evidence = evidenceOf(state, state.transientFailures, now, account)
  return { status: 'failing', key: 'port-sheet/sync', kind: 'sync_stale', severity: 'warning', evidence }
}
