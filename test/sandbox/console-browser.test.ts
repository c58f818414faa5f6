import { join } from 'node:path'

import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'

import type { World } from '../../sandbox/world.ts'
import { hasSshd } from '../support/host-sshd.ts'
import { picture } from '../support/pictures.ts'
import {
  become,
  CHROMIUM,
  closeStage,
  connectGoogle,
  feedOf,
  isThere,
  launch,
  NARROW,
  openStage,
  say,
  SCREENSHOTS,
  setUpCard,
  shoot,
  shot,
  threadOf,
  type Stage,
  WIDE,
} from './console-browser-support.ts'

test('a browser is there to test with', () => {
  if (!isThere)
    console.warn(`The browser tests of the console are SKIPPED: there is no ${CHROMIUM}. Install it with apt-get install chromium.`)
  expect(isThere || process.env['CI'] === undefined, `CI needs ${CHROMIUM}`).toBe(true)
})

/** The right column, on a phone and in all its length. */
async function shootWorld(page: Page): Promise<void> {
  await page.setViewportSize(NARROW)
  await page.getByRole('button', { name: 'The world' }).click()
  await picture(page, join(SCREENSHOTS, 'console-world-narrow.png'), { fullPage: true })
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(NARROW.width)
  await page.getByRole('group', { name: 'Columns' }).getByRole('button', { name: 'Slack' }).click()
  await page.setViewportSize({ width: WIDE.width, height: 1500 })
  await shot(page, 'world')
  await page.setViewportSize(WIDE)
}

/** Presses a button that leads out of Slack, and gives the page it opens. */
async function follow(page: Page, link: Locator): Promise<Page> {
  const [opened] = await Promise.all([page.context().waitForEvent('page'), link.click()])
  return opened
}

