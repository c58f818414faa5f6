import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { App, MessageShortcut } from '@slack/bolt'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

import { typedBlocks } from '../../sandbox/slack/typed.ts'
import { refusal, setUp, startBolt, until, type Via, type Workbench } from './slack-support.ts'

const channel = 'C0OPS'
const user = 'U0MARA'
const plain = (text: string) => ({ type: 'plain_text' as const, text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text })
const button = (id: string, value = id) => ({ type: 'button' as const, text: plain(id), action_id: id, value })

/** What the app was sent, in order. */
type Payload = Record<string, unknown>

interface Seen {
  shortcuts: Payload[]
  messages: Payload[]
  actions: Payload[]
  events: Payload[]
}

function listen(app: App, seen: Seen): void {
  // Bolt drops what the app itself has said before any middleware hears of it: this comes first.
  const take = app.processEvent.bind(app)
  app.processEvent = (received) => {
    const event = received.body['event'] as Payload | undefined
    if (event !== undefined) seen.events.push(event)
    return take(received)
  }
  app.shortcut({ callback_id: 'make_task', type: 'message_action' }, async ({ ack, shortcut, client, respond }) => {
    await ack()
    seen.shortcuts.push({ ...shortcut })
    if (shortcut.message.text === 'answer me') await respond({ text: 'Noted.' })
    const blocks = [{ type: 'input' as const, label: plain('Title'), element: { type: 'plain_text_input' as const, action_id: 'title' } }]
    await client.views.open({
      trigger_id: shortcut.trigger_id,
      view: { type: 'modal', title: plain('New task'), submit: plain('Add'), private_metadata: shortcut.message_ts, blocks },
    })
  })
  app.shortcut({ callback_id: 'new_task', type: 'shortcut' }, async ({ ack, shortcut }) => {
    await ack()
    seen.shortcuts.push({ ...shortcut })
  })
  app.message(async ({ message }) => void seen.messages.push({ ...message }))
  app.action(/.*/u, async ({ ack, body }) => {
    await ack()
    seen.actions.push({ ...body })
  })
}

