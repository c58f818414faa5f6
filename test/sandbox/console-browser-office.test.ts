import { join } from 'node:path'

import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'

import { feedOf, isThere, openPage, say, SCREENSHOTS, shoot, shot, threadOf, useStage } from './console-browser-support.ts'
import { picture } from '../support/pictures.ts'

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }
/** Typed over what "Add a charter" writes. */
const CHARTER: Readonly<Record<string, string>> = {
  Start: '10:00',
  End: '14:00',
  Vessel: 'Meridian',
  Client: 'Ana Ruiz',
  Guests: '2',
  'Guest names': 'Ana Ruiz, Leo Ruiz',
  Contact: 'ana@guests.example, +1 619 555 0101',
  Captain: 'Capt. Sam',
  'Gross revenue': '987.65',
  Notes: 'Birthday on board',
}
const PRIVATE = ['ana@guests.example', '555 0101', '5550101', '987.65', 'Leo Ruiz']

describe.skipIf(!isThere)('a charter in the console', { timeout: 60_000 }, () => {
  // The charters of the first sync are nobody's news: Google is connected before.
  const stage = useStage()

  /** The next month's tab, so that it sails whatever day it is. */
  const tab = (): string => stage().world.sheet.grid.tabs()[1]?.title ?? ''
  const rows = (): readonly (readonly string[])[] => stage().world.sheet.grid.tabs()[1]?.rows ?? []

  const type = async (id: string, column: string, text: string): Promise<void> => {
    const cell = stage().page.getByRole('textbox', { name: `${column} of ${id}`, exact: true })
    await cell.fill(text)
    await cell.press('Enter')
    await expect.poll(() => rows().at(-1)).toContain(text)
  }

  const addCharter = async (): Promise<string> => {
    const { page } = stage()
    const before = rows().length
    await page.getByRole('group', { name: 'Tabs of the port sheet' }).getByRole('button', { name: tab() }).click()
    await page.getByRole('button', { name: 'Add a charter' }).click()
    await expect.poll(() => rows().length).toBe(before + 1)
    const id = rows().at(-1)?.[0] ?? ''
    for (const [column, text] of Object.entries(CHARTER)) await type(id, column, text)
    return id
  }

  const sync = (): Promise<void> => stage().page.getByRole('button', { name: 'Sync now' }).click()
  const cardAbout = (text: string): Locator => feedOf(stage().page).locator('li:has(.sl-attachment)', { hasText: text }).last()

  const onPhone = async (address: string): Promise<Page> => {
    const { browser, complaints } = stage()
    const { page: phone, complaints: heard } = await openPage(browser, PHONE)
    phone.on('close', () => complaints.push(...heard))
    await phone.goto(address)
    return phone
  }

  const shotOf = async (phone: Page, name: string): Promise<void> => {
    expect(await phone.evaluate('document.documentElement.scrollWidth'), name).toBeLessThanOrEqual(390)
    await picture(phone, join(SCREENSHOTS, `console-${name}.png`), { fullPage: true, animations: 'disabled' })
  }

  it('becomes a page for the crew and an agreement that a guest signs, and follows the sheet', async () => {
    const { page, complaints } = stage()
    const id = await addCharter()
    await sync()
    const open = cardAbout('Crew page').getByRole('link', { name: 'Open the page' })
    const crew = await onPhone((await open.getAttribute('href')) ?? '')
    for (const text of ['Meridian', 'Capt. Sam', 'Birthday on board', 'Ana Ruiz']) await crew.getByText(text).first().waitFor()
    const words = await crew.content()
    for (const secret of PRIVATE) expect(words, secret).not.toContain(secret)
    await shotOf(crew, 'crew-page')

    const card = cardAbout('Signatures: 0 of 2 signed')
    await card.getByRole('button', { name: 'Write to the guest' }).first().click()
    const message = feedOf(page).locator('li', { hasText: 'Message for Ana Ruiz' })
    await message.waitFor()
    const mail = message.getByRole('link', { name: 'Mail ana@guests.example' })
    expect(await mail.getAttribute('href')).toMatch(/^mailto:ana@guests\.example\?subject=/)
    expect(await message.getByRole('link', { name: 'Text +16195550101' }).getAttribute('href')).toMatch(/^sms:\+16195550101\?&body=Hi/)
    const address = /http:\/\/127\.0\.0\.1:\d+\/sign\/[\w-]{43}/.exec((await message.textContent()) ?? '')?.[0] ?? ''
    await shot(page, 'guest-message')
    await message.getByRole('button', { name: 'I have sent it' }).click()
    const signatures = cardAbout('Signatures: ')
    await signatures.getByText(/: sent/).waitFor()

    const guest = await onPhone(address)
    await guest.getByText('Please read and sign').first().waitFor()
    await guest.getByLabel('Your full name').fill('Ana Ruiz')
    await guest.locator('#typed').check()
    await guest.locator('#consent').check()
    await guest.getByRole('button', { name: 'Sign the agreement' }).click()
    await guest.getByRole('heading', { name: /^Signed/ }).waitFor()
    await shotOf(guest, 'signed')
    await signatures.getByText('Signatures: 1 of 2 signed').waitFor()
    await signatures.getByRole('button', { name: /repl/ }).click()
    await threadOf(page).getByText('Ana Ruiz signed.').waitFor()

    await type(id, 'Start', '11:30')
    await sync()
    await cardAbout('Crew page').getByText('Version 2').waitFor()
    await crew.reload()
    await crew.getByText('11:30').first().waitFor()
    await crew.locator('.news').getByText('10:00').waitFor()
    await shotOf(crew, 'crew-page-changed')
    await say(page, '/jada task 1')
    await feedOf(page).getByText(`Crew page of ${id}`).last().waitFor()
    await say(page, '/jada task 2')
    await feedOf(page).getByText('2 signature requests are ready').waitFor()
    await shoot(page, 'charter')
    await Promise.all([crew.close(), guest.close()])
    expect(complaints).toEqual([])
  })
})
