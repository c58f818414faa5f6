import type { Fields, Slack } from '../slack/slack.ts'
import { SETTING } from './setting.ts'

export interface ShownButton {
  channel: string
  ts: string
  actionId: string
  label: string
  url: string | undefined
  value: string | undefined
  /** What Slack asks before it sends the click. */
  confirm: { title: string; yes: string } | undefined
}

interface Shown {
  channel: string
  ts: string
  blocks?: Fields[]
  attachments?: Fields[]
}

const textOf = (value: unknown): string => {
  const text = (value as Fields | undefined)?.['text']
  return typeof text === 'string' ? text : ''
}

const confirmOf = (value: unknown): ShownButton['confirm'] =>
  value === undefined ? undefined : { title: textOf((value as Fields)['title']), yes: textOf((value as Fields)['confirm']) }

/** The elements of a message that are buttons, wherever they stand in it. */
function buttonElements({ blocks = [], attachments = [] }: Pick<Shown, 'blocks' | 'attachments'>): Fields[] {
  const inAttachments = attachments.flatMap((one) => (one['blocks'] ?? []) as Fields[])
  const elements = [...blocks, ...inAttachments].flatMap((block) => [block['accessory'] ?? block['elements'] ?? []].flat() as Fields[])
  return elements.filter((element) => element['type'] === 'button')
}

function buttonsOf(shown: Shown): ShownButton[] {
  return buttonElements(shown).map(({ action_id, text, url, value, confirm }) => ({
    channel: shown.channel,
    ts: shown.ts,
    actionId: String(action_id),
    label: textOf(text),
    url: typeof url === 'string' ? url : undefined,
    value: typeof value === 'string' ? value : undefined,
    confirm: confirmOf(confirm),
  }))
}

/** Every button a person sees in the channel, those of the newest message first. */
function visibleButtons(slack: Slack, user: string): ShownButton[] {
  const seen: Shown[] = [
    ...slack.messages(SETTING.channel),
    ...slack.ephemerals.filter((one) => one.user === user && one.channel === SETTING.channel),
  ]
  return seen.toSorted((a, b) => Number(b.ts) - Number(a.ts)).flatMap(buttonsOf)
}

const leadsToConsent = ({ url }: ShownButton): boolean => url !== undefined && new URL(url).pathname === '/oauth/google/start'

/** Links to Google's consent, newest first. */
export const consentLinks = (slack: Slack, user: string): ShownButton[] => visibleButtons(slack, user).filter(leadsToConsent)

/** The newest button of that label or action id; the beginning of a label is enough. */
export function findButton(slack: Slack, user: string, name: string): ShownButton {
  const wanted = name.toLowerCase()
  const all = visibleButtons(slack, user)
  const found =
    all.find(({ label, actionId }) => label.toLowerCase() === wanted || actionId === name) ??
    all.find(({ label }) => label.toLowerCase().startsWith(wanted))
  if (found !== undefined) return found
  const labels = [...new Set(all.map(({ label }) => label))].join(', ')
  throw new Error(`there is no button ${name}; ${labels === '' ? 'there are no buttons now' : `there are: ${labels}`}`)
}

/** The newest card: the last message of the app that has a coloured part. */
export function newestCard(slack: Slack): { channel: string; ts: string } | undefined {
  return slack.messages(SETTING.channel).findLast((message) => message.bot_id !== undefined && (message.attachments ?? []).length > 0)
}
