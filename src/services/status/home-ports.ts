import type { Home } from './read-home.ts'

/** Somebody who opened the bot's Home, and what it shows them. Times are UTC milliseconds. */
export interface HomeRow {
  readonly user: string
  /** Counts wishes to see it anew; a wish during a publication is not lost. */
  readonly asked: number
  /** Of what was last published; null: nothing yet, or it is to be published whatever it was. */
  readonly fingerprint: string | null
  /** Slack's own hash of that view, against races. */
  readonly viewHash: string | null
  readonly publishedAt: number | null
}

export interface HomeShown {
  readonly fingerprint: string | null
  readonly viewHash: string | null
  readonly publishedAt: number | null
}

export interface HomeStore {
  /** Somebody looks: it is published anew. */
  opened(user: string, now: number): Promise<void>
  /** Something that it shows has changed by this person's own act; nothing happens when they never opened it. */
  touch(user: string, now: number): Promise<void>
  /** Homes to look at now, of those opened since `openedSince`. */
  due(now: number, openedSince: number): Promise<HomeRow[]>
  nextDueAt(openedSince: number): Promise<number | null>
  /** Keeps what is shown; it is looked at again at `dueAt`, or at once when it was asked for meanwhile. */
  save(row: HomeRow, shown: HomeShown, dueAt: number): Promise<void>
  /** No Home is looked at before `until`: Slack asked for it, or cannot be reached. */
  putOff(until: number): Promise<void>
}

export interface HomePorts {
  readonly homes: HomeStore
}

export type HomePublished =
  | { readonly kind: 'published'; readonly viewHash: string | null }
  /** Somebody else published meanwhile. */
  | { readonly kind: 'outdated' }
  /** Slack is not to be asked for a while; null: it did not say how long. */
  | { readonly kind: 'later'; readonly code: string; readonly waitMs: number | null }
  /** Slack will not take it from us for this person. */
  | { readonly kind: 'refused'; readonly code: string }

/** A Home as one person sees it. */
export interface HomeDrawing {
  /** The same for as long as there is nothing new to see. */
  readonly fingerprint: string
  /** `viewHash`: of the view that is thought to be shown. */
  publish(viewHash: string | null): Promise<HomePublished>
}

/** Slack's Home tab. */
export interface HomeScreen {
  draw(home: Home, user: string): HomeDrawing
}
