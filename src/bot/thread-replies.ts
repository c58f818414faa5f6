import { hear } from '../services/agent/people.ts'
import type { AgentPorts } from '../services/agent/ports.ts'
import { readSubject } from '../services/messages/card.ts'
import { readTyped } from './slack-text.ts'

/** What people write in the thread of a session's card. Requests' cards stand in that thread, so their answers come here, too. */

type Fields = Readonly<Record<string, unknown>>

export interface ThreadReply {
  readonly channel: string
  readonly threadTs: string
  readonly user: string
  /** As Slack sends it, escaped. */
  readonly text: string
}

/** Kinds of messages that people write; all others are Slack's own or a bot's. */
const WRITTEN: ReadonlySet<unknown> = new Set([undefined, 'file_share', 'thread_broadcast'])

/** Longer ones are cut: it is an answer, not a document. */
const LONGEST = 8000

/** A reply that a person wrote in some thread; null: it is something else. */
export function threadReply(event: Fields): ThreadReply | null {
  const { type, subtype, bot_id: bot, channel, thread_ts: threadTs, ts, user, text } = event
  if (type !== 'message' || bot !== undefined || !WRITTEN.has(subtype) || threadTs === ts) return null
  const known = [channel, threadTs, user, text].every((one) => typeof one === 'string' && one !== '')
  return known ? { channel: channel as string, threadTs: threadTs as string, user: user as string, text: text as string } : null
}

/** The session in whose thread an operator wrote; null: it is another thread, or somebody else, who is not heard. */
export async function sessionOf(
  { cards }: Pick<AgentPorts, 'cards'>,
  reply: ThreadReply,
  operators: readonly string[],
): Promise<number | null> {
  if (!operators.includes(reply.user)) return null
  const subject = await cards.subjectAt(reply.channel, reply.threadTs)
  const about = subject === null ? null : readSubject(subject)
  return about?.of === 'session' ? about.id : null
}

/** Gives a reply to its session, in the caller's transaction. */
export async function hearReply(ports: AgentPorts, reply: ThreadReply, operators: readonly string[], now: number): Promise<void> {
  const sessionId = await sessionOf(ports, reply, operators)
  if (sessionId !== null) await hear(ports, sessionId, { by: reply.user, text: readTyped(reply.text).slice(0, LONGEST) }, now)
}
