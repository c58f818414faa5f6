import { expect, test } from 'vitest'
import { drainEvents, HANDLED_EVENTS, isWanted, type EventDeps } from '../../src/bot/events.ts'
import { report } from '../../src/services/incidents/report.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { NO_SAILING } from '../support/no-sailing.ts'
import { NOON, ok, TOKEN_DEAD } from '../support/incident-samples.ts'
import { createTestLog } from '../support/job-log.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

const DAY = 86_400_000
const OPS = 'C0OPS'

const deleted = (ts: string): Record<string, unknown> => ({ type: 'message', subtype: 'message_deleted', channel: OPS, deleted_ts: ts })
const tombstone = (ts: string): Record<string, unknown> => ({
  type: 'message',
  subtype: 'message_changed',
  channel: OPS,
  message: { subtype: 'tombstone', ts },
})

const cardRows = ({ raw }: TestDatabase): number =>
  Number(raw.prepare("select count(*) as n from outbox where key like '%:post-card:%'").get()?.['n'])

async function openWithCard(): Promise<TestDatabase> {
  const store = await openTestDatabase()
  await store.uow.run((ports) => report(ports, TOKEN_DEAD, NOON))
  await store.uow.run(({ cards }) => cards.set('incident:1', { channel: OPS, ts: '1.1', version: 1 }))
  return store
}

/** What draining the inbox needs; nobody asks Claude. */
const depsOf = ({ uow }: TestDatabase, wake: () => void): EventDeps => ({
  uow,
  clock: createFakeClock(NOON),
  log: createTestLog(),
  onDuty: 'U0MARA',
  zone: 'UTC',
  runbook: new Map(),
  asksClaude: false,
  sailing: NO_SAILING,
  operators: ['U0MARA'],
  wake,
})

test('each of Slack’s four tries of one event is taken in once', async () => {
  const { uow } = await openTestDatabase()
  const receive = (): Promise<boolean> => uow.run(({ inbox }) => inbox.receive({ id: 'Ev1', type: 'message', event: deleted('1.1') }, NOON))
  expect([await receive(), await receive(), await receive(), await receive()]).toEqual([true, false, false, false])
  await uow.run(({ inbox }) => inbox.markDone('Ev1', NOON))
  expect(await receive()).toBe(false)
  expect(await uow.run(({ inbox }) => inbox.pending())).toEqual([])
})

test('a click’s effect and its id are one: what failed may be clicked again, what happened may not', async () => {
  const { uow } = await openTestDatabase()
  const failed = uow.run(async ({ inbox }) => {
    await inbox.claimAct('trigger-1', NOON)
    throw new Error('the effect failed')
  })
  await expect(failed).rejects.toThrow()
  expect(await uow.run(({ inbox }) => inbox.claimAct('trigger-1', NOON))).toBe(true)
  expect(await uow.run(({ inbox }) => inbox.claimAct('trigger-1', NOON))).toBe(false)
})

test.each([
  ['a deleted message', deleted('1.1')],
  ['a parent that became a tombstone', tombstone('1.1')],
])('%s that was the card brings it back, once', async (_name, event) => {
  const store = await openWithCard()
  let woken = 0
  const deps = depsOf(store, () => void (woken += 1))
  for (const id of ['Ev1', 'Ev2']) await store.uow.run(({ inbox }) => inbox.receive({ id, type: 'message', event }, NOON))
  await drainEvents(deps)
  await drainEvents(deps)
  expect(cardRows(store)).toBe(2)
  expect(await store.uow.run(({ cards }) => cards.find('incident:1'))).toBeNull()
  expect(woken).toBe(1)
})

test('a deleted reply, and the card of a resolved incident, bring back nothing', async () => {
  const store = await openWithCard()
  const deps = depsOf(store, () => undefined)
  await store.uow.run(({ inbox }) => inbox.receive({ id: 'Ev1', type: 'message', event: deleted('9.9') }, NOON))
  await drainEvents(deps)
  await store.uow.run((ports) => report(ports, ok(), NOON))
  await store.uow.run(({ inbox }) => inbox.receive({ id: 'Ev2', type: 'message', event: deleted('1.1') }, NOON))
  await drainEvents(deps)
  expect(cardRows(store)).toBe(1)
})

test.each([
  ['a deletion', deleted('1.1'), true],
  ['a tombstone', tombstone('1.1'), true],
  ['an edit', { type: 'message', subtype: 'message_changed', channel: OPS, message: { ts: '1.1', text: 'x' } }, false],
  ['a new message', { type: 'message', channel: OPS, ts: '1.1', text: 'hello' }, false],
  [
    'a reply that a person wrote in a thread',
    { type: 'message', channel: OPS, ts: '2.2', thread_ts: '1.1', user: 'U0MARA', text: 'hi' },
    true,
  ],
  ['a reply of a bot', { type: 'message', channel: OPS, ts: '2.2', thread_ts: '1.1', user: 'U0BOT', bot_id: 'B1', text: 'hi' }, false],
  ['the parent of a thread', { type: 'message', channel: OPS, ts: '1.1', thread_ts: '1.1', user: 'U0MARA', text: 'hi' }, false],
  ['another event', { type: 'app_mention', channel: OPS, ts: '1.1' }, false],
  ['an empty one', {}, false],
  ['a broken one', { type: 'message', subtype: 'message_deleted', channel: 5, deleted_ts: null }, false],
])('%s is kept: %o', (_name, event, wanted) => {
  expect(isWanted(event)).toBe(wanted)
})

test('what is kept is what the manifest asks for', () => {
  expect(Object.keys(HANDLED_EVENTS)).toEqual(['message', 'app_home_opened'])
})

test('housekeeping deletes what is done and old, and nothing that waits or tells a story', async () => {
  const store = await openWithCard()
  const { uow, raw } = store
  await uow.run(async ({ inbox, outbox, work, jobs }) => {
    await inbox.receive({ id: 'done', type: 'message', event: {} }, NOON)
    await inbox.markDone('done', NOON)
    await inbox.receive({ id: 'waiting', type: 'message', event: {} }, NOON)
    await inbox.claimAct('trigger', NOON)
    await outbox.add({ key: 'sent', target: 'slack', lane: 'notices', dispatch: { kind: 'notice', text: 'x', by: null } }, NOON)
    const row = (await outbox.due('slack', NOON)).find(({ key }) => key === 'sent')
    const claimed = row === undefined ? null : await outbox.claim(row, NOON, 0)
    if (claimed !== null) await outbox.markSent(claimed, NOON)
    await work.ensure({ job: 'housekeeping', subject: '', dueAt: NOON, reason: 'cron', by: null })
    const run = await jobs.claim(NOON)
    if (run !== null) await jobs.finish(run, { outcome: 'swept', summary: '' }, NOON)
  })
  const count = (table: string): number => Number(raw.prepare(`select count(*) as n from ${table}`).get()?.['n'])
  expect(await uow.run(({ housekeeping }) => housekeeping.sweep(NOON + 7 * DAY))).toBe(0)
  expect(await uow.run(({ housekeeping }) => housekeeping.sweep(NOON + 7 * DAY + 1))).toBe(2)
  expect(await uow.run(({ housekeeping }) => housekeeping.sweep(NOON + 30 * DAY + 1))).toBe(1)
  expect(await uow.run(({ housekeeping }) => housekeeping.sweep(NOON + 90 * DAY + 1))).toBe(1)
  expect(await uow.run(({ housekeeping }) => housekeeping.sweep(NOON + 999 * DAY))).toBe(0)
  expect([count('slack_event'), count('incident'), count('timeline'), count('outbox')]).toEqual([1, 1, 1, 3])
})
