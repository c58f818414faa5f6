import { WebClient } from '@slack/web-api'
import { afterEach, describe, expect, it } from 'vitest'
import { COLORS, colorOf, createWorld, OFFICE, OPERATOR, OPS, textOf, type World, type WorldOptions } from '../support/world.ts'

/** What people complain about today's incident bots (issues of their repositories); each is a test here. */

let world: World
afterEach(() => world.dispose())

const MINUTE = 60_000
const HOUR = 60 * MINUTE

async function blocked(options: WorldOptions = {}): Promise<string> {
  world = await createWorld(options)
  await world.connect()
  await kill()
  return world.card().ts
}

async function kill(): Promise<void> {
  world.google.revokeAll(OFFICE)
  await world.tick()
  await world.pass(66_000)
}

const cardLink = (): string => /"url":"([^"]+)"/.exec(JSON.stringify(world.card().attachments))?.[1] ?? ''
const recover = () => world.browse(cardLink(), { account: OFFICE })
const thread = (ts = world.card().ts) => world.slack.thread(OPS, ts).slice(1)

async function write(text: string): Promise<void> {
  await world.slack.message({ user: OPERATOR, channel: OPS, threadTs: world.card().ts, text })
  await world.settle()
}

const postsIn = (channel: string) =>
  world.slack.calls.filter(({ method, args }) => method === 'chat.postMessage' && args['channel'] === channel)

