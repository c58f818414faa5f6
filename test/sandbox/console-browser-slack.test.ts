import type { App } from '@slack/bolt'
import type { View } from '@slack/types'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { createConsole } from '../../sandbox/console/server.ts'
import type { Console } from '../../sandbox/console/server.ts'
import { createWorld } from '../../sandbox/world.ts'
import type { World } from '../../sandbox/world.ts'
import { SETTING } from '../../sandbox/world/setting.ts'
import { become, feedOf, isThere, launch, openPage, say, shoot, threadOf } from './console-browser-support.ts'
import { createBolt } from './slack-support.ts'

/** What later parts of the bot will do in Slack, done by a small Bolt app instead of the bot. */

const channel = SETTING.channel
const plain = (text: string) => ({ type: 'plain_text' as const, text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text })
const option = (text: string, value: string) => ({ text: plain(text), value })
const button = (text: string, id: string, more: object = {}) => ({
  type: 'button' as const,
  text: plain(text),
  action_id: id,
  value: id,
  ...more,
})

const KINDS = [option('Code', 'code'), option('Research', 'research')]
const input = (block_id: string, label: string, element: object, more: object = {}) => ({
  type: 'input',
  block_id,
  label: plain(label),
  element: { action_id: 'value', ...element },
  ...more,
})

const form = (metadata: string) =>
  ({
    type: 'modal',
    callback_id: 'task',
    private_metadata: metadata,
    title: plain('New task'),
    submit: plain('Add the task'),
    close: plain('Cancel'),
    blocks: [
      { type: 'section', block_id: 'intro', text: mrkdwn('From a message in <#C0OPS>.') },
      input('kind', 'Kind', { type: 'static_select', options: KINDS, placeholder: plain('Choose a kind') }),
      input('title', 'Title', { type: 'plain_text_input', max_length: 80, min_length: 3 }, { hint: plain('A short sentence.') }),
      input('details', 'Details', { type: 'plain_text_input', multiline: true, initial_value: 'As said above.' }, { optional: true }),
      input('due', 'Due date', { type: 'datepicker', initial_date: '2026-12-01' }, { optional: true, hint: plain('Empty: whenever.') }),
      input(
        'priority',
        'Priority',
        { type: 'static_select', options: [option('Normal', 'p2'), option('High', 'p1')], initial_option: option('Normal', 'p2') },
        { optional: true },
      ),
    ],
  }) as unknown as View

const done = (title: string) =>
  ({
    type: 'modal',
    title: plain('New task'),
    close: plain('Done'),
    blocks: [{ type: 'section', text: mrkdwn(`Added: *${title}*`) }],
  }) as unknown as View

const approval = [
  {
    type: 'section',
    fields: [mrkdwn('*Kind*\nCode'), mrkdwn('*Asked by*\n<@U0MARA>'), mrkdwn('*Branch*\n`task-7`'), mrkdwn('*Cost*\n$1.20')],
  },
  { type: 'context', elements: [mrkdwn('Waits since <!date^1790000000^{time}|then>')] },
  {
    type: 'actions',
    block_id: 'row',
    elements: [
      button('Approve', 'approve', { style: 'primary' }),
      button('Reject', 'reject', {
        style: 'danger',
        confirm: {
          title: plain('Reject it?'),
          text: mrkdwn('The branch `task-7` is *thrown away*.'),
          confirm: plain('Reject'),
          deny: plain('Keep'),
          style: 'danger',
        },
      }),
      button('Ask', 'ask'),
      button('Pause', 'pause'),
      button('Show diff', 'diff', { url: 'http://127.0.0.1:9/diff' }),
      { type: 'overflow', action_id: 'more', options: [option('Snooze a day', 'snooze'), option('Hand over', 'hand-over')] },
    ],
  },
]

interface Seen {
  submitted: Record<string, unknown>[]
  actions: Record<string, unknown>[]
  messages: Record<string, unknown>[]
  homes: string[]
}

