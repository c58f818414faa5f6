import { expect, test } from 'vitest'
import { createDeliverer } from '../../src/jobs/deliver.ts'
import type { AnyAlertLine } from '../../src/services/incidents/alert-line.ts'
import type { Delivery, Topic } from '../../src/services/delivery/notifier.ts'
import { FORBIDDEN_RETRY_MS, GRACE_MS } from '../../src/services/delivery/retry.ts'
import { report } from '../../src/services/incidents/report.ts'
import type { Signal } from '../../src/services/signals/signal.ts'
import { createUnitOfWork } from '../../src/store/unit.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { NOON, ok, TOKEN_DEAD } from '../support/incident-samples.ts'
import { createTestLog } from '../support/job-log.ts'
import { createChannel, createLineFile } from '../support/job-notifier.ts'
import { openTestDatabase } from '../support/repo-database.ts'

const FORBIDDEN: Delivery = { kind: 'forbidden', code: 'NotFoundException', why: 'SNS knows no such topic' }

async function openPost(options: { topic?: null; fanOut?: boolean } = {}) {
  const clock = createFakeClock(NOON)
  const store = await openTestDatabase()
  const uow = createUnitOfWork(store.db, undefined, options.fanOut ?? true)
  const published: { line: AnyAlertLine; key: string }[] = []
  const plan: (Delivery | 'dies-after')[] = []
  const topic: Topic = {
    publish: (line, key) => {
      const next = plan.shift()
      if (next === undefined || next === 'dies-after') published.push({ line, key })
      if (next === 'dies-after') throw new Error('the process is gone')
      return Promise.resolve(next ?? { kind: 'sent', ts: null })
    },
  }
  const [channel, file] = [createChannel(clock), createLineFile()]
  const set = options.topic === null ? null : topic
  const deps = { uow, clock, log: createTestLog(), notifier: channel.notifier, alertLog: file, topic: set, opsChannel: 'C0OPS' }
  return {
    clock,
    channel,
    file,
    published,
    plan,
    slack: createDeliverer(deps, 'slack'),
    lines: createDeliverer(deps, 'alert-log'),
    notices: createDeliverer(deps, 'sns'),
    tell: (signal: Signal) => uow.run((ports) => report(ports, signal, clock.now())),
    waiting: () => uow.run(({ outbox }) => outbox.backlog()),
    incidents: () => uow.run(({ incidents }) => incidents.list(10)),
  }
}

test('each alert line is published as well, with the line as it was, and in the transaction that wrote it', async () => {
  const post = await openPost()
  await post.tell(TOKEN_DEAD)
  await post.tell(ok())
  await post.notices.runDue(NOON)
  expect(post.published.map(({ line, key }) => [line.severity, key])).toEqual([
    ['CRITICAL', 'incident:1:alert-line:1:sns'],
    ['RESOLVED', 'incident:1:alert-line:2:sns'],
  ])
  expect(await post.notices.nextDueAt()).toBeNull()
})

test('a Slack that refuses and a disk that is full do not hold it up, nor does it hold up them', async () => {
  const post = await openPost()
  await post.tell(TOKEN_DEAD)
  post.channel.plan.push('refused')
  post.file.plan.push('refused')
  await post.slack.runDue(NOON)
  await post.lines.runDue(NOON)
  await post.notices.runDue(NOON)
  expect(post.published).toHaveLength(1)
  expect((await post.waiting()).map(({ target }) => target).toSorted()).toEqual(['alert-log', 'slack'])
})

test('what only a person can mend is told once in Slack, is kept, and arrives when it is mended', async () => {
  const post = await openPost()
  await post.tell(TOKEN_DEAD)
  // The notice about the refusal itself is refused as well, and that is no news.
  post.plan.push(FORBIDDEN, FORBIDDEN)
  await post.notices.runDue(NOON)
  expect(post.published).toEqual([])
  expect((await post.incidents()).map(({ key, kind, state }) => [key, kind, state])).toEqual([
    ['bot/notices', 'notices_refused', 'open'],
    ['port-sheet/sync', 'oauth_token_failure', 'open'],
  ])
  expect(await post.notices.nextDueAt()).toBe(NOON + FORBIDDEN_RETRY_MS)
  post.plan.push(FORBIDDEN, FORBIDDEN)
  post.clock.advance(FORBIDDEN_RETRY_MS)
  await post.notices.runDue(post.clock.now())
  await post.slack.runDue(post.clock.now())
  expect(post.channel.live().filter(({ what }) => what === 'card')).toHaveLength(2)
  expect(await post.waiting()).toMatchObject([{ target: 'alert-log' }, { target: 'sns', count: 2, error: 'NotFoundException' }])
  post.clock.advance(FORBIDDEN_RETRY_MS)
  await post.notices.runDue(post.clock.now())
  expect((await post.incidents())[0]).toMatchObject({ key: 'bot/notices', state: 'resolved', proven: true })
  // Both that waited, and that it works again.
  expect(post.published.map(({ line }) => `${line.severity} ${line.event}`)).toEqual([
    'CRITICAL oauth_token_failure',
    'WARNING notices_refused',
    'RESOLVED notices_refused',
  ])
})

test('what passes by itself is tried again, and is no incident', async () => {
  const post = await openPost()
  await post.tell(TOKEN_DEAD)
  post.plan.push({ kind: 'refused', code: 'ThrottledException', waitMs: null })
  await post.notices.runDue(NOON)
  expect(await post.notices.nextDueAt()).toBe(NOON + 2000)
  post.clock.advance(2000)
  await post.notices.runDue(post.clock.now())
  expect(post.published).toHaveLength(1)
  expect(await post.incidents()).toHaveLength(1)
})

test('a process that dies before its record publishes once more, under the same key', async () => {
  const post = await openPost()
  await post.tell(TOKEN_DEAD)
  post.plan.push('dies-after')
  await expect(post.notices.runDue(NOON)).rejects.toThrow('the process is gone')
  expect(await post.notices.nextDueAt()).toBe(NOON + GRACE_MS)
  post.clock.advance(GRACE_MS)
  await post.notices.runDue(post.clock.now())
  expect(new Set(post.published.map(({ key }) => key)).size).toBe(1)
  expect(post.published).toHaveLength(2)
})

test('without a topic nothing is kept for one, and what was is given up', async () => {
  const none = await openPost({ fanOut: false })
  await none.tell(TOKEN_DEAD)
  expect(await none.notices.nextDueAt()).toBeNull()
  const unset = await openPost({ topic: null })
  await unset.tell(TOKEN_DEAD)
  await unset.notices.runDue(NOON)
  expect(await unset.notices.nextDueAt()).toBeNull()
  expect(unset.published).toEqual([])
})
