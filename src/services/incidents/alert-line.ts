import { isOpen, type Incident } from './incident.ts'
import { actionOf, runbookOf, titleOf } from './wording.ts'

/** One line of the alert log, for CloudWatch and `jq`: names and shapes are a contract. Times are ISO, UTC. */
export interface AlertLine {
  readonly timestamp: string
  readonly severity: 'CRITICAL' | 'WARNING' | 'RESOLVED'
  readonly service: 'jada-agent'
  readonly component: string
  readonly event: string
  readonly incident: number
  readonly message: string
  readonly consecutive_failures: number
  readonly first_failure: string | null
  readonly last_success: string | null
  readonly next_attempt: string | null
  readonly error: { readonly class: string | null; readonly code: string | null; readonly status: number | null }
  readonly action: string
  readonly runbook: string
}

const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())

function message(incident: Incident): string {
  if (isOpen(incident)) return titleOf(incident)
  return incident.proven
    ? `Recovered: ${incident.resolution ?? 'seen working again'}`
    : `Closed by ${incident.resolvedBy ?? 'a person'}, not proven`
}

export function alertLine(incident: Incident, now: number): AlertLine {
  const { evidence } = incident
  return {
    timestamp: new Date(now).toISOString(),
    severity: !isOpen(incident) ? 'RESOLVED' : incident.severity === 'critical' ? 'CRITICAL' : 'WARNING',
    service: 'jada-agent',
    component: incident.key.split('/')[0] ?? incident.key,
    event: incident.kind,
    incident: incident.id,
    message: message(incident),
    consecutive_failures: evidence.failures,
    first_failure: iso(evidence.firstFailureAt),
    last_success: isOpen(incident) ? iso(evidence.lastSuccessAt) : iso(incident.proven ? incident.resolvedAt : evidence.lastSuccessAt),
    next_attempt: isOpen(incident) ? iso(evidence.nextAttemptAt) : null,
    error: { class: evidence.class, code: evidence.code, status: evidence.status },
    action: isOpen(incident) ? actionOf(incident) : 'none',
    runbook: runbookOf(incident.kind),
  }
}
