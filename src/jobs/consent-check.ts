import { CONNECTION, type Connection, type ConnectionPorts } from '../services/google/connection.ts'
import { DEATHS, readDeaths, withDeath } from '../services/google/token-life.ts'
import { isOpen } from '../services/incidents/incident.ts'
import type { IncidentPorts } from '../services/incidents/ports.ts'
import { report } from '../services/incidents/report.ts'
import { decideCountdown } from '../services/sheets/countdown.ts'
import type { SyncStateStore } from '../services/sheets/ports.ts'
import type { Signal } from '../services/signals/signal.ts'
import type { Settings } from '../services/work/inbox.ts'
import type { WorkPorts } from '../services/work/work.ts'

export type ConsentCheckPorts = ConnectionPorts &
  IncidentPorts &
  WorkPorts & { readonly settings: Settings; readonly syncState: SyncStateStore }

/** Remembers the death of a token, when Google refused it without a reason of its own. */
export async function rememberDeath(
  { settings }: { settings: Settings },
  connection: Connection | null,
  signals: readonly Signal[],
  now: number,
) {
  const died = signals.find((signal) => signal.status === 'failing' && signal.kind === 'oauth_token_failure')
  if (connection === null || died?.status !== 'failing' || died.evidence.code !== 'invalid_grant' || died.evidence.hint !== null) return
  const { generation, consentedAt } = connection
  const deaths = withDeath(readDeaths(await settings.get(DEATHS)), { generation, consentedAt, diedAt: died.evidence.firstFailureAt ?? now })
  await settings.set(DEATHS, JSON.stringify(deaths))
}

/** Google says anew at each refresh how long is left, never quite the same. */
const SAME_END_MS = 3_600_000

/** Whether people know of this end already: it is told once, and what a person closed stays closed. */
async function isKnown({ incidents }: IncidentPorts, signal: Signal): Promise<boolean> {
  if (signal.status === 'ok') return false
  const latest = await incidents.latest(signal.key)
  if (latest === null || (!isOpen(latest) && latest.proven) || latest.state === 'recovering') return false
  return Math.abs((latest.evidence.endsAt ?? 0) - (signal.evidence.endsAt ?? 0)) < SAME_END_MS
}

/** Warns before the token ends, and sees when it was renewed; asks to be run again at the right time. In the caller's transaction. */
export async function checkConsent(ports: ConsentCheckPorts, now: number): Promise<void> {
  const connection = await ports.connections.read(CONNECTION)
  if (connection === null) return
  const deaths = readDeaths(await ports.settings.get(DEATHS))
  const { signal, lookAt } = decideCountdown(connection, deaths, await ports.syncState.read(), now)
  if (signal !== null && !(await isKnown(ports, signal))) await report(ports, signal, now)
  if (lookAt !== null) await ports.work.schedule({ job: 'consent-check', subject: '', dueAt: lookAt, reason: 'due', by: null })
}
