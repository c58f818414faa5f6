/** Any JSON object whose shape is the app's business. */
export type Fields = Record<string, unknown>

export interface SlackUser {
  id: string
  name: string
  tz?: string
}

export interface SlackChannel {
  id: string
  name: string
  isPrivate?: boolean
  members: string[]
  botIsMember: boolean
}

/** A shortcut as the manifest's `features.shortcuts` declares it. */
export interface SlackShortcut {
  name: string
  callback_id: string
  type: 'message' | 'global'
}

/** The manifest's `features.app_home`. */
export interface SlackAppHome {
  home_tab_enabled: boolean
  messages_tab_enabled: boolean
  messages_tab_read_only_enabled: boolean
}

export interface SlackOptions {
  /** Any other token is answered with `invalid_auth`. */
  botToken: string
  /** Needed for `apps.connections.open`. */
  appToken?: string
  /** Signs what is POSTed to `eventsUrl`. */
  signingSecret?: string
  /** Where commands, actions, views and events go while no socket is connected. */
  eventsUrl?: string
  /** Milliseconds. Every `ts` and expiry derives from it, except signatures and trigger ids, which use real time. */
  now?: () => number
  port?: number
  /** How long a command, click, view or event waits for its ack. Default 3000, as the real one. */
  ackTimeoutMs?: number
  team?: { id: string; name: string }
  botUser?: { id: string; botId: string; appId: string; name: string }
  users?: SlackUser[]
  channels?: SlackChannel[]
  /** Granted bot scopes. */
  scopes?: string[]
  /** Whether the app is sent the message events of its own posts, edits and deletes, as the real one is. Default true. */
  echo?: boolean
  /** What the manifest declares. Default: the message shortcut `make_task`. */
  shortcuts?: SlackShortcut[]
  /** Default: both tabs, and people may write in the second one. */
  appHome?: Partial<SlackAppHome>
}

export interface Message {
  type: 'message'
  subtype?: string
  ts: string
  channel: string
  user: string
  text: string
  /** Only of what people typed. */
  client_msg_id?: string
  bot_id?: string
  app_id?: string
  team?: string
  blocks?: Fields[]
  attachments?: Fields[]
  metadata?: { event_type: string; event_payload: Fields }
  thread_ts?: string
  parent_user_id?: string
  edited?: { user: string; ts: string }
  reply_count?: number
  reply_users?: string[]
  reply_users_count?: number
  latest_reply?: string
  hidden?: boolean
  scheduled_message_id?: string
}

export interface EphemeralMessage {
  ts: string
  channel: string
  /** Who sees it. */
  user: string
  text: string
  blocks?: Fields[]
  attachments?: Fields[]
  thread_ts?: string
  edited?: { user: string; ts: string }
  /** How it came about. */
  via: 'chat.postEphemeral' | 'response_url' | 'ack'
}

export interface View extends Fields {
  id: string
  type: 'modal' | 'home'
  callback_id: string
  external_id: string
  hash: string
  private_metadata: string
  blocks: Fields[]
  state: { values: Record<string, Record<string, Fields>> }
  root_view_id: string
  previous_view_id: string | null
  clear_on_close: boolean
  notify_on_close: boolean
}

export interface OpenModal {
  viewId: string
  user: string
  view: View
  /** What the app complained about at the last submission, by block id. */
  errors?: Record<string, string>
}

export interface ScheduledMessage {
  id: string
  channel: string
  /** Unix seconds. */
  post_at: number
  /** Unix seconds. */
  date_created: number
  text: string
  blocks?: Fields[]
  attachments?: Fields[]
  thread_ts?: string
  metadata?: { event_type: string; event_payload: Fields }
}

export interface ApiAnswer extends Fields {
  ok: boolean
  error?: string
}

export interface ApiCall {
  method: string
  /** Without the token. */
  args: Fields
  at: number
  answer: { ok: boolean; error?: string }
  /** Set when the answer was spoilt on purpose. */
  fault?: FaultKind
}

export type FaultKind = '429' | '5xx' | 'timeout' | 'reset' | 'error' | 'lost-answer'

export interface SlackFault {
  /** A Web API method or `response_url`; `*` stands for anything. Default `*`. */
  method?: string
  kind: FaultKind
  /** For `error`: the code. Default `internal_error`. */
  error?: string
  /** For `429`. Default 1. */
  retryAfterS?: number
  /** How often; without it until `clearFaults()`. */
  times?: number
}

