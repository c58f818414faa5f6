import { describe, expect, test } from 'vitest'

import { appToken, refusal, setUp } from './slack-support.ts'

const channel = 'C0OPS'

describe('tokens and scopes', () => {
  test('only the bot token works, and its scopes are told', async () => {
    const { client, newClient } = await setUp()
    const answer = await client.auth.test()
    expect(answer).toMatchObject({
      ok: true,
      team_id: 'T0JADA',
      user_id: 'U0BOT',
      bot_id: 'B0BOT',
    })
    expect(answer.response_metadata?.scopes).toContain('chat:write')
    expect((await refusal(newClient('xoxb-other').auth.test())).error).toBe('invalid_auth')
    expect((await refusal(newClient(appToken).auth.test())).error).toBe('not_allowed_token_type')
    expect((await refusal(client.apps.connections.open())).error).toBe('not_allowed_token_type')
  })

  test('a revoked token, a missing scope, an unknown method', async () => {
    const { slack, client } = await setUp({ scopes: ['commands'] })
    expect((await refusal(client.chat.postMessage({ channel, text: 'hi' }))).error).toBe('missing_scope')
    expect((await refusal(client.apiCall('chat.shout'))).error).toBe('unknown_method')
    slack.revokeToken()
    expect((await refusal(client.auth.test())).error).toBe('token_revoked')
    slack.restoreToken()
    expect((await client.auth.test()).ok).toBe(true)
  })

  test('calls are recorded without the token', async () => {
    const { slack, client } = await setUp()
    await client.chat.postMessage({ channel, text: 'hi', token: 'xoxb-sandbox' })
    expect(slack.calls).toEqual([
      {
        method: 'chat.postMessage',
        args: { channel, text: 'hi' },
        at: Date.UTC(2026, 2, 1, 12),
        answer: { ok: true },
      },
    ])
  })
})

