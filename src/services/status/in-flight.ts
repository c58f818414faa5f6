import type { UnitOfWork } from '../../unit-of-work.ts'
import type { SessionStore } from '../agent/ports.ts'
import type { Dispatch } from '../delivery/dispatch.ts'
import type { IncidentStore } from '../incidents/ports.ts'
import type { OutboxStore } from '../messages/outbox.ts'

export interface InFlightPorts {
  readonly sessions: SessionStore
  readonly incidents: IncidentStore
  readonly outbox: OutboxStore<Dispatch>
}

/** What would stop in the middle if the bot died now, in few plain words each: sessions, open incidents, messages that wait. */
export function readInFlight(uow: UnitOfWork<InFlightPorts>): Promise<readonly string[]> {
  return uow.run(async ({ sessions, incidents, outbox }) => {
    const live = (await sessions.live()).map(
      ({ id, taskId, status }) => `session ${id} on task ${taskId}${status === 'waiting' ? ', which waits' : ''}`,
    )
    const open = (await incidents.open()).map(
      ({ id, severity }) => `incident ${id}${severity === 'notice' ? '' : ` (${severity === 'critical' ? 'CRITICAL' : 'WARNING'})`}`,
    )
    const waiting = (await outbox.backlog()).reduce((sum, { count }) => sum + count, 0)
    return [...live, ...open, ...(waiting === 0 ? [] : [`${waiting} unsent ${waiting === 1 ? 'message' : 'messages'}`])]
  })
}
