import { describe, expect, it } from 'vitest'
import { lastPause, pauseAgent, readPause, resumeAgent } from '../../../src/services/agent/pause.ts'
import type { Model } from '../../../src/services/model/model.ts'
import { charter, MARA, openDesk, START, type Desk } from '../../support/agent-desk.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** When the model was asked, in hours or minutes after the start. */
const askedAt = ({ claude }: Desk, unit: number): number[] => claude.requests.map(({ at }) => (at - START) / unit)

async function begin(): Promise<Desk> {
  const desk = await openDesk()
  await desk.charters(charter())
  await desk.add('Look at the coming charters')
  return desk
}

const open = (desk: Desk) => desk.in(({ incidents }) => incidents.open())

describe('a refusal', () => {
  it('is tried again after 1 h, 4 h and then once a day, and begins from the first when it was mended', async () => {
    const desk = await begin()
    desk.claude.addFault({ kind: '402', times: 4 })
    await desk.work()
    await desk.pass(29 * HOUR - 1)
    expect(askedAt(desk, HOUR)).toEqual([0, 1, 5])
    expect(await desk.in(({ settings }) => lastPause(settings))).toEqual({
      since: START,
      until: START + 29 * HOUR,
      by: null,
      reason: 'billing_error',
      refusals: 3,
    })
    await desk.pass(1)
    await desk.work()
    expect(askedAt(desk, HOUR)).toEqual([0, 1, 5, 29])
    expect(await open(desk)).toMatchObject([
      { key: 'agent/model', evidence: { failures: 4, firstFailureAt: START, nextAttemptAt: START + 53 * HOUR } },
    ])
    await desk.pass(24 * HOUR)
    await desk.work()
    expect(await desk.session()).toMatchObject({ status: 'finished', failures: 0 })
    expect(await desk.in(({ settings }) => lastPause(settings))).toBeNull()
    expect(await open(desk)).toEqual([])
  })

  it('tells the thread once, however often it is tried', async () => {
    const desk = await begin()
    desk.claude.addFault({ kind: '401', times: 3 })
    await desk.work()
    await desk.pass(6 * HOUR)
    expect((await desk.notes(1)).filter(({ type }) => type === 'model-wait')).toEqual([
      { type: 'model-wait', code: 'authentication_error', until: START + HOUR },
    ])
  })

  it('ends at once when a person says that it is mended', async () => {
    const desk = await begin()
    desk.claude.addFault({ kind: '401', times: 1 })
    await desk.work()
    expect(await desk.in((ports) => resumeAgent(ports, MARA, START))).toBe(true)
    await desk.work()
    expect(await desk.session()).toMatchObject({ status: 'finished', endedAt: START })
    expect(await open(desk)).toEqual([])
  })
})

describe('an overload', () => {
  it('is tried again ever more rarely, and after half an hour at most', async () => {
    const desk = await begin()
    desk.claude.addFault({ kind: '529', times: 9 })
    await desk.work()
    await desk.pass(3 * HOUR)
    // 30 s, 1, 2, 5, 10, then 30 min each.
    expect(askedAt(desk, MINUTE).slice(0, 9)).toEqual([0, 0.5, 1.5, 3.5, 8.5, 18.5, 48.5, 78.5, 108.5])
    expect(await desk.session()).toMatchObject({ status: 'finished' })
    expect(await desk.in(({ settings }) => lastPause(settings))).toBeNull()
  })

  it('waits as long as it is asked to, but a day at most', async () => {
    const desk = await begin()
    desk.claude.addFault({ kind: '429', times: 1, retryAfterS: 7 * 86_400 })
    await desk.work()
    expect(await desk.session()).toMatchObject({ wait: { for: 'model', until: START + 24 * HOUR } })
  })
})

describe('a person’s pause', () => {
  it('is not ended by a reply of the model', async () => {
    const desk = await begin()
    let paused = false
    desk.claude.answerWith(() => {
      if (!paused) void desk.in((ports) => pauseAgent(ports, { by: MARA, until: null }, START))
      paused = true
      return undefined
    })
    await desk.work()
    expect(desk.claude.requests).toHaveLength(1)
    expect(await desk.in(({ settings }) => readPause(settings, START + 99 * HOUR))).toMatchObject({ by: MARA, until: null })
    expect(await desk.session()).toMatchObject({ status: 'running', step: 'paused', turns: 1 })
  })

  it('is not replaced by a refusal that comes after it, which would end by itself', async () => {
    const desk = await begin()
    desk.claude.addFault({ kind: '401', times: 1 })
    const { model } = desk.agent
    const pausing: Model['send'] = async (request, signal) => {
      await desk.in((ports) => pauseAgent(ports, { by: MARA, until: null }, START))
      return model.send(request, signal)
    }
    Object.assign(desk.agent, { model: { send: pausing } })
    await desk.work()
    expect(await open(desk)).toMatchObject([{ kind: 'model_refused', severity: 'critical' }])
    await desk.pass(3 * HOUR)
    expect(await desk.in(({ settings }) => readPause(settings, desk.clock.now()))).toMatchObject({ by: MARA, until: null })
    expect(desk.claude.requests).toHaveLength(1)
  })
})
