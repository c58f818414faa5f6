/** Hard limits of the agent, from the environment. Money is millionths of a dollar. */
export interface AgentLimits {
  /** Sessions that may begin on a UTC day, and how many of them only critical tasks may use. */
  readonly sessionsPerDay: number
  readonly reservedSessions: number
  readonly maxTurns: number
  readonly dailyBudget: number
}
