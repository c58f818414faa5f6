import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { endSession } from '../../src/services/agent/end.ts'
import type { RequestWhat } from '../../src/services/agent/request.ts'
import { change, postCard, postRequest } from '../../src/services/agent/tell.ts'
import type { AllPorts } from '../../src/store/unit.ts'
import type { Message } from '../../sandbox/slack/slack.ts'
import { newRequest, newSession, newTask } from '../support/agent-samples.ts'
import { createWorld, GUEST, OPERATOR, OPS, START, textOf, type World } from '../support/world.ts'

/** Without a key for Claude nothing moves but what people do. */
const NO_KEY = { ANTHROPIC_API_KEY: '' }

let world: World
beforeEach(async () => {
  world = await createWorld({ env: NO_KEY })
})
afterEach(() => world.dispose())

const inStore = <T>(body: (ports: AllPorts) => Promise<T>): Promise<T> => world.app.core.uow.run(body)

async function beginSession(): Promise<{ card: Message }> {
  await inStore(async (ports) => {
    const { task } = await ports.tasks.add(newTask(), START)
    await ports.tasks.save({ ...task, state: 'running' })
    await postCard(ports, await ports.sessions.open(newSession(task.id, 1, { startedAt: START }), 5), START)
  })
  world.app.loops.loop.wake()
  await world.settle()
  return { card: world.card() }
}

/** A session that waits for an answer, and the card of its request. */
async function ask(what: RequestWhat, expiresAt: number | null = START + 3_600_000): Promise<{ card: Message; session: Message }> {
  const { card: session } = await beginSession()
  await inStore(async (ports) => {
    const one = await ports.sessions.find(1)
    if (one === null) throw new Error('no session')
    const request = await ports.requests.add(newRequest(1, { what, askedAt: START, expiresAt }))
    await postRequest(ports, request, START)
    await change(ports, one, { status: 'waiting', wait: { for: 'request', until: expiresAt } }, START)
    await ports.tasks.save({ ...(await taskOf(ports, 1)), state: 'waiting' })
  })
  world.app.loops.loop.wake()
  await world.settle()
  const card = world.slack.thread(OPS, session.ts).at(-1)
  if (card === undefined) throw new Error('no card')
  return { card, session }
}

async function taskOf(ports: AllPorts, id: number) {
  const task = await ports.tasks.find(id)
  if (task === null) throw new Error('no task')
  return task
}

const click = async (ts: string, actionId: string, user = OPERATOR): Promise<string> => {
  const before = world.slack.ephemerals.length
  await world.slack.click({ user, channel: OPS, ts, actionId })
  await world.settle()
  return world.slack.ephemerals.slice(before).map(textOf).join('\n')
}

const say = async (threadTs: string, text: string, user = OPERATOR): Promise<void> => {
  await world.slack.message({ user, channel: OPS, text, threadTs })
  await world.settle()
}

const kept = (): Promise<number> =>
  Promise.resolve(Number(world.app.core.database.raw.prepare('select count(*) as n from slack_event').get()?.['n']))

const requestNow = () => inStore(({ requests }) => requests.find(1))
const sessionNow = () => inStore(({ sessions }) => sessions.find(1))
const taskNow = (id = 1) => inStore((ports) => taskOf(ports, id))

const APPROVAL: RequestWhat = { type: 'approval', tool: 'send_email', title: 'Send an email', fields: [{ label: 'To', value: 'Ana' }] }
const QUESTION: RequestWhat = { type: 'question', question: 'Which date?', choices: ['Monday', 'Tuesday'] }

