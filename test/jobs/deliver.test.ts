import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDeliverer } from '../../src/jobs/deliver.ts'
import type { Source } from '../../src/jobs/wake-loop.ts'
import type { AlertLog } from '../../src/services/delivery/notifier.ts'
import { GRACE_MS, retryAt } from '../../src/services/delivery/retry.ts'
import { act, report, repostCard } from '../../src/services/incidents/report.ts'
import { createAlertLog } from '../../src/services/delivery/alert-log.ts'
import type { Signal } from '../../src/services/signals/signal.ts'
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts'
import { failing, NETWORK_DOWN, NOON, ok, TOKEN_DEAD } from '../support/incident-samples.ts'
import { createTestLog, type TestLog } from '../support/job-log.ts'
import { createChannel, createLineFile, Death, FAULTS, WAIT_MS, type Channel, type Fault, type LineFile } from '../support/job-notifier.ts'
import { emptyDatabase, openTestDatabase, temporaryFolder, type TestDatabase } from '../support/repo-database.ts'

interface Post {
  readonly clock: FakeClock
  readonly store: TestDatabase
  readonly channel: Channel
  readonly file: LineFile
  readonly log: TestLog
  readonly slack: Source
  readonly lines: Source
  tell(signal: Signal): Promise<void>
}

async function openPost(options: { store?: TestDatabase; alertLog?: AlertLog } = {}): Promise<Post> {
  const clock = createFakeClock(NOON)
  const store = options.store ?? (await openTestDatabase())
  const channel = createChannel(clock)
  const file = createLineFile()
  const log = createTestLog()
  const deps = {
    uow: store.uow,
    clock,
    log,
    notifier: channel.notifier,
    alertLog: options.alertLog ?? file,
    topic: null,
    opsChannel: 'C0OPS',
  }
  return {
    clock,
    store,
    channel,
    file,
    log,
    slack: createDeliverer(deps, 'slack'),
    lines: createDeliverer(deps, 'alert-log'),
    tell: (signal) => store.uow.run((ports) => report(ports, signal, clock.now())),
  }
}

/** One look, as the loop takes it; the process may die in it. */
async function look(source: Source, now: number): Promise<'done' | 'died'> {
  try {
    await source.runDue(now)
    return 'done'
  } catch (error) {
    if (error instanceof Death) return 'died'
    throw error
  }
}

/** Looks whenever something is due until nothing waits. Gives the instants of the looks, from NOON. */
async function deliverAll({ clock }: Post, source: Source): Promise<number[]> {
  const looks: number[] = []
  for (let count = 0; count < 500; count += 1) {
    const dueAt = await source.nextDueAt()
    if (dueAt === null) return looks
    clock.advance(Math.max(0, dueAt - clock.now()))
    looks.push(clock.now() - NOON)
    await look(source, clock.now())
  }
  throw new Error('the outbox never became empty')
}

const seen = ({ channel }: Post): string[] =>
  channel.live().map(({ what, note, threadTs }) => `${what}${note === null ? '' : ` ${note}`}${threadTs === null ? '' : ' in thread'}`)

const rows = ({ store }: Post): { key: string; state: string; tries: number }[] =>
  store.raw.prepare('select key, state, tries from outbox order by id').all() as unknown as { key: string; state: string; tries: number }[]

