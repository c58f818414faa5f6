/** Where it goes. They are delivered apart: a fault of one never delays another. */
export type Target = 'slack' | 'alert-log' | 'sns'

/** A message as it is asked for. `D` is what it brings about, once. */
export interface NewMessage<D> {
  /** Unique; also written into the message's metadata, so that it can be found again. */
  readonly key: string
  readonly target: Target
  /** Rows of one lane are delivered in order, a card before everything that needs its thread. */
  readonly lane: string
  readonly dispatch: D
}

export interface OutboxRow<D> extends NewMessage<D> {
  readonly id: number
  readonly state: 'new' | 'sending' | 'sent'
  readonly tries: number
  readonly dueAt: number
  readonly claimedAt: number | null
}

/** What a part needs that has something to tell. */
export interface Outbox<D> {
  /** Adds a row; a key that is there already adds nothing. */
  add(row: NewMessage<D>, now: number): Promise<void>
}

/** What the deliverers need; nothing else may claim or finish a row. */
export interface OutboxStore<D> extends Outbox<D> {
  /** The earliest time at which something can be done for this target; null: nothing waits. */
  nextDueAt(target: Target): Promise<number | null>
  /** The first row of each lane that is due, oldest first. */
  due(target: Target, now: number): Promise<OutboxRow<D>[]>
  /** `new -> sending`, tries + 1. Null: somebody else has it. */
  claim(row: OutboxRow<D>, now: number, graceMs: number): Promise<OutboxRow<D> | null>
  /** Not claimed now but at `dueAt`: no try, and nothing went wrong. */
  postpone(row: OutboxRow<D>, dueAt: number): Promise<void>
  /** `sending -> sent`, guarded by the number of tries. */
  markSent(row: OutboxRow<D>, now: number): Promise<boolean>
  /** `sending -> new`, to be tried again at `dueAt`. */
  giveBack(row: OutboxRow<D>, dueAt: number, error: string): Promise<boolean>
  /** Rows that wait, and since when the oldest does. */
  backlog(): Promise<{ target: Target; count: number; since: number; error: string | null }[]>
}
