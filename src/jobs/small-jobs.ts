import { CONNECTION, type ConnectionPorts } from '../services/google/connection.ts'
import type { IncidentPorts } from '../services/incidents/ports.ts'
import { heldUntil } from '../services/incidents/escalate.ts'
import { act, report } from '../services/incidents/report.ts'
import { decideStaleness } from '../services/sheets/policy.ts'
import type { SyncStateStore } from '../services/sheets/ports.ts'
import { recordAge, type SyncAgePorts } from '../services/status/sync-age.ts'
import type { Housekeeping } from '../services/work/inbox.ts'
import type { JobPorts } from '../services/work/work.ts'
import { checkConsent, type ConsentCheckPorts } from './consent-check.ts'
import type { Job, JobResult } from './job.ts'

const DEADLINE_MS = 30_000

/** A body that only reads and writes the store: all of it is the commit. */
function storeJob<Ports extends JobPorts>(
  outcome: string,
  body: (ports: Ports, subject: string, now: number) => Promise<void>,
): Job<Ports> {
  const failed = (message: string): JobResult<Ports> => ({ outcome: 'failed', summary: message })
  return {
    deadlineMs: DEADLINE_MS,
    run: (work, now) => Promise.resolve({ outcome, summary: '', commit: (ports) => body(ports, work.subject, now) }),
    failed: (_work, _now, { message }) => failed(message),
  }
}

/** Fires when no sync has succeeded for two hours, also when none has run at all. Each success puts it off. */
export function createStalenessJob(): Job<JobPorts & IncidentPorts & ConnectionPorts & SyncAgePorts & { syncState: SyncStateStore }> {
  return storeJob('checked', async (ports, _subject, now) => {
    await recordAge(ports, now)
    const connection = await ports.connections.read(CONNECTION)
    const signal = decideStaleness(await ports.syncState.read(), now, connection?.email ?? null)
    if (signal !== null) await report(ports, signal, now)
  })
}

/**
 * Ends a snooze, and reminds of what nobody has reacted to. What is not due yet, because the clock was set back or it was put
 * off, is looked at again in time; a reminder that would come at night waits for the morning, unless it is critical.
 */
export function createWakeJob(zone: string): Job<JobPorts & IncidentPorts> {
  return storeJob('woken', async (ports, subject, now) => {
    const id = Number(subject)
    await act(ports, id, { do: 'wake' }, now)
    const incident = await ports.incidents.find(id)
    if (incident === null) return
    const { state, snoozedUntil, remindAt } = incident
    if (state === 'snoozed' && snoozedUntil !== null) await ports.wakes.wakeAt(id, snoozedUntil)
    if (state !== 'open' || remindAt === null) return
    const held = heldUntil(incident, now, zone)
    if (remindAt > now || held !== null) await ports.wakes.wakeAt(id, Math.max(remindAt, held ?? 0))
    else await act(ports, id, { do: 'remind' }, now)
  })
}

/** Warns a day before the token ends; each sync does so, too. */
export function createConsentCheckJob(): Job<JobPorts & ConsentCheckPorts> {
  return storeJob('checked', (ports, _subject, now) => checkConsent(ports, now))
}

/** Once a day: deletes what nobody asks for any more. */
export function createHousekeepingJob(): Job<JobPorts & { housekeeping: Housekeeping }> {
  return storeJob('swept', async (ports, _subject, now) => {
    await ports.housekeeping.sweep(now)
  })
}
