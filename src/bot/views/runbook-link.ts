import type { Incident } from '../../services/incidents/incident.ts'
import { runbookSectionOf } from '../../services/incidents/wording.ts'

/**
 * Where the runbook tells about a kind of incident, as Slack takes it: a link to its section, or, without a public address, the
 * section's name. `address`: of the runbook's page.
 */
export function runbookText(kind: Incident['kind'], address: string | null): string {
  const section = runbookSectionOf(kind)
  return address === null ? `Runbook: section ${section}` : `Runbook: <${address}#${section}|${section}>`
}
