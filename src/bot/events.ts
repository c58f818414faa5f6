import type { Clock } from '../clock.ts'
import { repostCard } from '../services/incidents/report.ts'
import type { IncidentPorts } from '../services/incidents/ports.ts'
import type { InboxPorts, ReceivedEvent } from '../services/work/inbox.ts'
import type { UnitOfWork } from '../unit-of-work.ts'

/** The event types that are kept; everything else is acknowledged and dropped. The manifest subscribes to what feeds these. */
export const HANDLED_EVENTS: Readonly<Record<string, readonly string[]>> = {
  message: ['message.channels', 'message.groups'],
}

type Fields = Readonly<Record<string, unknown>>

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})

/** The timestamp of a message that an event says is gone. A parent with replies becomes a tombstone instead. */
function deletedMessage(event: Fields): { channel: string; ts: string } | null {
  const { channel, subtype } = event
  const changed = fieldsOf(event['message'])
  const ts =
    subtype === 'message_deleted'
      ? event['deleted_ts']
      : subtype === 'message_changed' && changed['subtype'] === 'tombstone'
        ? changed['ts']
        : undefined
  return typeof channel === 'string' && typeof ts === 'string' ? { channel, ts } : null
}

/** Whether an event is worth keeping. Ordinary messages are not read in this version. */
export function isWanted(event: Fields): boolean {
  return event['type'] === 'message' && deletedMessage(event) !== null
}

export interface EventDeps {
  readonly uow: UnitOfWork<IncidentPorts & InboxPorts>
  readonly clock: Clock
  readonly wake: () => void
}

async function handle(deps: EventDeps, received: ReceivedEvent): Promise<void> {
  const now = deps.clock.now()
  await deps.uow.run(async (ports) => {
    const deleted = deletedMessage(received.event)
    const incident = deleted === null ? null : await ports.incidents.findByCard(deleted.channel, deleted.ts)
    if (incident !== null) await repostCard(ports, incident.id, false, now)
    await ports.inbox.markDone(received.id, now)
  })
}

/** Handles what was received and has had no effect yet: each event's effect and its mark are one transaction. */
export async function drainEvents(deps: EventDeps): Promise<void> {
  const pending = await deps.uow.run(({ inbox }) => inbox.pending())
  for (const received of pending) await handle(deps, received)
  if (pending.length > 0) deps.wake()
}
