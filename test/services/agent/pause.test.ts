import { describe, expect, it } from 'vitest'
import { hear } from '../../../src/services/agent/people.ts'
import { pauseAgent, readPause, resumeAgent } from '../../../src/services/agent/pause.ts'
import { charter, MARA, openDesk, START, type Desk } from '../../support/agent-desk.ts'

const HOUR = 3_600_000

async function begin(title = 'Look at the coming charters'): Promise<Desk> {
  const desk = await openDesk()
  await desk.charters(charter())
  await desk.add(title)
  return desk
}

/** A person pauses while the model thinks about its first turn. */
function pauseWithinTurn(desk: Desk, until: number | null): void {
  let paused = false
  desk.claude.answerWith(() => {
    if (!paused) void desk.in((ports) => pauseAgent(ports, { by: MARA, until }, START))
    paused = true
    return undefined
  })
}

describe('a pause', () => {
  it('lets no session begin', async () => {
    const desk = await begin()
    await desk.in((ports) => pauseAgent(ports, { by: MARA, until: null }, START))
    await desk.pass(6 * HOUR)
    expect(await desk.sessions()).toEqual([])
    expect(await desk.task(1)).toMatchObject({ state: 'queued' })
    await desk.in((ports) => resumeAgent(ports, MARA, desk.clock.now()))
    await desk.work()
    expect(await desk.session()).toMatchObject({ status: 'finished', slot: 1 })
  })

  it('stops a session between two turns; what it did stays, and it goes on where it was', async () => {
    const desk = await begin()
    pauseWithinTurn(desk, null)
    await desk.work()
    await desk.pass(6 * HOUR)
    expect(desk.claude.requests).toHaveLength(1)
    const paused = await desk.session()
    expect(paused).toMatchObject({ status: 'running', step: 'paused', turns: 1 })
    // Tools of the reply were run before the next turn was to be paid for.
    expect((await desk.in(({ sessions }) => sessions.calls(1))).every(({ state }) => state === 'done')).toBe(true)
    expect(await desk.in((ports) => resumeAgent(ports, MARA, desk.clock.now()))).toBe(true)
    await desk.work()
    expect(await desk.session()).toMatchObject({ id: paused.id, slot: 1, day: '2026-11-02', status: 'finished' })
    expect(await desk.sessions()).toHaveLength(1)
  })

  it('with an end ends by itself, at that instant', async () => {
    const desk = await begin()
    const until = START + 2 * HOUR
    pauseWithinTurn(desk, until)
    await desk.work()
    await desk.pass(2 * HOUR - 1)
    expect(desk.claude.requests).toHaveLength(1)
    await desk.pass(1)
    await desk.work()
    expect(desk.claude.requests[1]?.at).toBe(until)
    expect(await desk.session()).toMatchObject({ status: 'finished' })
    expect(await desk.in(({ settings }) => readPause(settings, until))).toBeNull()
    expect(await desk.in(({ settings }) => readPause(settings, until - 1))).toMatchObject({ by: MARA, until })
  })

  it('leaves persons their say: an answer is kept, and read after it', async () => {
    const desk = await begin('Ask about the charters')
    await desk.work()
    const asked = desk.claude.requests.length
    await desk.in((ports) => pauseAgent(ports, { by: MARA, until: null }, START))
    await desk.in((ports) => hear(ports, 1, { by: MARA, text: 'Take the earlier one.' }, START))
    await desk.work()
    expect(desk.claude.requests).toHaveLength(asked)
    expect(await desk.requests()).toEqual([])
    await desk.in((ports) => resumeAgent(ports, MARA, START))
    await desk.work()
    expect((await desk.task(1)).outcome).toContain('Take the earlier one.')
  })

  it('does not hold back the expiry of a question', async () => {
    const desk = await begin('Ask about the charters')
    await desk.work()
    await desk.in((ports) => pauseAgent(ports, { by: MARA, until: null }, START))
    await desk.pass(30 * HOUR)
    await desk.in((ports) => resumeAgent(ports, MARA, desk.clock.now()))
    await desk.work()
    expect(JSON.stringify(desk.claude.bodies)).toContain('Nobody answered within 24 hours')
    expect(await desk.session()).toMatchObject({ status: 'finished' })
  })

  it('that is not there cannot be ended', async () => {
    const desk = await begin()
    expect(await desk.in((ports) => resumeAgent(ports, MARA, START))).toBe(false)
  })
})
