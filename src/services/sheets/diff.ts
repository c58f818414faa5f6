import type { Charter, CharterChange } from './charter.ts'
import type { Hold } from './ports.ts'

export interface StoredCharter {
  readonly charter: Charter
  /** UTC milliseconds since it is gone from the sheet; null while it is there. */
  readonly removedAt: number | null
}

/** A tab as it was just read, ready to be compared. */
export interface ReadTab {
  readonly title: string
  /** Names exactly this content, for approvals. */
  readonly contentHash: string
  readonly charters: readonly Charter[]
  /** Ids of quarantined rows: their charters stay as they are. */
  readonly quarantinedIds: readonly string[]
  /** Whether a row's id cannot be read: any charter may be the one, so none is taken for gone. */
  readonly hasUnknownIds: boolean
}

/** More than this share of a tab's charters gone at once looks like an accident. */
const LOSS_LIMIT = 0.2

function changedFields(before: Charter, after: Charter): string[] {
  return Object.keys(after).filter((key) => before[key as keyof Charter] !== after[key as keyof Charter])
}

function compare(stored: StoredCharter | undefined, charter: Charter): CharterChange | null {
  if (stored === undefined) return { what: 'added', charter }
  if (stored.removedAt !== null) return { what: 'restored', charter }
  const fields = changedFields(stored.charter, charter)
  return fields.length === 0 ? null : { what: 'changed', charter, fields }
}

export interface TabPlan {
  readonly title: string
  readonly contentHash: string
  readonly changes: readonly CharterChange[]
  /** Set when the loss is too large to believe without a person; then `changes` must not be applied. */
  readonly hold: Pick<Hold, 'before' | 'removed'> | null
}

/**
 * What each tab changes. A charter that moved to another tab of the same reading is changed, not removed. Deletes are
 * for `removedAt`, never for good. `approved` holds content hashes an operator has confirmed.
 */
export function planTabs(tabs: readonly ReadTab[], stored: readonly StoredCharter[], approved: ReadonlySet<string>): TabPlan[] {
  const byId = new Map(stored.map((row) => [row.charter.id, row]))
  const present = new Set(tabs.flatMap((tab) => [...tab.charters.map((charter) => charter.id), ...tab.quarantinedIds]))
  return tabs.map((tab) => {
    const live = stored.filter((row) => row.removedAt === null && row.charter.tab === tab.title)
    const removed = tab.hasUnknownIds ? [] : live.filter((row) => !present.has(row.charter.id)).map((row) => row.charter)
    const kept = tab.charters.flatMap((charter) => compare(byId.get(charter.id), charter) ?? [])
    const tooMany = removed.length > live.length * LOSS_LIMIT
    return {
      title: tab.title,
      contentHash: tab.contentHash,
      changes: [...kept, ...removed.map((charter) => ({ what: 'removed' as const, charter }))],
      hold: tooMany && !approved.has(tab.contentHash) ? { before: live.length, removed: removed.map((charter) => charter.id) } : null,
    }
  })
}
