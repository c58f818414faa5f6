import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'

import { become, feedOf, isThere, say, shoot, threadOf, useStage } from './console-browser-support.ts'

const cardOf = (page: Page): Locator =>
  feedOf(page).locator('li:has(.sl-attachment)', { hasText: 'Google no longer accepts our token' }).last()

/** An edit of the card closes its menu, as Slack does: then one opens it again. */
async function chooseMore(card: Locator, label: string): Promise<void> {
  const item = card.getByRole('button', { name: label })
  for (let tries = 0; tries < 5; tries += 1) {
    await card.locator('.sl-overflow summary').click()
    const isChosen = await item.click({ timeout: 2000 }).then(
      () => true,
      () => false,
    )
    if (isChosen) return
  }
  throw new Error(`the menu does not offer ${label}`)
}

/** Writes into the open thread, and waits for what the bot says to it. */
async function write(page: Page, text: string, answer: string | RegExp): Promise<void> {
  await threadOf(page).getByRole('textbox', { name: 'Reply in the thread' }).fill(text)
  await page.keyboard.press('Enter')
  await threadOf(page).getByText(answer).last().waitFor()
}

describe.skipIf(!isThere)('an incident in the console', { timeout: 90_000 }, () => {
  const stage = useStage()

  it('is acknowledged, snoozed, assigned and resolved with the elements of its card', async () => {
    const { page, complaints } = stage()
    await page.getByRole('button', { name: 'Revoke access' }).click()
    const card = cardOf(page)
    await card.getByText('CRITICAL:').first().waitFor()
    await card.getByText(/next charter sails|no charter is known to sail/i).waitFor()
    await card.getByRole('button', { name: 'Acknowledge' }).click()
    await card.getByText(/Acknowledged: .* has it/).waitFor()
    await shoot(page, 'incident-acknowledged')

    await card.getByRole('combobox').selectOption({ label: '4 hours' })
    await card.getByText(/Snoozed until .* has it/).waitFor()
    await shoot(page, 'incident-snoozed')

    await chooseMore(card, 'Assign to…')
    const whom = feedOf(page).locator('li', { hasText: 'Who looks after incident' }).last()
    await whom.getByRole('combobox').selectOption({ label: 'tom' })
    await card.getByText('tom').first().waitFor()

    await chooseMore(card, 'Resolve…')
    const question = feedOf(page).locator('li', { hasText: 'without proof' }).last()
    await question.getByRole('button', { name: 'Resolve' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Leave it open' }).click()
    expect(await card.getByText('CLOSED').count()).toBe(0)
    await question.getByRole('button', { name: 'Resolve' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Resolve it' }).click()
    await card.getByText('CLOSED, NOT PROVEN').first().waitFor()
    await shoot(page, 'incident-closed')

    // The next failure opens the same card and thread again.
    await say(page, '/jada sync now')
    await card.getByText('CRITICAL:').first().waitFor()
    expect(complaints).toEqual([])
  })

  it('is talked to in its thread: words of operators act, those of others only read', async () => {
    const { page, complaints } = stage()
    const card = cardOf(page)
    await card.locator('.thread-link').click()
    await write(page, 'status', /Nobody has reacted yet/)
    await write(page, 'why', /Retrying cannot help/)
    await write(page, 'ack', /Acknowledged\. Nobody is reminded any more/)
    await card.getByText(/Acknowledged: .* has it/).waitFor()
    await write(page, 'snooze 2h', /Snoozed until/)
    await become(page, 'tom (operator)')
    await write(page, 'assign me', 'It is with you now')
    await write(page, 'timeline', 'tells who did what')
    await shoot(page, 'incident-thread')
    await become(page, 'guest (may only ask)')
    await write(page, 'resolve', /[Oo]nly operators/)
    expect(await card.getByText('CLOSED').count()).toBe(0)
    await become(page, 'mara (operator)')
    await write(page, 'retry', 'Syncing the port sheet now')
    await write(page, 'resolve', /not proven/)
    await card.getByText('CLOSED, NOT PROVEN').first().waitFor()
    await page.keyboard.press('Escape')
    await say(page, '/jada incident 2 export')
    await feedOf(page).getByText('What we change').waitFor()
    await shoot(page, 'incident-export')
    expect(complaints).toEqual([])
  })
})
