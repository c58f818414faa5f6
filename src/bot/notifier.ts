import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  type ChatPostMessageArguments,
  type ChatPostMessageResponse,
} from '@slack/web-api'
import type { KnownBlock } from '@slack/types'
import type { Clock } from '../clock.ts'
import { errorCode } from '../errors.ts'
import type { CrewPage } from '../services/crew/page.ts'
import type { CardContent, Delivery, Notifier, ReplyContent, Search } from '../services/delivery/notifier.ts'
import type { Incident } from '../services/incidents/incident.ts'
import type { DrawnMessage } from '../services/messages/drawn.ts'
import type { Business } from '../services/status/business.ts'
import { alertView, type CardLinks, type MessageView } from './views/alert.ts'
import { answerView } from './views/thread-answer.ts'
import { directText, threadText } from './views/note.ts'
import { requestView, sessionNoteText, sessionView } from './views/session.ts'
import { taskCardView, taskNoteText } from './views/task-card.ts'
import { escape } from './views/text.ts'
import type { SlackClients } from './slack-client.ts'

export interface NotifierDeps {
  readonly clients: SlackClients
  readonly clock: Clock
  readonly opsChannel: string
  readonly onDuty: string
  readonly linksFor: (incidentId: number) => CardLinks
  /** How things stand for the office; null: it could not be read, which keeps no card from being sent. */
  readonly readBusiness: (now: number) => Promise<Business | null>
  /** The address of a crew page; null: it cannot be shown. */
  readonly pageAddress: (page: CrewPage) => string | null
}

/** Written into each message, so that after a crash it can be looked for. */
const EVENT_TYPE = 'jada_outbox'

const CARD_GONE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'thread_not_found'])

// The connection was never made, so nothing can have arrived.
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** A code out of nested causes: fetch hides the socket's error two levels down. */
function deepCode(error: unknown): string {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    const code = errorCode(current)
    if (code !== undefined && !code.startsWith('slack_webapi')) return code
    current = 'original' in current && current.original instanceof Error ? current.original : current.cause
  }
  return 'no-answer'
}

/** What a failed call means for the message: not there, or nobody knows. */
function toDelivery(error: unknown): Delivery {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'refused', code: 'ratelimited', waitMs: error.retryAfter * 1000 }
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error
    return CARD_GONE.has(code) ? { kind: 'card-lost' } : { kind: 'refused', code, waitMs: null }
  }
  if (error instanceof WebAPIHTTPError) return { kind: 'unclear', code: `http-${error.statusCode}` }
  const code = deepCode(error)
  return NEVER_SENT.has(code) ? { kind: 'refused', code, waitMs: null } : { kind: 'unclear', code }
}

interface Found {
  readonly ts?: string | undefined
  readonly metadata?: { readonly event_payload?: { readonly [name: string]: unknown } | undefined } | undefined
}

const PAGES = 10

// Slack does not take what we drew. The words must arrive all the same.
const UNDRAWABLE = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_attachments',
  'msg_blocks_too_long',
  'too_many_attachments',
])

function isUndrawable(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && UNDRAWABLE.has(error.data.error)
}

/** What a message shows, and what to say in place of what could not be drawn. */
interface Drawing {
  readonly view: MessageView
  readonly instead: string
}

function inWords({ view, instead }: Drawing): MessageView {
  return { text: `${view.text}\n${instead}`.trim(), attachments: [], blocks: [] }
}

/** Runs a call with the view; when Slack cannot draw it, once more with its words alone. */
async function drawn<T>(drawing: Drawing, call: (view: MessageView) => Promise<T>): Promise<T> {
  try {
    return await call(drawing.view)
  } catch (error) {
    if (!isUndrawable(error)) throw error
    return call(inWords(drawing))
  }
}

const UNDRAWN = 'This card could not be drawn.'

/** What was drawn when it was made. */
const drawnBefore = ({ text, blocks, instead }: DrawnMessage): Drawing => ({
  view: { text, ...(blocks.length === 0 ? {} : { blocks: blocks as unknown as KnownBlock[] }) },
  instead,
})

async function drawCard(content: CardContent, { clock, linksFor, onDuty, pageAddress, readBusiness }: NotifierDeps): Promise<Drawing> {
  switch (content.type) {
    case 'incident': {
      const instead = `${UNDRAWN} \`/jada incidents\` tells more; \`/jada reauth\` gives a consent link.`
      const facts = { ...linksFor(content.incident.id), business: await readBusiness(clock.now()) }
      return { view: alertView(content.incident, facts), instead }
    }
    case 'session':
      return { view: sessionView(content.session), instead: UNDRAWN }
    case 'request':
      return { view: requestView(content.request, onDuty), instead: UNDRAWN }
    case 'task': {
      const { page } = content.task
      return { view: taskCardView(content.task, page === null ? null : pageAddress(page)), instead: UNDRAWN }
    }
    case 'drawn':
      return drawnBefore(content.message)
  }
}

