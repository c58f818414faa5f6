import { channelType } from '../events.ts'
import { count, flag, text } from '../request.ts'
import type { ApiAnswer, Fields, Message, SlackChannel } from '../types.ts'
import { isDirect } from '../workspace.ts'
import { listed } from './chat.ts'
import { type Context, failure, findChannel, findJoined, type Method, missingField } from './context.ts'

const readScopes = { im: 'im', group: 'groups', channel: 'channels' }

/** Which scope a conversation needs depends on its kind. */
function scopeFor(verb: 'read' | 'history') {
  return (args: Fields, context: Context) => {
    const channel = context.workspace.channel(text(args, 'channel') ?? '')
    return channel ? `${readScopes[channelType(channel)]}:${verb}` : undefined
  }
}

function inRange(args: Fields, message: Message): boolean {
  const at = Number(message.ts)
  const oldest = Number(args['oldest'] ?? 0)
  const latest = args['latest'] === undefined ? Infinity : Number(args['latest'])
  return flag(args, 'inclusive') ? at >= oldest && at <= latest : at > oldest && at < latest
}

interface Page {
  items: Message[]
  next: string
}

/** A cursor names the message the next page begins with, so that new ones do not shift it. */
function cut(args: Fields, all: Message[], fallback: number): Page | undefined {
  const cursor = text(args, 'cursor')
  const asked = cursor === undefined ? undefined : Buffer.from(cursor, 'base64').toString().replace('next_ts:', '')
  const start = asked === undefined ? 0 : all.findIndex((one) => one.ts === asked)
  if (start < 0) return undefined
  const end = start + Math.min(count(args, 'limit', fallback), 999)
  const following = all[end]
  return {
    items: all.slice(start, end),
    next: following ? Buffer.from(`next_ts:${following.ts}`).toString('base64') : '',
  }
}

function paged(args: Fields, all: Message[], fallback: number): ApiAnswer {
  const page = cut(args, all, fallback)
  if (!page) return failure('invalid_cursor')
  const withMetadata = flag(args, 'include_all_metadata')
  return {
    ok: true,
    messages: page.items.map((one) => listed(one, withMetadata)),
    has_more: page.next !== '',
    ...(page.next === '' ? {} : { response_metadata: { next_cursor: page.next } }),
  }
}

const history: Method = {
  scope: scopeFor('history'),
  run(args, context) {
    const found = findJoined(context, text(args, 'channel'))
    if (!found.ok) return found.answer
    const all = context.workspace.messages.top(found.channel.id).filter((one) => inRange(args, one))
    return paged(args, all.toReversed(), 100)
  },
}

const replies: Method = {
  scope: scopeFor('history'),
  run(args, context) {
    const found = findJoined(context, text(args, 'channel'))
    if (!found.ok) return found.answer
    const ts = text(args, 'ts')
    if (ts === undefined) return missingField('ts')
    const { messages } = context.workspace
    const target = messages.find(found.channel.id, ts)
    if (!target) return failure('thread_not_found')
    // A reply's own ts is answered with that one message.
    const isReply = target.thread_ts !== undefined && target.thread_ts !== ts
    const all = isReply ? [target] : messages.thread(found.channel.id, ts)
    // The parent is always part of the answer, whatever the range.
    return paged(
      args,
      all.filter((one) => one.ts === ts || inRange(args, one)),
      1000,
    )
  },
}

function describe(channel: SlackChannel, context: Context): Fields {
  const { team, bot } = context.workspace.settings
  const direct = isDirect(channel)
  const shared = {
    id: channel.id,
    created: 1_700_000_000,
    context_team_id: team.id,
    is_archived: false,
    is_im: direct,
  }
  if (direct) return { ...shared, user: channel.members[0], is_open: true }
  return {
    ...shared,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.isPrivate,
    is_group: false,
    is_mpim: false,
    is_private: channel.isPrivate ?? false,
    is_general: channel.name === 'general',
    is_shared: false,
    is_ext_shared: false,
    is_org_shared: false,
    is_member: channel.botIsMember,
    creator: channel.members[0] ?? bot.id,
    unlinked: 0,
    previous_names: [],
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  }
}

const info: Method = {
  scope: scopeFor('read'),
  run(args, context) {
    const found = findChannel(context, text(args, 'channel'))
    if (!found.ok) return found.answer
    const members = flag(args, 'include_num_members') ? { num_members: found.channel.members.length } : {}
    return { ok: true, channel: { ...describe(found.channel, context), ...members } }
  },
}

const open: Method = {
  scope: 'im:write',
  run(args, context) {
    const users = (text(args, 'users') ?? '').split(',').filter(Boolean)
    const [user, ...others] = users
    if (user === undefined) return failure('users_list_not_supplied')
    if (!context.workspace.user(user)) return failure('user_not_found')
    if (others.length > 0) return failure('not_implemented_in_the_sandbox')
    return { ok: true, channel: { id: context.workspace.direct(user).id } }
  },
}

export const conversationMethods: Record<string, Method> = {
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.info': info,
  'conversations.open': open,
}
