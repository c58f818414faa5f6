import type { View } from '@slack/types'
import { expect, test } from 'vitest'

import { setUp, startBolt, until } from './slack-support.ts'

const channel = 'C0OPS'
const user = 'U0MARA'
const plain = (text: string) => ({ type: 'plain_text', text })
const option = (value: string) => ({ text: plain(value), value })
const input = (block_id: string, element: object, more: object = {}) => ({
  type: 'input',
  block_id,
  label: plain(block_id),
  element: { action_id: 'value', ...element },
  ...more,
})
const select = (values: string[], more: object = {}) => ({ type: 'static_select', options: values.map(option), ...more })

const taskForm = (kinds: string[], more: object[] = []) =>
  ({
    type: 'modal',
    callback_id: 'task',
    private_metadata: 'from=1.2',
    title: plain('New task'),
    submit: plain('Add'),
    blocks: [
      input('kind', select(kinds, { initial_option: option(kinds[0] ?? '') }), { optional: true }),
      input('title', { type: 'plain_text_input' }),
      input('details', { type: 'plain_text_input', multiline: true, initial_value: 'as said' }, { optional: true, hint: plain('h') }),
      input('due', { type: 'datepicker', initial_date: '2026-03-02' }, { optional: true }),
      ...more,
    ],
  }) as unknown as View

/** A modal for one person, and what the app was sent of it. */
async function open() {
  const bench = await setUp({ ackTimeoutMs: 500 })
  const submitted: Record<string, unknown>[] = []
  await startBolt(bench, 'http', (app) => {
    app.command('/jada', async ({ ack, command, client }) => {
      await ack()
      await client.views.open({ trigger_id: command.trigger_id, view: taskForm(['code', 'research']) })
    })
    app.view('task', async ({ ack, view }) => {
      submitted.push({ ...view })
      const title = view.state.values['title']?.['value']?.value
      if (title === 'again') return ack({ response_action: 'errors', errors: { title: 'taken', due: 'passed' } })
      return title === 'stay' ? ack({ response_action: 'update', view: { ...taskForm(['code']), private_metadata: 'second' } }) : ack()
    })
  })
  await bench.slack.command({ user, channel, text: 'add' })
  await until(bench, () => bench.slack.modals.length === 1)
  return { ...bench, submitted }
}

test('initial values are sent as they stand, and an emptied field as nothing', async () => {
  const { slack, submitted } = await open()
  await slack.submitModal({ user, values: { title: { value: 'stay' } } })
  expect(submitted[0]).toMatchObject({
    callback_id: 'task',
    private_metadata: 'from=1.2',
    state: {
      values: {
        kind: { value: { type: 'static_select', selected_option: option('code') } },
        title: { value: { type: 'plain_text_input', value: 'stay' } },
        details: { value: { value: 'as said' } },
        due: { value: { type: 'datepicker', selected_date: '2026-03-02' } },
      },
    },
  })
  expect(slack.modals).toMatchObject([{ view: { private_metadata: 'second', state: { values: { title: { value: { value: 'stay' } } } } } }])
  const empty = { kind: { value: '' }, details: { value: '' }, due: { value: '' } }
  await slack.submitModal({ user, values: { ...empty, title: { value: 'done' } } })
  expect(submitted[1]).toMatchObject({
    state: {
      values: { kind: { value: { selected_option: null } }, details: { value: { value: null } }, due: { value: { selected_date: null } } },
    },
  })
  expect(slack.modals).toEqual([])
})

test('errors of several fields stand beside what was typed; what nobody can pick is refused', async () => {
  const { slack } = await open()
  const send = (values: Record<string, string>) =>
    slack.submitModal({ user, values: Object.fromEntries(Object.entries(values).map(([block, value]) => [block, { value }])) })
  await expect(send({ title: '' })).rejects.toThrow('the field title is required')
  await expect(send({ title: 'x', kind: 'host' })).rejects.toThrow('there is no option "host"; there are: code, research')
  await expect(send({ title: 'x', due: '2026-02-31' })).rejects.toThrow('is no date')
  await expect(send({ title: 'x', owner: 'y' })).rejects.toThrow('the modal has no field owner/value')
  await send({ title: 'again', kind: 'research' })
  const values = { title: { value: { value: 'again' } }, kind: { value: { selected_option: option('research') } } }
  expect(slack.modals).toMatchObject([{ errors: { title: 'taken', due: 'passed' }, view: { state: { values } } }])
})

test('an update keeps what was typed, but no option that is gone', async () => {
  const { slack, client } = await open()
  await slack.submitModal({ user, values: { title: { value: 'again' }, kind: { value: 'research' } } })
  const [modal] = slack.modals
  await client.views.update({
    view_id: modal?.viewId ?? '',
    view: taskForm(['code', 'host'], [input('more', { type: 'plain_text_input' })]),
  })
  const now = slack.modals[0]
  expect(now).toMatchObject({ viewId: modal?.viewId, view: { root_view_id: modal?.viewId } })
  expect(now).not.toHaveProperty('errors')
  expect(now?.view.state.values).toMatchObject({
    title: { value: { value: 'again' } },
    kind: { value: { selected_option: option('code') } },
    more: { value: { value: null } },
  })
})
