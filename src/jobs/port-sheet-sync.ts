import type { Log } from '../log.ts'
import { CONNECTION, type ConnectionPorts } from '../services/google/connection.ts'
import { NOT_CONNECTED } from '../services/google/classify.ts'
import type { GoogleFailure } from '../services/google/failure.ts'
import { concerns } from '../services/incidents/incident.ts'
import { report } from '../services/incidents/report.ts'
import { applyRules, type RulesDeps, type RulesPorts } from '../services/rules/apply.ts'
import type { SyncOutcome } from '../services/sheets/outcome.ts'
import { decideSync } from '../services/sheets/policy.ts'
import { STALE_AFTER_MS, type SyncState } from '../services/sheets/sync-state.ts'
import type { SheetPorts, SyncStateStore } from '../services/sheets/ports.ts'
import { describeChanges, describeProblem } from '../services/sheets/wording.ts'
import { recordAge, type SyncAgePorts } from '../services/status/sync-age.ts'
import type { Settings } from '../services/work/inbox.ts'
import { SYNC_JOB, type ClaimedWork, type JobPorts } from '../services/work/work.ts'
import { checkConsent, rememberDeath } from './consent-check.ts'
import type { Job, JobResult } from './job.ts'

export interface SyncJobPorts extends JobPorts, ConnectionPorts, SheetPorts, RulesPorts {
  readonly syncState: SyncStateStore
  readonly syncAge: SyncAgePorts['syncAge']
  readonly settings: Settings
}

export interface SyncJobDeps {
  readonly log: Log
  readonly sync: (now: number, signal: AbortSignal) => Promise<SyncOutcome>
  /** What follows from the sheet by itself; null: nothing does. */
  readonly rules: RulesDeps | null
  readonly confirmDelaysMs: readonly number[]
  /** The first regular cycle after `now`. */
  readonly nextCycleAt: (now: number) => number
}

const COMPONENT = 'port-sheet'

function summaryOf(outcome: SyncOutcome): string {
  if (outcome.kind === 'blocked') return `${outcome.failure.class} (${outcome.failure.code})`
  return outcome.kind === 'data' ? outcome.problems.map(describeProblem).join(' ') : describeChanges(outcome.changes)
}

/** The old daemon's words where it had them, so that what people grep for is still there; the class added. */
function failureLine({ endpoint, status, code, detail }: GoogleFailure): string {
  const what = endpoint === 'token' ? 'token error' : 'sheet error'
  return status === undefined ? `${what}: ${code}` : `${what}: HTTP Error ${status}: ${(detail ?? code).replace(/\.$/, '')}`
}

function writeLog(log: Log, outcome: SyncOutcome, state: SyncState, now: number): void {
  if (outcome.kind === 'blocked') {
    const { failure } = outcome
    if (failure.class === 'not-connected') {
      log.info(COMPONENT, 'Google is not connected yet, nothing was read')
      return
    }
    const seconds = state.nextAttemptAt === null ? null : (state.nextAttemptAt - now) / 1000
    const wait = seconds === null ? '' : seconds < 60 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`
    const next = wait === '' ? 'retrying at the next cycle' : `retrying in ${wait}`
    log.warn(COMPONENT, `${failureLine(failure)}; ${next}`, { class: failure.class, code: failure.code })
    return
  }
  const fields = { charters: outcome.charters, quarantined: outcome.quarantined.length }
  if (outcome.kind === 'synced') log.info(COMPONENT, `synced. ${describeChanges(outcome.changes)}`, fields)
  else for (const problem of outcome.problems) log.warn(COMPONENT, describeProblem(problem), { class: 'data', code: problem.code })
  for (const { title, current } of outcome.renamed) log.info(COMPONENT, `the tab ${title} is now called "${current}"; read all the same`)
}

async function tellUnknownColumns(ports: SyncJobPorts, outcome: SyncOutcome, now: number): Promise<void> {
  if (outcome.kind === 'blocked') return
  for (const { tab, name } of outcome.unknownColumns) {
    const text = `The port sheet has a column the bot does not know: "${name.slice(0, 60)}" (tab ${tab}). It is ignored. To use it, name it in sheet.yml.`
    // Remembered apart from the outbox, whose old rows are swept: said once, and not once a month's tab.
    const memory = `unknown-column:${name}`
    if ((await ports.settings.get(memory)) !== null) continue
    await ports.settings.set(memory, String(now))
    await ports.outbox.add(
      { key: `unknown-column:${name}`, target: 'slack', lane: 'notices', dispatch: { kind: 'notice', text, by: null } },
      now,
    )
  }
}

async function commit(deps: SyncJobDeps, ports: SyncJobPorts, outcome: SyncOutcome, demanded: boolean, now: number): Promise<void> {
  const connection = await ports.connections.read(CONNECTION)
  const open = await ports.incidents.open()
  const policy = {
    confirmDelaysMs: deps.confirmDelaysMs,
    nextCycleAt: deps.nextCycleAt(now),
    account: connection?.email ?? null,
    demanded,
    hasIncident: open.some((incident) => concerns(incident, 'port-sheet/sync')),
  }
  const { state, signals } = decideSync(await ports.syncState.read(), outcome, now, policy)
  // How old the last reading became, and then what this one left.
  await recordAge(ports, now)
  await ports.syncState.write(state)
  await recordAge(ports, now)
  for (const signal of signals) await report(ports, signal, now)
  await rememberDeath(ports, connection, signals, now)
  await checkConsent(ports, now)
  const base = { subject: '', by: null }
  if (state.nextAttemptAt !== null) await ports.work.schedule({ ...base, job: SYNC_JOB, dueAt: state.nextAttemptAt, reason: 'retry' })
  if (outcome.kind === 'synced') {
    await ports.work.schedule({ ...base, job: 'staleness-check', dueAt: now + STALE_AFTER_MS + 1, reason: 'due' })
  }
  await tellUnknownColumns(ports, outcome, now)
  if (outcome.kind !== 'blocked' && deps.rules !== null) await applyRules(ports, deps.rules, now)
  writeLog(deps.log, outcome, state, now)
}

/** The port sheet's cycle: read and apply, then state, signals and the next attempt in one transaction. */
export function createSyncJob(deps: SyncJobDeps): Job<SyncJobPorts> {
  const result = (outcome: SyncOutcome, { demanded }: ClaimedWork, now: number): JobResult<SyncJobPorts> => ({
    outcome: outcome.kind,
    summary: summaryOf(outcome),
    commit: (ports) => commit(deps, ports, outcome, demanded, now),
  })
  return {
    deadlineMs: 180_000,
    run: async (work, now, signal) => result(await deps.sync(now, signal), work, now),
    failed: (work, now, { code }) => result({ kind: 'blocked', failure: { ...NOT_CONNECTED, class: 'unknown', code } }, work, now),
  }
}
