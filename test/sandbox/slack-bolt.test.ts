import type { App } from '@slack/bolt'
import { describe, expect, test } from 'vitest'

import { setUp, startBolt, until, type Via, type Workbench } from './slack-support.ts'

const channel = 'C0OPS'
const user = 'U0MARA'
const plain = (text: string) => ({ type: 'plain_text' as const, text })

const card = [
  {
    type: 'actions' as const,
    elements: [
      { type: 'button' as const, text: plain('Acknowledge'), action_id: 'ack', value: 'v1' },
      {
        type: 'button' as const,
        text: plain('Open'),
        action_id: 'link',
        url: 'http://127.0.0.1:9/start',
      },
      {
        type: 'overflow' as const,
        action_id: 'more',
        options: [{ text: plain('Snooze'), value: 'snooze' }],
      },
    ],
  },
]

const form = {
  type: 'modal' as const,
  callback_id: 'form',
  title: plain('Form'),
  submit: plain('Send'),
  blocks: [
    {
      type: 'input' as const,
      block_id: 'why',
      label: plain('Why'),
      element: { type: 'plain_text_input' as const, action_id: 'text' },
    },
  ],
}

interface Seen {
  heard: string[]
  actions: unknown[]
  urls: string[]
}

function listen(app: App): Seen {
  const seen: Seen = { heard: [], actions: [], urls: [] }
  app.command('/jada', async ({ command, ack, respond, client }) => {
    if (command.text === 'silent') return
    await ack(command.text === 'inline' ? 'in the ack' : undefined)
    seen.urls.push(command.response_url)
    if (command.text === 'form') await client.views.open({ trigger_id: command.trigger_id, view: form })
    if (command.text === 'status') await respond({ text: 'all well', blocks: card })
  })
  app.action(/.*/u, async ({ action, ack, body, respond }) => {
    await ack()
    seen.actions.push(action)
    if ('action_id' in action && action.action_id === 'ack') await respond({ replace_original: true, text: 'done', blocks: [] })
    expect(body.user.id).toBe(user)
  })
  app.view('form', async ({ ack, view }) => {
    const typed = view.state.values['why']?.['text']?.value
    await (typed === 'bad' ? ack({ response_action: 'errors', errors: { why: 'no' } }) : ack())
  })
  app.message(async ({ message }) => void seen.heard.push(message.subtype ?? message.text ?? ''))
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: card } })
  })
  return seen
}

async function startApp(bench: Workbench, via: Via, pingMs?: number): Promise<Seen> {
  let seen: Seen = { heard: [], actions: [], urls: [] }
  await startBolt(bench, via, (app) => void (seen = listen(app)), pingMs)
  return seen
}

