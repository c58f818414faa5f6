import { channelName, interactionBase, requireMembership, requireUser } from './identity.ts'
import type { Hands } from './people.ts'
import type { AckResult, Fields, ShortcutInput, Slack, SlackShortcut } from './types.ts'

/** Slack shows only what the manifest declares; nobody can choose anything else. */
function findShortcut({ workspace }: Hands, callbackId: string): SlackShortcut {
  const { shortcuts } = workspace.settings
  const found = shortcuts.find((one) => one.callback_id === callbackId)
  if (found) return found
  const known = shortcuts.map((one) => `${one.callback_id} (${one.type})`).join(', ')
  throw new Error(`the manifest declares no shortcut ${callbackId}; it declares: ${known || 'none'}`)
}

/** What the payload of a message shortcut says besides; Slack offers none on ephemeral messages and tombstones. */
function messageFields(hands: Hands, { user, channel: id, ts }: ShortcutInput): Fields {
  const { workspace, responseUrls } = hands
  if (id === undefined || ts === undefined) throw new Error('a message shortcut needs the channel and ts of a message')
  const channel = requireMembership(workspace, user, id)
  const message = workspace.messages.find(id, ts)
  if (!message || message.subtype === 'tombstone') throw new Error(`${user} sees no message ${ts} in ${id}`)
  const { channel: _channel, metadata: _metadata, ...shown } = structuredClone(message)
  return {
    response_url: responseUrls.create({ user, channel: id }),
    channel: { id, name: channelName(channel) },
    message: shown,
    message_ts: ts,
  }
}

async function shortcut(hands: Hands, input: ShortcutInput): Promise<AckResult> {
  const { workspace } = hands
  const user = requireUser(workspace, input.user)
  if (!workspace.settings.scopes.includes('commands')) throw new Error('the app has no `commands` scope: Slack shows no shortcut of it')
  const { type, callback_id } = findShortcut(hands, input.callbackId)
  if (type === 'global' && input.ts !== undefined) throw new Error(`${callback_id} is a global shortcut: it belongs to no message`)
  const { api_app_id: _app, ...base } = interactionBase(workspace, user)
  const payload = {
    type: type === 'message' ? 'message_action' : 'shortcut',
    ...base,
    callback_id,
    trigger_id: hands.triggers.issue(user.id),
    action_ts: workspace.clock.next(),
    ...(type === 'message' ? messageFields(hands, input) : {}),
  }
  return hands.dispatcher.send({ type: 'interactive', payload, accepts_response_payload: true })
}

export const createShortcuts = (hands: Hands): Pick<Slack, 'shortcut'> => ({ shortcut: (input) => shortcut(hands, input) })
