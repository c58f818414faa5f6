import { afterEach, describe, expect, it } from 'vitest'
import { COLORS, colorOf, createWorld, OPERATOR, OPS, textOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.dispose())

const MINUTE = 60_000

/** The network of the server is cut while a session is under way; the sync and Claude are noticed one after the other. */
async function cut(): Promise<void> {
  world = await createWorld()
  await world.connect()
  world.google.fault({ endpoint: '*', kind: 'reset' })
  world.claude.addFault({ kind: 'reset' })
  await world.jada('task add general Check the agreements')
  await world.pass(20 * MINUTE)
  for (let cycle = 0; cycle < 4; cycle += 1) {
    await world.tick()
    await world.pass(30 * MINUTE)
  }
}

/** All cards of incidents but that of the set-up. */
const alarms = (): string[] =>
  world
    .cards()
    .map(({ text }) => text)
    .filter((text) => /^(?:CRITICAL|WARNING|RESOLVED): /.test(text) && !text.includes('Google is connected'))
const events = () => world.alertLines().map((line) => [line['event'], line['severity'], line['incident']])

describe('symptoms of one cause', () => {
  it('share a card that names the cause, and are over when each was seen working', async () => {
    await cut()
    const [text] = alarms()
    expect(alarms()).toHaveLength(1)
    expect(text).toBe('WARNING: The server cannot reach the services it works with; its network seems to be cut')
    expect(textOf(world.card())).toContain('Claude cannot be reached')
    expect(textOf(world.card())).toContain('The port sheet is not synced')
    const { ts } = world.card()
    expect(world.slack.thread(OPS, ts).map(textOf).join('\n')).toContain('It has the same cause')

    world.google.clearFaults()
    world.claude.clearFaults()
    await world.slack.message({ user: OPERATOR, channel: OPS, threadTs: ts, text: 'retry' })
    await world.pass(60 * MINUTE)
    expect(world.card().ts).toBe(ts)
    expect(alarms()).toEqual(['RESOLVED: The server reaches the services it works with again'])
    expect(colorOf(world.card())).toBe(COLORS.green)
    expect(events()).toEqual([
      ['model_unavailable', 'WARNING', 2],
      ['sync_failing', 'WARNING', 2],
      ['sync_failing', 'RESOLVED', 2],
      ['model_unavailable', 'RESOLVED', 2],
    ])
  })

  it('part when one of them works and the other one does not', async () => {
    await cut()
    world.google.clearFaults()
    await world.jada('sync now')
    await world.pass(40 * MINUTE)
    expect(alarms()).toEqual(['WARNING: Claude has not answered for a while; sessions wait'])
    const said = world.slack.thread(OPS, world.card().ts).map(textOf).join('\n')
    expect(said).toContain('The rest has yet to be seen working.')
    expect(textOf(world.card())).not.toContain('is not synced')
  })
})
