import type { Incident, Note } from './incident.ts'
import type { OutboxRow } from './ports.ts'

/** What became of a message that was handed to Slack or to the log file. */
export type Delivery =
  | { readonly kind: 'sent'; readonly ts: string | null }
  /** It certainly did not arrive; try again, not before `waitMs` when that was asked. */
  | { readonly kind: 'refused'; readonly code: string; readonly waitMs: number | null }
  /** Nobody knows: the answer was lost. It must be looked for before it is sent again. */
  | { readonly kind: 'unclear'; readonly code: string }
  /** The card it belongs to is gone. */
  | { readonly kind: 'card-lost' }

/** Slack, as the deliverer needs it. Expected failures are returned. */
export interface Notifier {
  postCard(incident: Incident, key: string): Promise<Delivery>
  editCard(incident: Incident, ts: string): Promise<Delivery>
  reply(threadTs: string, snapshot: Incident, note: Note, key: string): Promise<Delivery>
  /** Plain text: whatever stands in it means nothing to Slack. */
  postNotice(notice: { text: string; by: string | null }, key: string): Promise<Delivery>
  /** Looks for a message by its outbox key. `unclear`: it could not be looked. */
  find(
    key: string,
    since: number,
    threadTs: string | null,
  ): Promise<{ kind: 'found'; ts: string } | { kind: 'absent' } | { kind: 'unclear'; code: string }>
}

/** The alert log, a file. */
export interface AlertLog {
  append(line: string): Promise<Delivery>
  /** Whether this very line stands near the end of the file. */
  has(line: string): Promise<boolean>
}

/** A message in flight may still arrive this long after its sender died. */
export const GRACE_MS = 120_000
const FIRST_RETRY_MS = 2000
const LONGEST_RETRY_MS = 5 * 60_000

/** When a refused row is tried again: doubling from 2 s to 5 min, or later if that was asked. Nothing is ever dropped. */
export function retryAt(row: Pick<OutboxRow, 'tries'>, waitMs: number | null, now: number): number {
  const backoff = Math.min(FIRST_RETRY_MS * 2 ** Math.min(row.tries - 1, 20), LONGEST_RETRY_MS)
  return now + Math.max(backoff, waitMs ?? 0)
}
