import { type Content, readContent } from '../content.ts'
import { editAsBot, postAsBot, showEphemeral } from '../posting.ts'
import { flag, text } from '../request.ts'
import type { ApiAnswer, Fields, Message } from '../types.ts'
import { type Context, failure, findChannel, findJoined, type Found, type Method, missingField } from './context.ts'

const scope = 'chat:write'

const checks = (context: Context) => ({
  newId: () => context.workspace.newId('B'),
  limitText: true,
})

/** A message as the API returns it: the channel stands beside it, not in it. */
export function listed(message: Message, withMetadata = true): Fields {
  const { channel: _channel, metadata, ...rest } = structuredClone(message)
  return withMetadata && metadata ? { ...rest, metadata } : { ...rest }
}

/** `chat.postMessage` takes a person's id too and means the direct conversation with them. */
export function findTarget(context: Context, id: string | undefined): Found {
  const person = id === undefined ? undefined : context.workspace.user(id)
  if (person) return { ok: true, channel: context.workspace.direct(person.id) }
  return findJoined(context, id)
}

/** `markdown_text` stands instead of text and blocks. */
function readMarkdown(args: Fields, markdown: string): ReturnType<typeof readContent> {
  if (args['text'] !== undefined || args['blocks'] !== undefined) {
    return { ok: false, answer: failure('markdown_text_conflict') }
  }
  if (markdown.length > 12_000) return { ok: false, answer: failure('msg_too_long') }
  const content: Content = { text: markdown }
  return { ok: true, content }
}

export function read(args: Fields, context: Context): ReturnType<typeof readContent> {
  const markdown = text(args, 'markdown_text')
  return markdown === undefined ? readContent(args, checks(context)) : readMarkdown(args, markdown)
}

const postMessage: Method = {
  scope,
  run(args, context) {
    const found = findTarget(context, text(args, 'channel'))
    if (!found.ok) return found.answer
    const result = read(args, context)
    if (!result.ok) return result.answer
    const message = postAsBot(context.workspace, {
      channel: found.channel,
      content: result.content,
      threadTs: text(args, 'thread_ts'),
      broadcast: flag(args, 'reply_broadcast'),
    })
    context.events.echo(() => context.events.posted(message))
    return { ok: true, channel: found.channel.id, ts: message.ts, message: listed(message) }
  },
}

const postEphemeral: Method = {
  scope,
  run(args, context) {
    const found = findJoined(context, text(args, 'channel'))
    if (!found.ok) return found.answer
    const user = text(args, 'user')
    if (user === undefined) return missingField('user')
    if (!found.channel.members.includes(user)) return failure('user_not_in_channel')
    const result = read(args, context)
    if (!result.ok) return result.answer
    const to = {
      channel: found.channel.id,
      user,
      threadTs: text(args, 'thread_ts'),
      via: 'chat.postEphemeral',
    } as const
    return { ok: true, message_ts: showEphemeral(context.workspace, to, result.content).ts }
  },
}

type Own = { ok: true; message: Message } | { ok: false; answer: ApiAnswer }

/** A message that this bot wrote; nobody else's can be changed with its token. */
function findOwn(args: Fields, context: Context, refusal: string): Own {
  const found = findChannel(context, text(args, 'channel'))
  if (!found.ok) return found
  const ts = text(args, 'ts')
  if (ts === undefined) return { ok: false, answer: missingField('ts') }
  const message = context.workspace.messages.find(found.channel.id, ts)
  if (!message || message.subtype === 'tombstone') return { ok: false, answer: failure('message_not_found') }
  const own = message.bot_id === context.workspace.settings.bot.botId
  return own ? { ok: true, message } : { ok: false, answer: failure(refusal) }
}

const update: Method = {
  scope,
  run(args, context) {
    const own = findOwn(args, context, 'cant_update_message')
    if (!own.ok) return own.answer
    const asked = ['text', 'blocks', 'attachments', 'metadata'].some((key) => args[key] !== undefined)
    if (!asked) return failure('no_text')
    const result = readContent(args, { ...checks(context), mayBeEmpty: true })
    if (!result.ok) return result.answer
    const previous = structuredClone(own.message)
    editAsBot(context.workspace, own.message, result.content)
    context.events.echo(() => context.events.changed(own.message, previous))
    const { channel, ts, text: shown } = own.message
    return { ok: true, channel, ts, text: shown, message: listed(own.message) }
  },
}

const remove: Method = {
  scope,
  run(args, context) {
    const own = findOwn(args, context, 'cant_delete_message')
    if (!own.ok) return own.answer
    const removal = context.workspace.messages.remove(own.message)
    context.events.echo(() => context.events.removed(removal))
    return { ok: true, channel: own.message.channel, ts: own.message.ts }
  },
}

const getPermalink: Method = {
  run(args, context) {
    const found = findChannel(context, text(args, 'channel'))
    if (!found.ok) return found.answer
    const message = context.workspace.messages.find(found.channel.id, text(args, 'message_ts') ?? '')
    if (!message) return failure('message_not_found')
    const thread =
      message.thread_ts === undefined || message.thread_ts === message.ts ? '' : `?thread_ts=${message.thread_ts}&cid=${message.channel}`
    const site = `https://${context.workspace.settings.team.domain}.slack.com`
    const permalink = `${site}/archives/${message.channel}/p${message.ts.replace('.', '')}${thread}`
    return { ok: true, channel: message.channel, permalink }
  },
}

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
  'chat.getPermalink': getPermalink,
}
