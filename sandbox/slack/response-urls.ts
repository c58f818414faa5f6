import { randomUUID } from 'node:crypto'

import { applyContent, type Content, readContent } from './content.ts'
import type { Events } from './events.ts'
import { editAsBot, postAsBot, showEphemeral, tellEphemeral } from './posting.ts'
import type { Fields } from './types.ts'
import type { Workspace } from './workspace.ts'

/** Where an interaction came from. */
export interface Origin {
  user: string
  channel: string
  /** The message clicked in; a slash command has none. */
  message?: { ts: string; ephemeral: boolean; threadTs?: string }
}

export interface UrlAnswer {
  status: number
  body: Fields | 'ok'
}

export interface ResponseUrls {
  create(origin: Origin): string
  setBase(base: string): void
  post(id: string, body: Fields | undefined): UrlAnswer
}

const MAX_USES = 5
const LIFE_MS = 30 * 60_000

const failed = (status: number, error: string): UrlAnswer => ({
  status,
  body: { ok: false, error },
})

function replace(workspace: Workspace, origin: Origin, content: Content, events: Events): boolean {
  if (!origin.message) return false
  const { ts, ephemeral } = origin.message
  if (ephemeral) {
    const shown = workspace.ephemerals.find((one) => one.ts === ts)
    if (!shown) return false
    applyContent(shown, content)
    shown.edited = { user: workspace.settings.bot.id, ts: workspace.clock.next() }
    tellEphemeral(workspace, shown, 'edited')
    return true
  }
  const message = workspace.messages.find(origin.channel, ts)
  if (!message || message.subtype === 'tombstone') return false
  const previous = structuredClone(message)
  editAsBot(workspace, message, content)
  events.echo(() => events.changed(message, previous))
  return true
}

function remove(workspace: Workspace, origin: Origin, events: Events): boolean {
  if (!origin.message) return false
  const { ts, ephemeral } = origin.message
  if (ephemeral) {
    const index = workspace.ephemerals.findIndex((one) => one.ts === ts)
    const [gone] = index < 0 ? [] : workspace.ephemerals.splice(index, 1)
    if (gone) tellEphemeral(workspace, gone, 'deleted')
    return gone !== undefined
  }
  const message = workspace.messages.find(origin.channel, ts)
  if (!message || message.subtype === 'tombstone') return false
  const removal = workspace.messages.remove(message)
  events.echo(() => events.removed(removal))
  return true
}

function say(workspace: Workspace, origin: Origin, body: Fields, content: Content, events: Events): UrlAnswer {
  const threadTs = typeof body['thread_ts'] === 'string' ? body['thread_ts'] : undefined
  if (body['response_type'] !== 'in_channel') {
    showEphemeral(workspace, { channel: origin.channel, user: origin.user, threadTs, via: 'response_url' }, content)
    return { status: 200, body: 'ok' }
  }
  const channel = workspace.channel(origin.channel)
  if (!channel) return failed(404, 'channel_not_found')
  // Unlike chat.postMessage this works in channels the app is not in.
  const message = postAsBot(workspace, { channel, content, threadTs })
  events.echo(() => events.posted(message))
  return { status: 200, body: 'ok' }
}

function answer(workspace: Workspace, origin: Origin, body: Fields | undefined, events: Events): UrlAnswer {
  if (!body) return failed(400, 'invalid_payload')
  const type = body['response_type'] ?? 'ephemeral'
  if (type !== 'ephemeral' && type !== 'in_channel') return failed(400, 'invalid_response_type')
  if (body['delete_original'] === true) {
    return remove(workspace, origin, events) ? { status: 200, body: 'ok' } : failed(404, 'message_not_found')
  }
  const result = readContent(body, { newId: () => workspace.newId('B'), limitText: false })
  if (!result.ok) return { status: 400, body: result.answer }
  if (body['replace_original'] === true && replace(workspace, origin, result.content, events)) {
    return { status: 200, body: 'ok' }
  }
  return say(workspace, origin, body, result.content, events)
}

export function createResponseUrls(workspace: Workspace, events: Events): ResponseUrls {
  const issued = new Map<string, { origin: Origin; until: number; uses: number }>()
  let base = ''
  return {
    setBase(next) {
      base = next
    },
    create(origin) {
      const id = randomUUID()
      issued.set(id, { origin, until: workspace.clock.now() + LIFE_MS, uses: 0 })
      return `${base}/response/${workspace.settings.team.id}/${id}`
    },
    post(id, body) {
      const url = issued.get(id)
      if (!url || workspace.clock.now() > url.until) return failed(404, 'expired_url')
      if (url.uses >= MAX_USES) return failed(404, 'used_url')
      url.uses += 1
      return answer(workspace, url.origin, body, events)
    },
  }
}
