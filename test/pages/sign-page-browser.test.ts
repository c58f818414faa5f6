import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { CHROMIUM, isThere, launch, openPage, SCREENSHOTS } from '../sandbox/console-browser-support.ts'
import { openSigningServer, type SigningServer } from '../support/signing-server.ts'
import { picture } from '../support/pictures.ts'

test('a browser is there to test with', () => {
  if (!isThere)
    console.warn(`The browser tests of the signing page are SKIPPED: there is no ${CHROMIUM}. Install it with apt-get install chromium.`)
  expect(isThere || process.env['CI'] === undefined, `CI needs ${CHROMIUM}`).toBe(true)
})

const PHONE = { width: 390, height: 844 }
const SMALL = { width: 320, height: 568 }
const TOUCH: BrowserContextOptions = { viewport: PHONE, deviceScaleFactor: 2, hasTouch: true, isMobile: true }
/** As somebody writes: two strokes, in parts of the field's width and height. */
const STROKES: readonly (readonly (readonly [number, number])[])[] = [
  Array.from({ length: 40 }, (_, n) => [0.08 + n * 0.018, 0.5 + 0.3 * Math.sin(n / 3)] as const),
  [
    [0.1, 0.85],
    [0.5, 0.8],
    [0.9, 0.86],
  ],
]

