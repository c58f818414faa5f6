import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDeliverer } from '../../src/jobs/deliver.ts'
import type { Source } from '../../src/jobs/wake-loop.ts'
import type { RequestState } from '../../src/services/agent/request.ts'
import type { Session } from '../../src/services/agent/session.ts'
import { change as changeSession, postCard, postRequest, saveDecided, tell } from '../../src/services/agent/tell.ts'
import { messageDeleted } from '../../src/services/delivery/repost.ts'
import { GRACE_MS } from '../../src/services/delivery/retry.ts'
import { newRequest, newSession, newTask } from '../support/agent-samples.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { NOON } from '../support/incident-samples.ts'
import { createTestLog } from '../support/job-log.ts'
import { createChannel, createLineFile, Death, FAULTS, type Channel, type Fault, type Posted } from '../support/job-notifier.ts'
import { emptyDatabase, openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

const OPS = 'C0OPS'

interface Post {
  readonly clock: FakeClock
  readonly store: TestDatabase
  readonly uow: TestDatabase['uow']
  readonly channel: Channel
  readonly slack: Source
}

async function openPost(given?: TestDatabase): Promise<Post> {
  const clock = createFakeClock(NOON)
  const store = given ?? (await openTestDatabase())
  const { uow } = store
  const channel = createChannel(clock)
  const deps = { uow, clock, log: createTestLog(), notifier: channel.notifier, alertLog: createLineFile(), topic: null, opsChannel: OPS }
  return { clock, store, uow, channel, slack: createDeliverer(deps, 'slack') }
}

async function sessionOf({ uow }: Post, id = 1): Promise<Session> {
  const session = await uow.run(({ sessions }) => sessions.find(id))
  if (session === null) throw new Error(`there is no session ${id}`)
  return session
}

/** Sessions 1, 2, ... on tasks of their own. */
async function open({ uow }: Post): Promise<Session> {
  return uow.run(async ({ tasks, sessions }) => {
    const { task } = await tasks.add(newTask(), NOON)
    return sessions.open(newSession(task.id, task.id), 10)
  })
}

async function start(post: Post): Promise<Session> {
  const session = await open(post)
  await post.uow.run((ports) => postCard(ports, session, post.clock.now()))
  return session
}

async function change(post: Post, patch: Partial<Session> = {}, id = 1): Promise<void> {
  const session = await sessionOf(post, id)
  await post.uow.run((ports) => changeSession(ports, session, patch, post.clock.now()))
}

async function say(post: Post): Promise<void> {
  const session = await sessionOf(post)
  await post.uow.run((ports) => tell(ports, session, { type: 'progress', text: 'The list is read.' }, post.clock.now()))
}

/** Requests 1, 2, ... */
async function ask({ uow, clock }: Post): Promise<void> {
  await uow.run(async (ports) => {
    const toolUseId = `toolu_${(await ports.requests.open()).length}_${clock.now()}`
    await postRequest(ports, await ports.requests.add(newRequest(1, { toolUseId })), clock.now())
  })
}

async function decide({ uow, clock }: Post, state: RequestState = 'approved', id = 1): Promise<void> {
  await uow.run(async (ports) => {
    const current = await ports.requests.find(id)
    if (current === null) throw new Error(`there is no request ${id}`)
    await saveDecided(ports, { ...current, state, version: current.version + 1 }, clock.now())
  })
}

/** One look, as the loop takes it; the process may die in it. */
async function look({ slack, clock }: Post): Promise<void> {
  await slack.runDue(clock.now()).catch((error: unknown) => {
    if (!(error instanceof Death)) throw error
  })
}

/** Looks whenever something is due until nothing waits. Gives the instants of the looks, from NOON. */
async function deliverAll(post: Post): Promise<number[]> {
  const looks: number[] = []
  for (let count = 0; count < 500; count += 1) {
    const dueAt = await post.slack.nextDueAt()
    if (dueAt === null) return looks
    post.clock.advance(Math.max(0, dueAt - post.clock.now()))
    looks.push(post.clock.now() - NOON)
    await look(post)
  }
  throw new Error('the outbox never became empty')
}

/** Somebody deletes a message in Slack, and its event arrives. */
async function remove({ channel, uow, clock }: Post, message: Posted | undefined): Promise<void> {
  if (message === undefined) throw new Error('there is no such message')
  channel.deleteMessage(message.ts)
  await uow.run((ports) => messageDeleted(ports, OPS, message.ts, clock.now()))
}

const live = ({ channel }: Post, what: Posted['what']): Posted[] => channel.live().filter((message) => message.what === what)

const seen = ({ channel }: Post): string[] =>
  channel.live().map(({ what, key, threadTs }) => {
    const parent = channel.posted.find(({ ts }) => ts === threadTs)
    return `${what} ${key}${parent === undefined ? '' : ` under ${parent.key}`}`
  })

const edits = ({ channel }: Post): string[] =>
  channel.calls.filter((call) => call.startsWith('edit')).map((call) => call.replace(/.* /, ''))

const row = ({ store }: Post, key: string): Record<string, unknown> | undefined =>
  store.raw.prepare('select state, tries, due_at - ? as due, error from outbox where key = ?').get(NOON, key)

describe('a card in a thread', () => {
  test('comes after the card of its session, among the replies in their order, and is edited in place', async () => {
    const post = await openPost()
    const session = await open(post)
    await say(post)
    await ask(post)
    await say(post)
    await post.uow.run((ports) => postCard(ports, session, NOON))
    await look(post)
    expect(seen(post)).toEqual([
      'session session:1:card',
      'reply session:1:note:1 under session:1:card',
      'request request:1:card under session:1:card',
      'reply session:1:note:2 under session:1:card',
    ])
    const [asked] = live(post, 'request')
    expect(await post.uow.run(({ cards }) => cards.find('request:1'))).toMatchObject({ channel: OPS, ts: asked?.ts, version: 1 })
    expect(await post.uow.run(({ cards }) => cards.subjectAt(OPS, asked?.ts ?? ''))).toBe('request:1')
    await decide(post)
    await look(post)
    expect(live(post, 'request').map(({ version }) => version)).toEqual([2])
    expect(post.channel.posted).toHaveLength(4)
  })

  test('that was decided before it was posted shows so at once, without an edit', async () => {
    const post = await openPost()
    await start(post)
    await ask(post)
    await decide(post)
    await look(post)
    expect(live(post, 'request').map(({ version }) => version)).toEqual([2])
    expect(edits(post)).toEqual([])
    expect(await post.slack.nextDueAt()).toBeNull()
  })
})

describe('edits of a session’s card', () => {
  test('are at least 3 s apart, and one that comes sooner waits without an error or a try', async () => {
    const post = await openPost()
    await start(post)
    await look(post)
    post.clock.advance(500)
    await change(post)
    await look(post)
    expect(edits(post)).toEqual(['v2'])

    post.clock.advance(500)
    await change(post)
    await look(post)
    expect(row(post, 'session:1:edit:3')).toEqual({ state: 'new', tries: 0, due: 3500, error: null })
    post.clock.advance(500)
    await change(post)
    await say(post)
    await look(post)
    expect(edits(post)).toEqual(['v2'])
    expect(live(post, 'reply')).toEqual([])
    expect(await post.slack.nextDueAt()).toBe(NOON + 3500)

    expect(await deliverAll(post)).toEqual([3500])
    expect(edits(post)).toEqual(['v2', 'v4'])
    expect(live(post, 'reply')).toHaveLength(1)
    expect(row(post, 'session:1:edit:4')).toMatchObject({ state: 'sent', tries: 1 })

    post.clock.advance(2999)
    await change(post)
    expect(await deliverAll(post)).toEqual([6499, 6500])
    post.clock.advance(3000)
    await change(post)
    expect(await deliverAll(post)).toEqual([9500])
    expect(edits(post)).toEqual(['v2', 'v4', 'v5', 'v6'])
  })

  test('keep their distance over a restart', async () => {
    const post = await openPost()
    await start(post)
    await change(post)
    await look(post)
    await change(post)
    await look(post)
    const again = await openPost(post.store)
    again.channel.posted.push(...post.channel.posted)
    again.clock.advance(1000)
    await change(again)
    expect(await deliverAll(again)).toEqual([1000, 3000])
    expect(edits(again)).toEqual(['v4'])
  })

  test('are not held up for hours when the clock is set back', async () => {
    const post = await openPost()
    await start(post)
    await look(post)
    await change(post)
    await look(post)
    post.clock.jump(-7_200_000)
    await change(post)
    await look(post)
    expect(edits(post)).toEqual(['v2', 'v3'])
  })

  test('of two sessions do not wait for one another', async () => {
    const post = await openPost()
    await start(post)
    await look(post)
    await change(post)
    await look(post)
    await start(post)
    await look(post)
    await change(post, {}, 2)
    await look(post)
    expect(edits(post)).toEqual(['v2', 'v2'])
  })

  test('are those of sessions alone: a decision is shown at once', async () => {
    const post = await openPost()
    await start(post)
    await ask(post)
    await look(post)
    await decide(post, 'open')
    await look(post)
    await decide(post)
    await look(post)
    expect(edits(post)).toEqual(['v2', 'v3'])
  })
})

describe('a deleted card of a session', () => {
  test('comes back while the session lives, with what is asked there', async () => {
    const post = await openPost()
    await start(post)
    await ask(post)
    await ask(post)
    await look(post)
    await decide(post, 'rejected', 2)
    await change(post, { status: 'waiting', wait: { for: 'request', until: null } })
    await look(post)
    await remove(post, live(post, 'session')[0])
    await deliverAll(post)
    expect(seen(post).slice(2)).toEqual([
      'session session:1:post-card:again:2',
      'request request:1:post-card:again:2 under session:1:post-card:again:2',
    ])
    await decide(post)
    await look(post)
    expect(live(post, 'request').map(({ version }) => version)).toEqual([1, 2, 2])
  })

  test.each(['finished', 'ran-out', 'gave-up', 'cancelled'] as const)('stays away once the session is %s', async (status) => {
    const post = await openPost()
    await start(post)
    await look(post)
    await change(post, { status, exitCode: 1, endedAt: NOON })
    await look(post)
    await remove(post, live(post, 'session')[0])
    expect(await post.slack.nextDueAt()).toBeNull()
    expect(await post.uow.run(({ cards }) => cards.find('session:1'))).toBeNull()
  })

  test.each<[string, (post: Post) => Promise<void>, number]>([
    ['a reply', (post) => say(post), 2],
    ['an edit', (post) => change(post), 1],
    ['a request', (post) => ask(post), 2],
  ])('of which nobody heard is noticed by %s, which brings it back first', async (_name, hear, messages) => {
    const post = await openPost()
    await start(post)
    await look(post)
    post.channel.deleteMessage(live(post, 'session')[0]?.ts ?? '')
    await hear(post)
    await deliverAll(post)
    const [card] = live(post, 'session')
    expect(card?.key).toBe('session:1:post-card:again:2')
    expect(card?.version).toBe((await sessionOf(post)).version)
    expect(post.channel.live().every(({ threadTs }) => threadTs === null || threadTs === card?.ts)).toBe(true)
    expect(post.channel.live()).toHaveLength(messages)
  })

  test('comes back four times, and then only for something new, slowly', async () => {
    const post = await openPost()
    await start(post)
    await look(post)
    for (let number = 2; number <= 5; number += 1) {
      await remove(post, live(post, 'session')[0])
      await look(post)
      expect(live(post, 'session').map(({ key }) => key)).toEqual([`session:1:post-card:again:${number}`])
    }
    await remove(post, live(post, 'session')[0])
    expect(await post.slack.nextDueAt()).toBeNull()
    await say(post)
    expect(await deliverAll(post)).toEqual([0, 3_600_000])
    expect(live(post, 'reply')).toHaveLength(1)
  })

  test('takes a request along that is just being posted under it', async () => {
    const post = await openPost()
    await start(post)
    await look(post)
    await ask(post)
    post.channel.during = async () => {
      post.channel.during = null
      await remove(post, live(post, 'session')[0])
    }
    await deliverAll(post)
    const [card] = live(post, 'session')
    expect(live(post, 'request').at(-1)?.threadTs).toBe(card?.ts)
    expect((await post.uow.run(({ cards }) => cards.find('request:1')))?.ts).toBe(live(post, 'request').at(-1)?.ts)
  })
})

describe('a deleted card of a request', () => {
  test('comes back in the same thread while the request is open', async () => {
    const post = await openPost()
    await start(post)
    await ask(post)
    await look(post)
    await remove(post, live(post, 'request')[0])
    await look(post)
    expect(seen(post)).toEqual(['session session:1:card', 'request request:1:post-card:again:2 under session:1:card'])
  })

  test('stays away once the request is decided, and its edit is done with', async () => {
    const post = await openPost()
    await start(post)
    await ask(post)
    await look(post)
    const [card] = live(post, 'request')
    await decide(post)
    post.channel.deleteMessage(card?.ts ?? '')
    await deliverAll(post)
    await remove(post, card)
    expect(seen(post)).toEqual(['session session:1:card'])
    expect(await post.slack.nextDueAt()).toBeNull()
    expect(post.store.raw.prepare("select key from outbox where state <> 'sent'").all()).toEqual([])
  })

  test('of which nobody heard is noticed by its edit, once', async () => {
    const post = await openPost()
    await start(post)
    await ask(post)
    await look(post)
    post.channel.deleteMessage(live(post, 'request')[0]?.ts ?? '')
    await decide(post, 'open')
    await decide(post, 'open')
    expect(await deliverAll(post)).toEqual([0])
    expect(live(post, 'request').map(({ key, version }) => [key, version])).toEqual([['request:1:post-card:again:2', 3]])
  })

  test('comes back four times, and not once more', async () => {
    const post = await openPost()
    await start(post)
    await ask(post)
    await look(post)
    for (let number = 2; number <= 5; number += 1) {
      await remove(post, live(post, 'request')[0])
      await look(post)
      expect(live(post, 'request').map(({ key }) => key)).toEqual([`request:1:post-card:again:${number}`])
    }
    await remove(post, live(post, 'request')[0])
    await deliverAll(post)
    expect(live(post, 'request')).toEqual([])
  })
})

describe('nobody knows whether it arrived', () => {
  test.each<[Fault, string[]]>([
    ['lost', ['request request:1:card', 'find request:1:card']],
    ['dies-after', ['request request:1:card', 'find request:1:card']],
    ['unclear', ['request request:1:card', 'find request:1:card', 'request request:1:card']],
    ['dies-before', ['request request:1:card', 'find request:1:card', 'request request:1:card']],
  ])('a request that was %s is looked for in the thread and there once', async (fault, calls) => {
    const post = await openPost()
    await start(post)
    await look(post)
    post.channel.calls.length = 0
    post.channel.plan.push(fault)
    await ask(post)
    expect((await deliverAll(post)).slice(0, 2)).toEqual([0, GRACE_MS])
    expect(post.channel.calls).toEqual(calls)
    expect(seen(post)).toEqual(['session session:1:card', 'request request:1:card under session:1:card'])
    expect((await post.uow.run(({ cards }) => cards.find('request:1')))?.ts).toBe(live(post, 'request')[0]?.ts)
    await decide(post)
    await look(post)
    expect(live(post, 'request')[0]?.version).toBe(2)
  })

  test.each<Fault>(['lost', 'dies-after', 'unclear', 'dies-before'])('a reply that was %s is in the thread once', async (fault) => {
    const post = await openPost()
    await start(post)
    await look(post)
    post.channel.plan.push(fault)
    await say(post)
    await deliverAll(post)
    expect(seen(post)).toEqual(['session session:1:card', 'reply session:1:note:1 under session:1:card'])
  })

  test('a request whose session’s card is deleted meanwhile is asked under the new one', async () => {
    const post = await openPost()
    await start(post)
    await look(post)
    post.channel.plan.push('lost')
    await ask(post)
    await look(post)
    await remove(post, live(post, 'session')[0])
    await deliverAll(post)
    expect(seen(post).slice(1)).toEqual(['session session:1:post-card:again:2', 'request request:1:card under session:1:post-card:again:2'])
  })
})

test('whatever goes wrong, everything is told, the cards show the present, and open requests stand under the card', async () => {
  const store = await openTestDatabase()
  const fault = fc.option(fc.constantFrom(...FAULTS), { nil: null, freq: 2 })
  const event = fc.constantFrom('change', 'say', 'ask', 'decide', 'look', 'look', 'delete', 'remove', 'remove-request', 'rest')
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 30 }), fc.array(event, { maxLength: 30 }), async (plan, events) => {
      emptyDatabase(store)
      const post = await openPost(store)
      await start(post)
      post.channel.plan.push(...plan)
      for (const what of events) {
        post.clock.advance(400)
        const [asking] = await post.uow.run(({ requests }) => requests.open())
        const [card] = live(post, 'session')
        const [asked] = live(post, 'request')
        if (what === 'change') await change(post)
        else if (what === 'say') await say(post)
        else if (what === 'ask') await ask(post)
        else if (what === 'decide' && asking !== undefined) await decide(post, 'approved', asking.id)
        else if (what === 'look') await look(post)
        else if (what === 'rest') post.clock.advance(130_000)
        else if (what === 'delete' && card !== undefined) post.channel.deleteMessage(card.ts)
        else if (what === 'remove' && card !== undefined) await remove(post, card)
        else if (what === 'remove-request' && asked !== undefined) await remove(post, asked)
      }
      await deliverAll(post)
      // What was deleted last may not have been noticed yet; the next word under it does.
      await say(post)
      await deliverAll(post)

      expect(store.raw.prepare("select key from outbox where state <> 'sent'").all()).toEqual([])
      const cards = live(post, 'session')
      expect(cards).toHaveLength(1)
      // A card that was found again may be a version behind until the next change; every change makes it whole.
      await change(post)
      await deliverAll(post)
      expect(cards[0]?.version).toBe((await sessionOf(post)).version)
      const said = live(post, 'reply').filter(({ threadTs }) => threadTs === cards[0]?.ts)
      expect(new Set(said.map(({ key }) => key)).size).toBe(said.length)
      const told = store.raw.prepare("select count(*) as n from outbox where key like '%:note:%'").get()?.['n']
      expect(new Set(live(post, 'reply').map(({ key }) => key)).size).toBe(told)
      const asked = events.filter((what) => what === 'ask').length
      for (let id = 1; id <= asked; id += 1) {
        const { state, version } = (await post.uow.run(({ requests }) => requests.find(id))) ?? { state: 'lost', version: 0 }
        const place = await post.uow.run(({ cards }) => cards.find(`request:${id}`))
        const shown = post.channel.live().find(({ ts }) => ts === place?.ts)
        if (shown !== undefined && state !== 'open') expect(shown.version).toBe(version)
        if (!events.includes('remove-request') && state === 'open') expect(shown).toBeDefined()
        if (shown !== undefined && state === 'open') expect(shown.threadTs).toBe(cards[0]?.ts)
      }
    }),
    { numRuns: 100 },
  )
})
