import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createConsole } from '../../sandbox/console/server.ts'
import type { Console } from '../../sandbox/console/server.ts'
import { createWorld } from '../../sandbox/world.ts'
import type { World } from '../../sandbox/world.ts'
import { connectGoogle, feedOf, isThere, launch, openPage, say, shoot, threadOf } from './console-browser-support.ts'

describe.skipIf(!isThere)('a task in the console', { timeout: 60_000 }, () => {
  let browser: Browser
  let world: World
  let shown: Console
  let page: Page
  let complaints: string[]

  beforeAll(async () => {
    browser = await launch()
    world = await createWorld({ thinkMs: 50 })
    shown = createConsole(world, { pace: 0.5 })
    const opened = await openPage(browser)
    page = opened.page
    complaints = opened.complaints
    await Promise.all([page.goto(await shown.start()), world.bot.start()])
    await connectGoogle(page, world)
  }, 60_000)

  afterAll(async () => {
    await browser.close()
    await shown.stop()
    await world.dispose()
  })

  const sessionCard = (): Locator => feedOf(page).locator('li:has(.sl-attachment)', { hasText: 'Check the agreements' }).first()

  it('is worked, asks its question, is approved and is done, in front of the viewer’s eyes', async () => {
    await say(page, '/jada task add general Check the agreements')
    const card = sessionCard()
    await card.getByText('waiting for an answer').waitFor()
    await card.getByRole('button', { name: /repl/ }).click()
    const thread = threadOf(page)
    await thread.getByRole('button', { name: 'Remind the guest' }).waitFor()
    await shoot(page, 'session-asks')
    await thread.getByRole('button', { name: 'Remind the guest' }).click()
    await thread.getByRole('button', { name: 'Approve' }).waitFor()
    await shoot(page, 'session-approval')
    await thread.getByRole('button', { name: 'Approve' }).click()
    await card.getByText('finished').first().waitFor()
    await thread.getByText(/Approved by/).waitFor()
    expect(await thread.getByRole('button', { name: 'Approve' }).count()).toBe(0)
    await shoot(page, 'session-done')
    await say(page, '/jada task 1')
    await feedOf(page).getByText('in 1 session').waitFor()
    expect(complaints).toEqual([])
  })
})
