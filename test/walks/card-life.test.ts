import { WebClient } from '@slack/web-api'
import { afterEach, describe, expect, it } from 'vitest'
import { COLORS, colorOf, createWorld, OFFICE, OPERATOR, OPS, textOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.dispose())

async function blocked(): Promise<string> {
  world = await createWorld()
  await world.connect()
  world.google.revokeAll(OFFICE)
  await world.tick()
  await world.pass(66_000)
  return world.card().ts
}

const click = async (actionId: string, ts = world.card().ts, value?: string): Promise<void> => {
  await world.slack.click({ user: OPERATOR, channel: OPS, ts, actionId, ...(value === undefined ? {} : { value }) })
  await world.settle()
}

/** Picks something of a card's menu, by how its value ends. */
const pick = async (actionId: string, option: string): Promise<void> => {
  const [, value] = new RegExp(`"value":"(\\d+:\\d+:${option})"`).exec(JSON.stringify(world.card().attachments)) ?? []
  await click(actionId, world.card().ts, value)
}

const resolve = async (): Promise<void> => {
  await pick('incident_more', 'resolve')
  await click('incident_resolve', world.slack.ephemerals.at(-1)?.ts)
}
const cardLink = (): string => /"url":"([^"]+)"/.exec(JSON.stringify(world.card().attachments))?.[1] ?? ''

describe('the life of a card', () => {
  it('retries after 1 h, 4 h, 24 h and 24 h, edits one card, and asks Google nothing in between', async () => {
    await blocked()
    const asked = (): number => world.google.requests.filter((request) => request.endpoint === 'token').length
    const card = world.card().ts
    const instants: number[] = []
    for (const hours of [1, 4, 24, 24]) {
      const before = asked()
      await world.pass(hours * 3_600_000 - 60_000)
      await world.tick()
      expect(asked()).toBe(before)
      await world.pass(60_000)
      expect(asked()).toBe(before + 1)
      instants.push(hours)
    }
    expect(instants).toHaveLength(4)
    expect(world.cards().filter((one) => one.text.startsWith('CRITICAL'))).toHaveLength(1)
    expect(world.card().ts).toBe(card)
    expect(textOf(world.card())).toContain('*Failures in a row*\\n8')
    // Besides the card and its evidence: seven reminders in the thread, and one that went to the person.
    expect(world.slack.thread(OPS, card)).toHaveLength(9)
    expect(world.slack.messages('D0MARA')).toHaveLength(1)
  })

  it('is acknowledged, snoozed and woken in place; a restart changes nothing of it', async () => {
    const ts = await blocked()
    await click('incident_ack')
    expect(colorOf(world.card())).toBe(COLORS.amber)
    expect(textOf(world.card())).toContain(`Acknowledged: <@${OPERATOR}> has it`)
    await pick('incident_snooze', '1h')
    expect(colorOf(world.card())).toBe(COLORS.grey)
    await world.restart()
    await world.pass(3_600_000)
    expect(colorOf(world.card())).toBe(COLORS.red)
    expect(world.card().ts).toBe(ts)
    expect(world.slack.thread(OPS, ts).at(-1)?.text).toContain('The snooze is over')
  })

  it('closed without proof turns grey; the next failure opens the same card, and proof turns it green', async () => {
    const ts = await blocked()
    await resolve()
    expect(colorOf(world.card())).toBe(COLORS.grey)
    expect(world.card().text).toContain('CLOSED, NOT PROVEN')
    await world.pass(3_600_000)
    expect(world.card().ts).toBe(ts)
    expect(colorOf(world.card())).toBe(COLORS.red)
    await world.browse(cardLink(), { account: OFFICE })
    expect(colorOf(world.card())).toBe(COLORS.green)
    expect(world.cards()).toHaveLength(2)
  })

  it('a late click on a resolved card changes nothing and is explained', async () => {
    const ts = await blocked()
    const old = world.card()
    await world.browse(cardLink(), { account: OFFICE })
    expect(JSON.stringify(world.card().attachments)).not.toContain('incident_ack')
    // The click was on its way while the card changed: Slack sends it as it was.
    const client = new WebClient('xoxb-test', { slackApiUrl: world.app.core.config.slack.apiUrl })
    await client.chat.update({ channel: OPS, ts, text: old.text, attachments: old.attachments ?? [] })
    await click('incident_ack', ts)
    expect(textOf(world.slack.ephemerals.at(-1))).toContain('resolved already')
    expect(await world.jada('incidents')).toContain('(resolved, just now)')
  })

  it('a card that somebody deletes is posted again, and the story goes on in its thread', async () => {
    const ts = await blocked()
    await world.slack.deleteMessage({ user: OPERATOR, channel: OPS, ts })
    await world.settle()
    const again = world.card()
    expect(again.ts).not.toBe(ts)
    expect(again.text).toContain('CRITICAL')
    await world.browse(cardLink(), { account: OFFICE })
    expect(world.card().ts).toBe(again.ts)
    expect(colorOf(world.card())).toBe(COLORS.green)
    expect(world.slack.thread(OPS, again.ts).map((reply) => reply.text.split(' ')[0])).toEqual(['RESOLVED:', OFFICE, 'Recovered'])
  })

  it('the same event twice has its effect once', async () => {
    const ts = await blocked()
    const event = {
      type: 'message',
      subtype: 'message_deleted',
      channel: OPS,
      channel_type: 'channel',
      deleted_ts: ts,
      ts: '1793612000.000100',
      event_ts: '1793612000.000100',
    }
    await world.slack.event(event, { eventId: 'Ev1' })
    await world.settle()
    await world.slack.event(event, { eventId: 'Ev1', retryNum: 1, retryReason: 'http_timeout' })
    await world.settle()
    expect(world.cards().filter((card) => card.text.startsWith('CRITICAL'))).toHaveLength(2)
  })
})

