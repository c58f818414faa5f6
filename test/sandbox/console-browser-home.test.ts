import { describe, expect, it } from 'vitest'

import { become, isThere, shoot, useStage } from './console-browser-support.ts'

describe.skipIf(!isThere)('the Home tab in the console', { timeout: 90_000 }, () => {
  const stage = useStage(undefined, (_page, world) => world.connect())
  const home = () => stage().page.getByRole('tabpanel', { name: 'Home' })

  it('tells an operator how all of it stands, and a button of it works at once', async () => {
    const { page, world, complaints } = stage()
    await world.command('task add person Call the harbour')
    await page.getByRole('tab', { name: 'Home' }).click()
    await home().getByText('How it stands').waitFor()
    await home().getByText('Call the harbour').waitFor()
    await shoot(page, 'home-operator')
    await home().getByRole('button', { name: 'Pause agent' }).click()
    const dialog = page.getByRole('dialog').getByRole('button', { name: 'Pause it' })
    await dialog.click()
    await home().getByText('Agent: PAUSED').waitFor()
    await home().getByRole('button', { name: 'Resume agent' }).click()
    await home().getByRole('button', { name: 'Pause agent' }).waitFor()
    await home().getByRole('button', { name: 'Mark as done' }).first().click()
    await page.getByRole('dialog').getByText('is marked as done').waitFor()
    await page.getByRole('dialog').locator('footer').getByRole('button', { name: 'Close' }).click()
    await expect.poll(() => home().getByText('Call the harbour').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('tells somebody else how the parts stand and who may act, without a button', async () => {
    const { page, complaints } = stage()
    await become(page, 'guest (may only ask)')
    await page.getByRole('tab', { name: 'Home' }).click()
    await home().getByText('Only operators may act').waitFor()
    expect(await home().getByRole('button').count()).toBe(0)
    await shoot(page, 'home-reader')
    expect(complaints).toEqual([])
  })
})
