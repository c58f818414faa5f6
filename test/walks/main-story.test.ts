import { afterEach, describe, expect, it } from 'vitest'
import { COLORS, colorOf, createWorld, OFFICE, OPS, textOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.dispose())

describe.each(['socket', 'http'] as const)('from a dead token to a closed incident, over %s', (mode) => {
  it('tells, takes the operator through consent, and closes by proof', async () => {
    world = await createWorld({ mode })
    expect(world.cards().map((card) => card.text)).toEqual(['SET-UP: Google is not connected yet, so the port sheet cannot be read'])
    await world.connect()
    expect(colorOf(world.card())).toBe(COLORS.green)
    expect(await world.jada('status')).toContain('Port sheet: OK, synced')

    world.google.revokeAll(OFFICE)
    await world.pass(20 * 60_000)
    await world.tick()
    expect(world.cards()).toHaveLength(1)
    expect(await world.jada('status')).toContain('BLOCKED')
    await world.pass(65_000)
    expect(world.cards()).toHaveLength(2)
    const card = world.card()
    expect(card.text).toBe('CRITICAL: Google no longer accepts our token, so the port sheet sync is blocked')
    expect(colorOf(card)).toBe(COLORS.red)

    const click = await world.slack.click({ user: 'U0MARA', channel: OPS, ts: card.ts, actionId: 'reauthorize' })
    const page = await world.browse(click.openedUrl ?? '', { account: OFFICE })
    expect(page.text).toContain('Google is connected')
    await world.settle()
    const closed = world.card()
    expect(closed.ts).toBe(card.ts)
    expect(colorOf(closed)).toBe(COLORS.green)
    expect(textOf(closed)).toMatch(/Recovered after \d+ (s|min)/)
    const thread = world.slack.thread(OPS, card.ts).map((reply) => reply.text.split('\n')[0])
    expect(thread).toEqual([
      'RESOLVED: The port sheet syncs again',
      'What is known so far:',
      expect.stringContaining('office@jada.example has consented'),
      expect.stringContaining('Recovered after'),
    ])
    expect(await world.jada('status')).toContain('No incident is open')
    expect(world.alertLines().map((line) => line['severity'])).toEqual(['CRITICAL', 'RESOLVED'])
  })
})
