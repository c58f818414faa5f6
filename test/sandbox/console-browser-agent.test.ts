import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'

import { feedOf, isThere, say, shoot, threadOf, useStage } from './console-browser-support.ts'

describe.skipIf(!isThere)('a task in the console', { timeout: 60_000 }, () => {
  const stage = useStage()
  const sessionCard = (): Locator => feedOf(stage().page).locator('li:has(.sl-attachment)', { hasText: 'Check the agreements' }).first()

  it('is worked, asks its question, is approved and is done, in front of the viewer’s eyes', async () => {
    const { page, complaints } = stage()
    await say(page, '/jada task add general Check the agreements')
    const card = sessionCard()
    await card.getByText('waiting for an answer').waitFor()
    await card.getByRole('button', { name: /repl/ }).click()
    const thread = threadOf(page)
    await thread.getByRole('button', { name: 'Remind the guest' }).waitFor()
    await shoot(page, 'session-asks')
    await thread.getByRole('button', { name: 'Remind the guest' }).click()
    await thread.getByRole('button', { name: 'Approve' }).waitFor()
    await shoot(page, 'session-approval')
    await thread.getByRole('button', { name: 'Approve' }).click()
    await card.getByText('finished').first().waitFor()
    await thread.getByText(/Approved by/).waitFor()
    expect(await thread.getByRole('button', { name: 'Approve' }).count()).toBe(0)
    await shoot(page, 'session-done')
    await say(page, '/jada task 1')
    await feedOf(page).getByText('in 1 session').waitFor()
    expect(complaints).toEqual([])
  })
})