function listen(app: App, seen: Seen): void {
  app.shortcut({ callback_id: 'make_task', type: 'message_action' }, async ({ ack, shortcut, client }) => {
    await ack()
    await client.views.open({ trigger_id: shortcut.trigger_id, view: form(shortcut.message_ts) })
  })
  app.view('task', async ({ ack, view, body }) => {
    const title = view.state.values['title']?.['value']?.value ?? ''
    if (title === 'taken')
      return ack({ response_action: 'errors', errors: { title: 'There is such a task already.', due: 'That day has passed.' } })
    seen.submitted.push({ ...view, by: body.user.id })
    return title === 'show me' ? ack({ response_action: 'update', view: done(title) }) : ack()
  })
  app.action(/.*/u, async ({ ack, action, body, client }) => {
    seen.actions.push({ ...body })
    if ('action_id' in action && action.action_id === 'sulk') return
    await ack()
    const { message, container } = body as { message?: { ts: string; thread_ts?: string }; container?: { thread_ts?: string } }
    if (!('action_id' in action)) return
    if (action.action_id === 'approve') await client.chat.update({ channel, ts: message?.ts ?? '', text: 'Approved by mara', blocks: [] })
    if (action.action_id === 'ask')
      await client.chat.postEphemeral({
        channel,
        user: body.user.id,
        thread_ts: container?.thread_ts ?? '',
        text: 'What do you want to know?',
      })
    if (action.action_id === 'filter') await publish(app, body.user.id, 'Mine only')
  })
  app.message(async ({ message }) => void seen.messages.push({ ...message }))
  app.event('app_home_opened', async ({ event }) => {
    seen.homes.push(event.user)
    await publish(app, event.user, 'All tasks')
  })
}

const publish = (app: App, user: string, title: string) =>
  app.client.views.publish({
    user_id: user,
    view: {
      type: 'home',
      callback_id: 'home',
      blocks: [
        { type: 'header', text: plain(title) },
        {
          type: 'actions',
          block_id: 'home-row',
          elements: [
            button('Add a task', 'add', { style: 'primary' }),
            {
              type: 'static_select',
              action_id: 'filter',
              placeholder: plain('Show'),
              options: [option('All', 'all'), option('Mine', 'mine')],
            },
            button('Sulk', 'sulk'),
          ],
        },
      ],
    },
  })

