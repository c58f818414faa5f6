import type {
  ActionsBlock,
  ActionsBlockElement,
  Button,
  ConfirmationDialog,
  ContextBlock,
  Overflow,
  SectionBlock,
  StaticSelect,
} from '@slack/types'
import { cut, LIMITS } from './text.ts'

/** The few blocks our messages are made of, cut to Slack's limits. */

export function section(text: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: cut(text, LIMITS.sectionText) } }
}

export function fields(pairs: readonly (readonly [name: string, value: string])[]): SectionBlock {
  return {
    type: 'section',
    fields: pairs.map(([name, value]) => ({ type: 'mrkdwn' as const, text: cut(`*${name}*\n${value}`, LIMITS.fieldText) })),
  }
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: cut(text, LIMITS.contextText) }] }
}

export interface ButtonOptions {
  readonly value?: string
  readonly url?: string
  readonly style?: 'primary' | 'danger'
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string; readonly no: string }
}

function dialog(confirm: NonNullable<ButtonOptions['confirm']>): ConfirmationDialog {
  return {
    title: { type: 'plain_text', text: confirm.title },
    text: { type: 'plain_text', text: cut(confirm.text, 300) },
    confirm: { type: 'plain_text', text: confirm.yes },
    deny: { type: 'plain_text', text: confirm.no },
  }
}

export function button(actionId: string, label: string, options: ButtonOptions = {}): Button {
  return {
    type: 'button',
    action_id: actionId,
    text: { type: 'plain_text', text: cut(label, 75) },
    ...(options.value === undefined ? {} : { value: options.value }),
    ...(options.url === undefined ? {} : { url: options.url }),
    ...(options.style === undefined ? {} : { style: options.style }),
    ...(options.confirm === undefined ? {} : { confirm: dialog(options.confirm) }),
  }
}

/** `id`: what the block is about, for elements that cannot carry it. */
export function actions(elements: readonly ActionsBlockElement[], id?: string): ActionsBlock {
  return { type: 'actions', elements: [...elements], ...(id === undefined ? {} : { block_id: id }) }
}

/** What can be chosen in a menu: what it says, and what it carries. */
export type MenuOptions = readonly (readonly [label: string, value: string])[]

const plain = (text: string) => ({ type: 'plain_text' as const, text: cut(text, 75) })

export function menu(actionId: string, placeholder: string, options: MenuOptions): StaticSelect {
  const shown = options.map(([label, value]) => ({ text: plain(label), value }))
  return { type: 'static_select', action_id: actionId, placeholder: plain(placeholder), options: shown }
}

export function overflow(actionId: string, options: MenuOptions): Overflow {
  return { type: 'overflow', action_id: actionId, options: options.map(([label, value]) => ({ text: plain(label), value })) }
}