describe('a calm day', () => {
  test('a card goes first, then its replies in order, and the card shows the newest state', async () => {
    const post = await openPost()
    await post.tell(TOKEN_DEAD)
    await post.store.uow.run((ports) => act(ports, 1, { do: 'consented', email: 'office@jada.example' }, NOON))
    await post.tell(ok())
    await look(post.slack, NOON)
    expect(seen(post)).toEqual(['card', 'reply evidence in thread', 'reply consented in thread', 'reply recovered in thread'])
    expect(post.channel.live()[0]?.version).toBe(3)
    expect(await post.slack.nextDueAt()).toBeNull()
  })

  test('many changes between two looks are one edit', async () => {
    const post = await openPost()
    await post.tell(NETWORK_DOWN)
    await look(post.slack, NOON)
    for (let count = 0; count < 5; count += 1) await post.tell(NETWORK_DOWN)
    await look(post.slack, NOON)
    expect(post.channel.calls.filter((call) => call.startsWith('edit'))).toEqual([`edit ${post.channel.posted[0]?.ts} v6`])
    expect(await post.slack.nextDueAt()).toBeNull()
  })

  test('a change made while the card is being posted is still shown', async () => {
    const post = await openPost()
    await post.tell(TOKEN_DEAD)
    let changed = false
    post.channel.during = async () => {
      if (changed) return
      changed = true
      await post.store.uow.run((ports) => act(ports, 1, { do: 'ack', by: 'U0MARA', version: 1 }, NOON))
    }
    await look(post.slack, NOON)
    expect(post.channel.live()[0]?.version).toBe(2)
  })

  test('the same key twice is one message', async () => {
    const post = await openPost()
    const row = {
      key: 'unknown-column:Dock',
      target: 'slack' as const,
      lane: 'notices',
      dispatch: { kind: 'notice' as const, text: 'A column', by: null },
    }
    for (let count = 0; count < 3; count += 1) await post.store.uow.run(({ outbox }) => outbox.add(row, NOON))
    await look(post.slack, NOON)
    await post.store.uow.run(({ outbox }) => outbox.add(row, NOON))
    await look(post.slack, NOON)
    expect(seen(post)).toEqual(['notice'])
  })
})

describe('Slack says no', () => {
  test('a rate limit delays by what was asked and drops nothing', async () => {
    const post = await openPost()
    post.channel.plan.push('limited', 'limited')
    await post.tell(TOKEN_DEAD)
    expect(await deliverAll(post, post.slack)).toEqual([0, WAIT_MS, 2 * WAIT_MS])
    expect(seen(post)).toEqual(['card', 'reply evidence in thread'])
  })

  test('refusals are tried again after 2, 4, 8 ... s, at most every 5 minutes, for as long as it takes', async () => {
    const post = await openPost()
    post.channel.plan.push(...Array.from({ length: 12 }, () => 'refused' as const))
    await post.tell(TOKEN_DEAD)
    const looks = await deliverAll(post, post.slack)
    const seconds = looks.slice(1).map((instant, index) => (instant - (looks[index] ?? 0)) / 1000)
    expect(seconds).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300])
    expect(seen(post)).toEqual(['card', 'reply evidence in thread'])
    expect(post.log.lines[0]).toBe('warn [outbox] incident:1:post-card:1 was refused (ECONNREFUSED), try 1; it stays in the outbox')
  })

  test.each([
    [1, null, 2000],
    [2, null, 4000],
    [8, null, 256_000],
    [9, null, 300_000],
    [5000, null, 300_000],
    [1, 30_000, 30_000],
    [9, 30_000, 300_000],
    [1, 3_600_000, 3_600_000],
  ])('try %i with %s ms asked for comes after %i ms', (tries, waitMs, expected) => {
    expect(retryAt({ tries }, waitMs, NOON) - NOON).toBe(expected)
  })

  test('a stuck lane holds up no other lane', async () => {
    const post = await openPost()
    await post.tell(TOKEN_DEAD)
    await post.tell(failing('rows_quarantined', 'warning', {}, 'port-sheet/rows'))
    post.channel.plan.push('refused')
    await look(post.slack, NOON)
    expect(seen(post)).toEqual(['card', 'reply evidence in thread'])
    expect(rows(post).map(({ key, state }) => `${key} ${state}`)).toContain('incident:1:post-card:1 new')
    await deliverAll(post, post.slack)
    expect(seen(post)).toHaveLength(4)
  })
})

