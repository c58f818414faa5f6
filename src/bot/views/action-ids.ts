/** Ids of buttons and modals; the first ones are a contract. */
export const ACTION = {
  reauthorize: 'reauthorize',
  ack: 'incident_ack',
  snooze: 'incident_snooze',
  resolve: 'incident_resolve',
  syncApply: 'sync_apply',
  paste: 'reauthorize_paste',
  /** A button that only opens a link: Slack reports the click, and it must be acknowledged. */
  openLink: 'open_link',
} as const

export const PASTE_VIEW = 'reauthorize_paste_view'
export const PASTE_BLOCK = 'address'
export const PASTE_INPUT = 'address_input'

/** What a card's button carries: the incident and the version of the card that was clicked. */
export function cardValue(incident: { id: number; version: number }): string {
  return `${incident.id}:${incident.version}`
}

export function readCardValue(value: string | undefined): { id: number; version: number } | null {
  const [, id, version] = /^(\d{1,15}):(\d{1,15})$/.exec(value ?? '') ?? []
  return id === undefined || version === undefined ? null : { id: Number(id), version: Number(version) }
}
