import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createSlack, type Slack } from '../../sandbox/slack/slack.ts'
import { createNotifier } from '../../src/bot/notifier.ts'
import { createSlackClients } from '../../src/bot/slack-client.ts'
import { readConfig } from '../../src/config.ts'
import type { PersonRequest } from '../../src/services/agent/request.ts'
import type { CardContent, Notifier, ReplyContent } from '../../src/services/delivery/notifier.ts'
import { newRequest, newSession, newTask } from '../support/agent-samples.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { HOSTILE, incident, NOON } from '../support/incident-samples.ts'
import { ON_DUTY } from '../support/incident-slack-checks.ts'
import { createTestLog } from '../support/job-log.ts'

const OPS = 'C0OPS'
const TOKEN = 'xoxb-sandbox'

const card = (shown = incident()): CardContent => ({ type: 'incident', incident: shown })
const EVIDENCE: ReplyContent = { type: 'incident', note: { type: 'evidence' }, snapshot: incident() }

interface Bench {
  readonly slack: Slack
  readonly clock: FakeClock
  readonly notifier: Notifier
}

/** Takes events as an app would; what the bot does about them is tested elsewhere. */
async function listenToNothing(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`
}

/** The real client against the strict stand-in, with exactly the scopes given. */
async function openBench(): Promise<Bench> {
  const clock = createFakeClock(NOON)
  const slack = createSlack({
    botToken: TOKEN,
    signingSecret: 'not-checked',
    now: () => clock.now(),
    channels: [{ id: OPS, name: 'ops', members: ['U0MARA'], botIsMember: true }],
    users: [{ id: 'U0MARA', name: 'mara' }],
  })
  const { apiUrl } = await slack.start()
  onTestFinished(() => slack.stop())
  slack.setEventsUrl(await listenToNothing())
  const config = readConfig({
    SLACK_BOT_TOKEN: TOKEN,
    SLACK_APP_TOKEN: 'xapp-sandbox',
    SLACK_API_URL: apiUrl,
    JADA_OPS_CHANNEL: OPS,
    JADA_OPERATORS: 'U0MARA',
    GOOGLE_CLIENT_ID: 'client',
    GOOGLE_CLIENT_SECRET: 'GOCSPX-x',
    JADA_SHEET_ID: 'sheet',
    JADA_SECRET_KEY: Buffer.alloc(32, 1).toString('base64'),
  })
  const clients = createSlackClients(config, createTestLog())
  const linksFor = (): { reauthorize: null } => ({ reauthorize: null })
  const readBusiness = (): Promise<null> => Promise.resolve(null)
  const notifier = createNotifier({ clients, clock, opsChannel: OPS, onDuty: ON_DUTY, linksFor, readBusiness, pageAddress: () => null })
  return { slack, clock, notifier }
}

async function postCard({ notifier }: Bench): Promise<string> {
  const posted = await notifier.post(card(), 'incident:7:post-card:1', null)
  if (posted.kind !== 'sent' || posted.ts === null) throw new Error(`not posted: ${JSON.stringify(posted)}`)
  return posted.ts
}

describe('posting', () => {
  test('a card carries its key, and its replies are in its thread and not in the channel', async () => {
    const bench = await openBench()
    const ts = await postCard(bench)
    expect(await bench.notifier.reply(ts, EVIDENCE, 'incident:7:note:1:1')).toMatchObject({ kind: 'sent' })
    const [card] = bench.slack.messages(OPS)
    expect(bench.slack.messages(OPS)).toHaveLength(1)
    expect(card?.text).toBe('CRITICAL: Google no longer accepts our token, so the port sheet sync is blocked')
    expect(card?.metadata).toEqual({ event_type: 'jada_outbox', event_payload: { key: 'incident:7:post-card:1' } })
    expect(bench.slack.thread(OPS, ts).map(({ metadata }) => metadata?.event_payload['key'])).toEqual([
      'incident:7:post-card:1',
      'incident:7:note:1:1',
    ])
  })

  test('an edit changes the card in place', async () => {
    const bench = await openBench()
    const ts = await postCard(bench)
    const resolved = incident({ state: 'resolved', proven: true, version: 2, resolvedAt: NOON + 60_000, resolution: 'no charter changed' })
    expect(await bench.notifier.edit(card(resolved), ts)).toEqual({ kind: 'sent', ts })
    expect(bench.slack.messages(OPS).map(({ text }) => text.split(':')[0])).toEqual(['RESOLVED'])
    expect(JSON.stringify(bench.slack.messages(OPS))).not.toContain('incident_ack')
  })

  test.each(HOSTILE.filter((piece) => piece.startsWith('<')))('a notice with %o from the sheet rings for nobody', async (piece) => {
    const bench = await openBench()
    await bench.notifier.postNotice(
      { text: `The port sheet has a column the bot does not know: "${piece}".`, by: null },
      'unknown-column:x',
    )
    expect(bench.slack.messages(OPS)[0]?.text).not.toContain(piece)
  })
})

describe('what a failure means', () => {
  test('a rate limit is a refusal with the time that was asked', async () => {
    const bench = await openBench()
    bench.slack.fault({ method: 'chat.postMessage', kind: '429', retryAfterS: 7, times: 1 })
    expect(await bench.notifier.post(card(), 'k', null)).toEqual({ kind: 'refused', code: 'ratelimited', waitMs: 7000 })
    expect(bench.slack.messages(OPS)).toEqual([])
  })

  test('a code from Slack is a refusal, and the message is not there', async () => {
    const bench = await openBench()
    bench.slack.fault({ method: 'chat.postMessage', kind: 'error', error: 'channel_not_found', times: 1 })
    expect(await bench.notifier.post(card(), 'k', null)).toEqual({ kind: 'refused', code: 'channel_not_found', waitMs: null })
  })

  test.each(['5xx', 'reset', 'lost-answer'] as const)('%s leaves it unclear, and it is asked only once', async (kind) => {
    const bench = await openBench()
    bench.slack.fault({ method: 'chat.postMessage', kind, times: 5 })
    expect(await bench.notifier.post(card(), 'k', null)).toMatchObject({ kind: 'unclear' })
    expect(bench.slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1)
  })

  test('a server that is not there certainly got nothing', async () => {
    const bench = await openBench()
    await bench.slack.stop()
    expect(await bench.notifier.post(card(), 'k', null)).toEqual({ kind: 'refused', code: 'ECONNREFUSED', waitMs: null })
  })

  test('a deleted card is lost for an edit and for a reply, and the stray reply is taken back', async () => {
    const bench = await openBench()
    const ts = await postCard(bench)
    await bench.slack.deleteMessage({ user: 'U0MARA', channel: OPS, ts })
    expect(await bench.notifier.edit(card(), ts)).toEqual({ kind: 'card-lost' })
    expect(await bench.notifier.reply(ts, EVIDENCE, 'k')).toEqual({ kind: 'card-lost' })
    expect(bench.slack.messages(OPS)).toEqual([])
  })
})

describe('looking for a message', () => {
  test('finds what arrived although the answer was lost, in the channel and in a thread', async () => {
    const bench = await openBench()
    bench.slack.fault({ method: 'chat.postMessage', kind: 'lost-answer', times: 1 })
    await bench.notifier.post(card(), 'the-card', null)
    const ts = bench.slack.messages(OPS)[0]?.ts ?? ''
    expect(await bench.notifier.find('the-card', NOON - 120_000, null)).toEqual({ kind: 'found', ts })
    expect(await bench.notifier.find('another', NOON - 120_000, null)).toEqual({ kind: 'absent' })
    await bench.notifier.reply(ts, EVIDENCE, 'the-reply')
    expect(await bench.notifier.find('the-reply', NOON - 120_000, ts)).toMatchObject({ kind: 'found' })
    expect(await bench.notifier.find('the-reply', NOON - 120_000, null)).toEqual({ kind: 'absent' })
  })

  test('goes through several pages of a busy channel', async () => {
    const bench = await openBench()
    await postCard(bench)
    for (let count = 0; count < 250; count += 1) await bench.slack.message({ user: 'U0MARA', channel: OPS, text: `chatter ${count}` })
    expect(await bench.notifier.find('incident:7:post-card:1', NOON - 120_000, null)).toMatchObject({ kind: 'found' })
  })

  test('that cannot look says so, instead of calling it absent', async () => {
    const bench = await openBench()
    const ts = await postCard(bench)
    bench.slack.fault({ method: 'conversations.history', kind: 'error', error: 'missing_scope', times: 1 })
    expect(await bench.notifier.find('k', NOON, null)).toEqual({ kind: 'unclear', code: 'missing_scope' })
    bench.slack.fault({ method: 'conversations.replies', kind: '429', times: 1 })
    expect(await bench.notifier.find('k', NOON, ts)).toMatchObject({ kind: 'unclear' })
  })

  test('in a thread that is gone finds nothing', async () => {
    const bench = await openBench()
    const ts = await postCard(bench)
    await bench.slack.deleteMessage({ user: 'U0MARA', channel: OPS, ts })
    expect(await bench.notifier.find('k', NOON, ts)).toEqual({ kind: 'absent' })
  })
})

describe('a session and what it asks', () => {
  const shown = { ...newSession(1, 1), id: 1 }
  const task = { ...newTask(), id: 1, state: 'running' as const, ranOut: 0, outcome: null, createdAt: NOON, updatedAt: NOON, version: 1 }
  const SESSION: CardContent = { type: 'session', session: { version: 1, session: shown, task, openRequests: [] } }
  const undecided = { id: 1, version: 1, state: 'open' as const, decidedBy: null, decidedAt: null, answer: null }
  const asking = (change: Partial<PersonRequest> = {}): CardContent => {
    const asked: PersonRequest = { ...newRequest(1), ...undecided, ...change }
    return { type: 'request', request: { version: asked.version, request: asked, session: shown, task } }
  }
  const posted = async (delivery: ReturnType<Notifier['post']>): Promise<string> => {
    const answer = await delivery
    if (answer.kind !== 'sent' || answer.ts === null) throw new Error(`not posted: ${JSON.stringify(answer)}`)
    return answer.ts
  }

  test('stand in one thread: the card, a line, and a request that is edited in place', async () => {
    const bench = await openBench()
    const ts = await posted(bench.notifier.post(SESSION, 'session:1:card', null))
    const line: ReplyContent = { type: 'session', note: { type: 'progress', text: 'The list is read.' } }
    expect(await bench.notifier.reply(ts, line, 'session:1:note:1')).toMatchObject({ kind: 'sent' })
    const requestTs = await posted(bench.notifier.post(asking(), 'request:1:card', ts))
    expect(bench.slack.messages(OPS)).toHaveLength(1)
    expect(bench.slack.thread(OPS, ts).map(({ metadata }) => metadata?.event_payload['key'])).toEqual([
      'session:1:card',
      'session:1:note:1',
      'request:1:card',
    ])
    const before = bench.slack.thread(OPS, ts)[2]?.text
    expect(await bench.notifier.edit(asking({ state: 'approved', version: 2, decidedBy: 'U0MARA', decidedAt: NOON }), requestTs)).toEqual({
      kind: 'sent',
      ts: requestTs,
    })
    expect(bench.slack.thread(OPS, ts)).toHaveLength(3)
    expect(bench.slack.thread(OPS, ts)[2]?.text).not.toBe(before)
  })

  test('a request whose answer was lost is found in the thread of its session', async () => {
    const bench = await openBench()
    const ts = await posted(bench.notifier.post(SESSION, 'session:1:card', null))
    bench.slack.fault({ method: 'chat.postMessage', kind: 'lost-answer', times: 1 })
    expect(await bench.notifier.post(asking(), 'request:1:card', ts)).toMatchObject({ kind: 'unclear' })
    const found = bench.slack.thread(OPS, ts)[1]?.ts
    expect(await bench.notifier.find('request:1:card', NOON - 120_000, ts)).toEqual({ kind: 'found', ts: found })
  })

  test('a request under a card that is gone is lost, and none is left in the channel', async () => {
    const bench = await openBench()
    const ts = await posted(bench.notifier.post(SESSION, 'session:1:card', null))
    await bench.slack.deleteMessage({ user: 'U0MARA', channel: OPS, ts })
    expect(await bench.notifier.post(asking(), 'request:1:card', ts)).toEqual({ kind: 'card-lost' })
    expect(bench.slack.messages(OPS)).toEqual([])
  })
})
