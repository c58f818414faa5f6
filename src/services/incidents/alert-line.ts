import { isOpen, type Incident, type Symptom } from './incident.ts'
import { actionOf, runbookOf, titleOf, unmarked } from './wording.ts'

/** The same where it may be about no incident: the state that would hold one cannot be written. */
export type AnyAlertLine = Omit<AlertLine, 'incident'> & { readonly incident: number | null }

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

function message(incident: Incident, symptom: Symptom | undefined): string {
  const summary = symptom === undefined ? incident.resolution : symptom.summary
  const isProven = symptom === undefined ? incident.proven : !symptom.failing
  if (isProven) return `Recovered: ${summary ?? 'seen working again'}`
  return isOpen(incident) ? titleOf(symptom ?? incident) : `Closed by ${incident.resolvedBy ?? 'a person'}, not proven`
}

/** `symptom`: the line is about that duty, of several that the incident is about. */
export function alertLine(incident: Incident, now: number, symptom?: Symptom): AlertLine {
  const { key, kind, severity, evidence } = symptom ?? incident
  const isOver = !isOpen(incident) || symptom?.failing === false
  const provenAt = symptom?.failing === false ? now : incident.proven ? incident.resolvedAt : evidence.lastSuccessAt
  return {
    timestamp: new Date(now).toISOString(),
    severity: isOver ? 'RESOLVED' : severity === 'critical' ? 'CRITICAL' : 'WARNING',
    service: 'jada-agent',
    component: key.split('/')[0] ?? key,
    event: kind,
    incident: incident.id,
    message: message(incident, symptom),
    consecutive_failures: evidence.failures,
    first_failure: iso(evidence.firstFailureAt),
    last_success: iso(isOver ? provenAt : evidence.lastSuccessAt),
    next_attempt: isOver ? null : iso(evidence.nextAttemptAt),
    error: { class: evidence.class, code: evidence.code, status: evidence.status },
    action: isOver ? 'none' : unmarked(actionOf({ kind, evidence })),
    runbook: runbookOf(kind),
  }
}