function replyView(content: Exclude<ReplyContent, { type: 'drawn' }>, { onDuty, linksFor }: NotifierDeps): MessageView {
  switch (content.type) {
    case 'incident':
      return { text: threadText(content.note, content.snapshot, onDuty, linksFor(content.snapshot.id).runbook ?? null) }
    case 'answer':
      return answerView(content)
    case 'session':
      return { text: sessionNoteText(content.note) }
    case 'task':
      return { text: taskNoteText(content.note) }
  }
}

function drawReply(content: ReplyContent, deps: NotifierDeps): Drawing {
  if (content.type === 'drawn') return drawnBefore(content.message)
  // An answer says in its text all that its table shows.
  return { view: replyView(content, deps), instead: content.type === 'answer' ? '' : UNDRAWN }
}

/** Goes through a channel, or one thread of it, for a message with an outbox key. */
function createSearch({ clients: { reads } }: NotifierDeps, channel: string): Notifier['find'] {
  const page = async (
    oldest: string,
    threadTs: string | null,
    cursor: string | undefined,
  ): Promise<{ messages: Found[]; next: string | undefined }> => {
    const common = { channel, oldest, limit: 200, include_all_metadata: true, inclusive: true, ...(cursor === undefined ? {} : { cursor }) }
    const answer =
      threadTs === null ? await reads.conversations.history(common) : await reads.conversations.replies({ ...common, ts: threadTs })
    return { messages: answer.messages ?? [], next: answer.response_metadata?.next_cursor || undefined }
  }
  return async (key, since, threadTs) => {
    try {
      let cursor: string | undefined
      for (let count = 0; count < PAGES; count += 1) {
        const { messages, next } = await page(String(since / 1000), threadTs, cursor)
        const ts = messages.find((message) => message.metadata?.event_payload?.['key'] === key)?.ts
        if (ts !== undefined) return { kind: 'found', ts }
        if (next === undefined) return { kind: 'absent' }
        cursor = next
      }
      return { kind: 'unclear', code: 'too-many-messages' }
    } catch (error) {
      const delivery = toDelivery(error)
      // A thread that is gone holds nothing; sending again will notice that the card is lost.
      return 'code' in delivery ? { kind: 'unclear', code: delivery.code } : { kind: 'absent' }
    }
  }
}

/** Among the direct messages to a person: their channel has an id of its own, which Slack tells. */
async function findDirect(deps: NotifierDeps, key: string, since: number): Promise<Search> {
  try {
    const { channel } = await deps.clients.reads.conversations.open({ users: deps.onDuty })
    return await createSearch(deps, channel?.id ?? '')(key, since, null)
  } catch (error) {
    const delivery = toDelivery(error)
    return { kind: 'unclear', code: 'code' in delivery ? delivery.code : 'unknown' }
  }
}

/** Posts, edits and finds messages in the ops channel. Beside it only Home and the last will write to Slack unasked. */
export function createNotifier(deps: NotifierDeps): Notifier {
  const { posts } = deps.clients
  const channel = deps.opsChannel
  const send = async (drawing: Drawing, key: string, threadTs: string | null, to = channel): Promise<Delivery> => {
    const metadata = { event_type: EVENT_TYPE, event_payload: { key } }
    const thread = threadTs === null ? {} : { thread_ts: threadTs, reply_broadcast: false }
    const message = (shown: MessageView) =>
      ({ channel: to, ...shown, ...thread, metadata, unfurl_links: false, unfurl_media: false }) as ChatPostMessageArguments
    let answer: ChatPostMessageResponse
    try {
      answer = await drawn(drawing, (shown) => posts.chat.postMessage(message(shown)))
    } catch (error) {
      return toDelivery(error)
    }
    const ts = answer.ts ?? null
    if (threadTs === null || answer.message?.thread_ts !== undefined || ts === null) return { kind: 'sent', ts }
    // The card was deleted: Slack put the reply into the channel, where it means nothing.
    await posts.chat.delete({ channel, ts }).catch(() => undefined)
    return { kind: 'card-lost' }
  }
  return {
    post: async (content, key, threadTs) => send(await drawCard(content, deps), key, threadTs),
    edit: async (content, ts) => {
      try {
        const drawing = await drawCard(content, deps)
        await drawn(drawing, (shown) => posts.chat.update({ channel, ts, ...shown }))
        return { kind: 'sent', ts }
      } catch (error) {
        return toDelivery(error)
      }
    },
    reply: (threadTs, content, key) => send(drawReply(content, deps), key, threadTs),
    postNotice: ({ text, by }, key) => {
      const asked = by === null ? '' : ` Asked for by <@${by}>.`
      return send({ view: { text: `${escape(text)}${asked}` }, instead: UNDRAWN }, key, null)
    },
    direct: (incident: Incident, key) => send({ view: { text: directText(incident, channel) }, instead: UNDRAWN }, key, null, deps.onDuty),
    find: createSearch(deps, channel),
    findDirect: (key, since) => findDirect(deps, key, since),
  }
}
