import { expect, test } from 'vitest'
import { ended, newRequest, newSession, newTask, toolCall } from '../support/agent-samples.ts'
import { NOON } from '../support/incident-samples.ts'
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