describe.each<Via>(['socket', 'http'])('over %s', (via) => {
  async function start(options: Parameters<typeof setUp>[0] = {}): Promise<{ bench: Workbench; slack: Workbench['slack']; seen: Seen }> {
    const bench = await setUp({ ackTimeoutMs: 500, ...options })
    const seen: Seen = { shortcuts: [], messages: [], actions: [], events: [] }
    await startBolt(bench, via, (app) => listen(app, seen))
    return { bench, slack: bench.slack, seen }
  }

  test('a message shortcut reaches its listener, whole, and opens a modal', async () => {
    const { bench, slack, seen } = await start()
    const { ts } = await slack.message({ user: 'U0TOM', channel, text: 'the bilge pump is loud' })
    expect(await slack.shortcut({ user, channel, ts, callbackId: 'make_task' })).toMatchObject({ via, body: {} })
    await until(bench, () => slack.modals.length === 1)
    expect(slack.modals).toMatchObject([{ user, view: { private_metadata: ts } }])
    const [payload] = seen.shortcuts as unknown as MessageShortcut[]
    expect(payload).toMatchObject({
      type: 'message_action',
      callback_id: 'make_task',
      user: { id: user, name: 'mara', username: 'mara', team_id: 'T0JADA' },
      team: { id: 'T0JADA', domain: 'jada-charters' },
      channel: { id: channel, name: 'jada-ops' },
      message: { type: 'message', user: 'U0TOM', text: 'the bilge pump is loud', ts },
      message_ts: ts,
      is_enterprise_install: false,
      enterprise: null,
    })
    expect(Object.keys(payload ?? {})).toEqual(expect.arrayContaining(['token', 'trigger_id', 'response_url', 'action_ts']))
  })

  test('a reply says which thread it is in, and the answer is for that person alone', async () => {
    const { bench, slack, seen } = await start()
    const { ts = '' } = await bench.client.chat.postMessage({ channel, text: 'card' })
    const reply = await slack.message({ user: 'U0TOM', channel, text: 'answer me', threadTs: ts })
    await slack.shortcut({ user, channel, ts: reply.ts, callbackId: 'make_task' })
    await until(bench, () => slack.ephemerals.length === 1)
    expect(seen.shortcuts).toMatchObject([{ message: { thread_ts: ts, parent_user_id: 'U0BOT' }, message_ts: reply.ts }])
    expect(slack.ephemerals).toMatchObject([{ user, text: 'Noted.', via: 'response_url' }])
  })

  test('what nobody could choose is refused, and an app that listens to nothing is late', async () => {
    const shortcuts = [
      { name: 'Make this a JADA task', callback_id: 'make_task', type: 'message' as const },
      { name: 'Forgotten', callback_id: 'forgotten', type: 'message' as const },
      { name: 'New task', callback_id: 'new_task', type: 'global' as const },
    ]
    const { slack, seen } = await start({ shortcuts })
    const { ts } = await slack.message({ user, channel, text: 'x' })
    const choose = (callbackId: string, on: object = { channel, ts }) => slack.shortcut({ user, callbackId, ...on })
    await expect(choose('make_tusk')).rejects.toThrow(
      'declares no shortcut make_tusk; it declares: make_task (message), forgotten (message)',
    )
    await expect(choose('make_task', { channel, ts: '1.000001' })).rejects.toThrow('sees no message 1.000001')
    await expect(choose('make_task', {})).rejects.toThrow('needs the channel and ts')
    await expect(choose('make_task', { channel: 'C0NONE', ts })).rejects.toThrow('there is no channel')
    await expect(choose('new_task')).rejects.toThrow('belongs to no message')
    await expect(choose('forgotten')).rejects.toThrow(/operation_timeout|HTTP 404/u)
    await choose('new_task', {})
    expect(seen.shortcuts).toMatchObject([{ type: 'shortcut', callback_id: 'new_task' }])
    expect(seen.shortcuts[0]).not.toHaveProperty('response_url')
    await slack.message({ user, channel, text: 'reply', threadTs: ts })
    await slack.deleteMessage({ user, channel, ts })
    await expect(choose('make_task')).rejects.toThrow('sees no message')
  })

  test("a person's reply, its edit, and the bot's own words come as events", async () => {
    const { bench, slack, seen } = await start()
    const { ts = '' } = await bench.client.chat.postMessage({ channel, text: 'question' })
    const reply = await slack.message({ user, channel, text: 'Tom &amp; <@U0TOM>', threadTs: ts })
    expect(seen.messages).toMatchObject([
      {
        type: 'message',
        user,
        text: 'Tom &amp; <@U0TOM>',
        ts: reply.ts,
        event_ts: reply.ts,
        thread_ts: ts,
        parent_user_id: 'U0BOT',
        channel,
        channel_type: 'channel',
        client_msg_id: expect.stringMatching(/^[\da-f-]{36}$/u),
        blocks: [{ type: 'rich_text', elements: [{ elements: [{ text: 'Tom & ' }, { type: 'user', user_id: 'U0TOM' }] }] }],
      },
    ])
    await slack.editMessage({ user, channel, ts: reply.ts, text: 'Only Tom' })
    expect(seen.messages[1]).toMatchObject({
      subtype: 'message_changed',
      hidden: true,
      channel,
      message: {
        text: 'Only Tom',
        user,
        ts: reply.ts,
        thread_ts: ts,
        edited: { user },
        blocks: [{ elements: [{ elements: [{ text: 'Only Tom' }] }] }],
      },
      previous_message: { text: 'Tom &amp; <@U0TOM>', ts: reply.ts },
    })
    const own = await bench.client.chat.postMessage({ channel, text: 'answer', thread_ts: ts })
    await expect.poll(() => seen.events.map((event) => event['text'])).toEqual(['question', 'Tom &amp; <@U0TOM>', undefined, 'answer'])
    const profile = { id: 'B0BOT', app_id: 'A0BOT', name: 'jada-bot' }
    expect(seen.events[3]).toMatchObject({
      ts: own.ts,
      user: 'U0BOT',
      bot_id: 'B0BOT',
      app_id: 'A0BOT',
      bot_profile: profile,
      thread_ts: ts,
    })
    // Bolt keeps it from the listeners.
    expect(seen.messages).toHaveLength(2)
    await expect(slack.editMessage({ user, channel, ts, text: 'x' })).rejects.toThrow("is not U0MARA's own")
    await expect(slack.editMessage({ user: 'U0TOM', channel, ts: reply.ts, text: 'x' })).rejects.toThrow("is not U0TOM's own")
  })

  test('buttons and menus in replies, in attachments and in ephemeral replies say where they are', async () => {
    const { bench, slack, seen } = await start()
    const { client } = bench
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'card' })
    const menu = { type: 'overflow' as const, action_id: 'more', options: [{ text: plain('Later'), value: 'later' }] }
    const blocks = [
      { type: 'section' as const, fields: [mrkdwn('*Kind*\ncode')], accessory: menu },
      { type: 'actions' as const, elements: [button('yes'), { ...button('no'), style: 'danger' as const }] },
    ]
    const reply = await client.chat.postMessage({
      channel,
      thread_ts: ts,
      text: 'approve?',
      blocks,
      attachments: [{ blocks: [blocks[1] ?? {}] }] as never,
    })
    await slack.click({ user, channel, ts: reply.ts ?? '', actionId: 'more', value: 'later' })
    const here = { message_ts: reply.ts, channel_id: channel, is_ephemeral: false, thread_ts: ts }
    expect(seen.actions[0]).toMatchObject({
      container: { type: 'message', ...here },
      message: { ts: reply.ts, thread_ts: ts },
      actions: [{ type: 'overflow', action_id: 'more', selected_option: { value: 'later' } }],
    })
    await client.chat.update({
      channel,
      ts: reply.ts ?? '',
      text: 'approved',
      attachments: [{ blocks: [blocks[1] ?? {}] }] as never,
      blocks: [],
    })
    expect(slack.thread(channel, ts)[1]).toMatchObject({ text: 'approved', edited: { user: 'U0BOT' } })
    await slack.click({ user, channel, ts: reply.ts ?? '', actionId: 'no' })
    expect(seen.actions[1]).toMatchObject({ container: { type: 'message_attachment', attachment_id: 1, is_app_unfurl: false, ...here } })
    const quiet = await client.chat.postEphemeral({ channel, user, thread_ts: ts, text: 'psst', blocks })
    await slack.click({ user, channel, ts: quiet.message_ts ?? '', actionId: 'yes' })
    expect(seen.actions[2]).toMatchObject({ container: { is_ephemeral: true, thread_ts: ts } })
    expect(seen.actions[2]).not.toHaveProperty('message')
    // Slack shows nothing in a thread that is none yet.
    const lone = await client.chat.postMessage({ channel, text: 'alone' })
    await client.chat.postEphemeral({ channel, user, thread_ts: lone.ts ?? '', text: 'unseen' })
    expect(slack.ephemerals.map(({ text }) => text)).toEqual(['psst'])
  })
})