export type SlackChange =
  | { type: 'message' | 'edited' | 'deleted'; channel: string; ts: string; message: Message }
  | {
      type: 'ephemeral'
      channel: string
      user: string
      ts: string
      message: EphemeralMessage
      change: 'posted' | 'edited' | 'deleted'
    }
  | { type: 'modal'; user: string; viewId: string; modal: OpenModal }
  | { type: 'modal_closed'; user: string; viewId: string }
  | { type: 'home'; user: string; view: View }
  | { type: 'socket'; connected: number }

export interface AckResult {
  via: 'socket' | 'http'
  /** What the app answered: the ack's payload, or the HTTP body (parsed when it is JSON). */
  body: unknown
  /** Where the person's browser goes, for a button or a menu item with a link. */
  openedUrl?: string
}

export interface CommandInput {
  user: string
  channel: string
  text: string
  /** Default `/jada`. */
  command?: string
}

export interface ClickInput {
  user: string
  channel: string
  /** Also of an ephemeral message. */
  ts: string
  actionId: string
  /** A button's value or the option, user, date or time picked; picks one of several elements with the same action id. */
  value?: string
  /** Search only the ephemeral messages. */
  ephemeral?: boolean
}

export interface ShortcutInput {
  user: string
  /** As the manifest declares it. */
  callbackId: string
  /** The message of a message shortcut, a reply too; a global one has none. */
  channel?: string
  ts?: string
}

export interface ViewClickInput {
  user: string
  /** Without it: the person's topmost modal, or else their home tab. */
  viewId?: string
  actionId: string
  value?: string
}

export interface SubmitInput {
  user: string
  viewId?: string
  /** `values[block_id][action_id]`: what the person typed or picked, as a string, or the whole state object. */
  values: Record<string, Record<string, unknown>>
}

export interface Slack {
  start(): Promise<{ apiUrl: string }>
  stop(): Promise<void>
  setEventsUrl(url: string): void

  /** Top level, oldest first, without deleted ones (a deleted parent with replies is a tombstone). */
  messages(channel: string): Message[]
  /** The parent and its replies, oldest first. */
  thread(channel: string, ts: string): Message[]
  readonly ephemerals: EphemeralMessage[]
  readonly modals: OpenModal[]
  readonly homes: Map<string, unknown>
  /** Not posted yet. */
  readonly scheduled: ScheduledMessage[]
  readonly calls: ApiCall[]
  readonly users: readonly SlackUser[]
  readonly channels: readonly SlackChannel[]
  /** The app's own user. */
  readonly bot: Readonly<{ id: string; botId: string; appId: string; name: string }>
  readonly shortcuts: readonly SlackShortcut[]
  readonly appHome: Readonly<SlackAppHome>
  on(listener: (event: SlackChange) => void): () => void

  command(input: CommandInput): Promise<AckResult>
  click(input: ClickInput): Promise<AckResult>
  /** Refuses one that is not declared, and a message that is not there. */
  shortcut(input: ShortcutInput): Promise<AckResult>
  /** A click in a modal or in the home tab. */
  clickView(input: ViewClickInput): Promise<AckResult>
  submitModal(input: SubmitInput): Promise<AckResult>
  closeModal(input: { user: string; viewId?: string }): Promise<void>
  /** `text` as Slack sends it: `&`, `<` and `>` are entities, people are `<@U0MARA>`. */
  message(input: { user: string; channel: string; text: string; threadTs?: string }): Promise<{ ts: string }>
  /** Only one's own. */
  editMessage(input: { user: string; channel: string; ts: string; text: string }): Promise<void>
  deleteMessage(input: { user: string; channel: string; ts: string }): Promise<void>
  openHome(user: string): Promise<void>
  event(event: Fields, options?: EventOptions): Promise<AckResult>

  fault(fault: SlackFault): void
  clearFaults(): void
  revokeToken(): void
  restoreToken(): void
  readonly socket: SocketControl
}

export interface EventOptions {
  eventId?: string
  retryNum?: number
  retryReason?: string
}

export interface SocketControl {
  connected(): number
  /** Cuts every connection without a close frame. */
  drop(): void
  /** `apps.connections.open` answers `invalid_auth`. */
  refuse(yes: boolean): void
  /** Asks the clients to reconnect; cuts those that have not within 5 s. */
  refresh(): void
}