describe.each<Via>(['socket', 'http'])('a Bolt app over %s', (via) => {
  async function start() {
    const bench = await setUp({ ackTimeoutMs: 500 })
    return { bench, slack: bench.slack, seen: await startApp(bench, via) }
  }

  test('a command is acknowledged and answered', async () => {
    const { bench, slack } = await start()
    expect(await slack.command({ user, channel, text: 'status' })).toMatchObject({ via, body: {} })
    await until(bench, () => slack.ephemerals.length === 1)
    expect(slack.ephemerals).toMatchObject([{ user, channel, text: 'all well', via: 'response_url' }])
    await slack.command({ user, channel, text: 'inline' })
    expect(slack.ephemerals.at(-1)).toMatchObject({ text: 'in the ack', via: 'ack' })
    await expect(slack.command({ user, channel, text: 'silent' })).rejects.toThrow('operation_timeout')
  })

  test('clicks on buttons, links and menus', async () => {
    const { bench, slack, seen } = await start()
    const { ts = '' } = await bench.client.chat.postMessage({
      channel,
      text: 'card',
      blocks: card,
    })
    const link = await slack.click({ user, channel, ts, actionId: 'link' })
    expect(link.openedUrl).toBe('http://127.0.0.1:9/start')
    await slack.click({ user, channel, ts, actionId: 'more', value: 'snooze' })
    expect(seen.actions).toMatchObject([{ action_id: 'link' }, { selected_option: { value: 'snooze' } }])
    await expect(slack.click({ user, channel, ts, actionId: 'nope' })).rejects.toThrow('there is no element nope')
    await slack.click({ user, channel, ts, actionId: 'ack' })
    await until(bench, () => slack.messages(channel)[0]?.text === 'done')
    await slack.command({ user, channel, text: 'status' })
    await until(bench, () => slack.ephemerals.length === 1)
    await slack.click({ user, channel, ts: slack.ephemerals[0]?.ts ?? '', actionId: 'ack' })
    await until(bench, () => slack.ephemerals[0]?.text === 'done')
    expect(slack.ephemerals[0]?.blocks).toBeUndefined()
  })

  test('a modal is opened, corrected and sent', async () => {
    const { bench, slack } = await start()
    await slack.command({ user, channel, text: 'form' })
    await until(bench, () => slack.modals.length === 1)
    await expect(slack.submitModal({ user, values: {} })).rejects.toThrow('the field why is required')
    await slack.submitModal({ user, values: { why: { text: 'bad' } } })
    expect(slack.modals).toMatchObject([{ user, errors: { why: 'no' } }])
    await slack.submitModal({ user, values: { why: { text: { value: 'good' } } } })
    expect(slack.modals).toEqual([])
  })

  test('messages, deletions, the home tab and repeated events', async () => {
    const { bench, slack, seen } = await start()
    const { ts } = await slack.message({ user, channel, text: 'hello' })
    const reply = await slack.message({ user, channel, text: 'reply', threadTs: ts })
    await slack.deleteMessage({ user, channel, ts })
    await slack.deleteMessage({ user, channel, ts: reply.ts })
    const event = {
      type: 'message',
      channel,
      channel_type: 'channel',
      user,
      text: 'again',
      ts: '1.000001',
    }
    await slack.event(event, { eventId: 'Ev1' })
    await slack.event(event, { eventId: 'Ev1', retryNum: 1, retryReason: 'http_timeout' })
    expect(seen.heard).toEqual(['hello', 'reply', 'message_changed', 'message_deleted', 'message_deleted', 'again', 'again'])
    await slack.openHome(user)
    await until(bench, () => slack.homes.has(user))
    await slack.clickView({ user, actionId: 'ack', value: 'v1' }).catch(() => undefined)
    expect(seen.actions).toMatchObject([{ action_id: 'ack', value: 'v1' }])
  })

  test('a response_url works five times and for half an hour', async () => {
    const { bench, slack, seen } = await start()
    await slack.command({ user, channel, text: 'x' })
    await slack.command({ user, channel, text: 'x' })
    const [first = '', second = ''] = seen.urls
    const respond = (url: string, body: object) => fetch(url, { method: 'POST', body: JSON.stringify(body) })
    for (let use = 0; use < 5; use += 1) {
      const response = await respond(first, { text: `use ${use}`, response_type: 'in_channel' })
      expect(response.status).toBe(200)
    }
    const sixth = await respond(first, { text: 'too much' })
    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }])
    expect(slack.messages(channel)).toHaveLength(5)
    expect((await respond(second, { blocks: [{ type: 'nope' }] })).status).toBe(400)
    bench.clock.now += 31 * 60_000
    expect(await (await respond(second, { text: 'late' })).json()).toEqual({
      ok: false,
      error: 'expired_url',
    })
  })
})

test('a dropped socket is replaced, and a refused one is not', async () => {
  const bench = await setUp()
  await startApp(bench, 'socket', 300)
  const { slack } = bench
  expect(slack.socket.connected()).toBe(1)
  slack.socket.drop()
  await until(bench, () => slack.socket.connected() === 0)
  await expect(slack.command({ user, channel, text: 'x' })).rejects.toThrow('no socket is connected')
  await until(bench, () => slack.socket.connected() === 1)
  slack.socket.refresh()
  await until(bench, () => slack.socket.connected() === 0)
  await until(bench, () => slack.socket.connected() === 1)
  await slack.command({ user, channel, text: 'x' })
})

test('a trigger works once, and a wrong app token opens no socket', async () => {
  const bench = await setUp()
  const seen: string[] = []
  await startBolt(bench, 'http', (app) => {
    app.command('/jada', async ({ ack, command }) => {
      await ack()
      seen.push(command.trigger_id)
    })
  })
  await bench.slack.command({ user, channel, text: '' })
  const open = (trigger: string) => bench.client.views.open({ trigger_id: trigger, view: form })
  await open(seen[0] ?? '')
  await expect(open(seen[0] ?? '')).rejects.toThrow('exchanged_trigger_id')
  await expect(open('1.2.3')).rejects.toThrow('invalid_trigger_id')
  await expect(bench.newClient('xapp-other').apps.connections.open()).rejects.toThrow('invalid_auth')
})