describe('nobody knows whether it arrived', () => {
  test.each<[Fault, string[]]>([
    ['lost', ['card incident:1:post-card:1', 'find incident:1:post-card:1', 'reply incident:1:note:1:1']],
    ['dies-after', ['card incident:1:post-card:1', 'find incident:1:post-card:1', 'reply incident:1:note:1:1']],
    ['unclear', ['card incident:1:post-card:1', 'find incident:1:post-card:1', 'card incident:1:post-card:1', 'reply incident:1:note:1:1']],
    [
      'dies-before',
      ['card incident:1:post-card:1', 'find incident:1:post-card:1', 'card incident:1:post-card:1', 'reply incident:1:note:1:1'],
    ],
  ])('a card that was %s is looked for after the grace period and posted once', async (fault, calls) => {
    const post = await openPost()
    post.channel.plan.push(fault)
    await post.tell(TOKEN_DEAD)
    const looks = await deliverAll(post, post.slack)
    expect(looks[1]).toBe(GRACE_MS)
    expect(post.channel.calls).toEqual(calls)
    expect(seen(post)).toEqual(['card', 'reply evidence in thread'])
  })

  test.each<Fault>(['lost', 'dies-after', 'unclear', 'dies-before'])(
    'a reply that was %s is in the thread once, and the card stays the card',
    async (fault) => {
      const post = await openPost()
      post.channel.plan.push(null, fault)
      await post.tell(TOKEN_DEAD)
      await deliverAll(post, post.slack)
      const [card] = post.channel.live()
      expect(seen(post)).toEqual(['card', 'reply evidence in thread'])
      await post.tell(ok())
      await deliverAll(post, post.slack)
      expect(seen(post)).toEqual(['card', 'reply evidence in thread', 'reply recovered in thread'])
      expect(card?.version).toBe(2)
      expect(await post.store.uow.run(({ cards }) => cards.find('incident:1'))).toEqual({
        channel: 'C0OPS',
        ts: card?.ts,
        version: 2,
        editedAt: expect.any(Number),
      })
    },
  )

  test('an outage that outlasts several looks ends in one message, not two', async () => {
    const post = await openPost()
    post.channel.plan.push('lost', 'unclear', 'unclear', 'unclear')
    await post.tell(TOKEN_DEAD)
    expect((await deliverAll(post, post.slack)).slice(0, 5)).toEqual([0, GRACE_MS, 2 * GRACE_MS, 3 * GRACE_MS, 4 * GRACE_MS])
    expect(seen(post)).toEqual(['card', 'reply evidence in thread'])
  })

  test('a night between the death and the next start ends in one message, not two', async () => {
    const post = await openPost()
    post.channel.plan.push('dies-after', 'unclear')
    await post.tell(TOKEN_DEAD)
    await look(post.slack, NOON)
    post.clock.advance(9 * 3_600_000)
    await deliverAll(post, post.slack)
    expect(seen(post)).toEqual(['card', 'reply evidence in thread'])
  })

  test('a card found again shows the present after the next look', async () => {
    const post = await openPost()
    post.channel.plan.push('lost')
    await post.tell(TOKEN_DEAD)
    await look(post.slack, NOON)
    await post.tell(TOKEN_DEAD)
    await deliverAll(post, post.slack)
    expect(post.channel.live()[0]?.version).toBe(2)
  })
})

