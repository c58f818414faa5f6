import type { ModelFailure, ModelReply } from '../model/model.ts'
import { MOST_CALLS } from './question.ts'

/** Why an answer comes from the runbook. `off`: no key, or no budget at all, which is how it was set up. */
export type Why = 'off' | 'budget' | 'many' | 'late' | 'busy' | 'declined' | 'refused' | 'unreadable' | 'fault'

/** So many questions about an incident are put to Claude within an hour; then people had better talk to each other. */
const MOST_PER_HOUR = 10

/** What is known before a call. Money is millionths of a dollar. */
export interface Before {
  readonly hasModel: boolean
  readonly budget: number
  readonly spentToday: number
  readonly worst: number
  /** Calls that were begun for this question: in an earlier try, or by a process that died. */
  readonly calls: number
  /** Other questions about this incident within the hour that Claude was asked. */
  readonly askedLately: number
}

export type Choice = { readonly do: 'ask' } | { readonly do: 'tell'; readonly why: Why }

/** Whether Claude may be asked. A call is never begun that could pass the day's budget. */
export function decideAsk({ hasModel, budget, spentToday, worst, calls, askedLately }: Before): Choice {
  if (!hasModel || budget === 0) return { do: 'tell', why: 'off' }
  if (calls >= MOST_CALLS) return { do: 'tell', why: 'late' }
  if (askedLately >= MOST_PER_HOUR) return { do: 'tell', why: 'many' }
  return spentToday + worst > budget ? { do: 'tell', why: 'budget' } : { do: 'ask' }
}

/** Somebody waits in the thread: what does not pass within moments counts as not passing. */
const AGAIN_MS = 3000
const LONGEST_WAIT_MS = 10_000

export type After =
  | { readonly do: 'answer'; readonly text: string }
  | { readonly do: 'again'; readonly waitMs: number }
  | { readonly do: 'tell'; readonly why: Why }

const FAILED: Readonly<Record<ModelFailure['class'], Why>> = {
  'refused-us': 'refused',
  busy: 'busy',
  unreachable: 'late',
  'our-request': 'fault',
  aborted: 'late',
}

const again = (why: Why, calls: number, waitMs: number): After =>
  calls < MOST_CALLS && waitMs <= LONGEST_WAIT_MS ? { do: 'again', waitMs } : { do: 'tell', why }

/** After a call that brought no reply. `calls`: this one included. */
export function decideFailed(failure: ModelFailure, calls: number): After {
  const why = FAILED[failure.class]
  // Neither a wrong key nor a wrong request becomes right by itself.
  if (why === 'refused' || why === 'fault') return { do: 'tell', why }
  return again(why, calls, Math.max(AGAIN_MS, failure.retryAfterMs ?? 0))
}

/** What came back, read. A reply that was cut is still worth reading; one that wants to act, though nothing was offered, is none. */
export function decideReplied({ content, stopReason }: Pick<ModelReply, 'content' | 'stopReason'>, calls: number): After {
  if (stopReason === 'refusal') return { do: 'tell', why: 'declined' }
  const text = content
    .flatMap((block) => (block.type === 'text' ? [block.text] : []))
    .join('\n')
    .trim()
  const isWhole = stopReason === 'end_turn' || stopReason === 'stop_sequence'
  if (text === '' || !(isWhole || stopReason === 'max_tokens')) return again('unreadable', calls, AGAIN_MS)
  return { do: 'answer', text: isWhole ? text : `${text} …` }
}