describe('messages', () => {
  test('post, edit, delete', async () => {
    const { slack, client } = await setUp()
    const changes: string[] = []
    slack.on((change) => changes.push(change.type))
    const metadata = { event_type: 'jada_outbox', event_payload: { key: 'k1' } }
    const first = await client.chat.postMessage({ channel, text: 'one', metadata })
    const second = await client.chat.postMessage({ channel, text: 'two' })
    expect(Number(second.ts)).toBeGreaterThan(Number(first.ts))
    await client.chat.update({ channel, ts: first.ts ?? '', text: 'changed' })
    expect(slack.messages(channel)).toMatchObject([{ text: 'changed', metadata }, { text: 'two' }])
    await client.chat.delete({ channel, ts: second.ts ?? '' })
    expect(slack.messages(channel)).toHaveLength(1)
    expect((await refusal(client.chat.update({ channel, ts: second.ts ?? '', text: 'x' }))).error).toBe('message_not_found')
    expect(changes).toEqual(['message', 'message', 'edited', 'deleted'])
  })

  test('where the bot may not speak, and what it may not touch', async () => {
    const { slack, client } = await setUp({ scopes: ['chat:write'] })
    const say = (to: string) => refusal(client.chat.postMessage({ channel: to, text: 'hi' }))
    expect((await say('C0OTHER')).error).toBe('not_in_channel')
    expect((await say('C0NONE')).error).toBe('channel_not_found')
    expect((await refusal(client.chat.postMessage({ channel, text: '' }))).error).toBe('no_text')
    const { ts } = await slack.message({ user: 'U0TOM', channel, text: 'mine' })
    expect((await refusal(client.chat.update({ channel, ts, text: 'x' }))).error).toBe('cant_update_message')
    expect((await refusal(client.chat.delete({ channel, ts }))).error).toBe('cant_delete_message')
    const direct = await client.chat.postMessage({ channel: 'U0TOM', text: 'psst' })
    expect(direct.channel).toBe('D0TOM')
  })

  test('a reply to a deleted parent lands at the top level and nobody says so', async () => {
    const { client, slack } = await setUp()
    const parent = await client.chat.postMessage({ channel, text: 'parent' })
    const ts = parent.ts ?? ''
    const reply = await client.chat.postMessage({ channel, text: 'reply', thread_ts: ts })
    expect(reply.message?.thread_ts).toBe(ts)
    expect(slack.thread(channel, ts)).toMatchObject([{ reply_count: 1 }, { parent_user_id: 'U0BOT' }])
    await client.chat.delete({ channel, ts })
    expect(slack.messages(channel)).toMatchObject([{ subtype: 'tombstone', reply_count: 1 }])
    const late = await client.chat.postMessage({ channel, text: 'late', thread_ts: ts })
    expect(late.message?.thread_ts).toBeUndefined()
    await client.chat.delete({ channel, ts: reply.ts ?? '' })
    expect(slack.messages(channel).map((one) => one.text)).toEqual(['late'])
  })

  test('history and replies are paged; metadata only when asked for', async () => {
    const { client } = await setUp()
    const metadata = { event_type: 'jada_outbox', event_payload: { key: 'k1' } }
    const stamps: string[] = []
    for (const text of ['a', 'b', 'c']) {
      stamps.push((await client.chat.postMessage({ channel, text, metadata })).ts ?? '')
    }
    const page = await client.conversations.history({ channel, limit: 2 })
    expect(page.messages?.map((one) => one.text)).toEqual(['c', 'b'])
    expect(page.messages?.[0]?.metadata).toBeUndefined()
    const cursor = page.response_metadata?.next_cursor ?? ''
    const rest = await client.conversations.history({
      channel,
      cursor,
      include_all_metadata: true,
    })
    expect(rest.messages).toMatchObject([{ text: 'a', metadata }])
    const oldest = stamps[1] ?? ''
    expect((await client.conversations.history({ channel, oldest })).messages).toHaveLength(1)
    expect((await client.conversations.history({ channel, oldest, inclusive: true })).messages).toHaveLength(2)
    await client.chat.postMessage({ channel, text: 'reply', thread_ts: oldest })
    const replies = await client.conversations.replies({ channel, ts: oldest })
    expect(replies.messages?.map((one) => one.text)).toEqual(['b', 'reply'])
  })

  test('scheduled messages', async () => {
    const { slack, client, clock } = await setUp()
    const soon = clock.now / 1000 + 1200
    const metadata = { event_type: 'x', event_payload: {} }
    const will = await client.chat.scheduleMessage({ channel, text: 'last will', post_at: soon })
    const lost = await client.chat.scheduleMessage({
      channel,
      text: 'never seen',
      post_at: soon,
      metadata,
    })
    expect(slack.scheduled).toHaveLength(2)
    await client.chat.deleteScheduledMessage({
      channel,
      scheduled_message_id: lost.scheduled_message_id ?? '',
    })
    await client.chat.scheduleMessage({ channel, text: 'never seen', post_at: soon, metadata })
    clock.now += 16 * 60_000
    const id = will.scheduled_message_id ?? ''
    expect((await refusal(client.chat.deleteScheduledMessage({ channel, scheduled_message_id: id }))).error).toBe(
      'invalid_scheduled_message_id',
    )
    clock.now += 5 * 60_000
    expect(slack.messages(channel).map((one) => one.text)).toEqual(['last will'])
    expect((await refusal(client.chat.scheduleMessage({ channel, text: 'x', post_at: soon }))).error).toBe('time_in_past')
  })

  test('permalinks, people and channels', async () => {
    const { client } = await setUp()
    const { ts } = await client.chat.postMessage({ channel, text: 'hi' })
    const link = await client.chat.getPermalink({ channel, message_ts: ts ?? '' })
    expect(link.permalink).toBe(`https://jada-charters.slack.com/archives/C0OPS/p${(ts ?? '').replace('.', '')}`)
    expect((await client.users.info({ user: 'U0MARA' })).user?.tz).toBe('America/Los_Angeles')
    expect((await client.conversations.info({ channel: 'C0OTHER' })).channel).toMatchObject({
      is_member: false,
    })
    const denied = await refusal(client.conversations.open({ users: 'U0TOM' }))
    expect(denied.error).toBe('missing_scope')
  })
})

describe('faults', () => {
  test('a lost answer leaves the message posted', async () => {
    const { slack, client } = await setUp()
    slack.fault({ method: 'chat.*', kind: 'lost-answer', times: 1 })
    await expect(client.chat.postMessage({ channel, text: 'once' })).rejects.toThrow()
    expect(slack.messages(channel)).toHaveLength(1)
    expect(slack.calls).toMatchObject([{ fault: 'lost-answer', answer: { ok: true } }])
    await client.chat.postMessage({ channel, text: 'twice' })
    expect(slack.messages(channel)).toHaveLength(2)
  })

  test('429, 5xx, reset, timeout and an error of choice', async () => {
    const { slack, client, newClient } = await setUp()
    const post = (by = client) => refusal(by.chat.postMessage({ channel, text: 'x' }))
    slack.fault({ kind: '429', retryAfterS: 7, times: 1 })
    const impatient = newClient(undefined, { rejectRateLimitedCalls: true })
    await expect(impatient.auth.test()).rejects.toMatchObject({ retryAfter: 7 })
    slack.fault({ kind: '5xx', times: 1 })
    expect((await post()).error).toContain('503')
    slack.fault({ kind: 'error', error: 'fatal_error', times: 1 })
    expect((await post()).error).toBe('fatal_error')
    slack.fault({ kind: 'reset', times: 1 })
    expect((await post()).error).toContain('fetch failed')
    slack.fault({ kind: 'timeout' })
    await expect(newClient(undefined, { timeout: 20 }).auth.test()).rejects.toThrow()
    slack.clearFaults()
    expect(slack.messages(channel)).toHaveLength(0)
    expect((await client.auth.test()).ok).toBe(true)
  })
})