describe('the card is deleted', () => {
  test('a reply brings the card back first, and is written under the new one', async () => {
    const post = await openPost()
    await post.tell(TOKEN_DEAD)
    await look(post.slack, NOON)
    post.channel.deleteMessage(post.channel.posted[0]?.ts ?? '')
    await post.tell(ok())
    await deliverAll(post, post.slack)
    const [, card, reply] = post.channel.live()
    expect(seen(post)).toEqual(['reply evidence in thread', 'card', 'reply recovered in thread'])
    expect(reply?.threadTs).toBe(card?.ts)
    expect(card?.version).toBe(2)
  })

  test('an open card comes back by itself when its deletion is noticed, a resolved one does not', async () => {
    const post = await openPost()
    await post.tell(TOKEN_DEAD)
    await look(post.slack, NOON)
    post.channel.deleteMessage(post.channel.posted[0]?.ts ?? '')
    await post.store.uow.run((ports) => repostCard(ports, 1, false, NOON))
    await look(post.slack, NOON)
    expect(seen(post)).toEqual(['reply evidence in thread', 'card'])
    await post.tell(ok())
    await look(post.slack, NOON)
    post.channel.deleteMessage(post.channel.live().find(({ what }) => what === 'card')?.ts ?? '')
    await post.store.uow.run((ports) => repostCard(ports, 1, false, NOON))
    await look(post.slack, NOON)
    expect(post.channel.live().filter(({ what }) => what === 'card')).toEqual([])
  })

  test('a deletion that is noticed while the card is being edited is not forgotten', async () => {
    const post = await openPost()
    await post.tell(TOKEN_DEAD)
    await look(post.slack, NOON)
    await post.tell(TOKEN_DEAD)
    post.channel.during = async () => {
      post.channel.during = null
      post.channel.deleteMessage(post.channel.posted[0]?.ts ?? '')
      await post.store.uow.run((ports) => repostCard(ports, 1, false, NOON))
    }
    await deliverAll(post, post.slack)
    expect(post.channel.live().filter(({ what }) => what === 'card')).toHaveLength(1)
  })
})

describe('one target does not hear of the other', () => {
  test.each<[string, (folder: string) => string]>([
    ['a full device', () => '/dev/full'],
    ['a directory', (folder) => folder],
    ['a folder that is not there', (folder) => `${folder}/no/such/alerts.log`],
  ])('an alert log that is %s keeps its lines waiting and stops nothing in Slack', async (_name, pathOf) => {
    const post = await openPost({ alertLog: createAlertLog(pathOf(temporaryFolder())) })
    await post.tell(TOKEN_DEAD)
    await look(post.lines, NOON)
    await look(post.slack, NOON)
    expect(seen(post)).toEqual(['card', 'reply evidence in thread'])
    const backlog = await post.store.uow.run(({ outbox }) => outbox.backlog())
    expect(backlog).toMatchObject([{ target: 'alert-log', count: 1, since: NOON }])
    expect(backlog[0]?.error).toMatch(/^(ENOSPC|EISDIR|ENOENT)$/)
    expect(await post.lines.nextDueAt()).toBe(NOON + 2000)
  })

  test('a Slack that is down stops no line of the alert log', async () => {
    const post = await openPost()
    post.channel.plan.push('refused')
    await post.tell(TOKEN_DEAD)
    await look(post.slack, NOON)
    await look(post.lines, NOON)
    expect(post.file.lines.map((line) => (JSON.parse(line) as { severity: string }).severity)).toEqual(['CRITICAL'])
    expect(await post.store.uow.run(({ outbox }) => outbox.backlog())).toMatchObject([{ target: 'slack', count: 2, error: 'ECONNREFUSED' }])
  })

  test.each<Fault>(['dies-before', 'dies-after'])('a line that %s writing is in the file once', async (fault) => {
    const post = await openPost()
    post.file.plan.push(fault)
    await post.tell(TOKEN_DEAD)
    await deliverAll(post, post.lines)
    expect(post.file.lines).toHaveLength(1)
  })
})

describe('the wall clock is set', () => {
  test.each([-7_200_000, 7_200_000])('a jump of %i ms neither loses nor doubles what was under way', async (jumpMs) => {
    const post = await openPost()
    post.channel.plan.push('lost')
    await post.tell(TOKEN_DEAD)
    await look(post.slack, NOON)
    post.clock.jump(jumpMs)
    if (jumpMs < 0) await post.store.uow.run(({ jobs }) => jobs.shift(jumpMs))
    const waitMs = ((await post.slack.nextDueAt()) ?? 0) - post.clock.now()
    expect(waitMs).toBeLessThanOrEqual(GRACE_MS)
    await deliverAll(post, post.slack)
    expect(seen(post)).toContain('card')
  })
})

