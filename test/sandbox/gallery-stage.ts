import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { WebClient } from '@slack/web-api'
import type { Browser, Page } from 'playwright-core'
import { createConsole, type Console } from '../../sandbox/console/server.ts'
import { createWorld, type World } from '../../sandbox/world.ts'
import { SETTING } from '../../sandbox/world/setting.ts'
import type { ShownModal } from '../support/gallery-answers.ts'
import type { Shown } from '../support/gallery-cards.ts'
import type { ShownHome } from '../support/gallery-home.ts'
import type { ShownPage } from '../support/gallery-pages.ts'
import { NOON } from '../support/incident-samples.ts'
import { quietLogger } from './slack-support.ts'

/** Where the gallery is hung: the sandbox's Slack and its console in a browser. The bot itself is not running. */

/** Half the time of PNG, and sharp enough to read every word. */
const drawnTo = (name: string) =>
  ({ path: join(import.meta.dirname, `../../screenshots/gallery-${name}.jpg`), type: 'jpeg', quality: 90, animations: 'disabled' }) as const

/** How the gallery is looked at; the pictures are named after it. */
export interface Look {
  readonly name: string
  readonly scheme: 'light' | 'dark'
  readonly width: number
}

const WIDE = 1680
const NARROW = 360
const NARROW_LOOK: Look = { name: '360', scheme: 'light', width: NARROW }

/** Pictures are for people, and take most of the time: `npm run gallery` draws them. Otherwise only what a program can see is looked at. */
const PICTURES = process.env['GALLERY'] !== undefined

export const LOOKS: readonly Look[] = PICTURES
  ? [{ name: 'light', scheme: 'light', width: WIDE }, { name: 'dark', scheme: 'dark', width: WIDE }, NARROW_LOOK]
  : [NARROW_LOOK]

/** Chromium draws no picture higher than 16384. */
const SLICE = 14_000
/** Where pages lie side by side. */
const SHEET = 1840

/** The console's page with nothing but messages on it, as high as they are; each under its name. */
const STYLE = `
html, body, main, .slack, .slack-panes, .pane, #feed { display: block !important; height: auto !important; overflow: visible !important; max-height: none !important; }
body > :not(main, dialog), #world, #home, .slack-bar, .slack-note, .composer, #thread, .tools { display: none !important; }
main, .slack { margin: 0 !important; padding: 0 !important; border: 0 !important; }
#feed { columns: 560px; column-gap: 0; padding: 0 !important; }
#feed > li { break-inside: avoid; }
#feed > li:not(.is-hung) { display: none; }
#feed > li::before, .kept::before { content: attr(data-name); display: block; padding: 14px 20px 0; color: #8a6fd6; font: 700 12px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.kept { display: inline-block; vertical-align: top; width: min(540px, 100%); margin: 0; }
.kept > .home { margin: 12px; padding: 12px; border: 1px solid; }
.kept > .modal { margin: 12px; max-width: calc(100% - 24px); border: 1px solid; }
`

export interface Gallery {
  readonly page: Page
  readonly world: World
  readonly console: Console
  readonly client: WebClient
  /** Takes what Slack sends to the app, and answers it. */
  readonly app: App
}

/** Whoever is told of commands and submissions. */
interface App {
  readonly server: Server
  /** The trigger of the last command. */
  trigger: string
  answer: object
}

/** Commands and submissions go here instead of to a bot: a modal needs a trigger to be opened. */
async function startApp(): Promise<App> {
  const app: App = { server: createServer(), trigger: '', answer: {} }
  app.server.on('request', (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      app.trigger = new URLSearchParams(Buffer.concat(chunks).toString()).get('trigger_id') ?? app.trigger
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(app.answer))
    })
  })
  await new Promise<void>((resolve) => void app.server.listen(0, '127.0.0.1', resolve))
  return app
}

