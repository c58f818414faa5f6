import * as fc from 'fast-check'
import type { SessionNote } from '../../src/services/agent/note.ts'
import type { PersonRequest, RequestState, RequestWhat } from '../../src/services/agent/request.ts'
import type { Session, SessionStatus } from '../../src/services/agent/session.ts'
import type { Task, TaskState } from '../../src/services/tasks/task.ts'
import { newRequest, newSession, newTask } from './agent-samples.ts'
import { NOON, outsideText } from './incident-samples.ts'

export const task = (change: Partial<Task> = {}): Task => {
  const { key: _key, bodyHash: _hash, ...rest } = newTask()
  return { ...rest, id: 7, ranOut: 0, outcome: null, createdAt: NOON - 7_200_000, updatedAt: NOON - 60_000, version: 1, ...change }
}

export const session = (change: Partial<Session> = {}): Session => ({ ...newSession(7, 2), id: 3, turns: 7, cost: 141_000, ...change })

export const request = (change: Partial<PersonRequest> = {}): PersonRequest => ({
  ...newRequest(3),
  id: 5,
  state: 'open',
  version: 1,
  decidedBy: null,
  decidedAt: null,
  answer: null,
  ...change,
})

const text = outsideText
const nullable = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { nil: null })
const time = (): fc.Arbitrary<number> => fc.integer({ min: NOON - 40 * 86_400_000, max: NOON + 40 * 86_400_000 })
const count = (): fc.Arbitrary<number> => fc.nat(2_000_000_000)
/** People are Slack's ids; these are the ones that the checks let through. */
const someone = (): fc.Arbitrary<string> => fc.constantFrom('U0MARA', 'U0OPERATOR')

const TASK_STATES: readonly TaskState[] = ['queued', 'running', 'waiting', 'done', 'failed', 'needs-person', 'cancelled']
const STATUSES: readonly SessionStatus[] = ['running', 'waiting', 'finished', 'ran-out', 'gave-up', 'cancelled']
const REQUEST_STATES: readonly RequestState[] = [
  ...(['open', 'approved', 'rejected', 'answered'] as const),
  ...(['happened', 'not-happened', 'expired', 'withdrawn'] as const),
]

export const anyTask = (): fc.Arbitrary<Task> =>
  fc.record({
    id: fc.integer({ min: 1, max: 99_999 }),
    kind: text(),
    title: text(),
    details: fc.oneof(
      text(),
      fc.array(text(), { maxLength: 30 }).map((lines) => lines.join('\n')),
    ),
    priority: fc.constantFrom('critical' as const, 'high' as const, 'normal' as const, 'low' as const),
    dueOn: nullable(fc.constantFrom('2026-03-01', '2026-03-02', '2027-12-31')),
    dependsOn: fc.array(fc.integer({ min: 1, max: 99_999 }), { maxLength: 20 }),
    parentId: nullable(fc.integer({ min: 1, max: 99_999 })),
    role: nullable(fc.constant('followup' as const)),
    charterId: nullable(text()),
    version: fc.integer({ min: 1, max: 999 }),
    origin: fc.record({
      via: fc.constantFrom('slack' as const, 'api' as const, 'agent' as const, 'bot' as const),
      by: nullable(someone()),
    }),
    state: fc.constantFrom(...TASK_STATES),
    ranOut: fc.nat(2),
    outcome: nullable(text()),
    createdAt: time(),
    updatedAt: time(),
  })

export const anySession = (): fc.Arbitrary<Session> =>
  fc
    .record({
      status: fc.constantFrom(...STATUSES),
      wait: nullable(fc.record({ for: fc.constantFrom('request' as const, 'budget' as const, 'model' as const), until: nullable(time()) })),
      kind: text(),
      model: text(),
      turns: fc.nat(30),
      usage: fc.record({ input: count(), output: count(), cacheWrite: count(), cacheRead: count() }),
      cost: count(),
      handingOver: nullable(fc.constantFrom('turns' as const, 'tokens' as const, 'dollars' as const, 'context' as const)),
      step: fc.oneof(text(), fc.constant('stopped')),
      summary: nullable(text()),
      muted: fc.boolean(),
      startedAt: time(),
    })
    .chain((one) =>
      nullable(time()).map((at) =>
        session({ ...one, endedAt: one.status === 'running' || one.status === 'waiting' ? null : (at ?? NOON) }),
      ),
    )

const anyFields = () =>
  fc.oneof(
    fc.array(fc.record({ label: text(), value: text() }), { maxLength: 40 }),
    fc.array(fc.record({ label: fc.constant('&'.repeat(60)), value: fc.constant('&'.repeat(80)) }), { minLength: 20, maxLength: 30 }),
  )

const anyWhat = (): fc.Arbitrary<RequestWhat> =>
  fc.oneof(
    fc.record({ type: fc.constant('approval' as const), tool: text(), title: text(), fields: anyFields() }),
    fc.record({ type: fc.constant('question' as const), question: text(), choices: fc.array(text(), { maxLength: 7 }) }),
    fc.record({ type: fc.constant('settle' as const), tool: text(), title: text(), fields: anyFields(), where: text() }),
  )

export const anyRequest = (): fc.Arbitrary<PersonRequest> =>
  fc
    .record({
      what: anyWhat(),
      state: fc.constantFrom(...REQUEST_STATES),
      askedAt: time(),
      expiresAt: nullable(time()),
      decidedBy: nullable(someone()),
      decidedAt: nullable(time()),
      answer: nullable(text()),
    })
    .map((one) => request(one))

export const anySessionNote = (): fc.Arbitrary<SessionNote> =>
  fc.oneof(
    fc.record({ type: fc.constant('progress' as const), text: text() }),
    fc.record({ type: fc.constant('did' as const), what: text() }),
    fc.record({ type: fc.constant('bad-input' as const), tool: text(), problem: text() }),
    fc.record({ type: fc.constant('model-wait' as const), code: text(), until: time() }),
    fc.record({ type: fc.constant('budget-wait' as const), until: time() }),
    fc.record({ type: fc.constant('tools-seen' as const), server: text(), tools: fc.array(text(), { maxLength: 9 }) }),
    fc.record({ type: fc.constant('tool-problem' as const), problem: text() }),
    fc.record({ type: fc.constantFrom('muted' as const, 'unmuted' as const), by: someone() }),
    fc.record({ type: fc.constant('not-asked' as const), by: someone() }),
    fc.record({ type: fc.constant('finished' as const), outcome: fc.constantFrom('done' as const, 'blocked' as const), summary: text() }),
    fc.record({
      type: fc.constant('ran-out' as const),
      limit: fc.constantFrom('turns' as const, 'tokens' as const, 'dollars' as const, 'context' as const),
      handOver: text(),
      next: fc.constantFrom('again' as const, 'person' as const),
      followUpId: nullable(fc.nat()),
    }),
    fc.record({ type: fc.constant('gave-up' as const), reason: text() }),
    fc.record({ type: fc.constant('cancelled' as const), by: someone() }),
  )
