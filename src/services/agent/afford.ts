import { worstCost, type Price } from '../model/prices.ts'
import type { ModelRequest } from '../model/model.ts'
import type { Playbook } from './playbook.ts'
import type { Session } from './session.ts'

/** The longest words of a hand-over, in tokens, with what the model thinks before it writes them. */
export const HAND_OVER_TOKENS = 2500

/** What the service adds to every request that offers tools. */
const OVERHEAD_TOKENS = 1500

export interface Estimate {
  /** The most tokens that can be read: no token is shorter than a byte. */
  readonly inputTokens: number
  /** The most that can be written. */
  readonly outputTokens: number
  readonly worst: number
}

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/**
 * The most a call can cost. What the last reply had read is known exactly; everything since is counted as one token a
 * byte, which no text reaches.
 */
export function estimate(request: ModelRequest, session: Pick<Session, 'contextTokens'>, price: Price): Estimate {
  const lastReply = session.contextTokens === 0 ? -1 : request.messages.findLastIndex(({ role }) => role === 'assistant')
  const since = request.messages.slice(lastReply + 1)
  const inputTokens =
    session.contextTokens === 0
      ? OVERHEAD_TOKENS + bytes([request.system, request.tools, request.messages])
      : session.contextTokens + bytes(since)
  return { inputTokens, outputTokens: request.maxTokens, worst: worstCost(inputTokens, request.maxTokens, price) }
}

/** What is known when a turn is about to begin. Money is millionths of a dollar. */
export interface Purse {
  readonly session: Pick<Session, 'turns' | 'maxTurns' | 'usage' | 'cost' | 'handingOver'>
  readonly playbook: Pick<Playbook, 'maxTokens' | 'maxCost'>
  readonly dailyBudget: number
  /** Charged or reserved today, by all sessions. */
  readonly spentToday: number
  readonly full: Estimate
  readonly handOver: Estimate
}

type Limit = NonNullable<Session['handingOver']>

export type TurnChoice =
  | { readonly kind: 'full' }
  | { readonly kind: 'hand-over'; readonly limit: Limit }
  /** Not even words can be paid for within the session's own limits. */
  | { readonly kind: 'end'; readonly limit: Limit }
  /** The day's money is used up: go on tomorrow. */
  | { readonly kind: 'wait' }

const tokensOf = ({ usage }: Purse['session']): number => usage.input + usage.output + usage.cacheRead + usage.cacheWrite

const NOTHING: Estimate = { inputTokens: 0, outputTokens: 0, worst: 0 }

/**
 * Which limit of the session a call of this size would pass; null: none. A full turn leaves room for a hand-over, in tokens and in money: all
 * is read once more for it, so without that room it could never follow.
 */
function passed({ session, playbook, full, handOver }: Purse, size: Estimate): Limit | null {
  const later = size === full ? handOver : NOTHING
  if (session.cost + size.worst + later.worst > playbook.maxCost) return 'dollars'
  const reads = size.inputTokens + size.outputTokens + later.inputTokens + later.outputTokens
  return tokensOf(session) + reads > playbook.maxTokens ? 'tokens' : null
}

/** Whether a turn may be taken, and which. A turn is never begun that could pass a limit. */
export function chooseTurn(purse: Purse): TurnChoice {
  const { session, full, handOver, dailyBudget, spentToday } = purse
  if (session.turns >= session.maxTurns) return { kind: 'end', limit: 'turns' }
  const limit: Limit | null = session.handingOver ?? (session.turns >= session.maxTurns - 1 ? 'turns' : passed(purse, full))
  const size = limit === null ? full : handOver
  if (limit !== null && passed(purse, handOver) !== null) return { kind: 'end', limit }
  if (spentToday + size.worst > dailyBudget) return { kind: 'wait' }
  return limit === null ? { kind: 'full' } : { kind: 'hand-over', limit }
}
