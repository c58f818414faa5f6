import type { PersonRequest } from '../agent/request.ts'
import { isLive } from '../agent/session.ts'
import { repostCard } from '../incidents/report.ts'
import { MOST_CARDS, readSubject, type CardSubject } from '../messages/card.ts'
import type { DeliveryPorts } from './ports.ts'

/** A request's next card shows its latest state, under whatever card its session has by then. */
async function askAgain(ports: DeliveryPorts, { id, sessionId }: PersonRequest, number: number, now: number): Promise<void> {
  const dispatch = { kind: 'request-card' as const, requestId: id, sessionId }
  await ports.outbox.add({ key: `request:${id}:post-card:again:${number}`, target: 'slack', lane: `session:${sessionId}`, dispatch }, now)
}

async function repostSession(ports: DeliveryPorts, sessionId: number, always: boolean, now: number): Promise<number> {
  const session = await ports.sessions.find(sessionId)
  if (session === null) return 0
  const subject = `session:${sessionId}` as const
  const number = await ports.cards.drop(subject)
  if (!always && (!isLive(session) || number > MOST_CARDS)) return number
  const dispatch = { kind: 'session-card' as const, sessionId }
  await ports.outbox.add({ key: `${subject}:post-card:again:${number}`, target: 'slack', lane: subject, dispatch }, now)
  // What is asked in the old thread nobody finds any more. A card that is still to be posted follows by itself.
  for (const request of await ports.requests.open(sessionId)) {
    if ((await ports.cards.find(`request:${request.id}`)) === null) continue
    await askAgain(ports, request, await ports.cards.drop(`request:${request.id}`), now)
  }
  return number
}

async function repostRequest(ports: DeliveryPorts, requestId: number, now: number): Promise<number> {
  const request = await ports.requests.find(requestId)
  if (request === null) return 0
  const number = await ports.cards.drop(`request:${requestId}`)
  if (request.state === 'open' && number <= MOST_CARDS) await askAgain(ports, request, number, now)
  return number
}

async function repostTask(ports: DeliveryPorts, taskId: number, always: boolean, now: number): Promise<number> {
  const subject = `task:${taskId}` as const
  const number = await ports.cards.drop(subject)
  if (!always) return number
  const dispatch = { kind: 'task-card' as const, taskId }
  await ports.outbox.add({ key: `${subject}:post-card:again:${number}`, target: 'slack', lane: subject, dispatch }, now)
  return number
}

/** A digest that somebody deleted stays away, unless something is still to be told under it. */
async function repostDigest(ports: DeliveryPorts, digestId: number, always: boolean, now: number): Promise<number> {
  const subject = `digest:${digestId}` as const
  const number = await ports.cards.drop(subject)
  if (!always) return number
  const dispatch = { kind: 'digest-card' as const, digestId }
  await ports.outbox.add({ key: `${subject}:post-card:again:${number}`, target: 'slack', lane: subject, dispatch }, now)
  return number
}

/**
 * A card is gone from Slack: posts another one. What has ended gets one only when something still has to be told under it
 * (`always`), and a request that was decided never: its session tells. Gives the number of cards there were, the new one
 * included.
 */
export async function repost(ports: DeliveryPorts, subject: CardSubject, always: boolean, now: number): Promise<number> {
  const { of, id } = readSubject(subject)
  switch (of) {
    case 'incident':
      return repostCard(ports, id, always, now)
    case 'session':
      return repostSession(ports, id, always, now)
    case 'request':
      return repostRequest(ports, id, now)
    case 'task':
      return repostTask(ports, id, always, now)
    case 'digest':
      return repostDigest(ports, id, always, now)
  }
}

/** Somebody deleted a message: if it was the card of something that goes on, that card comes back. */
export async function messageDeleted(ports: DeliveryPorts, channel: string, ts: string, now: number): Promise<void> {
  const subject = await ports.cards.subjectAt(channel, ts)
  if (subject !== null) await repost(ports, subject, false, now)
}