describe.skipIf(!isThere)('the signing page in a browser', { timeout: 40_000 }, () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launch()
  }, 40_000)

  afterAll(() => browser.close())

  const open = async (server: SigningServer, options: BrowserContextOptions = TOUCH, guest = 0) => {
    const { page, complaints } = await openPage(browser, options)
    await page.goto(server.address(guest))
    // An answer of 422, 410 is always reported by a browser.
    return { page, complaints: () => complaints.filter((text) => !/4(?:22|10)/.test(text)) }
  }

  const shot = async (page: Page, name: string, fullPage = true): Promise<void> => {
    await picture(page, join(SCREENSHOTS, `sign-${name}.png`), { fullPage, animations: 'disabled' })
  }

  const fits = async (page: Page, width: number, name: string): Promise<void> => {
    expect(await page.evaluate('document.documentElement.scrollWidth'), `${name} fits ${width} pixels`).toBeLessThanOrEqual(width)
  }

  /** What a finger has to hit is at least 44 pixels high. */
  const hasLargeTargets = async (page: Page): Promise<void> => {
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, summary, label.check, input[type="text"], textarea, .summary a')]
        .filter((element) => element.checkVisibility())
        .map((element) => ({ what: element.outerHTML.slice(0, 60), height: element.getBoundingClientRect().height }))
        .filter(({ height }) => height < 44),
    )
    expect(small).toEqual([])
  }

  /** Light and dark on two phones. */
  const shoot = async (page: Page, name: string): Promise<void> => {
    await hasLargeTargets(page)
    for (const size of [PHONE, SMALL]) {
      await page.setViewportSize(size)
      await fits(page, size.width, name)
      await shot(page, `${name}-${size.width}`)
    }
    await page.setViewportSize(PHONE)
    await page.emulateMedia({ colorScheme: 'dark' })
    await shot(page, `${name}-dark`)
    await page.emulateMedia({ colorScheme: 'light' })
  }

  /** With a finger, as the screen sends it. Chromium takes a tap right after such a stroke for the end of a fling: then click. */
  const draw = async (page: Page): Promise<void> => {
    const canvas = page.locator('canvas')
    await canvas.scrollIntoViewIfNeeded()
    const box = await canvas.boundingBox()
    if (box === null) throw new Error('no canvas')
    const devtools = await page.context().newCDPSession(page)
    for (const stroke of STROKES) {
      const points = stroke.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height }))
      for (const [index, point] of points.entries()) {
        await devtools.send('Input.dispatchTouchEvent', { type: index === 0 ? 'touchStart' : 'touchMove', touchPoints: [point] })
        // A finger is not faster than the screen.
        await page.evaluate('new Promise(requestAnimationFrame)')
      }
      await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    }
  }

  /** How much of the field is black. */
  const ink = (page: Page): Promise<number> =>
    page.evaluate(() => {
      const canvas = document.querySelector('canvas')
      const context = canvas?.getContext('2d')
      if (canvas === null || context === null || context === undefined) return -1
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
      return data.filter((value, index) => index % 4 === 3 && value > 100).length / (canvas.width * canvas.height)
    })

  it('is signed with a finger; a mistake loses nothing, and the copy can be printed', async () => {
    const server = await openSigningServer()
    const { page, complaints } = await open(server)
    await expect.poll(async () => (await server.request()).state).toBe('viewed')
    await shoot(page, 'open')
    await draw(page)
    expect(await page.evaluate('visualViewport.pageTop === scrollY')).toBe(true)
    expect(await ink(page)).toBeGreaterThan(0.005)
    await page.getByRole('button', { name: 'Sign the agreement' }).click()
    await page.getByRole('alert').waitFor()
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-summary'))).toBe(true)
    expect(await page.title()).toMatch(/^Not signed yet/)
    await expect.poll(() => ink(page)).toBeGreaterThan(0.005)
    await shoot(page, 'mistakes')
    // Turned, the drawing stays.
    await page.setViewportSize({ width: PHONE.height, height: PHONE.width })
    await expect.poll(() => ink(page)).toBeGreaterThan(0.005)
    await page.setViewportSize(PHONE)
    await page.getByRole('link', { name: 'Type your full name.' }).click()
    await page.keyboard.type('Ana Ruiz')
    await page.getByRole('checkbox', { name: /I have read this agreement/ }).click()
    await shot(page, 'drawn-390')
    await page.getByRole('button', { name: 'Sign the agreement' }).click()
    await page.getByRole('heading', { name: 'Signed. Thank you.' }).waitFor()
    expect(await server.signature()).toMatchObject({
      method: 'drawn',
      name: 'Ana Ruiz',
      drawing: expect.stringMatching(/^M\d+ \d+(L\d+ \d+){20,}.*M/),
    })
    await page.getByRole('img', { name: 'Drawn signature of Ana Ruiz' }).waitFor()
    await shoot(page, 'signed')
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByRole('button').count()).toBe(0)
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)')
    await page.setViewportSize({ width: 794, height: 1123 })
    await shot(page, 'signed-print')
    const pdf = await page.pdf({ format: 'Letter', preferCSSPageSize: true, path: join(SCREENSHOTS, 'sign-copy.pdf') })
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0).toBeLessThanOrEqual(3)
    await page.emulateMedia({ media: 'screen' })
    await page.reload()
    await page.getByRole('heading', { name: 'Signed. Thank you.' }).waitFor()
    expect(complaints()).toEqual([])
    await page.context().close()
  })

  it('clears a drawing, and takes a mouse as well', async () => {
    const server = await openSigningServer()
    const { page, complaints } = await open(server, { viewport: { width: 1280, height: 800 } })
    const box = await page.locator('canvas').boundingBox()
    await page.locator('canvas').scrollIntoViewIfNeeded()
    const moved = await page.locator('canvas').boundingBox()
    if (box === null || moved === null) throw new Error('no canvas')
    await page.mouse.move(moved.x + 50, moved.y + 50)
    await page.mouse.down()
    await page.mouse.move(moved.x + 200, moved.y + 100, { steps: 8 })
    await page.mouse.up()
    expect(await ink(page)).toBeGreaterThan(0)
    await shot(page, 'open-wide', false)
    await page.getByRole('button', { name: 'Clear the drawing' }).click()
    expect(await ink(page)).toBe(0)
    expect(await page.locator('input[name="drawing"]').inputValue()).toBe('')
    expect(await page.getByRole('status').textContent()).toBe('Drawing cleared.')
    expect(complaints()).toEqual([])
    await page.context().close()
  })

  it('is signed by keyboard alone', async () => {
    const server = await openSigningServer()
    const { page, complaints } = await open(server, { viewport: PHONE })
    const visited: string[] = []
    const tabTo = async (name: string): Promise<void> => {
      for (let n = 0; n < 12; n += 1) {
        await page.keyboard.press('Tab')
        const at = await page.evaluate(() => {
          const element = document.activeElement
          return element === null ? '' : (element.getAttribute('name') ?? element.textContent).trim()
        })
        visited.push(at)
        if (at === name) return
      }
      throw new Error(`never came to ${name}: ${visited.join(', ')}`)
    }
    await tabTo('name')
    await page.keyboard.type('Ana Ruiz')
    await tabTo('typed')
    await page.keyboard.press('Space')
    await tabTo('consent')
    await page.keyboard.press('Space')
    await tabTo('action')
    await shot(page, 'keyboard', false)
    // Every stop shows where it is.
    expect(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)).toBe('solid')
    expect(visited).toEqual(['name', 'Clear the drawing', 'typed', 'consent', 'action'])
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Signed. Thank you.' }).waitFor()
    expect(await server.signature()).toMatchObject({ method: 'typed', name: 'Ana Ruiz', drawing: null })
    await shot(page, 'signed-typed')
    expect(complaints()).toEqual([])
    await page.context().close()
  })

  it('is told apart by a screen reader: every field has its name and its problem', async () => {
    const server = await openSigningServer()
    const { page } = await open(server, { viewport: PHONE })
    await page.getByRole('button', { name: 'Sign the agreement' }).click()
    await page.getByRole('alert').waitFor()
    const main = page.getByRole('main')
    await expect.poll(() => main.ariaSnapshot()).toMatch(/heading "Please read and sign" \[level=1\]/)
    const seen = await main.ariaSnapshot()
    for (const part of [
      /alert/,
      /textbox "Your full name"/,
      /group "Your signature"/,
      /img "Your drawn signature: empty"/,
      /checkbox "My typed name counts/,
      /checkbox "I have read/,
    ])
      expect(seen).toMatch(part)
    for (const [id, words] of [
      ['name', 'Type your full name.'],
      ['typed', 'Draw your signature'],
      ['consent', 'Tick the box'],
    ] as const) {
      const described = await page.locator(`#${id}`).getAttribute('aria-describedby')
      expect(await page.locator(`#${described ?? 'none'}`).textContent()).toContain(words)
    }
    const levels = await page.evaluate(() => [...document.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) => Number(tagName[1])))
    for (const [index, level] of levels.entries()) expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1)
    await page.context().close()
  })

  it('is signed without JavaScript: then the typed name is the signature', async () => {
    const server = await openSigningServer()
    const { page } = await open(server, { ...TOUCH, javaScriptEnabled: false })
    expect(await page.locator('canvas').isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Sign the agreement' }).tap()
    await page.getByRole('alert').waitFor()
    await shot(page, 'no-script-390')
    await page.getByLabel('Your full name').fill('Ana Ruiz')
    await page.getByRole('checkbox', { name: 'My typed name counts as my signature.' }).tap()
    await page.getByRole('checkbox', { name: /I have read/ }).tap()
    expect((await server.request()).viewedAt).toBeNull()
    await page.getByRole('button', { name: 'Sign the agreement' }).tap()
    await page.getByRole('heading', { name: 'Signed. Thank you.' }).waitFor()
    expect(await server.request()).toMatchObject({ state: 'signed', viewedAt: server.clock.now() })
    expect(await page.getByRole('button').count()).toBe(0)
    await page.context().close()
  })

  it('is declined', async () => {
    const server = await openSigningServer()
    const { page, complaints } = await open(server, TOUCH, 1)
    await page.getByText('I do not want to sign').tap()
    await page.getByLabel('Why not? You need not say.').fill('I get seasick')
    await hasLargeTargets(page)
    await shot(page, 'declining-390')
    await page.getByRole('button', { name: 'Decline the agreement' }).tap()
    await page.getByRole('heading', { name: 'You declined this agreement' }).waitFor()
    expect(await server.request(1)).toMatchObject({ state: 'declined', declineReason: 'I get seasick' })
    await shot(page, 'declined-390')
    expect(complaints()).toEqual([])
    await page.context().close()
  })

  it('with long names and a hostile sheet stays within a small screen, and runs nothing', async () => {
    const name = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter <img src=x onerror=alert(1)>'
    const server = await openSigningServer({
      charter: { guestNames: name, vessel: '<script>alert(1)</script>'.repeat(3), captain: '"onfocus=alert(1) autofocus x="' },
    })
    const { page, complaints } = await open(server, { ...TOUCH, viewport: SMALL })
    let alerts = 0
    page.on('dialog', (dialog) => {
      alerts += 1
      void dialog.dismiss()
    })
    await page.getByLabel('Your full name').fill('x'.repeat(120))
    await page.getByRole('checkbox', { name: /My typed/ }).tap()
    await page.getByRole('checkbox', { name: /I have read/ }).tap()
    await fits(page, SMALL.width, 'a long name')
    await page.getByRole('button', { name: 'Sign the agreement' }).tap()
    await page.getByRole('heading', { name: 'Signed. Thank you.' }).waitFor()
    await fits(page, SMALL.width, 'a long name, signed')
    await shot(page, 'long-320')
    expect(alerts).toBe(0)
    expect(complaints()).toEqual([])
    await page.context().close()
  })
})
