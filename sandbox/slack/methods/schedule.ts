import type { Events } from '../events.ts'
import { postAsBot } from '../posting.ts'
import { count, text } from '../request.ts'
import type { Fields, ScheduledMessage } from '../types.ts'
import type { Workspace } from '../workspace.ts'
import { findTarget, read } from './chat.ts'
import { failure, type Method, missingField } from './context.ts'

const MAX_AHEAD_S = 120 * 24 * 3600
const WINDOW_S = 300
const MAX_IN_WINDOW = 30
/** A message this close to its time can no longer be taken back. */
const NO_RETURN_S = 300

const seconds = (workspace: Workspace) => Math.floor(workspace.clock.now() / 1000)

function checkTime(workspace: Workspace, channel: string, postAt: number): string | undefined {
  const now = seconds(workspace)
  if (postAt <= now) return 'time_in_past'
  if (postAt > now + MAX_AHEAD_S) return 'time_too_far'
  // At most 30 messages in any five minutes of a channel.
  const near = workspace.scheduled.filter((one) => one.channel === channel && Math.abs(one.post_at - postAt) < WINDOW_S)
  return near.length >= MAX_IN_WINDOW ? 'restricted_too_many' : undefined
}

const scheduleMessage: Method = {
  scope: 'chat:write',
  run(args, context) {
    const { workspace } = context
    const found = findTarget(context, text(args, 'channel'))
    if (!found.ok) return found.answer
    const postAt = Number(args['post_at'])
    if (args['post_at'] === undefined) return missingField('post_at')
    if (!Number.isInteger(postAt)) return failure('invalid_time')
    const refusal = checkTime(workspace, found.channel.id, postAt)
    if (refusal) return failure(refusal)
    const result = read(args, context)
    if (!result.ok) return result.answer
    const threadTs = text(args, 'thread_ts')
    const message: ScheduledMessage = {
      id: workspace.newId('Q'),
      channel: found.channel.id,
      post_at: postAt,
      date_created: seconds(workspace),
      ...result.content,
      text: result.content.text ?? '',
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    }
    workspace.scheduled.push(message)
    const { id, channel, post_at, date_created: _created, ...shown } = message
    return {
      ok: true,
      channel,
      scheduled_message_id: id,
      post_at,
      message: { type: 'delayed_message', ...shown },
    }
  },
}

const deleteScheduledMessage: Method = {
  scope: 'chat:write',
  run(args, { workspace }) {
    const id = text(args, 'scheduled_message_id')
    const channel = text(args, 'channel')
    const index = workspace.scheduled.findIndex((one) => one.id === id && one.channel === channel)
    const message = workspace.scheduled[index]
    if (!message || message.post_at - seconds(workspace) < NO_RETURN_S) return failure('invalid_scheduled_message_id')
    workspace.scheduled.splice(index, 1)
    return { ok: true }
  },
}

function isWanted(args: Fields, message: ScheduledMessage): boolean {
  const channel = text(args, 'channel')
  if (channel !== undefined && channel !== message.channel) return false
  const oldest = Number(args['oldest'] ?? 0)
  const latest = Number(args['latest'] ?? Infinity)
  return message.post_at >= oldest && message.post_at <= latest
}

const list: Method = {
  run(args, { workspace }) {
    const wanted = workspace.scheduled.filter((one) => isWanted(args, one)).toSorted((a, b) => a.post_at - b.post_at)
    const start = Number(text(args, 'cursor') ?? 0)
    const end = start + count(args, 'limit', 100)
    const page = wanted.slice(start, end).map(({ id, channel, post_at, date_created, text: shown }) => {
      return { id, channel_id: channel, post_at, date_created, text: shown }
    })
    return {
      ok: true,
      scheduled_messages: page,
      response_metadata: { next_cursor: end < wanted.length ? String(end) : '' },
    }
  },
}

export const scheduleMethods: Record<string, Method> = {
  'chat.scheduleMessage': scheduleMessage,
  'chat.deleteScheduledMessage': deleteScheduledMessage,
  'chat.scheduledMessages.list': list,
}

/** Posts what is due. A message with metadata is accepted but never appears (facts: Slack drops it at its time). */
export function postDue(workspace: Workspace, events: Events) {
  const now = seconds(workspace)
  const due = workspace.scheduled.filter((one) => one.post_at <= now).toSorted((a, b) => a.post_at - b.post_at)
  for (const message of due) {
    workspace.scheduled.splice(workspace.scheduled.indexOf(message), 1)
    const channel = workspace.channel(message.channel)
    if (!channel?.botIsMember || message.metadata) continue
    const { id, channel: _channel, post_at: _at, date_created: _created, thread_ts: threadTs, ...content } = message
    const posted = postAsBot(workspace, { channel, content, threadTs, scheduledId: id })
    events.echo(() => events.posted(posted))
  }
}
