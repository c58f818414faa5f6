import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { CREW_PAGE_HEADERS, crewPageView, type ShownCrewPage } from '../../src/bot/views/crew-page.ts'
import { checklistFor } from '../../src/services/crew/checklist.ts'
import type { CrewContent } from '../../src/services/crew/page.ts'
import { CHROMIUM, isThere, launch, openPage, SCREENSHOTS } from '../sandbox/console-browser-support.ts'
import { charter, CHECKLIST, contentOf, NOW, version, ZONE } from '../support/crew-samples.ts'
import { picture } from '../support/pictures.ts'

test('a browser is there to test with', () => {
  if (!isThere)
    console.warn(`The browser tests of the crew page are SKIPPED: there is no ${CHROMIUM}. Install it with apt-get install chromium.`)
  expect(isThere || process.env['CI'] === undefined, `CI needs ${CHROMIUM}`).toBe(true)
})

const HOUR = 3_600_000
const PHONE = { width: 390, height: 844 }
const SMALL = { width: 320, height: 568 }
const ADDRESS = 'https://bot.jada.example/crew/page'

const FULL: CrewContent = contentOf(
  {
    vessel: 'Second Wind',
    captain: 'Capt. Ana Tradewind',
    crew: 'Pip Fender, Wren Cleat',
    client: 'Tess Sampleton',
    guests: 8,
    source: 'Boatsetter',
    notes: 'Two children, life vests in small.\nThey come with a cooler; call Tess at +1 619 555 0101 if late.',
  },
  { officeNotes: 'Dock 4 is closed until noon: board at dock 6.', checklist: checklistFor(CHECKLIST, charter({ guests: 8 })) },
)

const shown = (content: Partial<CrewContent> = {}, change: Partial<ShownCrewPage> = {}): ShownCrewPage => ({
  page: { startsAt: charter().startsAt, expiresAt: charter().endsAt + 168 * HOUR },
  versions: [
    version(3, { content: { ...FULL, ...content }, changes: ['Start 08:00 → 09:00', 'Guests 6 → 8'], at: NOW - HOUR }),
    version(2, { content: FULL, changes: ['Captain added: Capt. Ana Tradewind'], at: NOW - 20 * HOUR }),
    version(1, { content: FULL, at: NOW - 40 * HOUR }),
  ],
  readAt: NOW - 600_000,
  isBehind: false,
  zone: ZONE,
  now: NOW,
  ...change,
})

const LONG = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'

