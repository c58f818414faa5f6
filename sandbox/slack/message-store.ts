import { compareTs } from './clock.ts'
import type { Message, SlackChange } from './types.ts'

export interface MessageStore {
  find(channel: string, ts: string): Message | undefined
  /** Top level, oldest first. */
  top(channel: string): Message[]
  /** Parent and replies, oldest first; empty when there is no such message. */
  thread(channel: string, ts: string): Message[]
  add(message: Message): void
  edit(message: Message, change: (message: Message) => void): void
  /** What became of it: gone, or a tombstone because it has replies; and the tombstone that went with its last reply. */
  remove(message: Message): Removal
}

export interface Removal {
  previous: Message
  tombstone?: Message
  emptied?: Message
}

const isTop = (message: Message) => message.thread_ts === undefined || message.thread_ts === message.ts

const tombstoneOf = (parent: Message): Message => ({
  type: 'message',
  subtype: 'tombstone',
  text: 'This message was deleted.',
  user: 'USLACKBOT',
  hidden: true,
  ts: parent.ts,
  channel: parent.channel,
  thread_ts: parent.ts,
  ...(parent.reply_count === undefined ? {} : { reply_count: parent.reply_count }),
  ...(parent.reply_users === undefined ? {} : { reply_users: parent.reply_users }),
  ...(parent.reply_users_count === undefined ? {} : { reply_users_count: parent.reply_users_count }),
  ...(parent.latest_reply === undefined ? {} : { latest_reply: parent.latest_reply }),
})

function countReplies(parent: Message, replies: Message[]) {
  const users = [...new Set(replies.map((reply) => reply.user))]
  parent.thread_ts = parent.ts
  parent.reply_count = replies.length
  parent.reply_users = users
  parent.reply_users_count = users.length
  parent.latest_reply = replies.at(-1)?.ts ?? '0000000000.000000'
}

function dropCounts(parent: Message) {
  delete parent.thread_ts
  delete parent.reply_count
  delete parent.reply_users
  delete parent.reply_users_count
  delete parent.latest_reply
}

type Emit = (change: SlackChange) => void

/** The messages by channel, and how watchers are told. */
function createShelf(emit: Emit) {
  const byChannel = new Map<string, Message[]>()
  const list = (channel: string) => {
    const found = byChannel.get(channel) ?? []
    byChannel.set(channel, found)
    return found
  }
  const tell = (type: 'message' | 'edited' | 'deleted', message: Message) =>
    emit({ type, channel: message.channel, ts: message.ts, message: structuredClone(message) })
  return {
    list,
    tell,
    repliesTo: (channel: string, ts: string) => list(channel).filter((one) => one.thread_ts === ts && one.ts !== ts),
    find: (channel: string, ts: string) => list(channel).find((one) => one.ts === ts),
    drop: (message: Message) => {
      const left = list(message.channel).filter((one) => one !== message)
      byChannel.set(message.channel, left)
      tell('deleted', message)
    },
  }
}

type Shelf = ReturnType<typeof createShelf>

/** The tombstone that went with its last reply, if one did. */
function removeReply({ drop, find, repliesTo }: Shelf, message: Message): Message | undefined {
  drop(message)
  const parent = find(message.channel, message.thread_ts ?? '')
  if (!parent) return undefined
  const left = repliesTo(message.channel, parent.ts)
  if (left.length > 0 || parent.subtype === 'tombstone') countReplies(parent, left)
  else dropCounts(parent)
  if (left.length > 0 || parent.subtype !== 'tombstone') return undefined
  // A tombstone stands only for its replies: Slack drops it together with the last one.
  drop(parent)
  return structuredClone(parent)
}

function remove(shelf: Shelf, message: Message): Removal {
  const previous = structuredClone(message)
  if (!isTop(message)) {
    const emptied = removeReply(shelf, message)
    return emptied ? { previous, emptied } : { previous }
  }
  if (shelf.repliesTo(message.channel, message.ts).length === 0) {
    shelf.drop(message)
    return { previous }
  }
  const tombstone = tombstoneOf(message)
  const all = shelf.list(message.channel)
  all[all.indexOf(message)] = tombstone
  shelf.tell('deleted', message)
  return { previous, tombstone }
}

export function createMessageStore(emit: Emit): MessageStore {
  const shelf = createShelf(emit)
  const { list, find, repliesTo, tell } = shelf
  return {
    find,
    // A broadcast reply stands in the channel too.
    top: (channel) => list(channel).filter((one) => isTop(one) || one.subtype === 'thread_broadcast'),
    thread(channel, ts) {
      const parent = find(channel, ts)
      return parent && isTop(parent) ? [parent, ...repliesTo(channel, ts)] : []
    },
    add(message) {
      list(message.channel).push(message)
      list(message.channel).sort((a, b) => compareTs(a.ts, b.ts))
      const parent = isTop(message) ? undefined : find(message.channel, message.thread_ts ?? '')
      if (parent) {
        message.parent_user_id = parent.user
        countReplies(parent, repliesTo(message.channel, parent.ts))
      }
      tell('message', message)
    },
    edit(message, change) {
      change(message)
      tell('edited', message)
    },
    remove: (message) => remove(shelf, message),
  }
}
