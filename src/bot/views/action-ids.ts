/** Ids of buttons and modals; the first ones are a contract. */
export const ACTION = {
  reauthorize: 'reauthorize',
  ack: 'incident_ack',
  snooze: 'incident_snooze',
  assign: 'incident_assign',
  resolve: 'incident_resolve',
  /** The menu of a card that holds what is seldom needed. */
  more: 'incident_more',
  syncApply: 'sync_apply',
  paste: 'reauthorize_paste',
  /** A button that only opens a link: Slack reports the click, and it must be acknowledged. */
  openLink: 'open_link',
  approve: 'approval_approve',
  reject: 'approval_reject',
  stopSession: 'session_stop',
  happened: 'settle_happened',
  notHappened: 'settle_not',
  cancelTask: 'task_cancel',
  retryTask: 'task_retry',
  closeTask: 'task_done',
  prepareMessage: 'guest_message',
  markSent: 'guest_sent',
  homeSync: 'home_sync',
  homeAudit: 'home_audit',
  homeReauth: 'home_reauth',
  homeAdd: 'home_add_task',
  homePause: 'home_pause_agent',
  homeResume: 'home_resume_agent',
} as const

export const PASTE_VIEW = 'reauthorize_paste_view'
export const PASTE_BLOCK = 'address'
export const PASTE_INPUT = 'address_input'

/** A choice of a question by its place: ids are unique within a row of buttons. */
export const choiceAction = (index: number): string => `question_choice_${index}`
export const CHOICE_ACTION = /^question_choice_(\d)$/

/** The message shortcut, and the modal for a task. */
export const MAKE_TASK = 'make_task'
export const TASK_VIEW = 'add_task_view'

/** What a card's button carries: the incident, session or request, and the version of the card that was clicked. */
export function cardValue(subject: { id: number; version: number }): string {
  return `${subject.id}:${subject.version}`
}

export function readCardValue(value: string | undefined): { id: number; version: number } | null {
  const [, id, version] = /^(\d{1,15}):(\d{1,15})$/.exec(value ?? '') ?? []
  return id === undefined || version === undefined ? null : { id: Number(id), version: Number(version) }
}

/** An option of a card's menu: the same, and which one it is. */
export const optionValue = (subject: { id: number; version: number }, option: string): string => `${cardValue(subject)}:${option}`

export function readOptionValue(value: string | undefined): { id: number; version: number; option: string } | null {
  const [, card, option] = /^(\d{1,15}:\d{1,15}):([a-z0-9]{1,20})$/.exec(value ?? '') ?? []
  const read = readCardValue(card)
  return read === null || option === undefined ? null : { ...read, option }
}

/** What the button of a prepared message carries, read like a card's: the request, and how many messages to the guest were noted before. */
export function messageValue({ id, sentAt, reminders }: { id: number; sentAt: number | null; reminders: readonly unknown[] }): string {
  return cardValue({ id, version: sentAt === null ? 0 : 1 + reminders.length })
}