describe('buttons', () => {
  test('Approve lets the session go on, and the buttons go', async () => {
    const { card } = await ask(APPROVAL)
    expect(await click(card.ts, 'approval_approve')).toBe('')
    expect(await requestNow()).toMatchObject({ state: 'approved', decidedBy: OPERATOR, version: 2 })
    expect(await sessionNow()).toMatchObject({ status: 'running', wait: null })
    expect((await taskNow()).state).toBe('running')
    const edited = world.slack.thread(OPS, card.thread_ts ?? '').find(({ ts }) => ts === card.ts)
    expect(textOf(edited)).toContain(`*Approved* by <@${OPERATOR}>`)
    expect(textOf(edited)).not.toContain('approval_approve')
  })

  test('a click on an older card changes nothing and says why', async () => {
    const { card } = await ask(APPROVAL)
    await inStore((ports) =>
      ports.requests
        .find(1)
        .then((one) => one && ports.requests.save({ ...one, state: 'rejected', version: 2, decidedBy: 'U0TOM', decidedAt: START })),
    )
    expect(await click(card.ts, 'approval_approve')).toContain('Already decided by <@U0TOM>')
    expect(await requestNow()).toMatchObject({ state: 'rejected' })
  })

  test('a click after the expiry is told so', async () => {
    const { card } = await ask(APPROVAL, START + 1000)
    world.clock.advance(2000)
    expect(await click(card.ts, 'approval_approve')).toContain('This expired')
    expect((await requestNow())?.state).not.toBe('approved')
  })

  test('a choice is the answer', async () => {
    const { card } = await ask(QUESTION)
    expect(await click(card.ts, 'question_choice_1')).toBe('')
    expect(await requestNow()).toMatchObject({ state: 'answered', answer: 'Tuesday', decidedBy: OPERATOR })
  })

  test('what nobody knows is settled', async () => {
    const { card } = await ask({ type: 'settle', tool: 'send_email', title: 'Send an email', fields: [], where: 'the mailbox' }, null)
    await click(card.ts, 'settle_not')
    expect(await requestNow()).toMatchObject({ state: 'not-happened', decidedBy: OPERATOR })
  })

  test('Stop ends the session; again, it has ended already; guests are told who may', async () => {
    const { card } = await beginSession()
    expect(await click(card.ts, 'session_stop', GUEST)).toContain('Only operators may do this')
    expect(await sessionNow()).toMatchObject({ status: 'running' })
    await click(card.ts, 'session_stop')
    expect(await sessionNow()).toMatchObject({ status: 'cancelled', step: 'stopped' })
    expect((await taskNow()).state).toBe('needs-person')
    expect(textOf(world.card())).not.toContain('session_stop')
  })

  test('of a task queue it again, close it and cancel it', async () => {
    await beginSession()
    await inStore(async (ports) => {
      const one = await ports.sessions.find(1)
      if (one !== null) await endSession(ports, one, { how: 'gave-up', reason: 'No.' }, START)
    })
    await world.settle()
    expect(await world.jada('task 1')).toContain('task_retry')
    const shown = world.slack.ephemerals.at(-1)
    expect(await click(shown?.ts ?? '', 'task_retry')).toContain('Task 1 is queued again.')
    expect((await taskNow()).state).toBe('queued')
    expect(await click(shown?.ts ?? '', 'task_done')).toContain('Task 1 is queued. Only a task that needs a person')
    expect(await click(shown?.ts ?? '', 'task_cancel')).toContain('Task 1 is cancelled.')
    expect((await taskNow()).state).toBe('cancelled')
  })
})

describe('what is said in the thread of a session', () => {
  test('by an operator answers its question, un-escaped', async () => {
    const { session } = await ask(QUESTION)
    await say(session.ts, 'Monday &amp; &lt;Tuesday&gt;, see <https://a.example/x|the list>')
    expect(await requestNow()).toMatchObject({ state: 'answered', answer: 'Monday & <Tuesday>, see the list (https://a.example/x)' })
    expect(await kept()).toBe(1)
  })

  test('stop ends it', async () => {
    const { card } = await beginSession()
    await say(card.ts, 'Stop.')
    expect(await sessionNow()).toMatchObject({ status: 'cancelled', step: 'stopped' })
  })

  test('by others, elsewhere and outside threads is neither heard nor kept', async () => {
    const { session } = await ask(QUESTION)
    await say(session.ts, 'Monday', GUEST)
    const { ts } = await world.slack.message({ user: OPERATOR, channel: OPS, text: 'Good morning' })
    await say(ts, 'stop')
    expect((await requestNow())?.state).toBe('open')
    expect(await kept()).toBe(0)
  })
})

