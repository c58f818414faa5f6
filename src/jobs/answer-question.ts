import { answerAnyway, answerQuestion, type AnswerPorts, type Answers } from '../services/answers/answer.ts'
import type { JobPorts } from '../services/work/work.ts'
import type { Job } from './job.ts'

/** Longer than the patience with the model: only a body that hangs passes it. */
const DEADLINE_MS = 60_000

/** Answers one question that was asked in an incident's thread. */
export function createAnswerJob(answers: Answers): Job<JobPorts & AnswerPorts> {
  return {
    deadlineMs: DEADLINE_MS,
    run: (work, _now, signal) => answerQuestion(answers, Number(work.subject), signal),
    failed: (work, now, { code, message }) => ({
      outcome: code,
      summary: message,
      commit: (ports) => answerAnyway(answers, ports, Number(work.subject), now),
    }),
  }
}
