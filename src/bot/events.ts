import type { Clock } from '../clock.ts'
import { describeError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { AgentPorts } from '../services/agent/ports.ts'
import type { Dispatch } from '../services/delivery/dispatch.ts'
import type { DeliveryPorts } from '../services/delivery/ports.ts'
import { messageDeleted } from '../services/delivery/repost.ts'
import type { OutboxStore } from '../services/messages/outbox.ts'
import type { HomePorts } from '../services/status/home-ports.ts'
import type { InboxPorts, ReceivedEvent } from '../services/work/inbox.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import { hearIncident, incidentOf, type ThreadDeps, type ThreadPorts } from './incident-thread.ts'
import { hearReply, sessionOf, threadReply } from './thread-replies.ts'

/** The event types that are kept; everything else is acknowledged and dropped. The manifest subscribes to what feeds these. */
export const HANDLED_EVENTS: Readonly<Record<string, readonly string[]>> = {
  message: ['message.channels', 'message.groups'],
  app_home_opened: ['app_home_opened'],
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

/** Who opened the bot's Home tab, if that is what happened. */
function homeOpener({ type, tab, user }: Fields): string | null {
  return type === 'app_home_opened' && tab === 'home' && typeof user === 'string' && user !== '' ? user : null
}

/** Whether an event may be worth keeping, by its looks. Messages outside threads are never read. */
export function isWanted(event: Fields): boolean {
  return homeOpener(event) !== null || (event['type'] === 'message' && (deletedMessage(event) !== null || threadReply(event) !== null))
}

/** Keeps an event, once. Of what people write in threads, only what operators write to a session is kept, and what is said of an incident. */
export async function keepEvent(
  ports: Pick<DeliveryPorts, 'cards'> & InboxPorts & HomePorts,
  received: ReceivedEvent,
  operators: readonly string[],
  now: number,
): Promise<boolean> {
  const opener = homeOpener(received.event)
  if (opener !== null) {
    // Only somebody who looks: who that is is remembered, and seen twice it is the same.
    await ports.homes.opened(opener, now)
    return true
  }
  const reply = threadReply(received.event)
  const isHeard = reply === null || (await sessionOf(ports, reply, operators)) !== null || (await incidentOf(ports, reply)) !== null
  if (!isHeard) return false
  return ports.inbox.receive(received, now)
}

export interface EventDeps extends ThreadDeps {
  readonly uow: UnitOfWork<DeliveryPorts & AgentPorts & InboxPorts & ThreadPorts & { readonly outbox: OutboxStore<Dispatch> }>
  readonly clock: Clock
  readonly log: Log
  readonly wake: () => void
}

async function handle(deps: EventDeps, received: ReceivedEvent): Promise<void> {
  const now = deps.clock.now()
  await deps.uow.run(async (ports) => {
    const deleted = deletedMessage(received.event)
    if (deleted !== null) await messageDeleted(ports, deleted.channel, deleted.ts, now)
    const reply = threadReply(received.event)
    if (reply !== null) {
      await hearReply(ports, reply, deps.operators, now)
      await hearIncident(ports, deps, reply, received.id, now)
    }
    await ports.inbox.markDone(received.id, now)
  })
}

/** Handles what was received and has had no effect yet: each event's effect and its mark are one transaction. */
export async function drainEvents(deps: EventDeps): Promise<void> {
  let handled = 0
  for (const received of await deps.uow.run(({ inbox }) => inbox.pending())) {
    try {
      await handle(deps, received)
      handled += 1
    } catch (error) {
      // It stays pending and is tried again at the next look; the events behind it do not wait for it.
      deps.log.error('slack', `event ${received.id}: ${describeError(error)}`)
    }
  }
  if (handled > 0) deps.wake()
}