test('the sandbox offers the shortcuts that the manifest declares', async () => {
  const yaml: unknown = parse(readFileSync(join(import.meta.dirname, '../../manifest.yml'), 'utf8'))
  const { features } = yaml as { features: { shortcuts?: Record<string, string>[] } }
  const declared = features.shortcuts?.map(({ name, callback_id, type }) => ({ name, callback_id, type }))
  expect((await setUp()).slack.shortcuts).toEqual(declared)
})

describe('the App Home', () => {
  test('is opened, drawn, and clicked in', async () => {
    const bench = await setUp({ ackTimeoutMs: 500 })
    const seen: Payload[] = []
    const select = { type: 'static_select' as const, action_id: 'filter', options: [{ text: plain('All'), value: 'all' }] }
    const blocks = [{ type: 'actions' as const, block_id: 'row', elements: [button('add'), select] }]
    await startBolt(bench, 'socket', (app) => {
      app.event('app_home_opened', async ({ event, client }) => {
        seen.push({ ...event })
        await client.views.publish({ user_id: event.user, view: { type: 'home', callback_id: 'home', private_metadata: 'p', blocks } })
      })
      app.action(/.*/u, async ({ ack, body }) => {
        await ack()
        seen.push({ ...body })
      })
    })
    await bench.slack.openHome(user)
    await until(bench, () => bench.slack.homes.has(user))
    expect(seen[0]).toMatchObject({ type: 'app_home_opened', user, channel: 'D0MARA', tab: 'home' })
    expect(seen[0]).not.toHaveProperty('view')
    await bench.slack.clickView({ user, actionId: 'add' })
    await bench.slack.clickView({ user, actionId: 'filter', value: 'all' })
    const view = { type: 'home', callback_id: 'home', private_metadata: 'p', root_view_id: expect.any(String) }
    expect(seen[1]).toMatchObject({
      type: 'block_actions',
      container: { type: 'view' },
      view,
      actions: [{ action_id: 'add', value: 'add' }],
    })
    expect(seen[1]).not.toHaveProperty('channel')
    const picked = { selected_option: { value: 'all' } }
    expect(seen[2]).toMatchObject({ actions: [picked], view: { state: { values: { row: { filter: picked } } } } })
    await bench.slack.openHome(user)
    expect(seen[3]).toMatchObject({ type: 'app_home_opened', view: { callback_id: 'home' } })
  })

  test('is there only as far as the manifest says', async () => {
    const { slack, client } = await setUp({ appHome: { home_tab_enabled: false, messages_tab_read_only_enabled: true } })
    await expect(slack.openHome(user)).rejects.toThrow('the app has no Home tab')
    expect((await refusal(client.views.publish({ user_id: user, view: { type: 'home', blocks: [] } }))).error).toBe('not_enabled')
    const direct = await client.chat.postMessage({ channel: user, text: 'hello' })
    await expect(slack.message({ user, channel: direct.channel ?? '', text: 'hello' })).rejects.toThrow('takes no messages')
  })
})

