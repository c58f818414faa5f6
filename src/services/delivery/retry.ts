/** A message in flight may still arrive this long after its sender died. */
export const GRACE_MS = 120_000
const FIRST_RETRY_MS = 2000
const LONGEST_RETRY_MS = 5 * 60_000

/** What only a person can mend is tried again this often, in case they have. */
export const FORBIDDEN_RETRY_MS = 15 * 60_000

/** When a refused row is tried again: doubling from 2 s to 5 min, or later if that was asked. Nothing is ever dropped. */
export function retryAt({ tries }: { readonly tries: number }, waitMs: number | null, now: number): number {
  const backoff = Math.min(FIRST_RETRY_MS * 2 ** Math.min(tries - 1, 20), LONGEST_RETRY_MS)
  return now + Math.max(backoff, waitMs ?? 0)
}
