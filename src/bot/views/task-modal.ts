import type { InputBlock, ModalView, PlainTextOption } from '@slack/types'
import type { Priority } from '../../services/tasks/task.ts'
import { TASK_VIEW } from './action-ids.ts'
import { toldSection } from './agent-text.ts'
import { cut } from './text.ts'

/** The modal that adds a task. Each block is named after the field of the wish it fills, so that problems find it. */

/** A kind of task that a session can work on. */
export interface TaskKind {
  readonly kind: string
  readonly title: string
  /** Whether other systems may ask for it. */
  readonly api: boolean
}

export interface TaskModal {
  readonly kinds: readonly TaskKind[]
  readonly kind?: string
  readonly title?: string
  readonly details?: string
  /** The address of the message it was made from; null: of none. */
  readonly origin: string | null
}

const PERSON_KIND: TaskKind = { kind: 'person', title: 'For a person', api: false }

/** Slack takes so many in a menu. */
const MOST_KINDS = 99

/** Slack's longest text in an input. */
const INPUT_LENGTH = 3000

const PRIORITY_WORDS: readonly (readonly [Priority, string])[] = [
  ['critical', 'Critical: may use the sessions that are kept back'],
  ['high', 'High'],
  ['normal', 'Normal'],
  ['low', 'Low'],
]

const plain = (text: string, most: number) => ({ type: 'plain_text' as const, text: cut(text, most) })
const option = (value: string, text: string): PlainTextOption => ({ text: plain(text, 75), value })

function select(field: string, name: string, options: PlainTextOption[], chosen: string | undefined): InputBlock {
  const initial = options.find(({ value }) => value === chosen)
  return {
    type: 'input',
    block_id: field,
    label: plain(name, 75),
    element: { type: 'static_select', action_id: field, options, ...(initial === undefined ? {} : { initial_option: initial }) },
  }
}

function typed(
  field: string,
  name: string,
  text: { initial: string; most: number; lines: boolean; optional?: boolean; hint?: string },
): InputBlock {
  const initial = cut(text.initial, text.most)
  return {
    type: 'input',
    block_id: field,
    label: plain(name, 75),
    optional: text.optional ?? text.lines,
    ...(text.hint === undefined ? {} : { hint: plain(text.hint, 150) }),
    element: {
      type: 'plain_text_input',
      action_id: field,
      multiline: text.lines,
      max_length: text.most,
      ...(initial === '' ? {} : { initial_value: initial }),
    },
  }
}

export function taskModal({ kinds, kind = kinds[0]?.kind, title = '', details = '', origin }: TaskModal): ModalView {
  const offered = [...kinds.slice(0, MOST_KINDS), PERSON_KIND]
  const options = offered.map((one) => option(one.kind, one.title === '' ? one.kind : one.title))
  return {
    type: 'modal',
    callback_id: TASK_VIEW,
    private_metadata: JSON.stringify({ origin }),
    title: plain('Add a task', 24),
    submit: plain('Add it', 24),
    close: plain('Cancel', 24),
    blocks: [
      select('kind', 'Kind', options, kind ?? (offered.length === 1 ? PERSON_KIND.kind : undefined)),
      // One more than a task takes: who types too much is told so, and loses nothing.
      typed('title', 'Title', { initial: title, most: 300, lines: false }),
      typed('details', 'Details', {
        initial: details,
        most: INPUT_LENGTH,
        lines: true,
        hint: 'A session reads this as facts about the task, not as orders.',
      }),
      select(
        'priority',
        'Priority',
        PRIORITY_WORDS.map(([value, text]) => option(value, text)),
        'normal',
      ),
      typed('dependsOn', 'After these tasks', {
        initial: '',
        most: 150,
        lines: false,
        optional: true,
        hint: 'Numbers such as 3, 5: it waits until they are done.',
      }),
      typed('charterId', 'Charter', {
        initial: '',
        most: 150,
        lines: false,
        optional: true,
        hint: 'Its id in the port sheet, when the task is about one.',
      }),
      { type: 'input', block_id: 'dueOn', optional: true, label: plain('Due', 24), element: { type: 'datepicker', action_id: 'dueOn' } },
    ],
  }
}

/** What a modal shows when nothing is left to fill in. */
export function toldModal(text: string): ModalView {
  return { type: 'modal', title: plain('Add a task', 24), close: plain('Close', 24), blocks: [toldSection(text)] }
}

/** What the modal carried along: the address of the message. */
export function readOrigin(metadata: string): string | null {
  try {
    const { origin } = JSON.parse(metadata) as { origin?: unknown }
    return typeof origin === 'string' ? origin : null
  } catch {
    return null
  }
}

/** The first line of a message as a title, and all of it with its writer as details. */
export function taskFromMessage({ text, by }: { text: string; by: string }): { title: string; details: string } {
  const first = text.split('\n').find((line) => line.trim() !== '') ?? ''
  const writer = `\n\nWritten by ${cut(by, 80)} in Slack.`
  return {
    title: cut(first.trim().replaceAll(/\s+/g, ' '), 200),
    details: `${cut(text.trim(), INPUT_LENGTH - writer.length)}${writer}`,
  }
}
