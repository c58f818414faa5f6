import type { Agent } from '../../src/services/agent/agent.ts'
import type { Playbook } from '../../src/services/agent/playbook.ts'

/** What the story of a killed session and its processes agree on. */

export const KEY = 'sk-ant-test-key'
export const MARA = 'U0MARA'
export const MODEL = 'claude-sonnet-5-5'

export const PRICES: Agent['prices'] = { [MODEL]: { input: 3, output: 15, cacheWrite: 3.75, cacheRead: 0.3 } }

export const PLAYBOOK: Playbook = {
  kind: 'general',
  title: 'Office task',
  model: MODEL,
  maxTurns: 30,
  maxTokens: 400_000,
  maxCost: 5_000_000,
  replyTokens: 1000,
  tools: ['list_charters', 'create_task', 'note_progress', 'ask_operator'],
  approval: [],
  api: false,
  privateColumns: [],
  mcp: {},
  instructions: 'Do the task.',
}

/** Room for more sessions than the story needs: what keeps it from beginning one twice must not be the quota. */
export const LIMITS: Agent['limits'] = { sessionsPerDay: 5, reservedSessions: 0, maxTurns: 30, dailyBudget: 50_000_000 }

/** Half a minute before midnight UTC: whoever goes on after a kill does so on the next day. */
export const BEFORE_MIDNIGHT = Date.UTC(2026, 10, 2, 23, 59, 30)
export const AFTER_MIDNIGHT = BEFORE_MIDNIGHT + 60_000

/** The outside: one system that honours the key of a call, and one that does not. */
export const BERTHS = '/berths'
export const LETTERS = '/letters'

/** One life of a process in the story, up to its end or to its death. */
export interface Life {
  readonly folder: string
  readonly claudeUrl: string
  readonly outsideUrl: string
  readonly now: number
  readonly kill: { readonly at: 'before' | 'after'; readonly n: number } | null
}

/** What a process says: a line of its log, or that nothing is left to do. */
export type Said = { readonly log: string } | { readonly end: true }
