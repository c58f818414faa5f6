import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandAnswers, MODALS } from '../support/gallery-answers.ts'
import { requestCards, sessionCards, sessionNotes } from '../support/gallery-agent.ts'
import { alertCards, ALL_STORIES, KIND_STORIES, NOTE_TYPES, REFUSAL_REASONS, threadNotes, type Shown } from '../support/gallery-cards.ts'
import { digests } from '../support/gallery-digest.ts'
import { homes } from '../support/gallery-home.ts'
import { officeCards, officeNotes } from '../support/gallery-office.ts'
import { consentPages, servePage } from '../support/gallery-pages.ts'
import { TASK_MODALS, taskAnswers } from '../support/gallery-tasks.ts'
import { incidentThreads } from '../support/gallery-threads.ts'
import {
  closeGallery,
  hang,
  hangHomes,
  LOOKS,
  openGallery,
  photograph,
  hangModals,
  photographPages,
  type Gallery,
} from './gallery-stage.ts'

/*
 * Every card, note, answer, modal and page of the bot in one place, drawn by the sandbox's console in a real browser:
 *
 *   npm run gallery     then look at screenshots/gallery-*.jpg (light, dark, and 360 wide)
 *
 * To add something:
 * - a card or a note: test/support/gallery-cards.ts; a new SignalKind, hint, Note type or ConsentRefusal does not compile until
 *   it is there. Cards of another service: a file of its own that gives `Shown[]`, and one more line in WALLS below.
 * - a card, a request or a line of a session: test/support/gallery-agent.ts; of a charter: gallery-office.ts. Each status, wait, note and
 *   guest's state is a key there.
 * - an answer or a modal: test/support/gallery-answers.ts, under the command's name; about tasks and the quota: gallery-tasks.ts.
 * - a page: test/support/gallery-pages.ts. A Home, or a digest: gallery-home.ts, gallery-digest.ts, both of home-samples.ts.
 * - what is answered to a word in an incident's thread, and what comes unasked (last will, direct message): gallery-threads.ts.
 * All samples are of Monday 2026-03-02, 12:00 UTC (`NOON`), or the hours and days after it.
 * Then look at the pictures and read each message aloud.
 */

const CHROMIUM = '/usr/bin/chromium'
const isThere = existsSync(CHROMIUM)

test('a browser is there to look with', () => {
  if (!isThere) console.warn(`The gallery is SKIPPED: there is no ${CHROMIUM}. Install it with apt-get install chromium.`)
  expect(isThere || process.env['CI'] === undefined, `CI needs ${CHROMIUM}`).toBe(true)
})

/** What hangs together in one picture. */
const WALLS: Readonly<Record<string, () => Shown[] | Promise<Shown[]>>> = {
  cards: alertCards,
  notes: threadNotes,
  answers: commandAnswers,
  sessions: sessionCards,
  requests: requestCards,
  'session-notes': sessionNotes,
  tasks: taskAnswers,
  charters: officeCards,
  guests: officeNotes,
  threads: incidentThreads,
  digests,
}

describe('what hangs in the gallery', () => {
  test('is told apart by its name', async () => {
    for (const wall of Object.values(WALLS)) {
      const names = (await wall()).map(({ name }) => name)
      expect(names).toEqual([...new Set(names)])
    }
  })

  test('has every state a card can be in, every note and every refusal', () => {
    const cards = alertCards().map(({ name }) => name)
    for (const [kind, stories] of Object.entries(KIND_STORIES)) for (const story of stories) expect(cards).toContain(`${kind}, ${story}`)
    expect(new Set(Object.values(KIND_STORIES).flat())).toEqual(new Set(ALL_STORIES))
    const notes = threadNotes().map(({ name }) => name)
    for (const type of NOTE_TYPES) expect(notes.some((name) => name.split(', ')[0] === type)).toBe(true)
    for (const reason of REFUSAL_REASONS) expect(notes).toContain(`consent-refused, ${reason}`)
  })
})

describe.skipIf(!isThere)('the gallery in a browser', { timeout: 60_000 }, () => {
  let browser: Browser
  let gallery: Gallery

  beforeAll(async () => {
    mkdirSync(join(import.meta.dirname, '../../screenshots'), { recursive: true })
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] })
    gallery = await openGallery(browser)
  }, 40_000)

  afterAll(async () => {
    await closeGallery(gallery)
    await browser.close()
  })

  test.each(Object.keys(WALLS))('%s are drawn, each block known, and fit a narrow screen', async (wall) => {
    const all = await WALLS[wall]?.()
    await hang(gallery, all ?? [])
    expect(await gallery.page.locator('#feed > li.is-hung').count()).toBe(all?.length)
    expect(await gallery.page.locator('.is-hung .sl-unknown').count()).toBe(0)
    for (const how of LOOKS) expect(await photograph(gallery, wall, how)).toEqual([])
  })

  test('modals are taken by Slack, drawn, each block known, and fit a narrow screen', async () => {
    const all = [...MODALS, ...TASK_MODALS]
    await hangModals(gallery, all)
    expect(await gallery.page.locator('.kept').count()).toBe(all.length)
    expect(await gallery.page.locator('.kept .sl-unknown').count()).toBe(0)
    for (const how of LOOKS) expect(await photograph(gallery, 'modals', how)).toEqual([])
  })

  test('Homes are taken by Slack, drawn, each block known, and fit a narrow screen', async () => {
    const all = homes()
    await hangHomes(gallery, all)
    expect(await gallery.page.locator('.kept').count()).toBe(all.length)
    expect(await gallery.page.locator('.kept .sl-unknown').count()).toBe(0)
    for (const how of LOOKS) expect(await photograph(gallery, 'homes', how)).toEqual([])
  })

  test('pages fit a narrow screen', async () => {
    expect(await photographPages(gallery, await consentPages())).toEqual([])
  })

  test('a page of the bot is styled under its own security policy', async () => {
    const { address, stop } = await servePage()
    const context = await browser.newContext()
    try {
      const page = await context.newPage()
      await page.goto(address)
      expect(await page.getByRole('heading').textContent()).toBe('This link does not work')
      expect(await page.evaluate('getComputedStyle(document.body).margin')).toBe('0px')
    } finally {
      await context.close()
      await stop()
    }
  })
})
