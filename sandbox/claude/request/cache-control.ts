import { invalid } from '../api-error.ts'
import { refuseUnknown, requireFields } from './fields.ts'

const MAX_BREAKPOINTS = 4
const KNOWN = new Set(['type', 'ttl'])

export interface Breakpoint {
  ttlMs: number
}

const TTL_MS: Readonly<Record<string, number>> = { '5m': 5 * 60_000, '1h': 60 * 60_000 }

/** The breakpoint that a block, a tool or the request carries. */
export function readCacheControl(value: unknown, at: string): Breakpoint | undefined {
  if (value === undefined || value === null) return undefined
  const fields = requireFields(value, at)
  refuseUnknown(fields, KNOWN, at)
  if (fields['type'] !== 'ephemeral') throw invalid(`${at}.type: Input should be 'ephemeral'`)
  const ttl = fields['ttl'] ?? '5m'
  const ttlMs = typeof ttl === 'string' ? TTL_MS[ttl] : undefined
  if (ttlMs === undefined) throw invalid(`${at}.ttl: Input should be '5m' or '1h'`)
  return { ttlMs }
}

export function refuseManyBreakpoints(count: number): void {
  if (count > MAX_BREAKPOINTS) throw invalid(`A maximum of ${MAX_BREAKPOINTS} blocks with cache_control may be provided. Found ${count}.`)
}
