import type { Dispatcher } from './dispatch.ts'
import type { Removal } from './message-store.ts'
import type { AckResult, EventOptions, Fields, Message, SlackChannel } from './types.ts'
import { isDirect, type Workspace } from './workspace.ts'

export interface Events {
  raw(event: Fields, options?: EventOptions): Promise<AckResult>
  posted(message: Message): Promise<void>
  changed(message: Message, previous: Message): Promise<void>
  removed(removal: Removal): Promise<void>
  /** The app sees its own doings too, but nobody waits for its ack. */
  echo(send: () => Promise<void>): void
}

export function channelType(channel: SlackChannel): 'im' | 'group' | 'channel' {
  if (isDirect(channel)) return 'im'
  return channel.isPrivate ? 'group' : 'channel'
}

const historyScope = { im: 'im:history', group: 'groups:history', channel: 'channels:history' }

/** The message as an event carries it: without what only a listing shows, and with what an app's author looks like. */
function bare({ settings: { bot, team } }: Workspace, message: Message): Fields {
  const { channel: _channel, ...rest } = structuredClone(message)
  const profile = { id: bot.botId, app_id: bot.appId, user_id: bot.id, name: bot.name, deleted: false, team_id: team.id }
  return message.bot_id === undefined ? { ...rest } : { ...rest, bot_profile: profile }
}

function envelopeBody(workspace: Workspace, event: Fields, eventId: string | undefined): Fields {
  const { team, bot } = workspace.settings
  return {
    token: 'sandbox-verification-token',
    team_id: team.id,
    api_app_id: bot.appId,
    event,
    type: 'event_callback',
    event_id: eventId ?? workspace.newId('Ev'),
    event_time: Math.floor(workspace.clock.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team.id,
        user_id: bot.id,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: '4-sandbox',
  }
}

export function createEvents(workspace: Workspace, dispatcher: Dispatcher): Events {
  const raw: Events['raw'] = (event, options = {}) =>
    dispatcher.send({
      type: 'events_api',
      payload: envelopeBody(workspace, event, options.eventId),
      accepts_response_payload: false,
      ...(options.retryNum === undefined ? {} : { retry_attempt: options.retryNum }),
      ...(options.retryReason === undefined ? {} : { retry_reason: options.retryReason }),
    })

  /** Slack sends what happens in a conversation only to an app that is in it and was granted its history. */
  async function tell(id: string, fields: Fields) {
    const channel = workspace.channel(id)
    if (!channel?.botIsMember) return
    const type = channelType(channel)
    if (!workspace.settings.scopes.includes(historyScope[type])) return
    await raw({ type: 'message', ...fields, channel: id, channel_type: type })
  }

  const hidden = (subtype: string, fields: Fields) => {
    const ts = workspace.clock.next()
    return { subtype, hidden: true, ts, event_ts: ts, ...fields }
  }
  const deleted = (previous: Message) =>
    tell(previous.channel, hidden('message_deleted', { deleted_ts: previous.ts, previous_message: bare(workspace, previous) }))
  const changed: Events['changed'] = (message, previous) =>
    tell(message.channel, hidden('message_changed', { message: bare(workspace, message), previous_message: bare(workspace, previous) }))

  return {
    raw,
    changed,
    posted: (message) => tell(message.channel, { ...bare(workspace, message), event_ts: message.ts }),
    async removed({ previous, tombstone, emptied }) {
      await (tombstone ? changed(tombstone, previous) : deleted(previous))
      if (emptied) await deleted(emptied)
    },
    echo(send) {
      if (!workspace.settings.echo || !dispatcher.reachable()) return
      send().catch(() => undefined)
    },
  }
}
