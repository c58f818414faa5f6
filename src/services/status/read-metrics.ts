import type { UnitOfWork } from '../../unit-of-work.ts'
import type { AgentLimits } from '../agent/limits.ts'
import type { AgentPorts } from '../agent/ports.ts'
import type { QuestionPorts } from '../answers/question.ts'
import { readQuestionQuota } from '../answers/quota.ts'
import type { Severity } from '../signals/signal.ts'
import type { RunHistory } from '../work/work.ts'
import { readQuota } from './read-quota.ts'
import { readStatus, type StatusPorts } from './read-status.ts'

/** A figure that may rise and fall. `labels` null: it has one value. A figure that is not known has no sample, and is never 0. */
export interface Gauge {
  readonly name: string
  readonly help: string
  readonly samples: readonly { readonly labels: Readonly<Record<string, string>> | null; readonly value: number }[]
}

export type MetricsPorts = StatusPorts & AgentPorts & QuestionPorts & { readonly runs: RunHistory }

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'notice']
const MICROS = 1_000_000

const gauge = (name: string, help: string, value: number | null): Gauge => ({
  name,
  help,
  samples: value === null ? [] : [{ labels: null, value }],
})

const by = (name: string, help: string, label: string, values: readonly (readonly [string, number])[]): Gauge => ({
  name,
  help,
  samples: values.map(([key, value]) => ({ labels: { [label]: key }, value })),
})

const seconds = (ms: number | null | undefined): number | null => (ms === null || ms === undefined ? null : ms / 1000)

async function syncGauges(uow: UnitOfWork<MetricsPorts>, now: number): Promise<Gauge[]> {
  const { sync, connection, incidents, backlog, holds, quarantined } = await readStatus(uow, now)
  const age = connection === null ? null : now - connection.consentedAt
  const ofSeverity = (severity: Severity): number => incidents.filter((incident) => incident.severity === severity).length
  const { reauthFailures, configurationFailures, dataFailures, transientFailures } = sync
  return [
    gauge('jada_sync_last_success_timestamp_seconds', 'When the port sheet was last synced.', seconds(sync.lastSuccessAt)),
    by('jada_sync_failures', 'Failures of the sync in a row, by what has to happen for them to go away.', 'family', [
      ['reauth', reauthFailures],
      ['configuration', configurationFailures],
      ['data', dataFailures],
      ['transient', transientFailures],
    ]),
    gauge('jada_sync_quarantined_rows', 'Rows of the port sheet that cannot be read.', quarantined),
    gauge('jada_sync_held_tabs', 'Tabs whose change waits for a yes.', holds.length),
    gauge('jada_google_token_age_seconds', 'Time since the consent that the present token comes from.', seconds(age)),
    gauge('jada_google_token_expiry_timestamp_seconds', 'When Google said the token ends.', seconds(connection?.refreshExpiresAt)),
    by(
      'jada_incidents_open',
      'Incidents that are not resolved.',
      'severity',
      SEVERITIES.map((severity) => [severity, ofSeverity(severity)]),
    ),
    by(
      'jada_outbox_messages',
      'Messages that wait to be delivered.',
      'target',
      backlog.map(({ target, count }) => [target, count]),
    ),
    by(
      'jada_outbox_oldest_seconds',
      'How long the oldest of them has waited.',
      'target',
      backlog.map(({ target, since }) => [target, Math.max(0, now - since) / 1000]),
    ),
  ]
}

async function agentGauges(uow: UnitOfWork<MetricsPorts>, limits: AgentLimits, now: number): Promise<Gauge[]> {
  const { used, today, tasks, pause } = await readQuota(uow, { limits, hasKey: true }, now)
  return [
    gauge('jada_sessions_used', 'Sessions of this day (UTC).', used),
    gauge('jada_sessions_limit', 'Sessions that may begin on a day.', limits.sessionsPerDay),
    gauge('jada_budget_spent_dollars', 'Dollars of this day (UTC), with what is reserved.', today.cost / MICROS),
    gauge('jada_budget_limit_dollars', 'Dollars that a day may cost.', limits.dailyBudget / MICROS),
    gauge('jada_agent_paused', '1 while no session begins or goes on.', pause === null ? 0 : 1),
    by('jada_tasks', 'Tasks by their state.', 'state', Object.entries(tasks)),
  ]
}

async function questionGauges(uow: UnitOfWork<MetricsPorts>, dayBudget: number, now: number): Promise<Gauge[]> {
  const { spent, budget } = await readQuestionQuota(uow, dayBudget, now)
  return [
    gauge('jada_questions_spent_dollars', 'Dollars that answers in threads cost on this day (UTC), with what is reserved.', spent / MICROS),
    gauge('jada_questions_limit_dollars', 'Dollars that they may cost on a day.', budget / MICROS),
  ]
}

/** What a monitoring system may know: figures from the store, no names and no texts. */
export async function readMetrics(
  uow: UnitOfWork<MetricsPorts>,
  { limits, questionBudget }: { readonly limits: AgentLimits; readonly questionBudget: number },
  now: number,
): Promise<Gauge[]> {
  const lastBackup = await uow.run(({ runs }) => runs.lastRun('backup'))
  return [
    ...(await syncGauges(uow, now)),
    ...(await agentGauges(uow, limits, now)),
    ...(await questionGauges(uow, questionBudget, now)),
    gauge(
      'jada_backup_last_success_timestamp_seconds',
      'When the last daily backup was made and read back; missing when the last one failed.',
      lastBackup?.outcome === 'kept' ? seconds(lastBackup.finishedAt) : null,
    ),
  ]
}
