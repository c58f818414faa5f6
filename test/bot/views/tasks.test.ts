import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pauseText, quotaView } from '../../../src/bot/views/quota.ts'
import { readOrigin, taskFromMessage, taskModal, toldModal, type TaskKind } from '../../../src/bot/views/task-modal.ts'
import { taskView } from '../../../src/bot/views/task.ts'
import { addedView, problemsView, sessionsView, tasksView } from '../../../src/bot/views/tasks.ts'
import { NO_USAGE } from '../../../src/services/model/model.ts'
import type { QuotaStatus } from '../../../src/services/status/read-quota.ts'
import type { TaskStory } from '../../../src/services/status/read-tasks.ts'
import type { Task } from '../../../src/services/tasks/task.ts'
import { anyRequest, anySession, anySessionNote, anyTask, request, session, task } from '../../support/agent-view-samples.ts'
import { NOON, outsideText } from '../../support/incident-samples.ts'
import { buttonsOf, expectHarmless, expectModal, expectPostable, textOf } from '../../support/incident-slack-checks.ts'

const HOUR = 3_600_000

const story = (change: Partial<TaskStory> = {}): TaskStory => ({
  now: NOON,
  task: task(),
  waitsFor: [],
  children: [],
  sessions: [],
  openRequests: [],
  story: [],
  may: { cancel: true, retry: false, close: false },
  ...change,
})

const calm: QuotaStatus = {
  now: NOON,
  limits: { sessionsPerDay: 5, reservedSessions: 0, maxTurns: 30, dailyBudget: 5_000_000 },
  hasKey: true,
  pause: null,
  used: 0,
  dayEndsAt: NOON + 12 * HOUR,
  today: { cost: 0, turns: 0, usage: NO_USAGE },
  month: { cost: 0, turns: 0, usage: NO_USAGE },
  sessions: [],
  tasks: {},
  dryAt: null,
}

const told = (text: () => fc.Arbitrary<string>) => fc.array(text(), { maxLength: 40 })

