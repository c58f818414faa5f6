import type { AuditAct, AuditDetails, AuditEntry, Meanwhile } from '../audit/audit.ts'
import type { DutyKey } from '../signals/signal.ts'
import type { Act, Incident } from './incident.ts'

/** How an act is written down; null: it is no person's, or the consent that brought it about is written down itself. */
const AUDITED = {
  ack: 'incident.ack',
  snooze: 'incident.snooze',
  assign: 'incident.assign',
  resolve: 'incident.resolve',
  consented: null,
  'consent-refused': null,
  wake: null,
  remind: null,
} as const satisfies Record<Act['do'], AuditAct | null>

function detailsOf(act: Act): AuditDetails {
  if (act.do === 'snooze') return { until: act.until }
  return act.do === 'assign' ? { to: act.to } : {}
}

/** What people do to a part as a whole, by the part's name in its duties: it may be what an incident of it was cured by. */
const PART_ACTS: Readonly<Record<string, readonly AuditAct[]>> = {
  'port-sheet': ['sync.now', 'sync.apply', 'reauth.start', 'reauth.done', 'reauth.refused', 'settings.changed', 'key.rotated'],
  agent: ['agent.pause', 'agent.resume', 'mcp.accept', 'settings.changed', 'key.rotated'],
  host: ['health.now'],
}

/** What was done while an incident lasted that belongs to its story although it was not done to it. */
export function meanwhileOf({ key, symptoms, evidence, openedAt, resolvedAt }: Incident, now: number): Meanwhile {
  const keys: readonly DutyKey[] = [key, ...symptoms.map((one) => one.key)]
  const acts = keys.flatMap((one) => PART_ACTS[one.split('/')[0] ?? ''] ?? [])
  return { acts: [...new Set(acts)], from: Math.min(evidence.firstFailureAt ?? openedAt, openedAt), to: resolvedAt ?? now }
}

/** The entry of an act that was done. Pure. */
export function auditOf(incidentId: number, act: Act, now: number): AuditEntry | null {
  const name = AUDITED[act.do]
  if (name === null || !('by' in act)) return null
  return { at: now, actor: act.by, act: name, subject: `incident:${incidentId}`, details: detailsOf(act) }
}
