import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { HANDLED_EVENTS } from '../src/bot/events.ts'
import { REQUIRED_SCOPES } from '../src/bot/scopes.ts'
import { MAKE_TASK } from '../src/bot/views/action-ids.ts'
import { readSources, ROOT, strip } from './support/repo-imports.ts'

/** The subset of Slack's manifest that is in use, with Slack's limits (docs.slack.dev/reference/app-manifest). */
const MANIFEST = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(1), minor_version: z.literal(1) }),
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().min(1).max(140),
    background_color: z.string().regex(/^#[0-9a-fA-F]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().regex(/^[\w .-]{1,80}$/), always_online: z.boolean() }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().regex(/^\/[a-z0-9_-]{1,31}$/),
          description: z.string().min(1).max(2000),
          usage_hint: z.string().min(1).max(1000),
          should_escape: z.boolean(),
        }),
      )
      .min(1)
      .max(50),
    shortcuts: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(24),
          type: z.enum(['message', 'global']),
          callback_id: z.string().min(1).max(255),
          description: z.string().min(1).max(150),
        }),
      )
      .max(10),
  }),
  // No redirect addresses: people of one workspace install it from their own app page.
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string().max(50)).max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ bot_events: z.array(z.string().max(50)).max(100) }),
    interactivity: z.strictObject({ is_enabled: z.literal(true) }),
    org_deploy_enabled: z.literal(false),
    socket_mode_enabled: z.literal(true),
    token_rotation_enabled: z.literal(false),
  }),
})

const text = readFileSync(join(ROOT, 'manifest.yml'), 'utf8')
const manifest = MANIFEST.parse(parse(text))

