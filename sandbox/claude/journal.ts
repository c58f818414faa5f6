import type { ClaudeChange, RequestRecord, Usage } from './types.ts'

/** The oldest records go. */
const MAX_RECORDS = 10_000
const MAX_BODIES = 200

export type Journal = ReturnType<typeof createJournal>

/** What was asked and answered, and whoever wants to hear of it. */
export function createJournal() {
  const listeners = new Set<(change: ClaudeChange) => void>()
  const requests: RequestRecord[] = []
  const bodies: unknown[] = []
  const usage: Usage = { input_tokens: 0, output_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }
  let replies = 0
  const tell = (change: ClaudeChange): void => {
    for (const listener of listeners) listener(change)
  }
  return {
    requests,
    bodies,
    changed: (what: string): void => tell({ kind: 'change', what }),
    keep(body: unknown): void {
      bodies.push(body)
      if (bodies.length > MAX_BODIES) bodies.shift()
    },
    record(request: RequestRecord): void {
      requests.push(request)
      if (requests.length > MAX_RECORDS) requests.shift()
      if (request.usage !== undefined) {
        replies += 1
        for (const name of Object.keys(usage) as (keyof Usage)[]) usage[name] += request.usage[name]
      }
      tell({ kind: 'request', request })
    },
    sums: () => ({ usage: { ...usage }, replies }),
    on(listener: (change: ClaudeChange) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