test('whatever goes wrong, every row ends exactly once, in order, under its card', async () => {
  const store = await openTestDatabase()
  const fault = fc.option(fc.constantFrom(...FAULTS), { nil: null, freq: 2 })
  const event = fc.constantFrom('fail', 'worse', 'ok', 'ack', 'resolve', 'look', 'look', 'delete', 'rest')
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 30 }),
      fc.array(fault, { maxLength: 10 }),
      fc.array(event, { maxLength: 25 }),
      async (plan, filePlan, events) => {
        emptyDatabase(store)
        const post = await openPost({ store })
        post.channel.plan.push(...plan)
        post.file.plan.push(...filePlan)
        let deletions = 0
        for (const what of events) {
          const latest = await store.uow.run(({ incidents }) => incidents.latest('port-sheet/sync'))
          const by = 'U0MARA'
          post.clock.advance(1)
          if (what === 'fail') await post.tell(NETWORK_DOWN)
          else if (what === 'worse') await post.tell(TOKEN_DEAD)
          else if (what === 'ok') await post.tell(ok())
          else if (what === 'rest') post.clock.advance(130_000)
          else if (what === 'delete') {
            const card = post.channel.live().find((message) => message.what === 'card')
            if (card !== undefined) {
              deletions += 1
              post.channel.deleteMessage(card.ts)
            }
          } else if (what === 'look') {
            await look(post.slack, post.clock.now())
            await look(post.lines, post.clock.now())
          } else if (latest !== null) {
            await store.uow.run((ports) =>
              act(ports, latest.id, { do: what === 'ack' ? 'ack' : 'resolve', by, version: latest.version }, post.clock.now()),
            )
          }
        }
        post.channel.plan.length = Math.min(post.channel.plan.length, 40)
        await deliverAll(post, post.slack)
        await deliverAll(post, post.lines)

        expect(rows(post).filter(({ state }) => state !== 'sent')).toEqual([])
        const expectedLines = rows(post).filter(({ key }) => key.includes(':alert-line:')).length
        expect(new Set(post.file.lines).size).toBe(post.file.lines.length)
        expect(post.file.lines).toHaveLength(expectedLines)
        const posts = post.channel.posted.filter((message) => message.what === 'reply')
        // A reply under a deleted card may be written again under the new one; otherwise once is once.
        const counts = Map.groupBy(
          posts.filter(({ threadTs }) => !isDeleted(post.channel, threadTs)),
          ({ key }) => key,
        )
        for (const [, messages] of counts) expect(messages).toHaveLength(1)
        const replies = rows(post).filter(({ key }) => key.includes(':note:'))
        for (const { key } of replies) expect(posts.filter((message) => message.key === key).length).toBeGreaterThanOrEqual(1)
        if (deletions === 0) expect(posts).toHaveLength(replies.length)
        const all = await store.uow.run(({ incidents }) => incidents.list(100))
        for (const one of all) {
          const cards = post.channel.live().filter(({ what, key }) => what === 'card' && key.startsWith(`incident:${one.id}:`))
          expect(cards.length).toBeLessThanOrEqual(1)
          if (deletions === 0) {
            expect(cards).toHaveLength(1)
            const card = await store.uow.run(({ cards }) => cards.find(`incident:${one.id}`))
            expect(card?.ts).toBe(cards[0]?.ts)
          }
          const order = posts.filter(({ key }) => key.startsWith(`incident:${one.id}:`)).map(({ key }) => Number(key.split(':')[3]))
          if (deletions === 0) expect(order).toEqual([...order].toSorted((a, b) => a - b))
        }
      },
    ),
    { numRuns: 100 },
  )
})

function isDeleted(channel: Channel, ts: string | null): boolean {
  return channel.posted.some((message) => message.ts === ts && message.deleted)
}
