import type { Fields, SlackChannel, SlackUser } from './types.ts'
import { isDirect, type Workspace } from './workspace.ts'

/** The person, or an error that says who exists. */
export function requireUser(workspace: Workspace, id: string): SlackUser {
  const user = workspace.user(id)
  if (user) return user
  throw new Error(`there is no user ${id}; there are: ${workspace.settings.users.map((one) => one.id).join(', ')}`)
}

/** A conversation the person is in: nobody types or clicks in any other. */
export function requireMembership(workspace: Workspace, user: string, id: string): SlackChannel {
  requireUser(workspace, user)
  const channel = workspace.channel(id)
  if (!channel) throw new Error(`there is no channel ${id}`)
  if (!channel.members.includes(user)) throw new Error(`${user} is not in ${channel.name} (${id})`)
  return channel
}

export const channelName = (channel: SlackChannel) => {
  if (isDirect(channel)) return 'directmessage'
  return channel.isPrivate ? 'privategroup' : channel.name
}

/** What every interactive payload begins with. */
export function interactionBase(workspace: Workspace, user: SlackUser): Fields {
  const { team, bot } = workspace.settings
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: team.id },
    api_app_id: bot.appId,
    token: 'sandbox-verification-token',
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  }
}
