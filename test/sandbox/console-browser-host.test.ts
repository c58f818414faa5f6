import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import type { Locator } from 'playwright-core'
import { describe, expect, it } from 'vitest'

import { hasSshd } from '../support/host-sshd.ts'
import { feedOf, isThere, NARROW, shoot, shot, useStage, WIDE } from './console-browser-support.ts'

describe.skipIf(!isThere || !hasSshd)('the watched host in the console', { timeout: 60_000 }, () => {
  const stage = useStage(undefined, (_page, world) => world.connect())

  const hostState = (): Locator => stage().page.locator('#host-state')
  const press = (name: RegExp): Promise<void> => stage().page.getByRole('button', { name }).click()
  const cardAbout = (text: string | RegExp): Locator => feedOf(stage().page).locator('li:has(.sl-attachment)', { hasText: text }).last()
  const reports = (): Locator => feedOf(stage().page).getByText(/^Server: .*audited/)

  /** Lets the bot look, and waits for its report. */
  const look = async (): Promise<void> => {
    const before = await reports().count()
    await press(/^Look now$/)
    await expect.poll(() => reports().count(), { timeout: 15_000 }).toBe(before + 1)
  }

  it('is healthy, and is told so', async () => {
    const { page } = stage()
    await page.getByText('jada-prod is healthy.').waitFor()
    // A bot that begins looks by itself.
    await page.getByText('has looked once since').waitFor()
    await look()
    await reports().last().getByText('Server: OK').waitFor()
    await page.getByText('has looked twice since').waitFor()
    // A day of Lightsail's figures, though the bot has looked for the first time only now.
    await feedOf(page).locator('figure', { hasText: 'CPU and memory, 24 h' }).last().waitFor()
    await feedOf(page).locator('figure', { hasText: 'Network, 24 h' }).last().waitFor()
    // No key outlives its connection.
    expect(readdirSync(join(stage().world.places.dataDir, 'run'))).toEqual([])
    await shoot(page, 'host-healthy')
  })

  it('has lost its service: CRITICAL at the first look, and green only after two good ones', async () => {
    const { page } = stage()
    await press(/^Service stopped/)
    await hostState().getByText('Service stopped').waitFor()
    await look()
    const card = cardAbout('service')
    await card.getByText(/^CRITICAL:/).waitFor()
    await shoot(page, 'host-service')
    await press(/^Service stopped/)
    await look()
    await card.getByText(/^CRITICAL:/).waitFor()
    await look()
    await card.getByText(/^RESOLVED:/).waitFor()
    await shoot(page, 'host-service-again')
  })

  it('cannot be seen from inside when SSH is refused: unknown, never green, and a warning at the third look', async () => {
    const { page, complaints } = stage()
    await press(/^SSH refused/)
    const unseen = cardAbout(/watched|seen/)
    for (const looks of [1, 2, 3]) {
      expect(await unseen.getByText(/^WARNING:/).count()).toBe(0)
      await look()
      await hostState().getByText('SSH refused').waitFor()
      await page.getByText(`looked ${['once', 'twice', '3 times'][looks - 1]} since`).waitFor()
    }
    await unseen.getByText(/^WARNING:/).waitFor()
    await unseen.getByText('host-unreachable').waitFor()
    const report = feedOf(page).locator('li', { hasText: 'Server: ' }).last()
    await report.getByText('UNKNOWN').first().waitFor()
    await report.getByText('SSH: the host refused the connection').first().waitFor()
    await shoot(page, 'host-ssh')
    await page.getByRole('button', { name: 'The host' }).click()
    await shot(page, 'host-switches')
    await page.setViewportSize(NARROW)
    await page.getByRole('button', { name: 'The world' }).click()
    await page.getByRole('button', { name: 'The host' }).click()
    await shot(page, 'host-switches-narrow')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(NARROW.width)
    await page.setViewportSize(WIDE)
    expect(complaints).toEqual([])
  })
})
