import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isOpen, type Act } from '../../../src/services/incidents/incident.ts'
import { act, report, type ActResult } from '../../../src/services/incidents/report.ts'
import type { DutyKey, Signal } from '../../../src/services/signals/signal.ts'
import { anyStep, failing, NOON, ok, toAct, TOKEN_DEAD } from '../../support/incident-samples.ts'
import { emptyDatabase, openTestDatabase, type TestDatabase } from '../../support/repo-database.ts'

const tell = ({ uow }: TestDatabase, signal: Signal, now: number): Promise<void> => uow.run((ports) => report(ports, signal, now))
const doAct = ({ uow }: TestDatabase, id: number, what: Act, now: number): Promise<ActResult> =>
  uow.run((ports) => act(ports, id, what, now))

interface OutboxLine {
  readonly key: string
  readonly target: string
  readonly lane: string
}

const outbox = ({ raw }: TestDatabase): OutboxLine[] =>
  raw.prepare('select key, target, lane from outbox order by id').all() as unknown as OutboxLine[]

test('an opening, its acknowledgement and its proof leave exactly these rows', async () => {
  const store = await openTestDatabase()
  await tell(store, TOKEN_DEAD, NOON)
  await doAct(store, 1, { do: 'ack', by: 'U0MARA', version: 1 }, NOON + 1)
  await tell(store, ok(), NOON + 2)
  expect(outbox(store)).toEqual([
    { key: 'incident:1:post-card:1', target: 'slack', lane: 'incident:1' },
    { key: 'incident:1:note:1:1', target: 'slack', lane: 'incident:1' },
    { key: 'incident:1:alert-line:1', target: 'alert-log', lane: 'alert-log' },
    { key: 'incident:1:edit-card:2', target: 'slack', lane: 'incident:1' },
    { key: 'incident:1:edit-card:3', target: 'slack', lane: 'incident:1' },
    { key: 'incident:1:note:3:1', target: 'slack', lane: 'incident:1' },
    { key: 'incident:1:alert-line:3', target: 'alert-log', lane: 'alert-log' },
  ])
  const timeline = await store.uow.run(({ incidents }) => incidents.timeline(1))
  expect(timeline.map(({ seq, at, note }) => [seq, at, note.type])).toEqual([
    [1, NOON, 'evidence'],
    [2, NOON + 1, 'acknowledged'],
    [3, NOON + 2, 'recovered'],
  ])
})

test('an unproven close and its return keep the number, the thread and the story', async () => {
  const store = await openTestDatabase()
  await tell(store, TOKEN_DEAD, NOON)
  await store.uow.run(({ cards }) => cards.set('incident:1', { channel: 'C0OPS', ts: '1.000001', version: 1 }))
  await doAct(store, 1, { do: 'resolve', by: 'U0MARA', version: 1 }, NOON + 1)
  await tell(store, TOKEN_DEAD, NOON + 2)
  expect(await store.uow.run(({ cards }) => cards.subjectAt('C0OPS', '1.000001'))).toBe('incident:1')
  const found = await store.uow.run(({ incidents }) => incidents.find(1))
  expect(found).toMatchObject({ id: 1, state: 'open', version: 3, openedAt: NOON })
  expect(await store.uow.run(({ incidents }) => incidents.list(10))).toHaveLength(1)
})

test('the two duties have incidents of their own', async () => {
  const store = await openTestDatabase()
  await tell(store, TOKEN_DEAD, NOON)
  await tell(store, failing('rows_quarantined', 'warning', {}, 'port-sheet/rows'), NOON)
  await tell(store, ok('all read', 'port-sheet/rows'), NOON + 1)
  const open = await store.uow.run(({ incidents }) => incidents.open())
  expect(open.map(({ id, key }) => [id, key])).toEqual([[1, 'port-sheet/sync']])
})

