import type { Locator, Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'

import { feedOf, isThere, say, shoot, threadOf, useStage } from './console-browser-support.ts'

const cardOf = (page: Page): Locator =>
  feedOf(page).locator('li:has(.sl-attachment)', { hasText: 'Google no longer accepts our token' }).last()

async function write(page: Page, text: string): Promise<void> {
  await threadOf(page).getByRole('textbox', { name: 'Reply in the thread' }).fill(text)
  await page.keyboard.press('Enter')
}

describe.skipIf(!isThere)('questions in the thread of an incident', { timeout: 60_000 }, () => {
  const stage = useStage()

  it('are answered by Claude with what was looked at, and from the runbook when it declines; talk is left alone', async () => {
    const { page, world, complaints } = stage()
    await page.getByRole('button', { name: 'Revoke access' }).click()
    const card = cardOf(page)
    await card.getByText('CRITICAL:').first().waitFor()
    await card.locator('.thread-link').click()
    const thread = threadOf(page)
    await write(page, 'Tom looks at the router')
    await write(page, 'why is it failing?')
    const answer = thread.locator('li', { hasText: 'Looked at: signals' }).last()
    await answer.getByText(/I propose: Re-authorize Google/).waitFor()
    expect(await answer.textContent()).toMatch(
      /invalid_grant.*\(signals\).*runbook section oauth-token-failure\. Claude proposes; people act\./s,
    )
    await shoot(page, 'incident-question')

    world.claude.addFault({ kind: 'refusal', times: 1 })
    await write(page, 'and what should we do?')
    await thread.getByText(/Claude declined to answer this, so this is from the runbook/).waitFor()
    expect(world.claude.requests.filter(({ path }) => path === '/v1/messages')).toHaveLength(2)

    await page.keyboard.press('Escape')
    await say(page, '/jada quota')
    await feedOf(page)
      .getByText(/Questions:/)
      .last()
      .waitFor()
    await shoot(page, 'quota-questions')
    expect(complaints).toEqual([])
  })
})
