/** A Slack event that was taken in before it was acknowledged. Slack sends each up to four times; the id is the same. */
export interface ReceivedEvent {
  readonly id: string
  readonly type: string
  readonly event: Readonly<Record<string, unknown>>
}

export interface Inbox {
  /** Keeps an event, once. False: it is here already. */
  receive(event: ReceivedEvent, now: number): Promise<boolean>
  /** Events whose effect has not been committed yet, oldest first. */
  pending(): Promise<ReceivedEvent[]>
  markDone(id: string, now: number): Promise<void>
  /** Claims the id of a command or click for its effect, in the same transaction. False: its effect is there already. */
  claimAct(id: string, now: number): Promise<boolean>
}

export interface InboxPorts {
  readonly inbox: Inbox
}

/** Small facts that outlive the process. */
export interface Settings {
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
}

export interface Housekeeping {
  /** Deletes what nobody asks for any more; gives the number of rows. Incidents, timelines, tasks, sessions and their stories stay, and whatever was signed. */
  sweep(now: number): Promise<number>
}
