/** A message as it was drawn, frozen: it says what was so when it was made, however late it arrives. */
export interface DrawnMessage {
  readonly text: string
  readonly blocks: readonly Readonly<Record<string, unknown>>[]
  /** What to say in words when the blocks are not taken. */
  readonly instead: string
}

/** The digest of one local date: a card and what stands in its thread. */
export interface StoredDigest {
  readonly id: number
  /** ISO date in people's zone; unique. */
  readonly date: string
  readonly madeAt: number
  readonly card: DrawnMessage
  readonly replies: readonly DrawnMessage[]
}

export interface DigestStore {
  find(id: number): Promise<StoredDigest | null>
  last(): Promise<StoredDigest | null>
  /** Null: there is one of that date. */
  add(digest: Omit<StoredDigest, 'id'>): Promise<StoredDigest | null>
}

/** What a row of the outbox brings about for messages that were drawn before. */
export type DrawnDispatch =
  | { readonly kind: 'digest-card'; readonly digestId: number }
  | { readonly kind: 'digest-reply'; readonly digestId: number; readonly index: number }
  /** A reply under a message that is no card of ours. */
  | { readonly kind: 'told'; readonly threadTs: string; readonly message: DrawnMessage }