describe('any answer about tasks', () => {
  test('is taken by Slack, whatever people and the model wrote, and can neither mention nor link', () => {
    const some = <T>(one: fc.Arbitrary<T>, most: number) => fc.array(one, { maxLength: most })
    const lines = some(fc.record({ sessionId: fc.nat(9), at: fc.constant(NOON), note: anySessionNote() }), 60)
    const all = fc.oneof(
      fc
        .tuple(some(anyTask(), 40), fc.nat(500))
        .map(([tasks, more]) =>
          tasksView({ now: NOON, rows: tasks.map((one) => ({ task: one, waitsFor: one.dependsOn })), counts: { queued: more, done: 1 } }),
        ),
      some(fc.tuple(anySession(), fc.option(anyTask(), { nil: null })), 15).map((rows) =>
        sessionsView({ now: NOON, rows: rows.map(([one, about]) => ({ session: one, task: about })) }),
      ),
      fc
        .tuple(anyTask(), some(anyTask(), 20), some(anySession(), 10), some(anyRequest(), 4), lines)
        .map(([one, others, sessions, openRequests, told]) =>
          taskView(
            story({
              task: one,
              waitsFor: others,
              children: others,
              sessions,
              openRequests,
              story: told,
              may: { cancel: true, retry: true, close: true },
            }),
            true,
          ),
        ),
      fc
        .tuple(some(anySession(), 12), outsideText())
        .map(([sessions, reason]) =>
          quotaView({ ...calm, sessions, hasKey: false, pause: { since: NOON, until: null, by: null, reason, refusals: 2 } }),
        ),
      anyTask().map((one) => addedView({ kind: 'added', task: one }, false)),
      told(outsideText).map((problems) => problemsView(problems.map((problem) => ({ field: 'title', problem })))),
    )
    fc.assert(
      fc.property(all, (view) => {
        expectPostable(view)
        expectHarmless(view)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the list of tasks', () => {
  const row = (id: number, change: Partial<Task>, waitsFor: number[] = []) => ({
    task: task({ id, title: `Task of ${id}`, ...change }),
    waitsFor,
  })

  test('is by state, with age, due date, urgency and what stands in the way, and a count of the rest', () => {
    const rows = [
      row(1, { state: 'queued', priority: 'high', dueOn: '2026-03-01' }, [2, 3]),
      row(2, { state: 'needs-person', kind: 'person', dueOn: '2026-03-09' }),
      row(3, { state: 'running' }),
      row(4, { state: 'done' }),
    ]
    const view = tasksView({ now: NOON, rows, counts: { queued: 12, 'needs-person': 1, running: 1, done: 40 } })
    expect(view.text).toBe('Tasks: 14 to do, 40 over')
    const text = textOf(view)
    expect(text).toContain(
      '*Queued* (12)\n*1* Task of 1 (chase-agreement, high, was due 2026-03-01, 2 h old, waits for 2, 3)\n… and 11 more',
    )
    expect(text).toContain('*Needs a person* (1)\n*2* Task of 2 (person, due 2026-03-09, 2 h old)')
    expect(text).toContain('*Done* (40)\n*4* Task of 4 (chase-agreement, 1 min ago)\n… and 39 more')
    expect(text.indexOf('*Running*')).toBeLessThan(text.indexOf('*Needs a person*'))
    expect(text.indexOf('*Needs a person*')).toBeLessThan(text.indexOf('*Queued*'))
  })

  test('of nothing says how to begin', () => {
    expect(tasksView({ now: NOON, rows: [], counts: {} }).text).toContain('/jada task add')
  })
})

describe('one task', () => {
  test('tells everything', () => {
    const view = taskView(
      story({
        task: task({ details: 'Line one\nLine two', state: 'waiting', parentId: 2, role: 'followup', dueOn: '2026-03-09' }),
        waitsFor: [task({ id: 9, title: 'First this' })],
        children: [task({ id: 11, title: 'Then that', state: 'needs-person' })],
        sessions: [session({ id: 3, status: 'ran-out', endedAt: NOON + HOUR, turns: 30, cost: 500_000 }), session({ id: 4 })],
        story: [
          { sessionId: 3, at: NOON, note: { type: 'progress', text: 'Read the charter.' } },
          { sessionId: 4, at: NOON, note: { type: 'finished', outcome: 'done', summary: 'Signed.' } },
        ],
      }),
      true,
    )
    const text = textOf(view)
    for (const part of [
      '> Line one\n> Line two',
      'in Slack by <@U0MARA>, follow-up of task 2',
      'normal, due 2026-03-09',
      '*Waits for these tasks*\n*9* First this (queued)',
      '*Tasks that follow from it*\n*11* Then that (needs a person)',
      '*Session 3* reached its limit: 30 turns of 30, $0.50, took 1 h',
      '$0.64 in 2 sessions',
      '[3] The session says: Read the charter.',
      '[4] The task is done: Signed.',
    ])
      expect(text).toContain(part)
  })

  test('offers an operator what can be done, and others nothing', () => {
    const view = story({ may: { cancel: true, retry: true, close: true } })
    expect(buttonsOf(taskView(view, true)).map(({ action_id, value }) => `${action_id} ${value}`)).toEqual([
      'task_retry 7',
      'task_done 7',
      'task_cancel 7',
    ])
    expect(buttonsOf(taskView(view, false))).toEqual([])
    expect(buttonsOf(taskView(story({ may: { cancel: false, retry: false, close: false } }), true))).toEqual([])
  })

  test('names who ended it only where the bot itself wrote so', () => {
    const outcome = 'Closed by <@U0MARA>.'
    expect(textOf(taskView(story({ task: task({ state: 'done', outcome }) }), true))).toContain(outcome)
    const forged = story({ task: task({ state: 'done', outcome }), sessions: [session({ summary: outcome })] })
    expect(textOf(taskView(forged, true))).toContain('> Closed by &lt;@U0MARA&gt;.')
  })
})

describe('the quota', () => {
  test('of a fresh day', () => {
    const view = quotaView(calm)
    expect(view.text).toBe('Sessions today: 0 of 5 used, 5 left')
    expect(textOf(view)).toMatch(/The count starts again <!date\^\d+\^[^>]+> \(midnight UTC\), in 12 h\./)
    expect(textOf(view)).toContain('$0.00 of $5.00, $5.00 left')
  })

  test('of a busy one: reserved, spent, forecast, sessions', () => {
    const view = quotaView({
      ...calm,
      limits: { ...calm.limits, reservedSessions: 1 },
      used: 3,
      today: { cost: 1_250_000, turns: 41, usage: { input: 1000, output: 2000, cacheRead: 30_000, cacheWrite: 4000 } },
      month: { cost: 9_990_000, turns: 400, usage: NO_USAGE },
      sessions: [session()],
      tasks: { queued: 6, waiting: 1, 'needs-person': 2 },
      dryAt: NOON + 3 * HOUR,
    })
    const text = textOf(view)
    expect(text).toContain('*Sessions today: 3 of 5 used, 2 left*, 1 of them only for critical tasks.')
    expect(text).toMatch(/they are used up at about <!date/)
    expect(text).toContain('$1.25 of $5.00, $3.75 left')
    expect(text).toContain('$9.99 in 400 turns')
    expect(text).toContain('35.0k read, 2.0k written')
    expect(text).toContain('*3* running: task 7, chase-agreement (7 turns, $0.14, began just now)')
    expect(text).toContain('Tasks: 6 queued, 1 waiting for a person, 2 for a person to do.')
  })

  test('what is spent and what is left add up as shown', () => {
    expect(textOf(quotaView({ ...calm, today: { ...calm.today, cost: 704_999 } }))).toContain('$0.70 of $5.00, $4.30 left')
    expect(textOf(quotaView({ ...calm, today: { ...calm.today, cost: 705_001 } }))).toContain('$0.71 of $5.00, $4.29 left')
  })

  test('says what holds the agent back', () => {
    expect(textOf(quotaView({ ...calm, hasKey: false }))).toContain('*No key for Claude is set*')
    expect(textOf(quotaView({ ...calm, used: 5 }))).toContain('No session begins before then.')
    const pause = { since: NOON, until: NOON + HOUR, by: 'U0MARA', reason: null, refusals: 0 }
    expect(pauseText(pause)).toMatch(/^\*Paused\* by <@U0MARA>, since <!date[^>]+>, until <!date[^>]+>; `\/jada resume` ends it earlier\.$/)
    expect(pauseText({ ...pause, until: null, by: null, reason: 'credit <!here>' })).toMatch(
      /by the bot, because Claude refused its requests.*\n> credit &lt;!here&gt;$/,
    )
  })
})

describe('the modal', () => {
  const kinds = (count: number): TaskKind[] =>
    Array.from({ length: count }, (_, index) => ({ kind: `kind-${index}`, title: `Kind ${index}`, api: false }))

  test('is taken by Slack, with whatever a message said', () => {
    fc.assert(
      fc.property(outsideText(), outsideText(), fc.constantFrom(0, 1, 3, 150), (text, by, count) => {
        const modal = taskModal({ kinds: kinds(count), ...taskFromMessage({ text, by }), origin: 'https://x.slack.com/archives/C0OPS/p1' })
        expectModal(modal)
        expect(readOrigin(modal.private_metadata ?? '')).toBe('https://x.slack.com/archives/C0OPS/p1')
        expectModal(toldModal('Task 12 added.'))
      }),
    )
  })

  test('offers each kind and a person, and has the kind chosen that was typed', () => {
    const [kind] = taskModal({ kinds: kinds(2), kind: 'kind-1', origin: null }).blocks as unknown as {
      element: { options: { value: string }[]; initial_option: { value: string } }
    }[]
    expect(kind?.element.options.map(({ value }) => value)).toEqual(['kind-0', 'kind-1', 'person'])
    expect(kind?.element.initial_option.value).toBe('kind-1')
  })

  test('of a message: its first line, all of it and who wrote it', () => {
    expect(taskFromMessage({ text: '\n Please  call Ana\nshe waits', by: 'U0GUEST' })).toEqual({
      title: 'Please call Ana',
      details: 'Please  call Ana\nshe waits\n\nWritten by U0GUEST in Slack.',
    })
  })

  test.each(['', 'null', '[]', '{"origin":5}', 'x'])('metadata such as %o is no origin', (metadata) => {
    expect(readOrigin(metadata)).toBeNull()
  })
})

test('a task that waits says how it is answered, and one that does not wait says nothing of it', () => {
  const waits = textOf(taskView(story({ openRequests: [request()] }), true))
  expect(waits).toContain("To answer, open the thread of the session's card in the ops channel")
  expect(textOf(taskView(story(), true))).not.toContain('To answer')
})
