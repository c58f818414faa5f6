import { expect, test } from 'vitest'
import { ended, newRequest, newSession, newTask, toolCall } from '../support/agent-samples.ts'
import { NOON } from '../support/incident-samples.ts'
import { publish } from '../../src/services/crew/crew-pages.ts'
import { PAGE_LIFETIME_MS } from '../../src/services/crew/page.ts'
import { decline, expireRequests, sign } from '../../src/services/signing/signing.ts'
import { charter, crewDeps } from '../support/crew-samples.ts'
import { ask, first } from '../support/signing-samples.ts'
import { openTestDatabase, type TestDatabase } from '../support/repo-database.ts'

const DAY = 86_400_000

const counts = ({ raw }: TestDatabase, ...tables: string[]): number[] =>
  tables.map((table) => Number(raw.prepare(`select count(*) as n from ${table}`).get()?.['n']))

const sweep = ({ uow }: TestDatabase, days: number): Promise<number> =>
  uow.run(({ housekeeping }) => housekeeping.sweep(NOON + days * DAY + 1))

test('what was said in a session goes 90 days after its end, its slot and costs after 400, its story never', async () => {
  const store = await openTestDatabase()
  await store.uow.run(async ({ tasks, sessions, requests, spend }) => {
    for (const n of [1, 2]) {
      await tasks.add(newTask(), NOON)
      const session = await sessions.open(newSession(n, n), 5)
      await sessions.addMessage(session.id, { role: 'user', content: [], stopReason: null })
      await sessions.saveCall(toolCall(session.id))
      await sessions.addNote(session.id, { type: 'progress', text: 'Reading.' }, NOON)
      await requests.add(newRequest(session.id))
      await spend.reserve({ sessionId: session.id, day: session.day, worst: 5, at: NOON })
      // The second one waits for a person, for ever.
      await sessions.save(n === 1 ? ended(session, NOON) : { ...session, status: 'waiting' })
    }
  })
  expect(await sweep(store, 89)).toBe(0)
  expect(await sweep(store, 90)).toBe(2)
  expect(counts(store, 'session_message', 'tool_call', 'quota_slot', 'model_call')).toEqual([1, 1, 2, 2])
  expect(await sweep(store, 399)).toBe(0)
  expect(await sweep(store, 400)).toBe(3)
  expect(await sweep(store, 4000)).toBe(0)
  expect(counts(store, 'session_message', 'tool_call', 'quota_slot', 'model_call')).toEqual([1, 1, 1, 0])
  expect(counts(store, 'task', 'session', 'session_note', 'person_request')).toEqual([2, 2, 2, 2])
})

test('names of crews and guests go 400 days after a page or a request ended; what was signed stays', async () => {
  const store = await openTestDatabase()
  const asked = await ask(store, { guests: 3, guestNames: 'Ana Ruiz, Leo Ruiz, Mia Ruiz' })
  const { expiresAt } = first(asked.made)
  await store.uow.run(async (ports) => {
    await publish(ports, crewDeps(), { charter: charter(), removed: false, readAt: null, by: null }, NOON)
    await publish(ports, crewDeps(), { charter: charter({ id: 'JC-2', date: '2027-11-04' }), removed: false, readAt: null, by: null }, NOON)
    const [ana, leo, mia] = asked.made
    if (ana === undefined || leo === undefined || mia === undefined) throw new Error('three were asked')
    const form = { consent: true, name: 'Ana Ruiz', typed: true, drawing: '' }
    await sign(ports, ana, form, { address: null, userAgent: '', shownHash: ana.documentHash }, NOON)
    await decline(ports, leo, 'No time', NOON)
  })
  const all = ['crew_page', 'crew_version', 'signature_request', 'signature']
  const at = (ms: number): Promise<number> => store.uow.run(({ housekeeping }) => housekeeping.sweep(ms))
  await at(expiresAt + 400 * DAY)
  expect(counts(store, ...all)).toEqual([2, 2, 3, 1])
  await at(expiresAt + 400 * DAY + 1)
  // The third is still open as far as anybody wrote down.
  expect(counts(store, ...all)).toEqual([2, 2, 2, 1])
  await store.uow.run((ports) => expireRequests(ports, expiresAt))
  await at(charter().endsAt + PAGE_LIFETIME_MS + 400 * DAY + 1)
  expect(counts(store, ...all)).toEqual([1, 1, 1, 1])
  await at(NOON + 4000 * DAY)
  expect(counts(store, ...all)).toEqual([0, 0, 1, 1])
})

test('runs of the agent go after a week, others after three months', async () => {
  const store = await openTestDatabase()
  await store.uow.run(async ({ work, jobs }) => {
    for (const job of ['agent-poll', 'agent-session', 'port-sheet-sync'] as const) {
      await work.ensure({ job, subject: '', dueAt: NOON, reason: 'cron', by: null })
      const run = await jobs.claim(NOON)
      if (run !== null) await jobs.finish(run, { outcome: 'done', summary: '' }, NOON)
    }
  })
  expect(await sweep(store, 6)).toBe(0)
  expect(await sweep(store, 7)).toBe(2)
  expect(await sweep(store, 90)).toBe(1)
})
