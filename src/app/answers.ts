import { questionAnswer } from '../bot/views/incident-thread.ts'
import { claudeAnswer } from '../bot/views/question-answer.ts'
import type { Config } from '../config.ts'
import { JadaError } from '../errors.ts'
import type { Answers } from '../services/answers/answer.ts'
import type { QuestionSettings } from '../services/answers/settings.ts'
import type { Model } from '../services/model/model.ts'
import type { Prices } from '../services/model/prices.ts'
import type { Core } from './core.ts'

/** Whether questions in threads are put to Claude at all. */
export const asksClaude = ({ agent: { apiKey, questionBudget } }: Pick<Config, 'agent'>): boolean =>
  apiKey !== undefined && questionBudget > 0

export interface AnswerParts {
  /** Null: no key for Claude is set. */
  readonly model: Model | null
  readonly runbook: ReadonlyMap<string, string>
  /** Where it can be read; null without a public address. */
  readonly runbookAddress: string | null
}

/** Joins what answers questions in the threads of incidents. */
export function createAnswers(
  { uow, clock, log, config }: Core,
  { questions, prices }: { readonly questions: QuestionSettings; readonly prices: Prices },
  { model, runbook, runbookAddress }: AnswerParts,
): Answers {
  const price = prices[questions.model]
  if (price === undefined) throw new JadaError('config-file', `questions.yml: prices.yml has no price for ${questions.model}`)
  return {
    uow,
    clock,
    log,
    model,
    settings: questions,
    price,
    budget: config.agent.questionBudget,
    runbook,
    words: {
      claude: claudeAnswer,
      runbook: (incident, section, why, now) => questionAnswer(incident, section, now, { why, runbook: runbookAddress }),
    },
  }
}
