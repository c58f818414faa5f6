import { readContent } from './content.ts'
import type { Dispatcher } from './dispatch.ts'
import type { Events } from './events.ts'
import { channelName, requireMembership, requireUser } from './identity.ts'
import { editAsPerson, postAsBot, postAsPerson, showEphemeral } from './posting.ts'
import type { ResponseUrls } from './response-urls.ts'
import type { Triggers } from './triggers.ts'
import type { CommandInput, Fields, Message, Slack, SlackChannel } from './types.ts'
import { isDirect, type Workspace } from './workspace.ts'

export interface Hands {
  workspace: Workspace
  dispatcher: Dispatcher
  events: Events
  triggers: Triggers
  responseUrls: ResponseUrls
}

/** A command's ack may carry the answer itself, as text or as a message. */
function showAck(hands: Hands, user: string, channel: SlackChannel, body: unknown) {
  const fields: Fields = typeof body === 'string' ? { text: body } : { ...(body as Fields | null) }
  if (Object.keys(fields).length === 0 || fields['text'] === '') return
  const { workspace } = hands
  const result = readContent(fields, { newId: () => workspace.newId('B'), limitText: false })
  if (!result.ok) {
    throw new Error(`Slack would refuse what the ack says: ${JSON.stringify(result.answer)}`)
  }
  if (fields['response_type'] === 'in_channel') {
    const message = postAsBot(workspace, { channel, content: result.content })
    hands.events.echo(() => hands.events.posted(message))
  } else {
    showEphemeral(workspace, { channel: channel.id, user, via: 'ack' }, result.content)
  }
}

async function command(hands: Hands, input: CommandInput) {
  const { workspace } = hands
  const user = requireUser(workspace, input.user)
  const channel = requireMembership(workspace, input.user, input.channel)
  const { team, bot, scopes } = workspace.settings
  if (!scopes.includes('commands')) throw new Error('the app has no `commands` scope: Slack knows no such command')
  const payload = {
    token: 'sandbox-verification-token',
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: user.id,
    user_name: user.name,
    command: input.command ?? '/jada',
    text: input.text,
    api_app_id: bot.appId,
    is_enterprise_install: 'false',
    response_url: hands.responseUrls.create({ user: user.id, channel: channel.id }),
    trigger_id: hands.triggers.issue(user.id),
  }
  const result = await hands.dispatcher.send({
    type: 'slash_commands',
    payload,
    accepts_response_payload: true,
  })
  showAck(hands, user.id, channel, result.body)
  return result
}

/** People write to the app itself only where its App Home lets them. */
function requireWritable({ settings: { appHome } }: Workspace, channel: SlackChannel) {
  if (isDirect(channel) && (!appHome.messages_tab_enabled || appHome.messages_tab_read_only_enabled))
    throw new Error('the messages tab of the app takes no messages (app_home in its manifest)')
}

function requireMessage(workspace: Workspace, channel: string, ts: string): Message {
  const message = workspace.messages.find(channel, ts)
  if (!message || message.subtype === 'tombstone') throw new Error(`there is no message ${ts} in ${channel}`)
  return message
}

async function edit({ workspace, events }: Hands, { user, channel, ts, text }: Parameters<Slack['editMessage']>[0]) {
  requireMembership(workspace, user, channel)
  const message = requireMessage(workspace, channel, ts)
  if (message.user !== user || message.bot_id !== undefined) throw new Error(`the message ${ts} is not ${user}'s own`)
  if (message.text === text) return
  await events.changed(message, editAsPerson(workspace, message, text))
}

/** What people type, edit, delete and open. */
export function createPeople(hands: Hands): Pick<Slack, 'command' | 'message' | 'editMessage' | 'deleteMessage' | 'openHome'> {
  const { workspace, events } = hands
  return {
    command: (input) => command(hands, input),
    async message(input) {
      requireWritable(workspace, requireMembership(workspace, input.user, input.channel))
      const message = postAsPerson(workspace, input)
      await events.posted(message)
      return { ts: message.ts }
    },
    editMessage: (input) => edit(hands, input),
    async deleteMessage({ user, channel, ts }) {
      requireMembership(workspace, user, channel)
      const message = requireMessage(workspace, channel, ts)
      await events.removed(workspace.messages.remove(message))
    },
    async openHome(user) {
      requireUser(workspace, user)
      if (!workspace.settings.appHome.home_tab_enabled) throw new Error('the app has no Home tab (app_home in its manifest)')
      const view = workspace.homes.get(user)
      await events.raw({
        type: 'app_home_opened',
        user,
        channel: workspace.direct(user).id,
        tab: 'home',
        event_ts: workspace.clock.next(),
        ...(view ? { view: structuredClone(view) } : {}),
      })
    },
  }
}