test('what people type becomes rich text', () => {
  const elements = (text: string) => typedBlocks(text, 'b')[0]?.['elements']
  const words = (text: string, style?: string) => ({ type: 'text', text, ...(style === undefined ? {} : { style: { [style]: true } }) })
  expect(typedBlocks('', 'b')).toEqual([])
  expect(elements('a *b* _c_ ~d~ `e` 2*3*4 snake_case_name 10:30:45')).toEqual([
    {
      type: 'rich_text_section',
      elements: [
        words('a '),
        words('b', 'bold'),
        words(' '),
        words('c', 'italic'),
        words(' '),
        words('d', 'strike'),
        words(' '),
        words('e', 'code'),
        words(' 2*3*4 snake_case_name 10:30:45'),
      ],
    },
  ])
  expect(elements('<https://a.example/?x&amp;y> <#C0OPS|jada-ops> <!here> :boat:\n```\na &lt; b\n```\nend')).toEqual([
    {
      type: 'rich_text_section',
      elements: [
        { type: 'link', url: 'https://a.example/?x&y' },
        words(' '),
        { type: 'channel', channel_id: 'C0OPS' },
        words(' '),
        { type: 'broadcast', range: 'here' },
        words(' '),
        { type: 'emoji', name: 'boat' },
      ],
    },
    { type: 'rich_text_preformatted', elements: [words('a < b')] },
    { type: 'rich_text_section', elements: [words('end')] },
  ])
})
