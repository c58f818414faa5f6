import { text } from '../request.ts'
import { failure, type Method, missingField } from './context.ts'

const authTest: Method = {
  run(_args, { workspace }) {
    const { team, bot } = workspace.settings
    return {
      ok: true,
      url: `https://${team.domain}.slack.com/`,
      team: team.name,
      user: bot.name,
      team_id: team.id,
      user_id: bot.id,
      bot_id: bot.botId,
      is_enterprise_install: false,
    }
  },
}

const open: Method = {
  token: 'app',
  run(_args, { sockets, socketBase }) {
    if (sockets.isRefusing()) return failure('invalid_auth')
    return { ok: true, url: sockets.ticketUrl(socketBase()) }
  },
}

const userInfo: Method = {
  scope: 'users:read',
  run(args, { workspace }) {
    const id = text(args, 'user')
    if (id === undefined) return missingField('user')
    const { team, bot } = workspace.settings
    const isBot = id === bot.id
    const user = isBot ? { id, name: bot.name } : workspace.user(id)
    if (!user) return failure('user_not_found')
    const profile = {
      real_name: user.name,
      display_name: user.name,
      real_name_normalized: user.name,
      team: team.id,
    }
    return {
      ok: true,
      user: {
        id,
        team_id: team.id,
        name: user.name,
        real_name: user.name,
        deleted: false,
        tz: user.tz ?? 'America/Los_Angeles',
        is_admin: false,
        is_owner: false,
        is_restricted: false,
        is_bot: isBot,
        is_app_user: false,
        profile,
      },
    }
  },
}

export const accountMethods: Record<string, Method> = {
  'auth.test': authTest,
  'apps.connections.open': open,
  'users.info': userInfo,
}
