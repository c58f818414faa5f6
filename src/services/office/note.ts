import type { SigningState } from '../signing/request.ts'

/** A line in the thread of a task's card. Names and reasons were written by others. */
export type TaskNote =
  /** The page says something else now, in words. */
  | { readonly type: 'page-changed'; readonly changes: readonly string[] }
  | {
      readonly type: 'guest'
      readonly guest: string
      readonly did: Extract<SigningState, 'viewed' | 'signed' | 'declined' | 'expired'>
      readonly reason: string | null
    }
  /** The charter changed: unsigned requests were taken back and made anew. `signedBefore`: guests who signed for the old details. */
  | { readonly type: 'asked-anew'; readonly made: readonly string[]; readonly signedBefore: readonly string[] }
  | { readonly type: 'reminder-wanted'; readonly guests: readonly string[] }
  | { readonly type: 'called-off' }
