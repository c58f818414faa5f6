import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api'
import { describeError } from '../errors.ts'
import type { WillMade, WillSlack } from '../services/status/last-will.ts'
import type { SlackClients } from './slack-client.ts'
import { WILL_BEGINS, willText } from './views/last-will.ts'

/** Scheduled messages of Slack, for the last will. They carry no metadata: Slack would then not post them. */

const PAGES = 5
const MARGIN_S = 60
/** How long after its time a scheduled message may come. */
const LATE_S = 3600

const isOurs = (text: string | undefined): boolean => text?.startsWith(WILL_BEGINS) ?? false

function toMade(error: unknown): WillMade {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'refused', code: 'ratelimited', waitMs: error.retryAfter * 1000 }
  if (error instanceof WebAPIPlatformError) return { kind: 'refused', code: error.data.error, waitMs: null }
  return { kind: 'unclear', code: describeError(error) }
}

export function createWillSlack({ posts }: Pick<SlackClients, 'posts'>, channel: string): WillSlack {
  return {
    make: async (facts, postAt) => {
      try {
        const post = { channel, text: willText(facts), post_at: postAt / 1000, unfurl_links: false, unfurl_media: false }
        const answer = await posts.chat.scheduleMessage(post)
        const id = answer.scheduled_message_id
        return id === undefined ? { kind: 'unclear', code: 'no-id' } : { kind: 'made', id, postAt: (answer.post_at ?? post.post_at) * 1000 }
      } catch (error) {
        return toMade(error)
      }
    },
    list: async () => {
      try {
        const found: { id: string; postAt: number }[] = []
        let cursor: string | undefined
        for (let page = 0; page < PAGES; page += 1) {
          const answer = await posts.chat.scheduledMessages.list({ channel, limit: 100, ...(cursor === undefined ? {} : { cursor }) })
          for (const { id, text, post_at: postAt } of answer.scheduled_messages ?? []) {
            if (id !== undefined && postAt !== undefined && isOurs(text)) found.push({ id, postAt: postAt * 1000 })
          }
          cursor = answer.response_metadata?.next_cursor || undefined
          if (cursor === undefined) break
        }
        return found
      } catch {
        return null
      }
    },
    cancel: async (id) => {
      try {
        await posts.chat.deleteScheduledMessage({ channel, scheduled_message_id: id })
        return true
      } catch (error) {
        // Unknown: it was taken back before. Whoever asks has made sure that it is not too close to its time.
        return error instanceof WebAPIPlatformError && error.data.error === 'invalid_scheduled_message_id'
      }
    },
    find: async (postAt) => {
      try {
        const at = postAt / 1000
        const range = { oldest: String(at - MARGIN_S), latest: String(at + LATE_S), inclusive: true, limit: 200 }
        const answer = await posts.conversations.history({ channel, ...range })
        const ts = (answer.messages ?? []).toReversed().find((message) => message.bot_id !== undefined && isOurs(message.text))?.ts
        return ts === undefined ? { kind: 'absent' } : { kind: 'found', ts }
      } catch {
        return { kind: 'unclear' }
      }
    },
  }
}
