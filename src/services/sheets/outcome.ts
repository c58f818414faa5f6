import type { GoogleFailure } from '../google/failure.ts'
import type { CharterChange, QuarantinedRow } from './charter.ts'

/** Something about the sheet itself that a person must look at. */
export type DataProblem =
  | { readonly code: 'missing-tab'; readonly tab: string }
  | { readonly code: 'header-drift'; readonly tab: string; readonly missing: readonly string[]; readonly doubled: readonly string[] }
  | {
      readonly code: 'held'
      readonly tab: string
      readonly before: number
      readonly removed: readonly string[]
      readonly contentHash: string
    }

/** What was found and, as far as it was sound, applied. */
export interface SheetReading {
  /** Titles of the tabs that should be there. */
  readonly tabs: readonly string[]
  readonly changes: readonly CharterChange[]
  readonly charters: number
  readonly quarantined: readonly QuarantinedRow[]
  /** Tabs found under another title than the wanted one. */
  readonly renamed: readonly { readonly title: string; readonly current: string }[]
  readonly unknownColumns: readonly { readonly tab: string; readonly name: string }[]
}

/** How a sync ended. Expected outcomes are values: nothing here is thrown. */
export type SyncOutcome =
  | ({ readonly kind: 'synced' } & SheetReading)
  /** Read, and applied only in part: these tabs keep their last good data. */
  | ({ readonly kind: 'data'; readonly problems: readonly DataProblem[] } & SheetReading)
  | { readonly kind: 'blocked'; readonly failure: GoogleFailure }
