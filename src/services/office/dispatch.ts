import type { TaskNote } from './note.ts'

/** What a row of the outbox brings about for a task that is done by code. Cards always show the latest state. */
export type OfficeDispatch =
  | { readonly kind: 'task-card'; readonly taskId: number }
  | { readonly kind: 'task-edit'; readonly taskId: number; readonly version: number }
  | { readonly kind: 'task-reply'; readonly taskId: number; readonly note: TaskNote; readonly at: number }