describe.skipIf(!isThere)('what the bot shows in Slack, used from the console', { timeout: 30_000 }, () => {
  let browser: Browser
  let world: World
  let shown: Console
  let address: string
  let app: App
  let page: Page
  let complaints: string[]
  const seen: Seen = { submitted: [], actions: [], messages: [], homes: [] }

  beforeAll(async () => {
    browser = await launch()
    world = await createWorld()
    shown = createConsole(world)
    address = await shown.start()
    app = createBolt(world.places.slackApiUrl, 'socket', SETTING)
    listen(app, seen)
    await app.start()
    const opened = await openPage(browser)
    page = opened.page
    complaints = opened.complaints
    await page.goto(address)
    await become(page, 'mara (operator)')
  }, 40_000)

  beforeEach(() => Object.assign(seen, { submitted: [], actions: [], messages: [], homes: [] }))

  afterAll(async () => {
    await browser.close()
    await app.stop()
    await shown.stop()
    await world.dispose()
  })

  const entry = (text: string): Locator => feedOf(page).locator('li').filter({ hasText: text }).last()
  const moreOf = (item: Locator): Locator => item.locator('.tools').getByRole('button', { name: 'More actions' })
  const modal = (): Locator => page.getByRole('dialog', { name: 'New task' })
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const label = document.activeElement instanceof HTMLInputElement ? document.activeElement.labels?.[0]?.textContent : null
      return label ?? document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''
    })
  async function openForm(text: string): Promise<void> {
    await entry(text).hover()
    await moreOf(entry(text)).click()
    await page.getByRole('menuitem', { name: 'Make this a JADA task' }).click()
    await modal().waitFor()
  }

  it('offers the message shortcut from the keyboard, and sends it as the chosen person', async () => {
    await say(page, 'The bilge pump is loud & <wet>, see https://a.example/x?a=1&b=2 @tom')
    const said = entry('The bilge pump is loud & <wet>')
    await said.waitFor()
    expect(seen.messages).toMatchObject([
      {
        user: 'U0MARA',
        text: 'The bilge pump is loud &amp; &lt;wet&gt;, see <https://a.example/x?a=1&amp;b=2> <@U0TOM>',
        channel_type: 'channel',
      },
    ])
    await moreOf(said).focus()
    expect(await said.locator('.tools').evaluate((tools) => getComputedStyle(tools).opacity)).toBe('1')
    await page.keyboard.press('Enter')
    const menu = page.getByRole('menu', { name: 'More actions' })
    await menu.waitFor()
    expect(await menu.getByRole('menuitem').allTextContents()).toEqual(['Make this a JADA taskjada-bot', 'Edit message', 'Delete message'])
    expect(await focused()).toContain('Make this a JADA task')
    await page.keyboard.press('ArrowUp')
    expect(await focused()).toBe('Delete message')
    await page.keyboard.press('Escape')
    await menu.waitFor({ state: 'hidden' })
    expect(await focused()).toBe('More actions')
    await page.keyboard.press('Space')
    await menu.waitFor()
    await shoot(page, 'more-actions')
    await page.keyboard.press('Enter')
    await modal().waitFor()
    expect(world.slack.modals).toMatchObject([{ user: 'U0MARA', view: { private_metadata: world.slack.messages(channel).at(-1)?.ts } }])
    await page.keyboard.press('Escape')
    await modal().waitFor({ state: 'hidden' })
    expect(await focused()).toBe('More actions')
    expect(world.slack.modals).toEqual([])
  })

  it('closes the menu on a click elsewhere and on a second click', async () => {
    const menu = page.getByRole('menu', { name: 'More actions' })
    const said = entry('The bilge pump')
    await said.hover()
    await moreOf(said).click()
    await menu.waitFor()
    await moreOf(said).click()
    await menu.waitFor({ state: 'hidden' })
    await moreOf(said).click()
    await menu.waitFor()
    await page.getByRole('combobox', { name: 'Message #jada-ops' }).click()
    await menu.waitFor({ state: 'hidden' })
  })

  it('draws the form of a task, says beside each field what is wrong, and sends what was filled in', async () => {
    await openForm('The bilge pump')
    expect(await focused()).not.toBe('')
    const kind = modal().getByLabel('Kind')
    const title = modal().getByRole('textbox', { name: 'Title' })
    await expect.poll(() => kind.evaluate((field) => field === document.activeElement)).toBe(true)
    expect(await modal().getByRole('textbox', { name: 'Details (optional)' }).inputValue()).toBe('As said above.')
    expect(await modal().getByLabel('Due date (optional)').inputValue()).toBe('2026-12-01')
    expect(await modal().getByLabel('Priority (optional)').inputValue()).toBe('p2')
    await shoot(page, 'task-form')
    await title.fill('ab')
    await modal().getByRole('button', { name: 'Add the task' }).click()
    await modal().getByText('Please complete this required field.').waitFor()
    await modal().getByText('Please enter at least 3 characters.').waitFor()
    expect(await kind.getAttribute('aria-invalid')).toBe('true')
    expect(await kind.evaluate((field) => field === document.activeElement)).toBe(true)
    await kind.selectOption({ label: 'Code' })
    expect(await modal().getByText('Please complete this required field.').count()).toBe(0)
    await title.fill('taken')
    await title.press('Enter')
    await modal().getByText('There is such a task already.').waitFor()
    await expect.poll(() => title.evaluate((field) => field === document.activeElement)).toBe(true)
    expect(await title.inputValue()).toBe('taken')
    expect(await kind.inputValue()).toBe('code')
    expect(
      await title.evaluate((field) => document.getElementById(field.getAttribute('aria-describedby')?.split(' ')[0] ?? '')?.textContent),
    ).toBe('There is such a task already.')
    await shoot(page, 'task-form-errors')
    await title.fill('Fix the bilge pump')
    await modal().getByLabel('Due date (optional)').fill('')
    await modal().getByLabel('Priority (optional)').selectOption('')
    await modal().getByRole('textbox', { name: 'Details (optional)' }).fill('')
    await modal().getByRole('button', { name: 'Add the task' }).click()
    await modal().waitFor({ state: 'hidden' })
    const [view] = seen.submitted as { state: { values: unknown } }[]
    expect(view).toMatchObject({ by: 'U0MARA', callback_id: 'task', private_metadata: world.slack.messages(channel).at(-1)?.ts })
    expect(view?.state.values).toEqual({
      kind: { value: { type: 'static_select', selected_option: KINDS[0] } },
      title: { value: { type: 'plain_text_input', value: 'Fix the bilge pump' } },
      details: { value: { type: 'plain_text_input', value: null } },
      due: { value: { type: 'datepicker', selected_date: null } },
      priority: { value: { type: 'static_select', selected_option: null } },
    })
  })

  it('keeps what is being typed when the app changes the modal meanwhile, shows the update, and closes it', async () => {
    await openForm('The bilge pump')
    const title = modal().getByRole('textbox', { name: 'Title' })
    const details = modal().getByRole('textbox', { name: 'Details (optional)' })
    await modal().getByLabel('Kind').selectOption('research')
    await title.fill('show me')
    await details.fill('My own words')
    await details.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(2, 2))
    const [open] = world.slack.modals
    const { blocks } = form('')
    const noted = [{ type: 'section' as const, text: mrkdwn('_Looking for similar tasks._') }, ...blocks.slice(1)]
    await app.client.views.update({ view_id: open?.viewId ?? '', view: { ...form('kept'), blocks: noted } })
    await modal().getByText('Looking for similar tasks.').waitFor()
    expect([await title.inputValue(), await details.inputValue()]).toEqual(['show me', 'My own words'])
    expect(await details.evaluate((field: HTMLTextAreaElement) => field === document.activeElement && field.selectionStart)).toBe(2)
    await modal().getByRole('button', { name: 'Add the task' }).click()
    await modal().getByText('Added: show me').waitFor()
    expect(seen.submitted).toMatchObject([{ private_metadata: 'kept' }])
    await expect.poll(focused).toBe('Done')
    await modal().getByRole('button', { name: 'Done' }).click()
    await modal().waitFor({ state: 'hidden' })
    expect(world.slack.modals).toEqual([])
  })

  it('uses buttons, a confirm dialog and an overflow menu inside a reply', async () => {
    const { ts = '' } = await app.client.chat.postMessage({ channel, text: 'A session has begun' })
    const reply = await app.client.chat.postMessage({ channel, thread_ts: ts, text: 'Approve?', blocks: approval })
    await entry('A session has begun').locator('.thread-link').click()
    const thread = threadOf(page)
    await thread.getByRole('button', { name: 'Approve' }).waitFor()
    await shoot(page, 'approval')
    const summary = thread.locator('.sl-overflow summary')
    await summary.focus()
    await page.keyboard.press('Enter')
    await thread.getByRole('button', { name: 'Hand over' }).waitFor()
    await page.keyboard.press('Escape')
    await thread.getByRole('button', { name: 'Hand over' }).waitFor({ state: 'hidden' })
    expect(await thread.isVisible()).toBe(true)
    await page.keyboard.press('Enter')
    await thread.getByRole('button', { name: 'Hand over' }).click()
    await expect
      .poll(() => seen.actions)
      .toMatchObject([{ actions: [{ selected_option: { value: 'hand-over' } }], container: { thread_ts: ts } }])
    await thread.getByRole('button', { name: 'Reject' }).click()
    const question = page.getByRole('dialog', { name: 'Reject it?' })
    await question.getByText('The branch task-7 is thrown away.').waitFor()
    await question.getByRole('button', { name: 'Keep' }).click()
    await thread.getByRole('button', { name: 'Ask' }).click()
    await thread.getByText('What do you want to know?').waitFor()
    expect(await feedOf(page).getByText('What do you want to know?').count()).toBe(0)
    await thread.getByRole('button', { name: 'Approve' }).click()
    await thread.getByText('Approved by mara').waitFor()
    const message = { ts: reply.ts, thread_ts: ts }
    expect(seen.actions.slice(1)).toMatchObject([
      { actions: [{ action_id: 'ask' }], container: { type: 'message', message_ts: reply.ts, thread_ts: ts }, message },
      { actions: [{ action_id: 'approve' }], container: { thread_ts: ts }, message },
    ])
  })

  it('sends replies and their edits to the app, and offers the shortcut on replies', async () => {
    const thread = threadOf(page)
    await thread.getByRole('textbox', { name: 'Reply in the thread' }).fill('Use the *old* pump')
    await page.keyboard.press('Enter')
    const mine = thread.locator('li').filter({ hasText: 'Use the old pump' })
    await mine.waitFor()
    const parent = world.slack.messages(channel).at(-1)
    await expect
      .poll(() => seen.messages)
      .toMatchObject([{ user: 'U0MARA', thread_ts: parent?.ts, text: 'Use the *old* pump', parent_user_id: 'U0BOT' }])
    await moreOf(mine).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Edit message' }).click()
    const edit = page.getByRole('dialog', { name: 'Edit message' })
    expect(await edit.getByRole('textbox').inputValue()).toBe('Use the *old* pump')
    await edit.getByRole('textbox').fill('Use the new pump')
    await shoot(page, 'edit')
    await edit.getByRole('button', { name: 'Save' }).click()
    const edited = thread.locator('li').filter({ hasText: 'Use the new pump' })
    await edited.getByText('(edited)').waitFor()
    await expect
      .poll(() => seen.messages[1])
      .toMatchObject({ subtype: 'message_changed', message: { text: 'Use the new pump', edited: { user: 'U0MARA' } } })
    await edited.hover()
    await moreOf(edited).click()
    await page.getByRole('menuitem', { name: 'Make this a JADA task' }).click()
    await modal().waitFor()
    expect(world.slack.modals).toMatchObject([{ view: { private_metadata: world.slack.thread(channel, parent?.ts ?? '').at(-1)?.ts } }])
    await modal().getByRole('button', { name: 'Cancel' }).click()
    await modal().waitFor({ state: 'hidden' })
    expect(await thread.isVisible()).toBe(true)
    await page.keyboard.press('Escape')
    await thread.waitFor({ state: 'hidden' })
  })

  it('opens Home for whoever is chosen, and uses what is in it', async () => {
    await page.getByRole('tab', { name: 'Home' }).click()
    const home = page.getByRole('tabpanel', { name: 'Home' })
    await home.getByText('All tasks').waitFor()
    await shoot(page, 'home')
    await home.getByRole('button', { name: 'Add a task' }).click()
    await expect
      .poll(() => seen.actions)
      .toMatchObject([{ container: { type: 'view' }, view: { type: 'home' }, actions: [{ value: 'add' }] }])
    await home.getByRole('combobox').focus()
    await home.getByRole('combobox').selectOption('mine')
    await home.getByText('Mine only').waitFor()
    expect(await home.getByRole('combobox').evaluate((field) => field === document.activeElement)).toBe(true)
    expect(seen.actions[1]).toMatchObject({ actions: [{ selected_option: { value: 'mine' } }], user: { id: 'U0MARA' } })
    await become(page, 'tom (operator)')
    await home.getByText('All tasks').waitFor()
    expect(seen.homes).toEqual(['U0MARA', 'U0TOM'])
    await home.getByRole('button', { name: 'Sulk' }).click()
    await home.getByRole('alert').getByText('the app gave no answer within 3 seconds').waitFor()
    await page.getByRole('tab', { name: 'jada-ops' }).click()
    await become(page, 'mara (operator)')
  })

  it('keeps the menu in reach of a finger', async () => {
    const touch = await openPage(browser, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
    await touch.page.goto(address)
    const last = feedOf(touch.page).locator('li').last()
    const more = last.locator('.tools').getByRole('button', { name: 'More actions' })
    expect(await more.evaluate((one) => getComputedStyle(one.parentElement ?? one).opacity)).toBe('1')
    await more.tap()
    const item = touch.page.getByRole('menuitem', { name: 'Make this a JADA task' })
    await item.waitFor()
    await shoot(touch.page, 'touch')
    await touch.page.setViewportSize({ width: 360, height: 740 })
    await item.tap()
    await touch.page.getByRole('dialog', { name: 'New task' }).waitFor()
    const box = await touch.page.getByRole('button', { name: 'Add the task' }).boundingBox()
    expect((box?.y ?? 999) + (box?.height ?? 0)).toBeLessThanOrEqual(740)
    await shoot(touch.page, 'touch-form')
    await touch.page.getByRole('button', { name: 'Cancel' }).tap()
    await touch.page.getByRole('dialog', { name: 'New task' }).waitFor({ state: 'hidden' })
    expect([...touch.complaints, ...complaints]).toEqual([])
    await touch.page.context().close()
  })
})
