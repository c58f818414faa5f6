import type { UnitOfWork } from '../../unit-of-work.ts'
import { CONNECTION, type Connection, type ConnectionPorts } from '../google/connection.ts'
import type { Dispatch } from '../delivery/dispatch.ts'
import type { Incident } from '../incidents/incident.ts'
import type { IncidentPorts } from '../incidents/ports.ts'
import type { OutboxStore } from '../messages/outbox.ts'
import type { Hold, SheetPorts, SyncStateStore, TabSnapshot } from '../sheets/ports.ts'
import { isStale, standing, type Family, type SyncState } from '../sheets/sync-state.ts'
import { SYNC_JOB, type RunHistory, type RunRecord } from '../work/work.ts'

/** What the store knows at `now`. Every figure carries its time; what is not known is null and never good. */
export interface Status {
  readonly now: number
  readonly sync: SyncState
  readonly stale: boolean
  /** Which trouble stands; null: none. */
  readonly standing: Family | null
  readonly lastRun: RunRecord | null
  readonly running: boolean
  /** The run that waits beyond the regular cycle. */
  readonly waiting: Awaited<ReturnType<RunHistory['waiting']>>
  readonly tabs: readonly TabSnapshot[]
  readonly holds: readonly Hold[]
  readonly quarantined: number
  readonly connection: Pick<Connection, 'email' | 'consentedAt' | 'refreshExpiresAt'> | null
  readonly incidents: readonly Incident[]
  readonly backlog: Awaited<ReturnType<OutboxStore<Dispatch>['backlog']>>
}

export interface StatusPorts extends ConnectionPorts, SheetPorts, IncidentPorts {
  readonly outbox: OutboxStore<Dispatch>
  readonly syncState: SyncStateStore
  readonly runs: RunHistory
}

/** Reads the store only: it answers at once, and also when Google or the network is down. */
export async function readStatus(uow: UnitOfWork<StatusPorts>, now: number): Promise<Status> {
  return uow.run(async (ports) => {
    const sync = await ports.syncState.read()
    const connection = await ports.connections.read(CONNECTION)
    return {
      now,
      sync,
      stale: isStale(sync, now),
      standing: standing(sync),
      lastRun: await ports.runs.lastRun(SYNC_JOB),
      running: await ports.runs.isRunning(SYNC_JOB),
      waiting: await ports.runs.waiting(SYNC_JOB),
      tabs: await ports.charters.tabs(),
      holds: await ports.charters.holds(),
      quarantined: (await ports.charters.quarantine()).length,
      connection,
      incidents: await ports.incidents.open(),
      backlog: await ports.outbox.backlog(),
    }
  })
}
