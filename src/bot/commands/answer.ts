import type { MessageView } from '../views/alert.ts'

export interface Asked {
  readonly user: string
  /** Slack's id of this very command: its effect is committed once. It also opens a modal, within three seconds. */
  readonly triggerId: string
}

/** What is said at once, and what follows when there is more to say; null: a modal says it. */
export interface Answer {
  readonly first: MessageView | null
  readonly later: (() => Promise<MessageView | null>) | null
}

export const now = (view: MessageView): Answer => ({ first: null, later: () => Promise.resolve(view) })
export const later = (read: () => Promise<MessageView | null>): Answer => ({ first: null, later: read })
export const NOTHING: Answer = { first: null, later: null }
