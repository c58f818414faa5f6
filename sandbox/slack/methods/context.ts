import type { Events } from '../events.ts'
import type { Sockets } from '../sockets.ts'
import type { Triggers } from '../triggers.ts'
import type { ApiAnswer, Fields, SlackChannel } from '../types.ts'
import type { Workspace } from '../workspace.ts'

export interface Context {
  workspace: Workspace
  events: Events
  triggers: Triggers
  sockets: Sockets
  /** `ws://127.0.0.1:port`, known once the server listens. */
  socketBase: () => string
}

export interface Method {
  /** The bot scope this call needs. */
  scope?: string | ((args: Fields, context: Context) => string | undefined)
  /** `app` for the methods of the app-level token. */
  token?: 'app'
  run(args: Fields, context: Context): ApiAnswer
}

export const failure = (error: string, more: Fields = {}): ApiAnswer => ({
  ok: false,
  error,
  ...more,
})

export function missingField(name: string): ApiAnswer {
  return failure('invalid_arguments', {
    response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
  })
}

export type Found = { ok: true; channel: SlackChannel } | { ok: false; answer: ApiAnswer }

/** A conversation the bot can see; private ones it is not in do not exist for it. */
export function findChannel(context: Context, id: string | undefined): Found {
  if (id === undefined) return { ok: false, answer: missingField('channel') }
  const channel = context.workspace.channel(id)
  const visible = channel && (channel.botIsMember || !channel.isPrivate)
  return visible ? { ok: true, channel } : { ok: false, answer: failure('channel_not_found') }
}

/** A conversation the bot takes part in. */
export function findJoined(context: Context, id: string | undefined): Found {
  const found = findChannel(context, id)
  return found.ok && !found.channel.botIsMember ? { ok: false, answer: failure('not_in_channel') } : found
}
