import type { MessageView } from '../views/alert.ts'

export interface Asked {
  readonly user: string
  /** Slack's id of this very command: its effect is committed once. It also opens a modal, within three seconds. */
  readonly triggerId: string
}

/** An answer that takes several messages, in their order; at most five, as many as Slack allows. */
export interface Pages {
  readonly pages: readonly MessageView[]
}

/** What is said at once, and what follows when there is more to say; null: a modal says it. */
export interface Answer {
  readonly first: MessageView | null
  readonly later: (() => Promise<MessageView | Pages | null>) | null
}

export const now = (view: MessageView): Answer => ({ first: null, later: () => Promise.resolve(view) })
export const later = (read: () => Promise<MessageView | Pages | null>): Answer => ({ first: null, later: read })
export const NOTHING: Answer = { first: null, later: null }
