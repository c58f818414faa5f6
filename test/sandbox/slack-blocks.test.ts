import { describe, expect, test } from 'vitest'

import { checkMessageBlocks, checkMetadata } from '../../sandbox/slack/blocks/message.ts'
import { formatProblem } from '../../sandbox/slack/blocks/problems.ts'
import { checkView } from '../../sandbox/slack/blocks/view.ts'
import { refusal, setUp } from './slack-support.ts'

const plain = (text: string) => ({ type: 'plain_text', text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) })
const button = (actionId: string, more = {}) => ({
  type: 'button',
  text: plain('Go'),
  action_id: actionId,
  ...more,
})
const actions = (...elements: unknown[]) => ({ type: 'actions', elements })
const option = (value: string) => ({ text: plain(value), value })

const complaints = (blocks: unknown[]) => {
  const found = checkMessageBlocks(blocks, [], true)
  return found ? [found.error, ...found.problems.map(formatProblem)] : []
}

const good = [
  section('hello'),
  {
    type: 'section',
    fields: [mrkdwn('a'), plain('b')],
    accessory: button('x', { style: 'danger' }),
  },
  { type: 'header', text: plain('Title') },
  {
    type: 'context',
    elements: [mrkdwn('small'), { type: 'image', image_url: 'https://x.test/a.png', alt_text: 'a' }],
  },
  { type: 'divider' },
  actions(button('a', { url: 'http://127.0.0.1:1/x' }), {
    type: 'overflow',
    action_id: 'o',
    options: [option('1')],
  }),
  { type: 'image', image_url: 'https://x.test/a.png', alt_text: 'a', title: plain('t') },
  {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'hi' }] }],
  },
  { type: 'markdown', text: '**hi**' },
  {
    type: 'table',
    rows: [
      [
        { type: 'raw_text', text: 'a' },
        { type: 'raw_number', value: 1, text: '1' },
      ],
    ],
  },
  { type: 'alert', text: mrkdwn('careful'), level: 'warning' },
  {
    type: 'data_visualization',
    title: 'Spend',
    chart: { type: 'pie', segments: [{ label: 'a', value: 1 }] },
  },
]

test('every block type the app may use passes', () => {
  expect(complaints(good)).toEqual([])
})

describe.each([
  ['section text', section('x'.repeat(3001)), 'must be less than 3001 characters', '/blocks/0/text/text'],
  ['an empty text', section(''), 'must be more than 0 characters', '/blocks/0/text/text'],
  ['a section without words', { type: 'section' }, 'missing required field: text', '/blocks/0'],
  ['fields', { type: 'section', fields: Array(11).fill(plain('x')) }, 'no more than 10 items allowed', '/blocks/0/fields'],
  ['a header in mrkdwn', { type: 'header', text: mrkdwn('x') }, 'must be a valid enum value: plain_text', '/blocks/0/text/type'],
  ['header text', { type: 'header', text: plain('x'.repeat(151)) }, 'must be less than 151 characters', '/blocks/0/text/text'],
  ['context elements', { type: 'context', elements: Array(11).fill(plain('x')) }, 'no more than 10 items allowed', '/blocks/0/elements'],
  ['actions', actions(...Array.from({ length: 26 }, (_, i) => button(`b${i}`))), 'no more than 25 items allowed', '/blocks/0/elements'],
  ['button value', actions(button('a', { value: 'x'.repeat(2001) })), 'must be less than 2001 characters', '/blocks/0/elements/0/value'],
  ['button style', actions(button('a', { style: 'default' })), 'must be a valid enum value: primary, danger', '/blocks/0/elements/0/style'],
  ['button url', actions(button('a', { url: 'nowhere' })), 'must be a valid URL', '/blocks/0/elements/0/url'],
  ['action id', actions(button('x'.repeat(256))), 'must be less than 256 characters', '/blocks/0/elements/0/action_id'],
  ['one action id twice', actions(button('a'), button('a')), '`action_id` already exists: a', '/blocks/0/elements/1/action_id'],
  [
    'overflow',
    actions({ type: 'overflow', options: Array(6).fill(option('x')) }),
    'no more than 5 items allowed',
    '/blocks/0/elements/0/options',
  ],
  [
    'option value',
    actions({ type: 'overflow', options: [{ text: plain('a'), value: 'x'.repeat(151) }] }),
    'must be less than 151 characters',
    '/blocks/0/elements/0/options/0/value',
  ],
  [
    'confirm text',
    actions(button('a', { confirm: { text: plain('x'.repeat(301)) } })),
    'must be less than 301 characters',
    '/blocks/0/elements/0/confirm/text/text',
  ],
  [
    'an initial option that is none of the options',
    actions({ type: 'static_select', options: [option('a')], initial_option: { text: plain('A'), value: 'a' } }),
    'must be one of the options',
    '/blocks/0/elements/0/initial_option',
  ],
  ['an unknown block', { type: 'carrousel' }, 'unsupported type: carrousel', '/blocks/0/type'],
  ['an unknown property', { ...section('x'), colour: 'red' }, 'invalid additional property: colour', '/blocks/0'],
  ['an image without its description', { type: 'image', image_url: 'https://x.test/a' }, 'missing required field: alt_text', '/blocks/0'],
  ['markdown', { type: 'markdown', text: 'x'.repeat(12_001) }, 'must be less than 12001 characters', '/blocks/0/text'],
])('%s', (_name, block, message, pointer) => {
  test('is refused', () => {
    expect(complaints([block])).toEqual(['invalid_blocks', `[ERROR] ${message} [json-pointer:${pointer}]`])
  })
})

