import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'

import { createConsole } from '../../sandbox/console/server.ts'
import type { Console } from '../../sandbox/console/server.ts'
import { createWorld } from '../../sandbox/world.ts'
import { picture } from '../support/pictures.ts'
import type { World, WorldOptions } from '../../sandbox/world.ts'

export const CHROMIUM = '/usr/bin/chromium'
const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
export const SCREENSHOTS = join(import.meta.dirname, '../../screenshots')
export const WIDE = { width: 1280, height: 800 }
export const NARROW = { width: 360, height: 740 }
export const isThere = existsSync(CHROMIUM)

export function launch(): Promise<Browser> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS.split(' ') })
}

/** A page, and what it complains about itself. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: WIDE, timezoneId: 'America/Los_Angeles', locale: 'en-US', ...options })
  context.setDefaultTimeout(15_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // An act that Slack would refuse is answered with 409, which a browser always reports.
    if (message.type() === 'error' && !message.text().includes('409')) complaints.push(message.text())
  })
  return { page, complaints }
}

export const shot = (page: Page, name: string) => picture(page, join(SCREENSHOTS, `console-${name}.png`), { animations: 'disabled' })

/** The state in light and dark, and as a phone shows it. */
export async function shoot(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0)
  await shot(page, `${name}-light`)
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot(page, `${name}-dark`)
  await page.setViewportSize(NARROW)
  await page.emulateMedia({ colorScheme: 'light' })
  await shot(page, `${name}-narrow`)
  expect(await page.evaluate('document.documentElement.scrollWidth'), `${name} fits a narrow screen`).toBeLessThanOrEqual(NARROW.width)
  await page.setViewportSize(WIDE)
}

export const feedOf = (page: Page): Locator => page.getByRole('list', { name: 'Messages', exact: true })
export const threadOf = (page: Page): Locator => page.getByRole('complementary', { name: 'Thread' })

export const say = async (page: Page, text: string): Promise<void> => {
  await page.getByRole('combobox', { name: 'Message #jada-ops' }).fill(text)
  await page.keyboard.press('Enter')
}

/** Starting a bot on a machine that tests other things as well takes its time. */
const FIRST_CYCLE_MS = 30_000

/** The card that asks for the first consent: it comes with the bot's first cycle, some time after the bot is ready. */
export const setUpCard = async (page: Page): Promise<Locator> => {
  const card = feedOf(page).locator('li:has(.sl-attachment)', { hasText: 'SET-UP' }).first()
  await card.waitFor({ timeout: FIRST_CYCLE_MS })
  return card
}

/** Connects Google and waits for the first sync. Not before the card: a consent that comes first leaves nothing to be resolved. */
export async function connectGoogle(page: Page, world: World): Promise<void> {
  await setUpCard(page)
  await world.connect()
  await feedOf(page).getByText('RESOLVED:').first().waitFor({ timeout: FIRST_CYCLE_MS })
}

/** A world, the page that shows it, and what the page complained about itself. */
export interface Stage {
  readonly world: World
  readonly console: Console
  readonly page: Page
  readonly complaints: string[]
}

/** What must have happened before a test begins. */
type Beginning = (page: Page, world: World) => Promise<unknown>

const QUICK: WorldOptions = { thinkMs: 50 }
const BEGINNING_MS = 60_000

/** Starts a world with its bot, and opens the page of it; the bot does not stay behind when that fails. */
export async function openStage(browser: Browser, options: WorldOptions, begin: Beginning): Promise<Stage> {
  const world = await createWorld(options)
  // Pauses of the tour that are long enough to be pressed.
  const shown = createConsole(world, { pace: 0.5 })
  const address = await shown.start()
  const { page, complaints } = await openPage(browser)
  const stage: Stage = { world, console: shown, page, complaints }
  try {
    await Promise.all([page.goto(address), world.bot.start()])
    await begin(page, world)
    return stage
  } catch (error) {
    await closeStage(stage)
    throw error
  }
}

export async function closeStage({ world, console: shown, page }: Stage): Promise<void> {
  await page.context().close()
  await shown.stop()
  await world.dispose()
}

/** One browser and one stage for all tests of a file; Google is connected unless it begins otherwise. */
export function useStage(options: WorldOptions = QUICK, begin: Beginning = connectGoogle): () => Stage & { readonly browser: Browser } {
  let browser: Browser | undefined
  let stage: Stage | undefined
  beforeAll(async () => {
    browser = await launch()
    stage = await openStage(browser, options, begin)
  }, BEGINNING_MS)
  afterAll(async () => {
    if (stage !== undefined) await closeStage(stage)
    await browser?.close()
  })
  return () => {
    if (browser === undefined || stage === undefined) throw new Error('the stage is opened before the first test')
    return { browser, ...stage }
  }
}

export const become = async (page: Page, who: string): Promise<void> => void (await page.getByLabel('I am').selectOption({ label: who }))
