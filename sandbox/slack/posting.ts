import { randomUUID } from 'node:crypto'

import { applyContent, type Content } from './content.ts'
import type { EphemeralMessage, Message, SlackChannel } from './types.ts'
import { typedBlocks } from './typed.ts'
import type { Workspace } from './workspace.ts'

/**
 * The thread a reply lands in. Slack says nothing when there is no such parent (any more): the reply then lands at the
 * top level. A tombstone counts as no parent.
 */
function threadOf(workspace: Workspace, channel: string, threadTs: string | undefined): string | undefined {
  const target = threadTs === undefined ? undefined : workspace.messages.find(channel, threadTs)
  if (!target || target.subtype === 'tombstone') return undefined
  const root = target.thread_ts ?? target.ts
  return workspace.messages.find(channel, root) ? root : undefined
}

export interface Draft {
  channel: SlackChannel
  content: Content
  threadTs?: string | undefined
  broadcast?: boolean
  scheduledId?: string
}

export function postAsBot(workspace: Workspace, draft: Draft): Message {
  const { bot, team } = workspace.settings
  const thread = threadOf(workspace, draft.channel.id, draft.threadTs)
  const message: Message = {
    type: 'message',
    ...(thread !== undefined && draft.broadcast ? { subtype: 'thread_broadcast' } : {}),
    ts: workspace.clock.next(),
    channel: draft.channel.id,
    user: bot.id,
    text: '',
    bot_id: bot.botId,
    app_id: bot.appId,
    team: team.id,
    ...(thread === undefined ? {} : { thread_ts: thread }),
    ...(draft.scheduledId === undefined ? {} : { scheduled_message_id: draft.scheduledId }),
  }
  applyContent(message, draft.content)
  workspace.messages.add(message)
  return message
}

function typed(workspace: Workspace, text: string): Pick<Message, 'text' | 'blocks'> {
  const blocks = typedBlocks(text, workspace.newId('B'))
  return { text, ...(blocks.length === 0 ? {} : { blocks }) }
}

export function postAsPerson(workspace: Workspace, input: { user: string; channel: string; text: string; threadTs?: string }): Message {
  const thread = threadOf(workspace, input.channel, input.threadTs)
  const message: Message = {
    type: 'message',
    ts: workspace.clock.next(),
    channel: input.channel,
    user: input.user,
    client_msg_id: randomUUID(),
    ...typed(workspace, input.text),
    team: workspace.settings.team.id,
    ...(thread === undefined ? {} : { thread_ts: thread }),
  }
  workspace.messages.add(message)
  return message
}

/** Gives the message as it was. */
export function editAsPerson(workspace: Workspace, message: Message, text: string): Message {
  const previous = structuredClone(message)
  workspace.messages.edit(message, (target) => {
    const next = typed(workspace, text)
    applyContent(target, { ...next, blocks: next.blocks ?? [] })
    target.edited = { user: message.user, ts: workspace.clock.next() }
  })
  return previous
}

export function editAsBot(workspace: Workspace, message: Message, content: Content) {
  workspace.messages.edit(message, (target) => {
    applyContent(target, content)
    target.edited = { user: workspace.settings.bot.id, ts: workspace.clock.next() }
  })
}

/** Slack shows an ephemeral reply only in a thread that has replies already, and says nothing about it. */
function isShownIn(workspace: Workspace, channel: string, threadTs: string | undefined): boolean {
  return threadTs === undefined || workspace.messages.thread(channel, threadTs).length > 1
}

export function showEphemeral(
  workspace: Workspace,
  to: {
    channel: string
    user: string
    threadTs?: string | undefined
    via: EphemeralMessage['via']
  },
  content: Content,
): EphemeralMessage {
  const message: EphemeralMessage = {
    ts: workspace.clock.next(),
    channel: to.channel,
    user: to.user,
    text: '',
    via: to.via,
    ...(to.threadTs === undefined ? {} : { thread_ts: to.threadTs }),
  }
  applyContent(message, content)
  if (!isShownIn(workspace, to.channel, to.threadTs)) return message
  workspace.ephemerals.push(message)
  tellEphemeral(workspace, message, 'posted')
  return message
}

export function tellEphemeral(workspace: Workspace, message: EphemeralMessage, change: 'posted' | 'edited' | 'deleted') {
  const { channel, user, ts } = message
  workspace.emit({
    type: 'ephemeral',
    channel,
    user,
    ts,
    message: structuredClone(message),
    change,
  })
}