describe('the ten complaints about incident bots', () => {
  it('1. the original message is not edited on resolve', async () => {
    const ts = await blocked()
    await recover()
    expect(world.card().ts).toBe(ts)
    expect(world.card().text).toBe('RESOLVED: The port sheet syncs again')
    expect(colorOf(world.card())).toBe(COLORS.green)
    expect(textOf(world.card())).not.toContain('"type":"actions"')
  })

  it('2. repeats and resolves are not threaded', async () => {
    await blocked()
    const before = world.slack.messages(OPS).length
    await world.pass(6 * HOUR)
    await recover()
    expect(world.slack.messages(OPS)).toHaveLength(before)
    expect(thread().at(-1)?.text).toContain('Recovered after')
  })

  it('3. thread replies are broadcast to the channel as well', async () => {
    await blocked()
    for (const word of ['ack', 'status', 'why', 'timeline', 'resolve']) await write(word)
    await world.pass(2 * HOUR)
    await recover()
    const replies = postsIn(OPS).filter(({ args }) => args['thread_ts'] !== undefined)
    expect(replies.length).toBeGreaterThan(6)
    for (const { args } of replies) expect([undefined, false, 'false']).toContain(args['reply_broadcast'])
    expect(world.slack.messages(OPS).filter((message) => message.subtype === 'thread_broadcast')).toEqual([])
  })

  it('4. mentioning the resolver fills their Threads view', async () => {
    await blocked({ env: { JADA_ON_DUTY: 'U0TOM' } })
    for (const word of ['ack', 'snooze 1h', 'status', 'why', 'timeline', 'assign me', 'retry', 'resolve']) await write(word)
    await world.pass(HOUR)
    await recover()
    const said = thread().filter((message) => message.bot_id !== undefined)
    expect(said.length).toBeGreaterThan(6)
    for (const message of said) expect(textOf(message)).not.toContain(OPERATOR)
    // Who it was stands in the story that only the reader sees.
    expect(await world.jada('incident 2')).toContain(`Closed by <@${OPERATOR}>`)
  })

  it('5. the card is too tall, with too many buttons; or says too little', async () => {
    await blocked()
    const [attachment] = world.card().attachments ?? []
    const blocks = (attachment?.['blocks'] ?? []) as { type: string; elements?: { type: string }[]; fields?: unknown[] }[]
    expect(blocks.map(({ type }) => type)).toEqual(['section', 'section', 'context', 'actions'])
    expect(blocks[3]?.elements?.map(({ type }) => type)).toEqual(['button', 'button', 'static_select', 'overflow'])
    expect(blocks[1]?.fields).toHaveLength(4)
    for (const word of ['What to do', 'Since', 'Next try', 'Owner', 'oauth-token-failure', 'invalid_grant'])
      expect(textOf(world.card())).toContain(word)
  })

  it('6. a late Ack re-opens a resolved alert', async () => {
    const ts = await blocked()
    const old = world.card()
    await recover()
    // The click was on its way while the card changed: Slack sends it as it was.
    const client = new WebClient('xoxb-test', { slackApiUrl: world.app.core.config.slack.apiUrl })
    await client.chat.update({ channel: OPS, ts, text: old.text, attachments: old.attachments ?? [] })
    await world.slack.click({ user: OPERATOR, channel: OPS, ts, actionId: 'incident_ack' })
    await world.settle()
    await write('ack')
    expect(await world.jada('incidents')).toContain('(resolved, just now)')
    expect(thread(ts).at(-1)?.text).toContain('resolved already')
  })

  it('7. slash commands end in operation_timeout after 3 s', async () => {
    world = await createWorld()
    await world.connect()
    world.google.fault({ endpoint: 'token', kind: '5xx' })
    const answers = [
      ['status', /^\*?The port sheet|Port sheet/],
      ['sync now', /Syncing the port sheet/],
      ['reauth', /Google/],
      ['incidents', /incident/i],
      ['health now', /host|server|Looking/i],
      ['help', /\/jada status/],
    ] as const
    for (const [text, expected] of answers) {
      const before = world.slack.ephemerals.length
      // It would throw: no acknowledgement within three seconds is what Slack tells the person as a timeout.
      await world.slack.command({ user: OPERATOR, channel: OPS, text })
      await world.settle()
      const said = world.slack.ephemerals.slice(before)
      expect(said.map((message) => textOf(message)).join('\n')).toMatch(expected)
    }
    // What takes longer than an acknowledgement may is told afterwards: that it began, and how it went.
    const slow = world.slack.ephemerals.map((message) => textOf(message))
    expect(slow.some((text) => text.includes('Syncing the port sheet'))).toBe(true)
    expect(slow.some((text) => /503|Google/.test(text))).toBe(true)
  })

  it('8. alerts are silently lost: no retry, a wrong token unnoticed, a Slack failure that takes the other channels with it', async () => {
    world = await createWorld()
    await world.connect()
    world.slack.revokeToken()
    await kill()
    expect(world.alertLines().map((line) => [line['event'], line['severity']])).toEqual([['oauth_token_failure', 'CRITICAL']])
    expect(world.logText()).toMatch(/was refused \((?:token_revoked|invalid_auth|account_inactive)\)/)
    await world.pass(HOUR)
    world.slack.restoreToken()
    await world.pass(6 * MINUTE)
    expect(world.cards().filter((card) => card.text.startsWith('CRITICAL'))).toHaveLength(1)
  })

  it('9. a revoked token still shows "connected", and there is no Reconnect at the point of failure', async () => {
    await blocked()
    expect(await world.jada('status')).toContain('no longer accepts our token')
    expect(JSON.stringify(world.card().attachments)).toContain('"Re-authorize"')
    expect((await recover()).text).toContain('Google is connected')
  })

  it('10. snooze silently means for ever, and flapping floods', async () => {
    await blocked()
    await write('snooze forever')
    expect(colorOf(world.card())).toBe(COLORS.red)
    await write('snooze 1h')
    await world.pass(HOUR)
    expect(colorOf(world.card())).toBe(COLORS.red)
    expect(thread().at(-1)?.text).toContain('The snooze is over')
    await recover()
    const before = world.cards().length
    for (let turn = 0; turn < 6; turn += 1) {
      await kill()
      await recover()
      await world.pass(4 * MINUTE)
    }
    // The first openings are incidents of their own; from the third on it is one card that says what it does.
    expect(world.cards().length - before).toBe(2)
    await kill()
    expect(textOf(world.card())).toContain('flaps: opened')
  })
})
