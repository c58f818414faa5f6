import { afterEach, expect, it } from 'vitest'
import { createWorld, GUEST, OPERATOR, OPS, textOf, type World } from '../support/world.ts'

let world: World | null = null
afterEach(async () => {
  await world?.dispose()
  world = null
})

const begin = async (options: Parameters<typeof createWorld>[0] = {}): Promise<World> => {
  world = await createWorld(options)
  await world.connect()
  return world
}

/** The newest session's card, and what stands in its thread. */
function sessionOf({ slack }: World): { card: { ts: string; text: string }; thread: { ts: string; text: string }[] } {
  const card = slack.messages(OPS).findLast(({ text }) => text.startsWith('Session'))
  if (card === undefined) throw new Error('no session card')
  return { card, thread: slack.thread(OPS, card.ts).slice(1) }
}

for (const mode of ['socket', 'http'] as const) {
  it(`a task typed in Slack is worked, asks its question, is approved and is done (${mode})`, async () => {
    const bot = await begin({ mode })
    expect(await bot.jada('task add general Check the agreements')).toContain('Task 1')
    await bot.pass(10_000)
    const { card, thread } = sessionOf(bot)
    expect(textOf(card)).toContain('Check the agreements')
    const question = thread.find((message) => textOf(message).includes('question_choice'))
    expect(question).toBeDefined()
    expect(await bot.jada('task 1')).toContain('waiting')
    await bot.slack.message({ user: OPERATOR, channel: OPS, threadTs: card.ts, text: 'Chase the earliest &amp; tell the captain' })
    await bot.pass(10_000)
    const approval = sessionOf(bot).thread.find((message) => textOf(message).includes('approval_approve'))
    if (approval === undefined) throw new Error(`no approval: ${sessionOf(bot).thread.map(textOf).join('\n')}`)
    await bot.slack.click({ user: OPERATOR, channel: OPS, ts: approval.ts, actionId: 'approval_approve' })
    await bot.pass(10_000)
    expect(await bot.jada('task 1')).toContain('done')
    const after = sessionOf(bot)
    expect(textOf(after.card)).toContain('finished')
    expect(textOf(after.thread.find(({ ts }) => ts === approval.ts))).not.toContain('approval_approve')
    // Its own, and that of the task which was approved.
    expect(await bot.jada('quota')).toContain('2 of 5')
    expect(await bot.jada('tasks')).toContain('Check the agreements')
    expect(await bot.jada('sessions')).toContain('Check the agreements')
  })
}

it('hears operators in a session’s thread, and nobody else', async () => {
  const bot = await begin()
  await bot.jada('task add general Ask about the charters')
  await bot.pass(10_000)
  const { card } = sessionOf(bot)
  await bot.slack.message({ user: GUEST, channel: OPS, threadTs: card.ts, text: 'Call off everything' })
  await bot.slack.message({ user: GUEST, channel: OPS, threadTs: card.ts, text: 'stop' })
  await bot.slack.message({ user: OPERATOR, channel: OPS, text: 'stop' })
  await bot.pass(10_000)
  expect(await bot.jada('task 1')).toContain('waiting for a person')
  await bot.slack.message({ user: OPERATOR, channel: OPS, threadTs: card.ts, text: 'Stop.' })
  await bot.pass(10_000)
  expect(await bot.jada('task 1')).toContain(`Stopped by <@${OPERATOR}>`)
  expect(JSON.stringify(bot.claude.bodies)).not.toContain('Call off everything')
})

it('goes on after a restart in the middle of a question, without paying again, and a second approval changes nothing', async () => {
  const bot = await begin()
  await bot.jada('task add general Plan a follow-up')
  await bot.pass(10_000)
  const paid = bot.claude.requests.length
  await bot.restart()
  await bot.pass(3_600_000)
  expect(bot.claude.requests).toHaveLength(paid)
  const approval = sessionOf(bot).thread.find((message) => textOf(message).includes('approval_approve'))
  const click = { channel: OPS, ts: approval?.ts ?? '', actionId: 'approval_approve' }
  await bot.slack.click({ ...click, user: GUEST })
  await bot.pass(10_000)
  expect(bot.claude.requests).toHaveLength(paid)
  expect(bot.slack.ephemerals.at(-1)?.text).toContain('Only operators')
  await Promise.all([bot.slack.click({ ...click, user: OPERATOR }), bot.slack.click({ ...click, user: 'U0TOM' })])
  await bot.pass(10_000)
  const children = await bot.app.core.uow.run(({ tasks }) => tasks.children(1))
  expect(children).toHaveLength(1)
})

