/** What a card is about: a message that is edited as that changes. A request's card stands in the thread of its session's. */
export type CardSubject = `incident:${number}` | `session:${number}` | `request:${number}` | `task:${number}` | `digest:${number}`

/** Where a card is in Slack. */
export interface Card {
  readonly channel: string
  readonly ts: string
  /** The subject's version that the card shows. */
  readonly version: number
  /** When it was last edited; null or absent: not since it was posted. */
  readonly editedAt?: number | null
}

export interface CardStore {
  find(subject: CardSubject): Promise<Card | null>
  set(subject: CardSubject, card: Card): Promise<void>
  /** Forgets a card that is gone and gives the number of the one to post instead. */
  drop(subject: CardSubject): Promise<number>
  subjectAt(channel: string, ts: string): Promise<CardSubject | null>
}

/** More cards than this were removed on purpose. */
export const MOST_CARDS = 5

type SubjectKind = 'incident' | 'session' | 'request' | 'task' | 'digest'

/** The kind of a subject and its number. */
export function readSubject(subject: CardSubject): { readonly of: SubjectKind; readonly id: number } {
  const [of, id] = subject.split(':') as [SubjectKind, string]
  return { of, id: Number(id) }
}
