import type { SlackAppHome, SlackChannel, SlackOptions, SlackShortcut, SlackUser } from './types.ts'

export interface Settings {
  botToken: string
  appToken: string | undefined
  signingSecret: string
  now: () => number
  port: number
  ackTimeoutMs: number
  team: { id: string; name: string; domain: string }
  bot: { id: string; botId: string; appId: string; name: string }
  users: SlackUser[]
  channels: SlackChannel[]
  scopes: string[]
  echo: boolean
  shortcuts: SlackShortcut[]
  appHome: SlackAppHome
}

const people = [
  { id: 'U0MARA', name: 'mara', tz: 'America/Los_Angeles' },
  { id: 'U0TOM', name: 'tom', tz: 'America/Los_Angeles' },
  { id: 'U0GUEST', name: 'guest', tz: 'America/Los_Angeles' },
]

const defaultScopes = [
  'commands',
  'chat:write',
  'channels:history',
  'groups:history',
  'im:history',
  'users:read',
  'channels:read',
  'groups:read',
]

const defaultShortcuts: SlackShortcut[] = [{ name: 'Make this a JADA task', callback_id: 'make_task', type: 'message' }]

const defaultHome: SlackAppHome = { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false }

const channelsFor = (users: SlackUser[]): SlackChannel[] => [
  { id: 'C0OPS', name: 'jada-ops', members: users.map((user) => user.id), botIsMember: true },
  { id: 'C0OTHER', name: 'general', members: users.map((user) => user.id), botIsMember: false },
]

export function readSettings(options: SlackOptions): Settings {
  const users = options.users ?? people
  const team = options.team ?? { id: 'T0JADA', name: 'JADA Charters' }
  return {
    botToken: options.botToken,
    appToken: options.appToken,
    signingSecret: options.signingSecret ?? '',
    now: options.now ?? Date.now,
    port: options.port ?? 0,
    ackTimeoutMs: options.ackTimeoutMs ?? 3000,
    team: { ...team, domain: team.name.toLowerCase().replaceAll(/[^a-z0-9]+/gu, '-') },
    bot: options.botUser ?? { id: 'U0BOT', botId: 'B0BOT', appId: 'A0BOT', name: 'jada-bot' },
    users: users.map((user) => ({ ...user })),
    channels: structuredClone(options.channels ?? channelsFor(users)),
    scopes: options.scopes ?? defaultScopes,
    echo: options.echo ?? true,
    shortcuts: structuredClone(options.shortcuts ?? defaultShortcuts),
    appHome: { ...defaultHome, ...options.appHome },
  }
}