export async function openGallery(browser: Browser): Promise<Gallery> {
  const [world, app] = await Promise.all([createWorld(), startApp()])
  world.slack.setEventsUrl(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/`)
  const shown = createConsole(world)
  const address = await shown.start()
  // Its own rules keep foreign styles out; here they let ours in.
  const context = await browser.newContext({ bypassCSP: true, timezoneId: SETTING.timeZone, locale: 'en-US', reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.clock.setFixedTime(NOON)
  await page.goto(address)
  await page.addStyleTag({ content: STYLE })
  const client = new WebClient(SETTING.botToken, {
    slackApiUrl: world.places.slackApiUrl,
    logger: quietLogger,
    retryConfig: { retries: 0 },
  })
  return { page, world, console: shown, client, app }
}

export async function closeGallery({ page, world, console: shown, app }: Gallery): Promise<void> {
  await page.context().close()
  await shown.stop()
  await world.dispose()
  await new Promise<void>((resolve) => void app.server.close(() => resolve()))
}

/** Posts it as the bot does, so that Slack's rules hold. Gives its key in the console's feed. */
async function post({ client }: Gallery, { view, to }: Shown): Promise<string> {
  const message = { channel: SETTING.channel, ...view }
  if (to === undefined) return `message/${(await client.chat.postMessage(message)).ts ?? ''}`
  return `ephemeral/${(await client.chat.postEphemeral({ ...message, user: to })).message_ts ?? ''}`
}

/** Hangs these messages and nothing else, in their order. */
export async function hang(gallery: Gallery, all: readonly Shown[]): Promise<void> {
  const names: Record<string, string> = {}
  await gallery.page.evaluate(CLEAR)
  for (const shown of all) names[await post(gallery, shown)] = shown.name
  await gallery.page.waitForFunction(
    `Object.keys(${JSON.stringify(names)}).every((key) => document.querySelector('[data-key="' + key + '"]'))`,
  )
  await gallery.page.evaluate(`{
    const names = ${JSON.stringify(names)}
    for (const entry of document.querySelectorAll('#feed > li')) {
      const name = names[entry.dataset.key]
      entry.classList.toggle('is-hung', name !== undefined)
      entry.dataset.name = name ?? ''
    }
  }`)
}

async function look(page: Page, { scheme, width }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme })
  await page.setViewportSize({ width, height: 900 })
}

/** What is wider than the screen it is on; what is scrolled in a frame of its own is not. */
const TOO_WIDE = `[...document.querySelectorAll('body *')]
  .filter((element) => element.checkVisibility() && element.getClientRects().length > 0 && !element.closest('.sl-scroll *') && element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((element) => element.outerHTML.slice(0, 120))`

const tooWide = async (page: Page, { width }: Look): Promise<string[]> => (width > NARROW ? [] : page.evaluate<string[]>(TOO_WIDE))

/** A picture of what hangs. Gives what does not fit a narrow screen. */
export async function photograph({ page }: Gallery, wall: string, how: Look): Promise<string[]> {
  await look(page, how)
  if (!PICTURES) return tooWide(page, how)
  const height: number = await page.evaluate('document.documentElement.scrollHeight')
  // A window as high as the slice, scrolled: for a picture of more than the window everything is laid out anew, each time.
  for (let y = 0; y < height; y += SLICE) {
    const name = `${wall}-${how.name}${y === 0 ? '' : `-${y / SLICE + 1}`}`
    await page.setViewportSize({ width: how.width, height: Math.min(SLICE, height - y) })
    await page.evaluate(`scrollTo(0, ${y})`)
    await page.screenshot(drawnTo(name))
  }
  return tooWide(page, how)
}

/** Keeps what the dialog shows now on the wall, with what was typed: two dialogs are never open at once. */
const KEEP = `(name) => {
  const dialog = document.getElementById('modal')
  for (const field of dialog.querySelectorAll('input')) field.setAttribute('value', field.value)
  const copy = document.createElement('figure')
  copy.className = 'kept'
  copy.dataset.name = name
  copy.innerHTML = '<div class="modal">' + dialog.innerHTML + '</div>'
  document.querySelector('main').append(copy)
}`

/** Opens each modal, and sends it when it is to show what is wrong with it; then hangs them all, and nothing else. */
export async function hangModals(gallery: Gallery, modals: readonly ShownModal[]): Promise<void> {
  const { page, world, client, app } = gallery
  await hang(gallery, [])
  const dialog = page.getByRole('dialog')
  for (const { name, view, errors } of modals) {
    app.answer = {}
    await world.command('reauth')
    await client.views.open({ trigger_id: app.trigger, view })
    const block = Object.keys(errors ?? {})[0]
    if (errors !== undefined && block !== undefined) {
      app.answer = { response_action: 'errors', errors }
      await world.slack.submitModal({ user: SETTING.operator, values: { [block]: { address_input: 'not an address' } } })
      await page.getByText(errors[block] ?? '').waitFor()
    }
    await dialog.waitFor()
    await page.evaluate(`(${KEEP})(${JSON.stringify(name)})`)
    await world.slack.closeModal({ user: SETTING.operator })
    await dialog.waitFor({ state: 'hidden' })
  }
}

/** Takes whatever was kept from the wall. */
const CLEAR = `for (const kept of document.querySelectorAll('.kept')) kept.remove()`

/** Publishes each Home to the person whose Home the console shows, and keeps it as it is drawn; nothing else hangs then. */
export async function hangHomes(gallery: Gallery, homes: readonly ShownHome[]): Promise<void> {
  const { page, client } = gallery
  await hang(gallery, [])
  for (const { name, view } of homes) {
    await page.evaluate(`document.querySelector('#home .sl-home')?.setAttribute('data-old', '')`)
    await client.views.publish({ user_id: SETTING.operator, view })
    await page.waitForFunction(`document.querySelector('#home .sl-home:not([data-old])') !== null`)
    await page.evaluate(`{
      const copy = document.createElement('figure')
      copy.className = 'kept'
      copy.dataset.name = ${JSON.stringify(name)}
      copy.innerHTML = '<div class="home">' + document.querySelector('#home .sl-home').outerHTML + '</div>'
      document.querySelector('main').append(copy)
    }`)
  }
}

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')

const frameOf = ({ name, html }: ShownPage): string =>
  `<figure><figcaption>${name}</figcaption><iframe height="400" srcdoc="${escapeHtml(html)}"></iframe></figure>`

const SHEET_STYLE = `<style>
body { display: flex; flex-wrap: wrap; gap: 8px; margin: 0; background: #808080; font: 12px monospace; }
figure { margin: 0; } iframe { width: var(--width); border: 0; }
</style>`

/** The pages in frames, side by side. Gives what does not fit a narrow screen. */
export async function photographPages(gallery: Gallery, pages: readonly ShownPage[]): Promise<string[]> {
  const page = await gallery.page.context().newPage()
  await page.setContent(`${SHEET_STYLE}<body>${pages.map(frameOf).join('')}</body>`)
  const wide: string[] = []
  for (const how of LOOKS) {
    await look(page, { ...how, width: SHEET })
    await page.evaluate(`document.body.style.setProperty('--width', '${Math.min(how.width, 600)}px')`)
    if (PICTURES) await page.screenshot({ ...drawnTo(`pages-${how.name}`), fullPage: true })
    if (how.width > NARROW) continue
    for (const frame of page.frames().slice(1)) wide.push(...(await frame.evaluate<string[]>(TOO_WIDE)))
  }
  await page.close()
  return wide
}
