/** Any JSON object of a message: nothing about it is taken for granted. */
export type Fields = Record<string, unknown>

/** What the words in a message stand for, and who reads them. */
export interface RenderContext {
  /** Id to name. */
  users: Record<string, string>
  /** Id to name. */
  channels: Record<string, string>
  /** The reader's user id. */
  me: string
  /** Milliseconds. */
  now: number
  /** IANA name; without it this machine's. */
  timeZone?: string | undefined
  /** The app's user id: an ephemeral message names only its reader. */
  bot?: string | undefined
  /** Images from here are loaded, as those in `data:` addresses are. */
  origin?: string | undefined
}

/** `values[block_id][action_id]`: what a person has typed or picked already. */
export type HeldValues = Record<string, Record<string, Fields>>

/** Where blocks stand; the app needs it to say what was clicked. */
export interface Where {
  kind: 'message' | 'ephemeral' | 'modal' | 'home'
  /** Of a message. */
  ts?: string | undefined
  /** Of a modal or home tab. */
  viewId?: string | undefined
  /** Shown instead of the initial values. */
  values?: HeldValues | undefined
  /** By block id. */
  errors?: Record<string, string> | undefined
}

export interface Place {
  context: RenderContext
  where: Where
}