describe('when Slack is in trouble', () => {
  it('down, limited, or swallowing answers: the alert comes through, once', async () => {
    world = await createWorld()
    await world.connect()
    world.google.revokeAll(OFFICE)
    world.slack.fault({ method: 'chat.postMessage', kind: '429', retryAfterS: 30, times: 1 })
    await world.tick()
    await world.pass(66_000)
    expect(world.cards()).toHaveLength(1)
    expect(world.alertLines().map((line) => line['severity'])).toEqual(['CRITICAL'])
    world.slack.fault({ method: 'chat.postMessage', kind: 'lost-answer', times: 1 })
    await world.pass(31_000)
    expect(world.cards()).toHaveLength(2)
    expect(await world.jada('status')).toContain('messages wait for Slack')
    await world.pass(130_000)
    expect(world.cards()).toHaveLength(2)
    expect(world.slack.thread(OPS, world.card().ts)).toHaveLength(2)
    expect(await world.jada('status')).not.toContain('for Slack')
  })

  it('a card that Slack refuses to draw arrives in words', async () => {
    world = await createWorld()
    await world.connect()
    world.google.revokeAll(OFFICE)
    world.slack.fault({ method: 'chat.postMessage', kind: 'error', error: 'invalid_attachments', times: 1 })
    await world.tick()
    await world.pass(66_000)
    const said = world.slack.messages(OPS).at(-1)?.text ?? ''
    expect(said).toMatch(/^CRITICAL: Google no longer accepts our token/)
    expect(said).toContain('could not be drawn')
  })

  it('a full alert log never stops Slack', async () => {
    world = await createWorld({ env: { JADA_ALERT_LOG: '/dev/full' } })
    await world.connect()
    world.google.revokeAll(OFFICE)
    await world.tick()
    await world.pass(66_000)
    expect(world.card().text).toContain('CRITICAL')
    expect(await world.jada('status')).toContain('1 message waits for the alert log, the oldest for')
    expect(world.logText()).toContain('ENOSPC')
  })

  it('state that cannot be written is told in Slack all the same, and the story goes on when it can', async () => {
    world = await createWorld()
    await world.connect()
    world.google.revokeAll(OFFICE)
    const { raw } = world.app.core.database
    // What a disk that was remounted read-only, or is full, looks like to the bot.
    raw.exec('PRAGMA query_only = 1')
    await world.tick()
    const said = (): string[] =>
      world.slack
        .messages(OPS)
        .map((message) => message.text)
        .filter((text) => text.includes('cannot write its state'))
    await expect.poll(said).toEqual([expect.stringMatching(/^CRITICAL: .*Syncs and alerts wait until it can/)])
    await expect.poll(() => world.alertLines().map((line) => line['event'])).toEqual(['state_unwritable'])
    await world.tick()
    expect(said()).toHaveLength(1)
    raw.exec('PRAGMA query_only = 0')
    await world.tick()
    await world.pass(66_000)
    expect(world.card().text).toContain('CRITICAL: Google no longer accepts our token')
  })
})
