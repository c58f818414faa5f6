import type { FaultKind } from '../claude/claude.ts'
import type { HostFault } from '../host/faults.ts'
import type { GoogleFault, NextConsent } from '../google/types.ts'
import type { EphemeralMessage, Message, OpenModal, View } from '../slack/types.ts'

/** What never changes while the sandbox runs. */
export interface StageView {
  team: string
  channel: { id: string; name: string }
  bot: { id: string; name: string }
  people: { id: string; name: string; role: string }[]
  timeZone: string
  /** Such as `/jada sync now`. */
  commands: string[]
  /** The app's message shortcuts. */
  shortcuts: { name: string; callbackId: string }[]
  hasHome: boolean
  /** Seconds between the confirmations of a dead token. */
  confirmDelaysS: readonly number[]
  /** Where the bot and Google listen. */
  botUrl: string
  googleUrl: string
}

export interface GoogleView {
  token: { state: 'none' | 'alive' | 'revoked' | 'expired'; email?: string; expiresAt?: number }
  fault: GoogleFault['kind'] | null
  nextConsent: NextConsent
  /** The newest ones, oldest first. */
  requests: { at: number; what: string; status: number; error: string }[]
}

export interface ClaudeView {
  fault: FaultKind | null
  replies: number
  /** Of all replies together; input without what was read from the cache. */
  tokens: { input: number; output: number; cached: number }
  /** The newest ones, oldest first. `what` is the tools that the reply calls, or how it stopped. */
  requests: { at: number; what: string; status: number; error: string; input: number; output: number }[]
  /** What a task makes the model do: by its kind, or else by words of its title. */
  scripts: { kind: string | null; words: readonly string[]; says: string }[]
}

/** The watched host. */
export interface HostView {
  /** Its name; null: this machine cannot play it, and `why` says what is missing. */
  name: string | null
  why: string
  switches: { fault: HostFault; where: 'host' | 'way'; name: string; says: string; isOn: boolean }[]
  /** How often the bot has looked since a switch was last used. */
  looks: number
  /** The newest ones, oldest first. */
  requests: { at: number; what: string; status: number; error: string }[]
}

export interface SlackView {
  isUp: boolean
  connected: number
  isLimited: boolean
  isRefusing: boolean
}

export interface BotView {
  state: 'stopped' | 'starting' | 'running' | 'stopping' | 'died'
  pid: number | null
}

export interface SheetView {
  title: string
  kinds: readonly string[]
  rows: readonly (readonly string[])[]
}

/** The part of the page a step speaks of. */
export type TourPlace = 'conversation' | 'card' | 'thread' | 'google' | 'slack' | 'bot' | 'sheet' | 'tour'

export interface TourView {
  state: 'idle' | 'running' | 'paused' | 'done' | 'failed'
  /** `acting`: something is being done; `reading`: it has happened, and `text` says what and why. */
  phase: 'acting' | 'reading'
  /** From 1; 0 before the first. */
  step: number
  steps: number
  title: string
  text: string
  place: TourPlace | null
  /** The thread that should be open, by its first message. */
  threadTs: string | null
}

/** Everything the page shows, in parts that change on their own: what a part is called says which type it has. */
export interface Parts {
  stage: StageView
  google: GoogleView
  claude: ClaudeView
  host: HostView
  slack: SlackView
  bot: BotView
  log: string[]
  tour: TourView
  modals: OpenModal[]
  sheets: SheetView[]
  [message: `message/${string}`]: Message
  [ephemeral: `ephemeral/${string}`]: EphemeralMessage
  [home: `home/${string}`]: View
}

/** An event of the stream; the first one is a snapshot. */
export interface PartsChange {
  set: Partial<Parts>
  gone: string[]
}
