import type { SessionNote } from '../agent/note.ts'
import type { RequestView, SessionView } from '../agent/view.ts'
import type { AnyAlertLine } from '../incidents/alert-line.ts'
import type { Incident, Note } from '../incidents/incident.ts'
import type { ThreadAnswer } from '../incidents/ports.ts'
import type { DrawnMessage } from '../messages/drawn.ts'
import type { TaskCardView } from '../office/card.ts'
import type { TaskNote } from '../office/note.ts'

/** What became of a message that was handed to Slack, to the log file or to SNS. */
export type Delivery =
  | { readonly kind: 'sent'; readonly ts: string | null }
  /** It certainly did not arrive; try again, not before `waitMs` when that was asked. */
  | { readonly kind: 'refused'; readonly code: string; readonly waitMs: number | null }
  /** It did not arrive, and will not before a person changes something. It is kept, and tried again now and then. */
  | { readonly kind: 'forbidden'; readonly code: string; /** In words, with what to do. */ readonly why: string }
  /** Nobody knows: the answer was lost. It must be looked for before it is sent again. */
  | { readonly kind: 'unclear'; readonly code: string }
  /** The card it belongs to is gone. */
  | { readonly kind: 'card-lost' }

/** What a card shows: always the latest state. */
export type CardContent =
  | { readonly type: 'incident'; readonly incident: Incident }
  | { readonly type: 'session'; readonly session: SessionView }
  | { readonly type: 'request'; readonly request: RequestView }
  | { readonly type: 'task'; readonly task: TaskCardView }
  | { readonly type: 'drawn'; readonly message: DrawnMessage }

/** A line in the thread of a card. An incident's is told with the incident as it was just then. */
export type ReplyContent =
  | { readonly type: 'incident'; readonly note: Note; readonly snapshot: Incident }
  | ({ readonly type: 'answer' } & ThreadAnswer)
  | { readonly type: 'session'; readonly note: SessionNote }
  | { readonly type: 'task'; readonly note: TaskNote }
  | { readonly type: 'drawn'; readonly message: DrawnMessage }

export type Search =
  | { readonly kind: 'found'; readonly ts: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unclear'; readonly code: string }

/** Slack, as the deliverer needs it. Expected failures are returned. */
export interface Notifier {
  /** Posts a card into the channel, or into the thread of the card at `threadTs`. */
  post(content: CardContent, key: string, threadTs: string | null): Promise<Delivery>
  edit(content: CardContent, ts: string): Promise<Delivery>
  reply(threadTs: string, content: ReplyContent, key: string): Promise<Delivery>
  /** A direct message to whoever is on duty. */
  direct(incident: Incident, key: string): Promise<Delivery>
  /** Plain text: whatever stands in it means nothing to Slack. */
  postNotice(notice: { text: string; by: string | null }, key: string): Promise<Delivery>
  /** Looks for a message by its outbox key, in the channel or in a thread of it. `unclear`: it could not be looked. */
  find(key: string, since: number, threadTs: string | null): Promise<Search>
  /** The same among the direct messages to whoever is on duty. */
  findDirect(key: string, since: number): Promise<Search>
}

/** The SNS topic, where one is set. Expected failures are returned. */
export interface Topic {
  /** `key`: of the outbox. Only topics of the kind FIFO know it again: of others a notice may arrive twice. */
  publish(line: AnyAlertLine, key: string): Promise<Delivery>
}

/** The alert log, a file. */
export interface AlertLog {
  append(line: string): Promise<Delivery>
  /** Whether this very line stands near the end of the file. */
  has(line: string): Promise<boolean>
}