describe('commands', () => {
  test('task add adds once, keeps the case, and says what is missing', async () => {
    const said = await world.jada('task add general Call Ana Ruiz about JC-1 & public')
    expect(said).toContain('Task 1 added: Call Ana Ruiz about JC-1 &amp; public')
    expect(said).toContain('No key for Claude is set')
    expect(await taskNow()).toMatchObject({
      kind: 'general',
      title: 'Call Ana Ruiz about JC-1 & public',
      origin: { via: 'slack', by: OPERATOR },
    })
    expect(await world.jada('task add person Call Jon')).toContain('It waits for a person.')
    expect(await world.jada('tasks')).toMatch(/Needs a person\* \(1\).*Call Jon.*Queued\* \(1\).*Call Ana/s)
  })

  test('an unknown kind gets the nearest one and the list; a title that is too long its problem', async () => {
    expect(await world.jada('task add genral Call Ana')).toMatch(
      /no kind of task \\"genral\\"\. Did you mean `general`\? There is `crew-page`, `e-signature`, `general`, `person`/,
    )
    expect(await world.jada(`task add general ${'x'.repeat(201)}`)).toContain('The title is longer than 200 characters')
    expect(await world.jada('tasks')).toContain('There is no task yet')
  })

  test('guests may read in the ops channel, and add nothing', async () => {
    expect(await world.jada('task add general x', { user: GUEST })).toContain('Only operators may do this')
    expect(await world.jada('tasks', { user: GUEST })).toContain('There is no task yet')
    expect(await world.jada('quota', { user: GUEST })).toContain('No key for Claude is set')
  })

  test('task N acts', async () => {
    await world.jada('task add general Call Ana')
    expect(await world.jada('task 1 cancel')).toContain('Task 1 is cancelled.')
    expect(await world.jada('task 1 cancel')).toContain('There is nothing left to cancel.')
    expect(await world.jada('task 9')).toContain('There is no task 9')
    expect(await world.jada('task 9 done')).toContain('There is no task 9')
    expect(await world.jada('sessions')).toContain('There has been no session yet.')
  })

  test('pause and resume', async () => {
    expect(await world.jada('pause')).toContain('/jada pause agent for 2h')
    expect(await world.jada('pause agent for 2h')).toMatch(/paused the agent until <!date/)
    expect(await world.jada('quota')).toContain(`*Paused* by <@${OPERATOR}>`)
    expect(await world.jada('resume')).toContain('The pause is over')
    expect(await world.jada('resume')).toContain('was not paused')
  })
})

describe('the modal for a task', () => {
  const fill = (values: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(values).map(([field, value]) => [field, { [field]: value }]))

  const submit = async (values: Record<string, unknown>, user = OPERATOR) => {
    const result = await world.slack.submitModal({ user, values: fill(values) })
    await world.settle()
    return result.body as { response_action: string; errors?: Record<string, string>; view?: unknown }
  }

  test('opens without arguments, tells problems beside the fields, and adds one task', async () => {
    await world.jada('task add')
    expect(world.slack.modals).toHaveLength(1)
    expect(await submit({ kind: 'general', title: 'x'.repeat(201), priority: 'normal' })).toMatchObject({
      response_action: 'errors',
      errors: { title: 'This is longer than 200 characters; put the rest into the details.' },
    })
    const done = await submit({ kind: 'general', title: 'Call <Ana>', details: 'soon', priority: 'high', dueOn: '2026-11-30' })
    expect(done.response_action).toBe('update')
    expect(JSON.stringify(done.view)).toContain('Task 1 added: Call &lt;Ana&gt;')
    expect(await taskNow()).toMatchObject({ kind: 'general', title: 'Call <Ana>', details: 'soon', priority: 'high', dueOn: '2026-11-30' })
  })

  test('of a message holds its text, its writer and where it is', async () => {
    const { ts } = await world.slack.message({ user: GUEST, channel: OPS, text: 'Please call Ana &amp; Leo\nThey wait' })
    await world.slack.shortcut({ user: OPERATOR, callbackId: 'make_task', channel: OPS, ts })
    await world.settle()
    await submit({ kind: 'general' })
    const task = await taskNow()
    expect(task.title).toBe('Please call Ana & Leo')
    expect(task.details).toMatch(
      /^Please call Ana & Leo\nThey wait\n\nWritten by U0GUEST in Slack\.\n\nhttps:\/\/[\w-]+\.slack\.com\/archives\/C0OPS\/p\d{16}$/,
    )
  })

  test('is not opened for guests, who are told why', async () => {
    const { ts } = await world.slack.message({ user: GUEST, channel: OPS, text: 'Please' })
    await world.slack.shortcut({ user: GUEST, callbackId: 'make_task', channel: OPS, ts })
    await world.settle()
    expect(world.slack.modals).toHaveLength(0)
    expect(textOf(world.slack.ephemerals.at(-1))).toContain('Only operators may do this')
  })
})
