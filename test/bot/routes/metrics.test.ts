import { afterEach, describe, expect, it, test } from 'vitest'
import { createMetricsRoute } from '../../../src/bot/routes/metrics.ts'
import type { ApiRequest } from '../../../src/bot/routes/reply.ts'
import { createWorld, OFFICE, type World } from '../../support/world.ts'

const request = (change: Partial<ApiRequest>): ApiRequest => ({
  method: 'GET',
  headers: { host: '127.0.0.1:3000' },
  remoteAddress: '127.0.0.1',
  body: () => Promise.resolve(null),
  ...change,
})

describe('who may ask', () => {
  const route = createMetricsRoute({ read: () => Promise.resolve([{ name: 'one', help: 'One.', samples: [{ labels: null, value: 1 }] }]) })

  test.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('%s is this machine', async (remoteAddress) => {
    expect(await route(request({ remoteAddress }))).toMatchObject({ status: 200, body: '# HELP one One.\n# TYPE one gauge\none 1\n' })
  })

  test.each(['10.0.0.5', '203.0.113.7', '::ffff:203.0.113.7', '2001:db8::1', '128.0.0.1', '', undefined])(
    '%s is not',
    async (remoteAddress) => {
      expect((await route(request({ remoteAddress }))).status).toBe(404)
    },
  )

  test.each([{ 'x-forwarded-for': '127.0.0.1' }, { 'x-forwarded-for': '' }, { forwarded: 'for=127.0.0.1' }, { 'x-real-ip': '127.0.0.1' }])(
    'a proxy on this machine asks for somebody else: %j',
    async (headers) => {
      expect((await route(request({ headers }))).status).toBe(404)
    },
  )

  it('asks with GET', async () => {
    expect((await route(request({ method: 'POST' }))).status).toBe(405)
  })
})

test('labels are escaped, and what has no sample is left out', async () => {
  const samples = [{ labels: { a: 'x"y\\z\n' }, value: 0.5 }]
  const route = createMetricsRoute({
    read: () =>
      Promise.resolve([
        { name: 'one', help: 'One.', samples },
        { name: 'two', help: 'Two.', samples: [] },
      ]),
  })
  expect((await route(request({}))).body).toBe('# HELP one One.\n# TYPE one gauge\none{a="x\\"y\\\\z\\n"} 0.5\n')
})

describe('the figures', () => {
  let world: World
  afterEach(() => world.dispose())

  const read = async (): Promise<Map<string, number>> => {
    const answer = await fetch(`${world.origin}/metrics`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
  }

  it('say how it stands: before the first consent, on a good day, and with a dead token', async () => {
    world = await createWorld()
    const first = await read()
    expect(first.has('jada_sync_last_success_timestamp_seconds')).toBe(false)
    expect(first.has('jada_google_token_age_seconds')).toBe(false)
    expect(first.get('jada_incidents_open{severity="critical"}')).toBe(0)
    await world.connect()
    const syncedAt = world.clock.now()
    await world.pass(3_600_000)
    const good = await read()
    expect(good.get('jada_sync_last_success_timestamp_seconds')).toBeCloseTo(syncedAt / 1000, -1)
    expect(good.get('jada_google_token_age_seconds')).toBeGreaterThanOrEqual(3600)
    expect(good.get('jada_sessions_used')).toBe(0)
    expect(good.get('jada_sessions_limit')).toBe(5)
    expect(good.get('jada_budget_limit_dollars')).toBe(5)
    expect(good.get('process_resident_memory_bytes')).toBeGreaterThan(30_000_000)
    expect(good.get('jada_loop_silence_seconds')).toBeLessThan(180)
    world.google.revokeAll(OFFICE)
    await world.tick()
    await world.pass(120_000)
    const ill = await read()
    expect(ill.get('jada_incidents_open{severity="critical"}')).toBe(1)
    expect(ill.get('jada_sync_failures{family="reauth"}')).toBe(4)
  })

  it('are for nobody who comes through a proxy', async () => {
    world = await createWorld()
    const answer = await fetch(`${world.origin}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7' } })
    expect(answer.status).toBe(404)
    expect(await answer.text()).not.toContain('jada_')
  })
})
