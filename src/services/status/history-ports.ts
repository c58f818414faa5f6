/** One UTC day of the bot's work. Money is millionths of a dollar. */
export interface DayFigures {
  /** ISO date, UTC. */
  readonly day: string
  readonly sessions: number
  readonly cost: number
  /** Good syncs that ended on it. */
  readonly syncs: number
}

export interface HistoryStore {
  /** Finished syncs since then, by outcome. */
  syncsSince(since: number): Promise<readonly { readonly outcome: string; readonly count: number }[]>
  /** Tasks that were done since then. */
  tasksDoneSince(since: number): Promise<readonly { readonly id: number; readonly title: string }[]>
  /** Each UTC day from the first to the last, both included, days without anything too. */
  days(from: string, to: string): Promise<readonly DayFigures[]>
}

export interface HistoryPorts {
  readonly history: HistoryStore
}