describe.skipIf(!isThere)('the crew page in a browser', { timeout: 30_000 }, () => {
  let browser: Browser
  let page: Page
  let complaints: string[]
  let requests: string[]

  beforeAll(async () => {
    browser = await launch()
    const opened = await openPage(browser, { viewport: PHONE, deviceScaleFactor: 2 })
    ;({ page, complaints } = opened)
    requests = []
    page.on('request', (request) => requests.push(request.url()))
  }, 40_000)

  afterAll(async () => {
    await page.context().close()
    await browser.close()
  })

  const show = async (what: ShownCrewPage): Promise<void> => {
    await page.unrouteAll()
    await page.route(ADDRESS, (route) => route.fulfill({ headers: CREW_PAGE_HEADERS, body: crewPageView(what) }))
    await page.goto(ADDRESS)
  }
  const shoot = (name: string, fullPage = true) =>
    picture(page, join(SCREENSHOTS, `crew-${name}.png`), { fullPage, animations: 'disabled' })
  const width = () => page.evaluate('document.documentElement.scrollWidth')

  it('fits a phone, in light and in dark', async () => {
    await show(shown())
    expect(await width()).toBe(PHONE.width)
    await shoot('phone')
    await shoot('phone-first-screen', false)
    await page.emulateMedia({ colorScheme: 'dark' })
    await shoot('phone-dark')
    await page.emulateMedia({ colorScheme: 'light' })
  })

  it('says what matters on the first screen', async () => {
    await show(shown())
    for (const text of ['Second Wind', 'Wednesday 4 November 2026', '09:00', 'Start 08:00 → 09:00', 'Capt. Ana Tradewind']) {
      const box = await page.getByText(text).first().boundingBox()
      expect((box?.y ?? 9999) + (box?.height ?? 0), text).toBeLessThanOrEqual(PHONE.height)
    }
  })

  it('fits 320 pixels, whatever stands in it', async () => {
    await page.setViewportSize(SMALL)
    await show(shown())
    expect(await width()).toBe(SMALL.width)
    await shoot('small')
    await shoot('small-first-screen', false)
    await show(
      shown({
        vessel: LONG,
        client: LONG,
        notes: `${LONG} ${LONG}`,
        checklist: [{ title: LONG, items: [LONG, 'مرحبا'] }],
        status: `cancelled ${LONG}`,
      }),
    )
    expect(await width()).toBe(SMALL.width)
    await shoot('small-long')
    await page.setViewportSize(PHONE)
  })

  it('shows a cancelled one, an old one and a changing one unmistakably', async () => {
    await show(shown({ status: 'cancelled' }))
    await shoot('cancelled', false)
    await page.emulateMedia({ colorScheme: 'dark' })
    await shoot('cancelled-dark', false)
    await page.emulateMedia({ colorScheme: 'light' })
    await show(shown({ removed: true }, { isBehind: true, readAt: NOW - 30 * HOUR }))
    await shoot('alarms', false)
  })

  it('has contrast for the sun: at least 7 to 1, in light and dark', async () => {
    await show(shown({ status: 'cancelled' }))
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const ratios = await page.evaluate<Record<string, number>>(`(() => {
        const parse = (text) => text.match(/[\\d.]+/g).slice(0, 4).map(Number)
        const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
          .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
        const ground = (element) => {
          for (let at = element; at; at = at.parentElement) {
            const [r, g, b, a = 1] = parse(getComputedStyle(at).backgroundColor)
            if (a > 0) return [r, g, b]
          }
          return [255, 255, 255]
        }
        const found = {}
        for (const element of document.querySelectorAll('main *')) {
          const [a, b] = [light(parse(getComputedStyle(element).color)), light(ground(element))]
          const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
          const name = element.tagName + '.' + element.className
          found[name] = Math.min(found[name] ?? 99, ratio)
        }
        return found
      })()`)
      expect(Object.keys(ratios).length).toBeGreaterThan(10)
      expect(
        Object.entries(ratios).filter(([, ratio]) => ratio < 7),
        colorScheme,
      ).toEqual([])
    }
    await page.emulateMedia({ colorScheme: 'light' })
  })

  it('can be ticked with a finger and with the keyboard, and forgets it', async () => {
    await show(shown())
    const boxes = page.getByRole('checkbox')
    expect(await boxes.count()).toBe(CHECKLIST.flatMap(({ items }) => items).length)
    for (const label of await page.locator('.list label').all()) expect((await label.boundingBox())?.height).toBeGreaterThanOrEqual(48)
    await page.getByText('VHF radio tested on channel 16').click()
    expect(await page.getByLabel('VHF radio tested on channel 16').isChecked()).toBe(true)
    await page.getByLabel('Guests counted', { exact: true }).focus()
    await page.keyboard.press('Space')
    expect(await page.locator('input:checked').count()).toBe(2)
    await picture(page.locator('.sections'), join(SCREENSHOTS, 'crew-ticked.png'))
    await page.reload()
    expect(await page.locator('input:checked').count()).toBe(0)
  })

  it.each(['A4', 'Letter'] as const)('prints on one page of %s, black on white even at night', async (format) => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    // What the paper shows, as wide as it is between its margins.
    await page.setViewportSize({ width: format === 'A4' ? 703 : 725, height: format === 'A4' ? 1032 : 965 })
    for (const [name, what] of [
      ['ordinary', shown()],
      ['cancelled', shown({ status: 'cancelled' }, { isBehind: true })],
    ] as const) {
      await show(what)
      await shoot(`print-${name}-${format.toLowerCase()}`)
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).color')).toBe(
        'rgb(255, 255, 255)rgb(0, 0, 0)',
      )
      const pdf = await page.pdf({ format, path: join(SCREENSHOTS, `crew-${name}-${format.toLowerCase()}.pdf`) })
      expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g), name).toHaveLength(1)
    }
    await page.setViewportSize(PHONE)
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' })
  })

  it('asked for nothing but itself, and complained about nothing', () => {
    expect(new Set(requests)).toEqual(new Set([ADDRESS]))
    expect(complaints).toEqual([])
  })
})