/** Which bot scopes a Web API method takes (docs.slack.dev/reference/methods). Conversations: public and private ones. */
const METHOD_SCOPES: Readonly<Record<string, readonly string[]>> = {
  'apps.connections.open': [],
  'auth.test': [],
  'chat.delete': ['chat:write'],
  'chat.deleteScheduledMessage': ['chat:write'],
  'chat.postMessage': ['chat:write'],
  'chat.scheduleMessage': ['chat:write'],
  'chat.scheduledMessages.list': [],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.open': ['im:write', 'im:history'],
  'conversations.replies': ['channels:history', 'groups:history'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
}

const EVENT_SCOPES: Readonly<Record<string, readonly string[]>> = {
  app_home_opened: [],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
}

const FAMILIES =
  'admin|apps|assistant|auth|bookmarks|bots|calls|canvases|chat|conversations|dnd|emoji|files|functions|migration|oauth|pins|reactions|reminders|search|slackLists|stars|team|tooling|usergroups|users|views|workflows'

/** Every Web API method that is called in these sources. */
function calledMethods(sources: Iterable<string>): Set<string> {
  const call = new RegExp(String.raw`\.\s*((?:${FAMILIES})(?:\.\w+)+)\s*\(`, 'g')
  return new Set([...sources].flatMap((source) => [...strip(source, true).matchAll(call)].map(([, method = '']) => method)))
}

function slashCommands(sources: Iterable<string>): Set<string> {
  return new Set(
    [...sources].flatMap((source) => [...strip(source, false).matchAll(/\.command\(\s*'(\/[^']+)'/g)].map(([, name = '']) => name)),
  )
}

function scopesFor(methods: Iterable<string>, events: readonly string[], commands: ReadonlySet<string>): Set<string> {
  const scopes = [...methods].flatMap((method) => {
    const needed = METHOD_SCOPES[method]
    if (needed === undefined) throw new Error(`nobody has written down which scopes ${method} takes`)
    return needed
  })
  return new Set([...scopes, ...events.flatMap((event) => EVENT_SCOPES[event] ?? ['unknown']), ...(commands.size > 0 ? ['commands'] : [])])
}

// Nobody else may know Slack's packages (boundary.test.ts).
const sources = [...readSources('src')].filter(([path]) => /^src\/(?:bot|app)\b/.test(path)).map(([, source]) => source)
const methods = calledMethods(sources)
const commands = slashCommands(sources)
const events = Object.values(HANDLED_EVENTS).flat()

describe('the manifest', () => {
  test('asks for exactly the scopes that the code uses', () => {
    expect(methods.size).toBeGreaterThan(5)
    expect(new Set(manifest.oauth_config.scopes.bot)).toEqual(scopesFor(methods, events, commands))
    expect(new Set<string>(REQUIRED_SCOPES)).toEqual(scopesFor(methods, events, commands))
  })

  test('names each scope once', () => {
    const { bot } = manifest.oauth_config.scopes
    expect(bot).toHaveLength(new Set(bot).size)
  })

  test('subscribes to exactly the events that are handled', () => {
    expect(manifest.settings.event_subscriptions.bot_events.toSorted((a, b) => a.localeCompare(b))).toEqual(
      events.toSorted((a, b) => a.localeCompare(b)),
    )
  })

  test('has exactly the slash commands that are listened to', () => {
    expect(new Set(manifest.features.slash_commands.map(({ command }) => command))).toEqual(commands)
  })

  test('has exactly the shortcuts that are listened to', () => {
    const listened = sources.flatMap((source) =>
      Array.from(strip(source, true).matchAll(/\.shortcut[^(]*\(\s*\{\s*callback_id:\s*(\w+)/g), ([, name]) => name),
    )
    expect(listened).toEqual(['MAKE_TASK'])
    expect(manifest.features.shortcuts.map(({ callback_id: id, type }) => [id, type])).toEqual([[MAKE_TASK, 'message']])
  })

  test('has the name people know', () => {
    expect(manifest.display_information.name).toBe('JADA Bot')
  })

  test('holds no address and no credential', () => {
    expect(text.replaceAll(/^#.*$/gm, '')).not.toMatch(/https?:|xox|xapp|secret/i)
  })
})

describe('the comparison itself', () => {
  test('sees calls across lines and in any object', () => {
    const source =
      'const a = await deps.clients.posts.chat\n.postMessage({})\nawait app.client.reactions.add({ name })\nclient . users.info({})'
    expect(calledMethods([source.replace('chat\n', 'chat')])).toEqual(new Set(['chat.postMessage', 'reactions.add', 'users.info']))
  })

  test('fails on a method that nobody has described', () => {
    expect(() => scopesFor(['reactions.add'], [], new Set())).toThrow('reactions.add')
  })

  test('does not take a comment or a string for a call', () => {
    expect(calledMethods(["// client.pins.add(x)\nconst help = 'call .files.upload( yourself'"])).toEqual(new Set())
  })
})

describe('the hooks of the Slack CLI', () => {
  const HOOKS = z.strictObject({
    hooks: z.strictObject({ 'get-hooks': z.string(), 'get-manifest': z.string(), start: z.string() }),
    config: z.strictObject({
      watch: z.strictObject({
        app: z.strictObject({ 'filter-regex': z.string(), paths: z.array(z.string()) }),
        manifest: z.strictObject({ paths: z.array(z.string()) }),
      }),
    }),
  })
  const { hooks } = HOOKS.parse(JSON.parse(readFileSync(join(ROOT, '.slack/hooks.json'), 'utf8')))

  interface Ended {
    readonly stdout: string
    readonly stderr: string
  }

  /** Runs a hook as the CLI does: split at blanks, no shell, its own arguments after it. */
  async function run(hook: string, more: readonly string[] = [], env: Record<string, string> = {}): Promise<Ended> {
    const [command = '', ...args] = hook.split(/\s+/)
    const options = { cwd: ROOT, env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env }, timeout: 15_000 }
    return promisify(execFile)(command, [...args, ...more], options).catch((error: unknown) => error as Ended)
  }

  test('get-hooks answers, and says that the app holds its own connection', async () => {
    expect(JSON.parse((await run(hooks['get-hooks'])).stdout)).toMatchObject({
      runtime: 'node',
      config: { 'sdk-managed-connection-enabled': true },
    })
  })

  test('get-manifest answers with this manifest, in either protocol', async () => {
    const json = JSON.stringify(parse(text))
    expect((await run(hooks['get-manifest'])).stdout).toBe(`${json}\n`)
    const bounded = await run(hooks['get-manifest'], ['--protocol=message-boundaries', '--boundary=xyz'])
    expect(bounded.stdout).toBe(`xyz${json}xyz\n`)
  })

  test('start runs the bot with the tokens that the CLI hands over', async () => {
    const without = await run(hooks.start)
    expect(without.stderr).toContain('SLACK_BOT_TOKEN: is missing')
    const withTokens = await run(hooks.start, [], { SLACK_CLI_XOXB: 'xoxb-from-the-cli', SLACK_CLI_XAPP: 'xapp-from-the-cli' })
    expect(withTokens.stderr).toContain('JADA_SHEET_ID: is missing')
    expect(withTokens.stdout + withTokens.stderr).not.toMatch(/SLACK_(BOT|APP)_TOKEN: is missing|from-the-cli/)
  })
})
