import type { ModelInfo } from './types.ts'

const SIZES = { maxOutput: 128_000, contextWindow: 1_000_000 }

/** What platform.claude.com says of the models the bot may be set to, as of November 2026. */
export const MODELS: readonly ModelInfo[] = [
  { id: 'claude-haiku-5-5', ...SIZES, minCached: 1024, forcesTools: true, thinkingTypes: ['adaptive', 'between_tools', 'disabled'] },
  { id: 'claude-sonnet-5-5', ...SIZES, minCached: 1024, forcesTools: false, thinkingTypes: ['adaptive', 'between_tools'] },
  { id: 'claude-opus-5-5', ...SIZES, minCached: 512, forcesTools: false, thinkingTypes: ['adaptive'] },
]
