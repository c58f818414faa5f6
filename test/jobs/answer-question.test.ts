import { describe, expect, test } from 'vitest'
import type { ModelFailure } from '../../src/services/model/model.ts'
import { COST, openQuestionDesk, said, type QuestionDesk, type Sent } from '../support/question-desk.ts'

const BUSY: ModelFailure = {
  class: 'busy',
  status: 529,
  code: 'overloaded_error',
  requestId: 'req_1',
  retryAfterMs: null,
  mayBeCharged: false,
}
const failed = (change: Partial<ModelFailure> = {}): Sent => ({ kind: 'failed', failure: { ...BUSY, ...change } })

const texts = (desk: QuestionDesk): string[] => desk.told().map((view) => JSON.stringify(view.blocks ?? view.text))

/** What one question sets aside. */
async function worstOf(): Promise<number> {
  const desk = await openQuestionDesk()
  desk.replies = [() => failed({ class: 'refused-us', mayBeCharged: true })]
  await desk.ask('Why?')
  await desk.work()
  return desk.spent()
}

describe('a question', () => {
  test('is answered by Claude, once, with what was looked at, and costs what it cost', async () => {
    const desk = await openQuestionDesk()
    await desk.ask('Why is it failing?')
    await desk.ask('Why is it failing?')
    await desk.work()
    expect(texts(desk)).toEqual([
      expect.stringMatching(
        /It waits for a consent \(signals\)\.\\n_Looked at: signals \(just now\), .*runbook section oauth-token-failure/,
      ),
    ])
    expect(desk.requests).toHaveLength(1)
    expect(await desk.spent()).toBe(COST)
    await desk.ask('Why is it failing?')
    await desk.work()
    expect(desk.requests).toHaveLength(1)
  })

  test('is asked once more when Claude is overloaded, and costs nothing for that', async () => {
    const desk = await openQuestionDesk()
    desk.replies = [() => failed(), () => said('It waits.')]
    await desk.ask('Why?')
    await desk.work()
    expect(texts(desk)).toEqual([])
    await desk.pass(3000)
    expect(texts(desk)).toEqual([expect.stringContaining('It waits.')])
    expect(await desk.spent()).toBe(COST)
  })

  test.each<[string, Partial<ModelFailure>, number, RegExp]>([
    ['overloaded', {}, 2, /overloaded and asks to wait, so this is from the runbook/],
    ['unreachable', { class: 'unreachable', mayBeCharged: false }, 2, /did not answer in time/],
    ['a wrong key', { class: 'refused-us', status: 401 }, 1, /refuses our requests/],
  ])('with Claude %s is answered from the runbook, in the end', async (_what, change, calls, why) => {
    const desk = await openQuestionDesk()
    desk.replies = [() => failed(change)]
    await desk.ask('Why?')
    await desk.pass(20_000)
    expect(desk.requests).toHaveLength(calls)
    expect(texts(desk)).toEqual([expect.stringMatching(why)])
    expect(texts(desk)[0]).toContain('The runbook (oauth-token-failure) says:')
    expect(await desk.spent()).toBe(0)
  })

  test('that Claude does not answer is given up after a while, and stays charged at its worst', async () => {
    const desk = await openQuestionDesk()
    desk.replies = [
      (_request, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(failed({ class: 'aborted', code: 'aborted', mayBeCharged: true })))
          queueMicrotask(() => desk.clock.advance(25_000))
        }),
    ]
    await desk.ask('Why?')
    await desk.pass(60_000)
    expect(desk.requests).toHaveLength(2)
    expect(texts(desk)).toEqual([expect.stringContaining('Claude did not answer in time, so this is from the runbook.')])
    expect(await desk.spent()).toBe(2 * (await worstOf()))
  })

  test('that Claude declines is answered from the runbook at once, and paid', async () => {
    const desk = await openQuestionDesk()
    const { kind, reply } = said('') as Extract<Sent, { kind: 'reply' }>
    desk.replies = [() => ({ kind, reply: { ...reply, content: [], stopReason: 'refusal' } })]
    await desk.ask('Why?')
    await desk.work()
    expect(texts(desk)).toEqual([expect.stringContaining('Claude declined to answer this')])
    expect(await desk.spent()).toBe(COST)
  })

  test('without a key is answered from the runbook, without excuses', async () => {
    const desk = await openQuestionDesk({ model: null })
    await desk.ask('Why?')
    await desk.work()
    expect(texts(desk)).toEqual([expect.stringMatching(/^"\*CRITICAL/)])
  })

  test('on which our own code breaks is answered from the runbook, once', async () => {
    const desk = await openQuestionDesk()
    desk.replies = [() => Promise.reject(new Error('a fault of ours'))]
    await desk.ask('Why?')
    await desk.work()
    expect(texts(desk)).toEqual([expect.stringContaining('Asking Claude went wrong')])
    expect(desk.log.lines.join()).toContain('a fault of ours')
  })
})

describe('the budget', () => {
  test('is never passed: what does not fit any more is answered from the runbook, until the day turns', async () => {
    const worst = await worstOf()
    const desk = await openQuestionDesk({ budget: worst + COST })
    for (const n of [1, 2, 3]) {
      await desk.ask('Why?', `Ev${n}`)
      await desk.work()
    }
    expect(desk.requests).toHaveLength(2)
    expect(texts(desk)[2]).toContain("Today's budget for questions is used up, so this is from the runbook.")
    expect(await desk.spent()).toBe(2 * COST)
    await desk.pass(12 * 3_600_000)
    await desk.ask('Why?', 'Ev4')
    await desk.work()
    expect(desk.requests).toHaveLength(3)
  })

  test('counts neither as a session nor as what sessions cost', async () => {
    const desk = await openQuestionDesk()
    await desk.ask('Why?')
    await desk.work()
    const [slots, spend] = await desk.store.uow.run(async (ports) => [
      await ports.sessions.slotsUsed('2026-03-02'),
      await ports.spend.total('2026-03-02', '2026-03-02'),
    ])
    expect([slots, spend.cost]).toEqual([0, 0])
  })

  test('is not all for one incident: after ten questions within an hour people had better talk', async () => {
    const desk = await openQuestionDesk()
    for (let n = 1; n <= 11; n += 1) {
      await desk.ask('Why?', `Ev${n}`)
      await desk.work()
    }
    expect(desk.requests).toHaveLength(10)
    expect(texts(desk)[10]).toContain('Claude was asked a lot about this incident')
    await desk.pass(3_600_001)
    await desk.ask('Why?', 'Ev12')
    await desk.work()
    expect(desk.requests).toHaveLength(11)
  })
})

describe('a process that dies', () => {
  /** The call is made, and its reply never comes to anything: what is set aside stays, and the run is found under way. */
  async function die(desk: QuestionDesk): Promise<void> {
    await desk.store.uow.run(({ jobs }) => jobs.claim(desk.clock.now()))
    const worst = await worstOf()
    const calls = await desk.store.uow.run(({ questions }) => questions.calls(1))
    await desk.store.uow.run(({ questions }) =>
      questions.reserve({ questionId: 1, n: calls + 1 }, { day: '2026-03-02', worst, at: desk.clock.now() }),
    )
    await desk.again()
  }

  test('between the reply and its commit asks once more, and stays charged for both', async () => {
    const desk = await openQuestionDesk()
    await desk.ask('Why?')
    await die(desk)
    await desk.work()
    expect(texts(desk)).toEqual([expect.stringContaining('It waits for a consent')])
    expect(await desk.spent()).toBe((await worstOf()) + COST)
  })

  test('twice asks no third time', async () => {
    const desk = await openQuestionDesk()
    await desk.ask('Why?')
    await die(desk)
    await die(desk)
    await desk.work()
    expect(desk.requests).toHaveLength(0)
    expect(texts(desk)).toEqual([expect.stringContaining('Claude did not answer in time')])
  })

  test('with no money left for another call answers from the runbook', async () => {
    const worst = await worstOf()
    const desk = await openQuestionDesk({ budget: worst + 1 })
    await desk.ask('Why?')
    await die(desk)
    await desk.work()
    expect(desk.requests).toHaveLength(0)
    expect(texts(desk)).toEqual([expect.stringContaining('budget for questions is used up')])
  })

  test('after the answer was committed answers nothing any more', async () => {
    const desk = await openQuestionDesk()
    await desk.ask('Why?')
    await desk.work()
    await desk.store.uow.run(({ work }) =>
      work.demand({ job: 'answer-question', subject: '1', dueAt: desk.clock.now(), reason: 'retry', by: null }),
    )
    await desk.work()
    expect(desk.requests).toHaveLength(1)
    expect(texts(desk)).toHaveLength(1)
  })
})
