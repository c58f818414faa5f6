import { afterEach, expect, it } from 'vitest'
import { createWorld, GUEST, OFFICE, OPERATOR, OPS, textOf, type World, type WorldOptions } from '../support/world.ts'

let world: World
afterEach(() => world.dispose())

async function blocked(options: WorldOptions = {}): Promise<string> {
  world = await createWorld(options)
  await world.connect()
  world.google.revokeAll(OFFICE)
  await world.tick()
  await world.pass(66_000)
  await world.pass(180_000)
  return world.card().ts
}

const replies = (ts: string): string[] =>
  world.slack
    .thread(OPS, ts)
    .filter(({ bot_id: bot }) => bot !== undefined)
    .map((message) => textOf(message))

/** Writes into the card's thread, and gives what the bot says to it. */
async function write(text: string, user = OPERATOR): Promise<string[]> {
  const { ts } = world.card()
  const before = replies(ts).length
  await world.slack.message({ user, channel: OPS, threadTs: ts, text })
  await world.pass(10_000)
  return replies(ts).slice(before)
}

/** Another start, with Slack connected again. */
async function restart(env: Readonly<Record<string, string>>): Promise<void> {
  await world.restart(env)
  await expect.poll(() => world.slack.socket.connected()).toBeGreaterThan(0)
}

const calls = (): number => world.claude.requests.filter(({ path }) => path === '/v1/messages').length

it('a question in the thread is answered by Claude, once, from what was looked at; talk is not', async () => {
  const ts = await blocked()
  const [answer, ...more] = await write('why is it failing?', GUEST)
  expect(more).toEqual([])
  expect(answer).toMatch(/invalid_grant.*\(signals\).*I propose: Re-authorize Google/s)
  expect(answer).toMatch(
    /_Looked at: signals \([^)]*old\), last \d runs \([^)]*old\).*runbook section oauth-token-failure\. Claude proposes; people act\._/,
  )
  expect(await write('Tom restarted the router')).toEqual([])
  expect(await write('<@U0TOM> can you look?')).toEqual([])
  expect(await write('<@U0BOT> tell me about the last runs')).toEqual([expect.stringContaining('Looked at: signals')])
  expect(await write('snoze 2h')).toEqual([expect.stringContaining('I know these words here: `ack`')])
  expect(calls()).toBe(2)

  const event = {
    type: 'message',
    channel: OPS,
    channel_type: 'channel',
    user: OPERATOR,
    text: 'what now?',
    thread_ts: ts,
    ts: '1793612000.000100',
  }
  const before = replies(ts).length
  for (const retryNum of [0, 1]) {
    await world.slack.event(event, { eventId: 'EvAsk', ...(retryNum === 0 ? {} : { retryNum, retryReason: 'http_timeout' }) })
    await world.settle()
  }
  expect(replies(ts)).toHaveLength(before + 1)
  const quota = await world.jada('quota')
  expect(quota).toMatch(/\*Questions:\* (?:under )?\$0\.0\d of \$0\.50 today, apart from sessions\./)
  expect(quota).toContain('Sessions today: 0 of 5 used')

  world.claude.addFault({ kind: '529', times: 2 })
  expect(await write('and when is it tried again?')).toEqual([
    expect.stringContaining('Claude is overloaded and asks to wait, so this is from the runbook.'),
  ])
  world.claude.addFault({ kind: 'refusal', times: 1 })
  expect(await write('and then?')).toEqual([expect.stringContaining('Claude declined to answer this')])
  const metrics = await (await fetch(`${world.origin}/metrics`)).text()
  expect(metrics).toMatch(/jada_questions_spent_dollars 0\.0\d+/)
  expect(metrics).toContain('jada_questions_limit_dollars 0.5')

  await restart({ JADA_QUESTION_BUDGET_USD: '0.01' })
  expect(await write('is it still failing?')).toEqual([
    expect.stringContaining("Today's budget for questions is used up, so this is from the runbook."),
  ])

  const asked = calls()
  await restart({ ANTHROPIC_API_KEY: '' })
  const [plain] = await write('what should I do?')
  expect(plain).toMatch(/^\*CRITICAL: Google no longer accepts our token/)
  expect(plain).toContain('The runbook (oauth-token-failure) says:')
  expect(plain).toMatch(/_Looked at: signals \([^)]*old\), runbook section oauth-token-failure\._/)
  expect(calls()).toBe(asked)
}, 30_000)
