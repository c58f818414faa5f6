import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createConsole } from '../../sandbox/console/server.ts'
import type { Console } from '../../sandbox/console/server.ts'
import { createWorld } from '../../sandbox/world.ts'
import type { World } from '../../sandbox/world.ts'
import { become, isThere, launch, openPage, shoot } from './console-browser-support.ts'

describe.skipIf(!isThere)('the Home tab in the console', { timeout: 90_000 }, () => {
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
    await world.connect()
  }, 40_000)

  afterAll(async () => {
    await browser.close()
    await shown.stop()
    await world.dispose()
  })

  const home = () => page.getByRole('tabpanel', { name: 'Home' })

  it('tells an operator how all of it stands, and a button of it works at once', async () => {
    await world.command('task add person Call the harbour')
    await page.getByRole('tab', { name: 'Home' }).click()
    await home().getByText('How it stands').waitFor()
    await home().getByText('Call the harbour').waitFor()
    await shoot(page, 'home-operator')
    await home().getByRole('button', { name: 'Pause agent' }).click()
    const dialog = page.getByRole('dialog').getByRole('button', { name: 'Pause it' })
    await dialog.click()
    await home().getByText('Agent: PAUSED').waitFor()
    await home().getByRole('button', { name: 'Resume agent' }).click()
    await home().getByRole('button', { name: 'Pause agent' }).waitFor()
    await home().getByRole('button', { name: 'Mark as done' }).first().click()
    await page.getByRole('dialog').getByText('is marked as done').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
    await expect.poll(() => home().getByText('Call the harbour').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('tells somebody else how the parts stand and who may act, without a button', async () => {
    await become(page, 'guest (may only ask)')
    await page.getByRole('tab', { name: 'Home' }).click()
    await home().getByText('Only operators may act').waitFor()
    expect(await home().getByRole('button').count()).toBe(0)
    await shoot(page, 'home-reader')
    expect(complaints).toEqual([])
  })
})