test('limits of the message as a whole', () => {
  expect(complaints(Array.from({ length: 51 }, () => ({ type: 'divider' })))[0]).toBe('invalid_blocks')
  expect(
    complaints([
      { ...section('a'), block_id: 'b' },
      { ...section('a'), block_id: 'b' },
    ])[0],
  ).toBe('invalid_blocks')
  expect(complaints(Array(4).fill(section('x'.repeat(2900))))).toEqual([])
  expect(complaints(Array(5).fill(section('x'.repeat(2640))))).toEqual(['msg_blocks_too_long'])
  const attachment = { color: '#d00000', blocks: Array.from({ length: 30 }, () => ({ type: 'divider' })) }
  expect(
    checkMessageBlocks(
      Array.from({ length: 20 }, () => ({ type: 'divider' })),
      [attachment],
      true,
    ),
  ).toBeUndefined()
  expect(
    checkMessageBlocks(
      Array.from({ length: 21 }, () => ({ type: 'divider' })),
      [attachment],
      true,
    )?.error,
  ).toBe('invalid_blocks')
  expect(checkMessageBlocks([], [{ blocks: [{ type: 'nope' }] }], true)).toEqual({
    error: 'invalid_attachments',
    problems: [{ message: 'unsupported type: nope', pointer: '/attachments/0/blocks/0/type' }],
  })
  expect(checkMetadata({ event_type: 'x', event_payload: [] })?.error).toBe('invalid_metadata_format')
})

describe('views', () => {
  const input = {
    type: 'input',
    label: plain('Why'),
    element: { type: 'plain_text_input', action_id: 'why' },
  }
  const modal = { type: 'modal', title: plain('Title'), submit: plain('Go'), blocks: [input] }

  test('a modal', () => {
    expect(checkView(modal, 'modal')).toBeUndefined()
    expect(checkView({ ...modal, title: plain('x'.repeat(25)) }, 'modal')?.problems).toEqual([
      { message: 'must be less than 25 characters', pointer: '/view/title/text' },
    ])
    const { submit: _submit, ...unsendable } = modal
    expect(checkView(unsendable, 'modal')?.problems[0]?.message).toContain('must define `submit`')
    const eager = { ...input, element: { ...input.element, focus_on_load: true } }
    expect(checkView({ ...modal, blocks: [eager, eager] }, 'modal')?.problems).toEqual([
      { message: 'only one element can have `focus_on_load` set to true', pointer: '/view/blocks/1' },
    ])
    expect(checkView({ ...modal, private_metadata: 'x'.repeat(3001) }, 'modal')?.error).toBe('invalid_arguments')
    expect(checkView({ ...modal, blocks: [{ type: 'markdown', text: 'x' }] }, 'modal')?.error).toBe('invalid_arguments')
  })

  test('a home tab', () => {
    expect(checkView({ type: 'home', blocks: Array.from({ length: 100 }, () => ({ type: 'divider' })) }, 'home')).toBeUndefined()
    expect(checkView({ type: 'home', blocks: Array.from({ length: 101 }, () => ({ type: 'divider' })) }, 'home')?.error).toBe(
      'invalid_arguments',
    )
    expect(checkView({ ...modal, type: 'home' }, 'home')?.error).toBe('invalid_arguments')
  })
})

test('over the wire the app learns what was wrong', async () => {
  const { client } = await setUp()
  const blocks = [section('x'.repeat(3001))]
  const refused = await refusal(client.apiCall('chat.postMessage', { channel: 'C0OPS', text: 'x', blocks }))
  expect(refused).toEqual({
    error: 'invalid_blocks',
    messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
  })
  const long = await client.chat.postMessage({ channel: 'C0OPS', text: 'x'.repeat(50_000) })
  expect(long.message?.text).toHaveLength(40_000)
})
