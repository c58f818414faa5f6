import type { UnitOfWork } from '../../unit-of-work.ts'
import type { QuestionPorts } from './question.ts'

/** What answers in threads cost today (UTC). Money is millionths of a dollar. */
export interface QuestionQuota {
  /** Charged or reserved. */
  readonly spent: number
  readonly budget: number
}

export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

export async function readQuestionQuota(uow: UnitOfWork<QuestionPorts>, budget: number, now: number): Promise<QuestionQuota> {
  return { spent: await uow.run(({ questions }) => questions.spentOn(dayOf(now))), budget }
}
