import { answerView } from '../../src/bot/views/thread-answer.ts'
import { claudeAnswer } from '../../src/bot/views/question-answer.ts'
import { questionAnswer } from '../../src/bot/views/incident-thread.ts'
import type { MessageView } from '../../src/bot/views/alert.ts'
import { createAnswerJob } from '../../src/jobs/answer-question.ts'
import type { Job } from '../../src/jobs/job.ts'
import { createRunner, type Runner } from '../../src/jobs/runner.ts'
import { ask, type Answers } from '../../src/services/answers/answer.ts'
import type { Model } from '../../src/services/model/model.ts'
import type { Dispatch } from '../../src/services/delivery/dispatch.ts'
import { report } from '../../src/services/incidents/report.ts'
import type { AllPorts } from '../../src/store/unit.ts'
import type { JobName } from '../../src/services/work/work.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import { NOON, TOKEN_DEAD } from './incident-samples.ts'
import { createTestLog, type TestLog } from './job-log.ts'
import { openTestDatabase, type TestDatabase } from './repo-database.ts'

export type Sent = Awaited<ReturnType<Model['send']>>
type Request = Parameters<Model['send']>[0]

export const said = (text: string): Sent => ({
  kind: 'reply',
  reply: {
    content: [{ type: 'text', text }],
    stopReason: 'end_turn',
    usage: { input: 3000, output: 100, cacheWrite: 0, cacheRead: 0 },
  },
})

/** What `said` costs, in millionths of a dollar. */
export const COST = 3500

const SECTION = '*Cure:* re-authorize. See https://console.cloud.google.com/auth/audience.'

export interface QuestionDesk {
  readonly clock: FakeClock
  readonly store: TestDatabase
  readonly log: TestLog
  readonly answers: Answers
  /** What the model was asked, oldest first. */
  readonly requests: Request[]
  /** What it says next, one a call; then the last one again. */
  replies: ((request: Request, signal: AbortSignal) => Sent | Promise<Sent>)[]
  /** As hearing it in the thread does. */
  ask(text: string, eventId?: string): Promise<void>
  /** Works until nothing is due at this instant. */
  work(): Promise<void>
  /** Lets time pass, stopping wherever something is due. */
  pass(ms: number): Promise<void>
  /** The answers that were posted. */
  told(): MessageView[]
  dispatches(): { key: string; lane: string; dispatch: Dispatch }[]
  spent(): Promise<number>
  /** Another process on the same store, after this one was killed. */
  again(): Promise<Runner>
}

/** Questions with their real store, runner and job, a model that says what it is told, and an incident about a dead token. */
export async function openQuestionDesk(change: Partial<Answers> = {}): Promise<QuestionDesk> {
  const clock = createFakeClock(NOON)
  const store = await openTestDatabase()
  const log = createTestLog()
  const requests: Request[] = []
  const model: Model = {
    send: async (request, signal) => {
      requests.push(request)
      const next = desk.replies.length > 1 ? desk.replies.shift() : desk.replies[0]
      return (await next?.(request, signal)) ?? said('It waits for a consent (signals).')
    },
  }
  const answers: Answers = {
    uow: store.uow,
    clock,
    log,
    model,
    settings: { model: 'claude-haiku-5-5', replyTokens: 1500 },
    price: { input: 1, output: 5, cacheWrite: 1.25, cacheRead: 0.1 },
    budget: 500_000,
    runbook: new Map([['oauth-token-failure', SECTION]]),
    words: {
      claude: claudeAnswer,
      runbook: (incident, section, why, now) => questionAnswer(incident, section, now, { why, runbook: null }),
    },
    ...change,
  }
  const nothing: Job<AllPorts> = {
    deadlineMs: 1000,
    run: () => Promise.resolve({ outcome: 'nothing', summary: '' }),
    failed: () => ({ outcome: 'failed', summary: '' }),
  }
  const others: readonly Exclude<JobName, 'answer-question'>[] = [
    'port-sheet-sync',
    'staleness-check',
    'consent-check',
    'incident-wake',
    'housekeeping',
    'backup',
    'digest',
    'agent-poll',
    'agent-session',
    'host-audit',
  ]
  const jobs = Object.fromEntries(others.map((name) => [name, nothing])) as Record<(typeof others)[number], Job<AllPorts>>
  const begin = (): Runner =>
    createRunner<AllPorts>({
      uow: store.uow,
      clock,
      log,
      jobs: { ...jobs, 'answer-question': createAnswerJob(answers) },
      finished: () => undefined,
      cannotStore: (_work, _result, error) => Promise.reject(error instanceof Error ? error : new Error('unknown')),
    })
  let runner = begin()
  const work = async (): Promise<void> => {
    for (;;) {
      await runner.runDue(clock.now())
      await runner.idle()
      const due = await runner.nextDueAt()
      if (due === null || due > clock.now()) return
    }
  }
  await store.uow.run((ports) => report(ports, TOKEN_DEAD, NOON))
  const desk: QuestionDesk = {
    clock,
    store,
    log,
    answers,
    requests,
    replies: [],
    ask: (text, eventId = 'Ev1') => store.uow.run((ports) => ask(ports, { eventId, incidentId: 1, asker: 'U0MARA', text }, clock.now())),
    work,
    pass: async (ms) => {
      const until = clock.now() + ms
      for (;;) {
        await work()
        const due = await runner.nextDueAt()
        if (due === null || due > until) break
        clock.advance(due - clock.now())
      }
      clock.advance(until - clock.now())
    },
    told: () => desk.dispatches().flatMap(({ dispatch }) => (dispatch.kind === 'answer' ? [answerView(dispatch)] : [])),
    dispatches: () =>
      store.raw
        .prepare('select key, lane, dispatch from outbox order by id')
        .all()
        .map(({ key, lane, dispatch }) => ({ key: String(key), lane: String(lane), dispatch: JSON.parse(String(dispatch)) as Dispatch })),
    spent: () => store.uow.run(({ questions }) => questions.spentOn('2026-03-02')),
    again: async () => {
      runner.stop()
      runner = begin()
      await store.uow.run((ports) => ports.jobs.recover(clock.now()))
      return runner
    },
  }
  return desk
}
