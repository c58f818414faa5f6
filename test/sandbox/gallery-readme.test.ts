import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { createConsole } from '../../sandbox/console/server.ts'
import { createWorld } from '../../sandbox/world.ts'
import { SETTING } from '../../sandbox/world/setting.ts'
import { connectGoogle } from './console-browser-support.ts'

/*
 * Draws the pictures of the README anew, after a card has changed:
 *
 *   UPDATE_IMAGES=1 vitest run test/sandbox/gallery-readme.test.ts     then look at docs/images/*.png before they are committed
 */

const IMAGES = join(import.meta.dirname, '../../docs/images')

test.runIf(process.env['UPDATE_IMAGES'] === '1')('the pictures of the README', { timeout: 60_000 }, async () => {
  await using stack = new AsyncDisposableStack()
  const world = stack.adopt(await createWorld(), (one) => one.dispose())
  const shown = stack.adopt(createConsole(world), (one) => one.stop())
  const browser = stack.adopt(
    await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] }),
    (one) => one.close(),
  )
  const address = await shown.start()
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, timezoneId: SETTING.timeZone, locale: 'en-US' })
  const card = page.locator('#feed > li:has(.sl-attachment)').last()
  const take = async (name: string): Promise<void> => {
    await world.settled()
    await page.mouse.move(0, 0)
    await page.screenshot({ path: join(IMAGES, `console-${name}.png`), animations: 'disabled' })
  }
  await Promise.all([page.goto(address), world.bot.start()])
  await connectGoogle(page, world)
  await page.getByRole('button', { name: 'Revoke access' }).click()
  await card.getByText('CRITICAL:').waitFor()
  await card.getByRole('button', { name: '1 reply' }).waitFor()
  await take('alert')
  const link = await card.getByRole('link', { name: 'Re-authorize' }).getAttribute('href')
  await world.browse(link ?? '')
  await card.getByText('RESOLVED: The port sheet syncs again').waitFor()
  await take('recovered')
  expect(await page.locator('.sl-unknown').count()).toBe(0)
})