it('pauses and resumes, and says so', async () => {
  const bot = await begin()
  expect(await bot.jada('pause agent for 2h')).toContain('paused')
  await bot.jada('task add general Look at the charters')
  await bot.pass(3_600_000)
  expect(bot.claude.requests).toEqual([])
  expect(await bot.jada('quota')).toContain('Paused')
  expect(await bot.jada('resume', { user: GUEST })).toContain('Only operators')
  await bot.jada('resume')
  await bot.pass(10_000)
  expect(await bot.jada('task 1')).toContain('done')
})

it('takes tasks from the API, once for a key', async () => {
  const bot = await begin({ env: { JADA_API_TOKEN: 'a-token-for-the-api' } })
  const send = (body: unknown, token = 'a-token-for-the-api'): Promise<Response> =>
    fetch(`${bot.origin}/api/tasks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const task = { kind: 'general', title: 'Look at the charters', key: 'k-1' }
  const first = await send(task)
  expect([first.status, await first.json()]).toEqual([201, { id: 1 }])
  const again = await send(task)
  expect([again.status, await again.json()]).toEqual([200, { id: 1 }])
  expect((await send({ ...task, title: 'Something else' })).status).toBe(409)
  expect((await send(task, 'another-token-altogether')).status).toBe(401)
  await bot.pass(10_000)
  expect(await bot.jada('task 1')).toContain('done')
  expect(bot.logText()).not.toContain('a-token-for-the-api')
})

it('turns a message into a task by the shortcut', async () => {
  const bot = await begin()
  const { ts } = await bot.slack.message({ user: GUEST, channel: OPS, text: 'Person needed: the windlass of *Marisol* squeaks' })
  await bot.slack.shortcut({ user: OPERATOR, callbackId: 'make_task', channel: OPS, ts })
  await bot.settle()
  const modal = bot.slack.modals.at(-1)
  expect(JSON.stringify(modal)).toContain('the windlass of')
  await bot.slack.submitModal({ user: OPERATOR, values: {} })
  await bot.pass(10_000)
  expect(await bot.jada('task 1')).toContain('windlass')
})

it('needs no key: tasks are kept and the quota says why nothing happens', async () => {
  const bot = await begin({ env: { ANTHROPIC_API_KEY: '' } })
  await bot.jada('task add general Look at the charters')
  await bot.pass(3_600_000)
  expect(bot.claude.requests).toEqual([])
  expect(await bot.jada('quota')).toContain('ANTHROPIC_API_KEY')
  await bot.restart({ ANTHROPIC_API_KEY: 'sk-ant-not-a-real-key' })
  await bot.pass(10_000)
  expect(await bot.jada('task 1')).toContain('done')
})

it('shows a refused key as one incident that closes by itself when the key is corrected', async () => {
  const bot = await begin()
  bot.claude.setApiKey('sk-ant-a-new-one')
  await bot.jada('task add general Look at the charters')
  await bot.pass(10_000)
  expect(textOf(bot.card())).toContain('CRITICAL: Claude refuses our requests')
  expect(bot.alertLines().at(-1)).toMatchObject({ severity: 'CRITICAL', component: 'agent', event: 'model_refused' })
  await bot.restart({ ANTHROPIC_API_KEY: 'sk-ant-a-new-one' })
  await bot.pass(10_000)
  expect(await bot.jada('task 1')).toContain('done')
  expect(textOf(bot.cards().find((card) => textOf(card).includes('Claude')))).toContain('RESOLVED')
})

it('a task added in the window waits for those it comes after', async () => {
  const bot = await begin({ env: { JADA_SESSIONS_PER_DAY: '0' } })
  await bot.jada('task add general Look at the charters')
  await bot.jada('task add')
  const fill = (dependsOn: string): Record<string, Record<string, unknown>> => ({
    title: { title: 'Then this one' },
    dependsOn: { dependsOn },
    charterId: { charterId: 'JC-1101' },
  })
  await bot.slack.submitModal({ user: OPERATOR, values: fill('1, seven') })
  await bot.settle()
  expect(JSON.stringify(bot.slack.modals.at(-1))).toContain('must be numbers of tasks')
  await bot.slack.submitModal({ user: OPERATOR, values: fill('#1') })
  await bot.settle()
  const task = await bot.app.core.uow.run(({ tasks }) => tasks.find(2))
  expect(task).toMatchObject({ title: 'Then this one', dependsOn: [1], charterId: 'JC-1101' })
  expect((await bot.app.core.uow.run(({ tasks }) => tasks.next({ criticalOnly: false, kinds: ['general'] })))?.id).toBe(1)
})