/** The newest card. */
const cardOf = (page: Page): Locator => feedOf(page).locator('li:has(.sl-attachment)').last()
describe.skipIf(!isThere)('the console in a browser', { timeout: 60_000 }, () => {
  let browser: Browser
  let stage: Stage
  let page: Page
  let world: World

  beforeAll(async () => {
    browser = await launch()
    stage = await openStage(browser, {}, connectGoogle)
    page = stage.page
    world = stage.world
  }, 60_000)

  afterAll(async () => {
    await closeStage(stage)
    await browser.close()
  })

  it('plays the main story by clicking: revoked, CRITICAL, consent on Google’s page, green', async () => {
    await shoot(page, 'ordinary')
    await page.getByRole('button', { name: 'Revoke access' }).click()
    await cardOf(page).getByText('CRITICAL: Google no longer accepts our token').waitFor()
    await cardOf(page).getByRole('button', { name: '1 reply' }).waitFor()
    await page.getByText('Access was revoked: a person must consent.').waitFor()
    await shoot(page, 'alert')
    await shootWorld(page)
    const google = await follow(page, cardOf(page).getByRole('link', { name: 'Re-authorize' }))
    await google.getByRole('button', { name: 'Allow' }).click()
    await google.getByText('Google is connected').first().waitFor()
    await google.close()
    await cardOf(page).getByText('RESOLVED: The port sheet syncs again').waitFor()
    await cardOf(page)
      .getByText(/Recovered after \d+ s/)
      .waitFor()
    expect(await cardOf(page).getByRole('link', { name: 'Re-authorize' }).count()).toBe(0)
    await shoot(page, 'recovered')
  })

  it('opens a thread in a panel, takes a reply there, and closes it with Escape', async () => {
    await cardOf(page).locator('.thread-link').click()
    const thread = threadOf(page)
    await thread.getByText('What is known so far').waitFor()
    await thread.getByRole('textbox', { name: 'Reply in the thread' }).fill('I removed the access by mistake')
    await page.keyboard.press('Enter')
    await thread.locator('li').getByText('I removed the access by mistake').waitFor()
    expect(await feedOf(page).getByText('I removed the access by mistake').count()).toBe(0)
    const parent = world.slack.messages('C0OPS').at(-1)
    // The bot may have answered by now: whatever is no word of its own is a question.
    expect(world.slack.thread('C0OPS', parent?.ts ?? '')).toContainEqual(
      expect.objectContaining({ user: 'U0MARA', text: 'I removed the access by mistake' }),
    )
    await thread.getByRole('textbox').fill('/jada status')
    await page.keyboard.press('Enter')
    await thread.getByText('/jada is not supported in threads').waitFor()
    await shoot(page, 'thread')
    await page.keyboard.press('Escape')
    await thread.waitFor({ state: 'hidden' })
  })

  it('shows an ephemeral answer to the person who asked, and to nobody else', async () => {
    await become(page, 'guest (may only ask)')
    await say(page, '/jada sync now')
    const answer = feedOf(page).getByText('Only operators may do this')
    await answer.waitFor()
    await become(page, 'tom (operator)')
    expect(await answer.count()).toBe(0)
    await become(page, 'mara (operator)')
    expect(await answer.count()).toBe(0)
  })

  it('can be used from the keyboard alone', async () => {
    await page.reload()
    await cardOf(page).getByText('RESOLVED:').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const field = page.getByRole('combobox', { name: 'Message #jada-ops' })
    await expect.poll(() => field.evaluate('document.activeElement.id')).toBe('composer-text')
    await page.keyboard.type('/jada s')
    await page.getByRole('option', { name: '/jada sync now' }).waitFor()
    await page.keyboard.press('ArrowDown')
    expect(await field.getAttribute('aria-activedescendant')).toBe('completion-0')
    await page.keyboard.press('Enter')
    expect(await field.inputValue()).toBe('/jada status')
    await page.keyboard.press('Enter')
    await feedOf(page).getByText('Port sheet: OK').last().waitFor()
    expect(await field.inputValue()).toBe('')
    await page.keyboard.type('/jada')
    await page.keyboard.press('Escape')
    expect(await page.getByRole('listbox').count()).toBe(0)
    await field.fill('')
  })

  it('keeps everything through kill -9 and a new start, and shows what Slack says meanwhile', async () => {
    const cards = await feedOf(page).locator('.sl-attachment').count()
    await page.getByRole('button', { name: /^kill -9/ }).click()
    await page.getByText('jada-bot is away').waitFor()
    await say(page, '/jada status')
    await feedOf(page).getByText('/jada failed with the error "dispatch_failed"').waitFor()
    await shoot(page, 'killed')
    await page.getByRole('button', { name: /^Start It/ }).click()
    await page.getByText('jada-bot is away').waitFor({ state: 'hidden' })
    const before = await feedOf(page).getByText('Port sheet: OK').count()
    await say(page, '/jada status')
    await expect.poll(() => feedOf(page).getByText('Port sheet: OK').count()).toBeGreaterThan(before)
    expect(await feedOf(page).locator('.sl-attachment').count()).toBe(cards)
  })

  it('lets the office type into the port sheet', async () => {
    const cell = page.getByRole('textbox', { name: 'Captain of JC-1101' })
    await cell.fill('Capt. Dee Spinnaker')
    await cell.press('Enter')
    await expect.poll(() => world.sheet.grid.tabs()[0]?.rows[1]?.[10]).toBe('Capt. Dee Spinnaker')
    expect(await page.getByRole('textbox', { name: 'Captain of JC-1102' }).evaluate('document.activeElement.ariaLabel')).toBe(
      'Captain of JC-1102',
    )
    const date = page.getByRole('textbox', { name: 'Date of JC-1102' })
    expect(await date.inputValue()).toMatch(/^\d{4}-\d{2}-\d{2}$/)
    await page.getByRole('button', { name: 'Large' }).click()
    await shoot(page, 'sheet')
    await page.getByRole('button', { name: 'Small' }).click()
    await page.getByRole('button', { name: 'Sync now' }).click()
    await feedOf(page)
      .getByText(/1 charter(s)? changed/)
      .last()
      .waitFor()
  })

  it('asks first where the bot wants it, and does nothing when the answer is no', async () => {
    await page.getByRole('button', { name: 'Revoke access' }).click()
    await cardOf(page).getByText('CRITICAL:').waitFor()
    const first = await cardOf(page).getAttribute('data-key')
    await cardOf(page).hover()
    await cardOf(page).locator('.tools').getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Delete message' }).click()
    await page.getByRole('dialog', { name: 'Delete the message?' }).getByRole('button', { name: 'Delete' }).click()
    // The bot posts the card of an open incident again.
    await expect.poll(() => cardOf(page).getAttribute('data-key')).not.toBe(first)
    await cardOf(page).getByText('CRITICAL:').waitFor()
    const dialog = page.getByRole('dialog', { name: 'Resolve without proof?' })
    await cardOf(page).locator('summary', { hasText: '…' }).click()
    await cardOf(page).getByRole('button', { name: 'Resolve…' }).click()
    const resolve = feedOf(page).locator('li', { hasText: 'without proof?' }).getByRole('button', { name: 'Resolve', exact: true })
    await resolve.click()
    await dialog.waitFor()
    await shoot(page, 'confirm')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await cardOf(page).getByText('CRITICAL:').waitFor()
    await resolve.click()
    await dialog.getByRole('button', { name: 'Resolve it' }).click()
    await cardOf(page).getByText('CLOSED, NOT PROVEN').waitFor()
  })

  it('plays the tour to its end, whatever has been broken before', async () => {
    await page.getByRole('button', { name: 'Proxy page' }).click()
    if (hasSshd) {
      await page.getByRole('button', { name: /^Service stopped/ }).click()
      await page.getByRole('button', { name: 'Look now' }).click()
      await cardOf(page).getByText('CRITICAL:').waitFor()
    }
    await page.getByRole('button', { name: 'Take the tour' }).click()
    const tour = page.getByRole('region', { name: 'Tour' })
    await tour.getByRole('button', { name: 'Pause' }).click()
    for (let step = 1; step < 7; step += 1) {
      await expect.poll(() => stage.console.tour.view(), { timeout: 15_000 }).toMatchObject({ state: 'paused', step, phase: 'reading' })
      await tour.getByRole('button', { name: 'Next' }).click()
    }
    await tour.getByText('Step 7 of 12, paused').waitFor()
    await threadOf(page).waitFor()
    await shoot(page, 'tour-paused')
    await tour.getByRole('button', { name: 'Go on' }).click()
    // Nobody wants to read it all again.
    for (let step = 7; step < 12; step += 1) {
      await expect.poll(() => stage.console.tour.view(), { timeout: 15_000 }).toMatchObject({ state: 'running', step, phase: 'reading' })
      await tour.getByRole('button', { name: 'Next' }).click()
    }
    await tour.getByText('Your turn').waitFor({ timeout: 25_000 })
    await expect.poll(() => stage.console.tour.view()).toMatchObject({ state: 'done', step: 12, steps: 12 })
    await cardOf(page).getByText('RESOLVED:').waitFor()
    await shoot(page, 'tour')
    await tour.getByRole('button', { name: 'Close' }).click()
    await tour.waitFor({ state: 'hidden' })
  })

  it('keeps what is being typed while somebody else changes the sheet', async () => {
    const { grid } = world.sheet
    const [title = ''] = grid.tabs().map((tab) => tab.title)
    const notes = page.getByRole('textbox', { name: 'Vessel of JC-1104', exact: true })
    const caretOf = (): Promise<unknown> =>
      notes.evaluate('[document.activeElement.ariaLabel, document.activeElement.selectionStart, document.activeElement.selectionEnd]')
    await notes.fill('Meridan II')
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowLeft')
    // Another cell, a row above it that goes, its own id, and its own text.
    grid.type(title, 2, 10, 'Capt. Bo Spinnaker')
    await expect.poll(() => page.getByRole('textbox', { name: 'Captain of JC-1102' }).inputValue()).toBe('Capt. Bo Spinnaker')
    grid.deleteRow(title, 3)
    await page.getByRole('textbox', { name: 'Vessel of JC-1103' }).waitFor({ state: 'detached' })
    grid.type(title, 3, 4, 'Another Vessel')
    grid.addRow(title)
    await page.getByRole('textbox', { name: 'Client of JC-1122' }).waitFor()
    expect(await caretOf()).toEqual(['Vessel of JC-1104', 5, 5])
    await page.keyboard.type('i')
    await page.keyboard.press('Enter')
    await expect.poll(() => grid.tabs()[0]?.rows[3]?.[4]).toBe('Meridian II')
    expect(grid.tabs()[0]?.rows[3]?.[0]).toBe('JC-1104')
  })

  it('takes an address pasted into a modal when the bot has no public address', async () => {
    const other = await openStage(browser, { publicUrl: false }, setUpCard)
    try {
      const there = other.page
      await (await setUpCard(there)).getByRole('button', { name: 'Connect Google' }).click()
      const google = await follow(there, feedOf(there).getByRole('link', { name: '1. Open Google' }))
      await google.getByRole('button', { name: 'Allow' }).click()
      await google.getByText('Almost done: paste the address').waitFor()
      await feedOf(there).getByRole('button', { name: '3. Paste the address' }).click()
      const modal = there.getByRole('dialog', { name: 'Finish the consent' })
      await modal.getByRole('textbox').fill('not an address')
      await modal.getByRole('button', { name: 'Check it' }).click()
      await modal.getByText('This is not an address').waitFor()
      await shoot(there, 'modal')
      await modal.getByRole('textbox').fill(google.url())
      await modal.getByRole('button', { name: 'Check it' }).click()
      await modal.getByText('Google is connected').waitFor()
      await there.keyboard.press('Escape')
      await modal.waitFor({ state: 'hidden' })
      await cardOf(there).getByText('RESOLVED:').waitFor()
      expect(other.complaints).toEqual([])
    } finally {
      await closeStage(other)
    }
  })

  it('says so when the sandbox has ended, and has complained about nothing', async () => {
    await stage.console.stop()
    await page.getByRole('alert').getByText('The sandbox has ended').waitFor()
    expect(stage.complaints).toEqual([])
  })
})
