import type { CharterChange, QuarantinedRow } from './charter.ts'
import type { StoredCharter } from './diff.ts'
import type { SyncState } from './sync-state.ts'
import type { KnownTab } from './tabs.ts'

/** The last reading of a tab that was applied. */
export interface TabSnapshot extends KnownTab {
  readonly contentHash: string
  readonly readAt: number
  readonly charters: number
}

/** A change that waits for an operator's yes. Approved, it applies to exactly the content it was made from. */
export interface Hold {
  readonly tab: string
  readonly contentHash: string
  /** Charters in the tab before, and the ids that would go. */
  readonly before: number
  readonly removed: readonly string[]
  readonly createdAt: number
  readonly approvedBy: string | null
}

export interface AppliedChanges {
  readonly at: number
  readonly changes: readonly {
    readonly id: string
    readonly tab: string
    readonly what: CharterChange['what']
    readonly fields: readonly string[]
  }[]
}

export interface CharterStore {
  /** All charters of these tabs, and those with these ids wherever they are; removed ones too. */
  readForDiff(tabs: readonly string[], ids: readonly string[]): Promise<StoredCharter[]>
  apply(changes: readonly CharterChange[], now: number): Promise<void>
  /** What the last sync that changed anything changed; null before the first. Names of fields, no values. */
  lastChanges(): Promise<AppliedChanges | null>
  tabs(): Promise<TabSnapshot[]>
  saveTab(tab: TabSnapshot): Promise<void>
  replaceQuarantine(tab: string, rows: readonly QuarantinedRow[], now: number): Promise<void>
  quarantine(): Promise<QuarantinedRow[]>
  holds(): Promise<Hold[]>
  saveHold(hold: Omit<Hold, 'approvedBy'>): Promise<void>
  removeHold(tab: string): Promise<void>
  /** True when a hold with this content was there to approve. */
  approveHold(tab: string, contentHash: string, by: string, now: number): Promise<boolean>
}

export interface SyncStateStore {
  read(): Promise<SyncState>
  write(state: SyncState): Promise<void>
}

export interface SheetPorts {
  readonly charters: CharterStore
}
