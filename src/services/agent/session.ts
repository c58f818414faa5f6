import type { Usage } from '../model/model.ts'

/** `running`: somebody works on it or will at once. `ran-out`: a limit was reached, a normal end with exit code 1. */
export type SessionStatus = 'running' | 'waiting' | 'finished' | 'ran-out' | 'gave-up' | 'cancelled'

/** What a waiting session waits for; `until` is when it goes on by itself, null: only a person can let it. */
export interface Wait {
  readonly for: 'request' | 'budget' | 'model'
  readonly until: number | null
}

/** One run of Claude on one task. It holds one of its day's slots, for ever. Money is millionths of a dollar, times are UTC milliseconds. */
export interface Session {
  readonly id: number
  readonly taskId: number
  /** The playbook it runs by, and the model that was chosen then. */
  readonly kind: string
  readonly model: string
  /** UTC date of its slot, and which of that day's it is. */
  readonly day: string
  readonly slot: number
  readonly status: SessionStatus
  readonly wait: Wait | null
  /** Counts owners: whoever took it over before can write nothing any more. */
  readonly epoch: number
  /** Counts changes that its card shows. */
  readonly version: number
  /** Replies of the model that were committed. */
  readonly turns: number
  readonly maxTurns: number
  /** True once the model was given text that others wrote: from then on writes to the outside need a person's yes. */
  readonly tainted: boolean
  readonly usage: Usage
  readonly cost: number
  /** Input tokens of the last reply, cached or not: the floor of what the next one reads. */
  readonly contextTokens: number
  /** Failures of the model's service in a row. */
  readonly failures: number
  /** How often in a row our own code broke on it. */
  readonly breaks: number
  /** Hash of the system prompt and the tools of its first turn: a conversation is bound to them. Null: it has not begun. */
  readonly beginning: string | null
  /** Set when the words of the last turn were asked for: which limit that was. */
  readonly handingOver: 'turns' | 'tokens' | 'dollars' | 'context' | null
  /** The model ended its turn without finishing and was told so. */
  readonly reminded: boolean
  /** What it is doing, in a few words. */
  readonly step: string
  readonly summary: string | null
  /** 0: finished; 1: ran out or was given up, which is logged and no crash. */
  readonly exitCode: 0 | 1 | null
  readonly muted: boolean
  readonly startedAt: number
  readonly endedAt: number | null
}

export const isLive = ({ status }: Pick<Session, 'status'>): boolean => status === 'running' || status === 'waiting'

/** The UTC date of an instant. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

const DAY_MS = 86_400_000

/** When the UTC day of an instant ends. */
export const dayEnd = (at: number): number => (Math.floor(at / DAY_MS) + 1) * DAY_MS

export const dayStart = (at: number): number => Math.floor(at / DAY_MS) * DAY_MS

/** The owner of the lease on a session, as its process was given it. */
export interface Grip {
  readonly sessionId: number
  readonly epoch: number
}