test('the database itself refuses a second live incident of a duty', async () => {
  const store = await openTestDatabase()
  await tell(store, TOKEN_DEAD, NOON)
  const insert = (id: number, liveKey: string | null): void => {
    store.raw
      .prepare('insert into incident (id, key, live_key, state, version, body, opened_at) values (?, ?, ?, ?, ?, ?, ?)')
      .run(id, 'port-sheet/sync', liveKey, 'open', 1, '{}', NOON)
  }
  expect(() => insert(99, 'port-sheet/sync')).toThrow(/UNIQUE constraint failed: incident\.live_key/)
  // Closed without proof it may be opened again, so it still holds the key; only proof lets go.
  await doAct(store, 1, { do: 'resolve', by: 'U0MARA', version: 1 }, NOON + 1)
  expect(() => insert(99, 'port-sheet/sync')).toThrow(/UNIQUE/)
  await tell(store, ok(), NOON + 2)
  expect(() => insert(99, 'port-sheet/sync')).not.toThrow()
})

test('two acts on the same version: the slower one is refused, and nothing of it is kept', async () => {
  const store = await openTestDatabase()
  await tell(store, TOKEN_DEAD, NOON)
  const current = await store.uow.run(({ incidents }) => incidents.find(1))
  if (current === null) throw new Error('no incident')
  await store.uow.run(({ incidents }) => incidents.save({ ...current, version: 2 }))
  const late = store.uow.run(async ({ incidents }) => {
    await incidents.addNote(1, { type: 'woken' }, NOON)
    await incidents.save({ ...current, version: 2, state: 'snoozed' })
  })
  await expect(late).rejects.toMatchObject({ code: 'conflict', retry: 'later' })
  expect(await store.uow.run(({ incidents }) => incidents.timeline(1))).toHaveLength(1)
})

test('a transition and its effects are one: when the last effect cannot be stored, nothing happened', async () => {
  const store = await openTestDatabase()
  store.raw.exec("create trigger no_lines before insert on outbox when new.target = 'alert-log' begin select raise(abort, 'no room'); end")
  await expect(tell(store, TOKEN_DEAD, NOON)).rejects.toThrow('no room')
  expect(outbox(store)).toEqual([])
  expect(await store.uow.run(({ incidents }) => incidents.list(10))).toEqual([])
})

test('any story of both duties keeps the rules in the real store', async () => {
  const store = await openTestDatabase()
  const KEYS: readonly DutyKey[] = ['port-sheet/sync', 'port-sheet/rows']
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep(KEYS), { maxLength: 25 }), async (steps) => {
      emptyDatabase(store)
      let now = NOON
      const versions = new Map<number, number>()
      const cards: { id: number; version: number }[] = []
      for (const step of steps) {
        now += step.afterMs
        if (step.do === 'signal') await tell(store, step.signal, now)
        else if (step.do === 'act' && cards.length > 0) {
          const card = cards[step.card % cards.length] ?? { id: 0, version: 0 }
          const before = await store.uow.run(({ incidents }) => incidents.find(card.id))
          const result = await doAct(store, card.id, toAct(step, card.version, now), now)
          if (before !== null && !isOpen(before)) expect(result.kind).not.toBe('done')
        }
        const all = await store.uow.run(({ incidents }) => incidents.list(100))
        for (const key of KEYS) {
          const ofKey = all.filter((one) => one.key === key)
          expect(ofKey.filter((one) => one.state !== 'resolved' || !one.proven).length).toBeLessThanOrEqual(1)
        }
        for (const one of all) {
          const known = versions.get(one.id) ?? 0
          expect(one.version).toBeGreaterThanOrEqual(known)
          if (one.version > known) cards.push({ id: one.id, version: one.version })
          versions.set(one.id, one.version)
        }
        for (const one of all.filter(({ state }) => state === 'snoozed')) {
          const wake = store.raw.prepare("select due_at from work where job = 'incident-wake' and subject = ?").get(String(one.id))
          expect(wake?.['due_at']).toBe(one.snoozedUntil)
        }
      }
      const rows = outbox(store)
      for (const [id] of versions) {
        expect(rows.filter(({ lane, key }) => lane === `incident:${id}` && key.includes(':post-card:'))).toHaveLength(1)
      }
    }),
    { numRuns: 60 },
  )
})
