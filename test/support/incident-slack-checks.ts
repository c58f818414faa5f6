import { expect } from 'vitest'
import { checkMessageBlocks } from '../../sandbox/slack/blocks/message.ts'
import { checkView } from '../../sandbox/slack/blocks/view.ts'
import type { MessageView } from '../../src/bot/views/alert.ts'

export const ON_DUTY = 'U0ONDUTY'

// What our views themselves may write in angle brackets; a cut may have ended one early.
const OURS = /^<(?:!date\^\d+\^\{date_short_pretty\} \{time\}\|[\d :-]+UTC>|@U0OPERATOR>|@U0ONDUTY>|@U0MARA>|#C0OPS>|[^<>]{0,70}…$)/

function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (Array.isArray(value)) for (const item of value) yield* strings(item)
  else if (typeof value === 'object' && value !== null) {
    // A button's own value and address are never shown.
    for (const [key, item] of Object.entries(value)) if (key !== 'value' && key !== 'url') yield* strings(item)
  }
}

/** No mention, channel call or link in it but our own. */
export function expectHarmless(value: unknown): void {
  for (const text of strings(value)) {
    for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
      if (!OURS.test(text.slice(at))) throw new Error(`foreign markup in a message: ${text.slice(Math.max(0, at - 40), at + 60)}`)
    }
  }
}

/** Slack would take this message as it is, and it says something to a screen reader and in a notification. */
export function expectPostable(view: MessageView): void {
  expect(checkMessageBlocks(view.blocks ?? [], view.attachments ?? [], true)).toBeUndefined()
  expect(view.text.trim()).not.toBe('')
  // Longer ones are split or cut by Slack.
  expect(view.text.length).toBeLessThanOrEqual(4000)
  for (const text of strings(view)) expect(text.isWellFormed()).toBe(true)
}

export function expectModal(view: unknown): void {
  expect(checkView(view as Record<string, unknown>, 'modal')).toBeUndefined()
}

interface Found {
  readonly action_id: string
  /** A menu has a placeholder or nothing, and options. */
  readonly text?: { readonly text: string }
  readonly placeholder?: { readonly text: string }
  readonly options?: readonly { readonly text: { readonly text: string }; readonly value: string }[]
  readonly value?: string
  readonly url?: string
  readonly style?: string
}

/** All buttons and menus of a message, in order. */
export function buttonsOf(view: MessageView): Found[] {
  const blocks = [...(view.blocks ?? []), ...(view.attachments ?? []).flatMap((attachment) => attachment.blocks ?? [])]
  return blocks.flatMap((block) => (block.type === 'actions' ? (block as unknown as { elements: Found[] }).elements : []))
}

/** All that a person reads, in order. */
export function textOf(view: MessageView): string {
  return [...strings([view.blocks ?? [], view.attachments ?? []])].join('\n')
}
