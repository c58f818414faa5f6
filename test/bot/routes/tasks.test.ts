import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createRateLimit } from '../../../src/bot/routes/rate-limit.ts'
import { createHttpServer } from '../../../src/bot/routes/server.ts'
import { createTaskRoute } from '../../../src/bot/routes/tasks.ts'
import { Secret } from '../../../src/secret.ts'
import type { Task } from '../../../src/services/tasks/task.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { NOON } from '../../support/incident-samples.ts'
import { createTestLog } from '../../support/job-log.ts'
import { openTestDatabase } from '../../support/repo-database.ts'

const TOKEN = 'sixteen-and-some-more'
const KINDS = [
  { kind: 'crew-page', title: 'Crew page', api: true },
  { kind: 'general', title: 'Office task', api: false },
]

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: { readonly id?: number; readonly error?: string; readonly problems?: readonly string[] }
}

interface Api {
  readonly clock: FakeClock
  readonly port: number
  readonly woken: () => number
  readonly logText: () => string
  send(
    body: unknown,
    change?: { method?: string; headers?: Record<string, string>; raw?: string | Uint8Array<ArrayBuffer> },
  ): Promise<Answer>
  tasks(): Promise<Task[]>
  polls(): Promise<number>
}

async function openApi(token: string | undefined = TOKEN): Promise<Api> {
  const { uow, raw } = await openTestDatabase()
  const clock = createFakeClock(NOON)
  const log = createTestLog()
  let woken = 0
  const wake = () => {
    woken += 1
  }
  const route = createTaskRoute({ uow, clock, log, kinds: KINDS, wake, token: token === undefined ? undefined : new Secret(token) })
  const server = createHttpServer({ log, port: 0, host: '127.0.0.1', routes: {}, api: { '/api/tasks': route }, slackEvents: null })
  const port = await server.start()
  onTestFinished(() => server.stop())
  return {
    clock,
    port,
    woken: () => woken,
    logText: () => JSON.stringify(log),
    send: async (body, { method = 'POST', headers = {}, raw } = {}) => {
      const response = await fetch(`http://127.0.0.1:${port}/api/tasks`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
        ...(method === 'GET' ? {} : { body: raw ?? JSON.stringify(body) }),
      })
      return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] }
    },
    tasks: () => uow.run(({ tasks }) => tasks.list(100)),
    polls: () => Promise.resolve(Number(raw.prepare("select count(*) as n from work where job = 'agent-poll'").get()?.['n'])),
  }
}

const WISH = { kind: 'crew-page', title: 'Crew page for JC-1' }

describe('POST /api/tasks', () => {
  test('adds a task and has the queue looked at', async () => {
    const api = await openApi()
    const { status, body, headers } = await api.send({ ...WISH, details: 'Two cooks.', priority: 'high' })
    expect([status, body]).toEqual([201, { id: 1 }])
    expect(headers.get('content-type')).toContain('application/json')
    expect(await api.tasks()).toMatchObject([
      { ...WISH, details: 'Two cooks.', priority: 'high', state: 'queued', origin: { via: 'api', by: null } },
    ])
    expect([api.woken(), await api.polls()]).toEqual([1, 1])
  })

  test('with the same key is one task; with another wish under that key it is refused', async () => {
    const api = await openApi()
    expect((await api.send({ ...WISH, key: 'order-12' })).status).toBe(201)
    expect(await api.send({ key: 'order-12', ...WISH, priority: 'normal' })).toMatchObject({ status: 200, body: { id: 1 } })
    const conflict = await api.send({ ...WISH, title: 'Another', key: 'order-12' })
    expect(conflict).toMatchObject({ status: 409, body: { error: expect.stringContaining('task, 1') } })
    expect((await api.send(WISH)).status).toBe(201)
    expect(await api.tasks()).toHaveLength(2)
  })

  test('many at once with one key are one task', async () => {
    const api = await openApi()
    const all = await Promise.all(Array.from({ length: 10 }, () => api.send({ ...WISH, key: 'same' })))
    expect(all.map(({ status }) => status).toSorted((a, b) => b - a)).toEqual([201, ...Array.from({ length: 9 }, () => 200)])
    expect(new Set(all.map(({ body }) => body.id))).toEqual(new Set([1]))
  })

  test('tells every problem at once', async () => {
    const api = await openApi()
    const { status, body } = await api.send({ kind: 'crew-page', title: ' ', details: 5, priority: 'soon', key: '', dueOn: '2026-11-30' })
    expect(status).toBe(400)
    expect(body.problems).toEqual([
      'title is empty; say in a few words what is to be done',
      'details must be text',
      'priority must be one of critical, high, normal, low',
      'dueOn is not a field; there is kind, title, details, priority, key',
      'key must be text of 1 to 200 characters',
    ])
    expect(await api.tasks()).toEqual([])
  })

  test.each(['general', 'person'])('the kind %s is not for other systems', async (kind) => {
    const api = await openApi()
    expect(await api.send({ ...WISH, kind })).toMatchObject({
      status: 403,
      body: { error: `Tasks of the kind ${kind} cannot be added over the API; what can: crew-page.` },
    })
  })

  test('a kind that is not there is a problem like others', async () => {
    expect(await (await openApi()).send({ ...WISH, kind: 'cook' })).toMatchObject({
      status: 400,
      body: { problems: [expect.stringContaining('kind is not known; there is crew-page, general, person')] },
    })
  })

  test.each<[string, Parameters<Api['send']>[1], number]>([
    ['no token', { headers: { authorization: '' } }, 401],
    ['another token', { headers: { authorization: 'Bearer sixteen-and-some-other' } }, 401],
    ['another scheme', { headers: { authorization: `Basic ${TOKEN}` } }, 401],
    ['the token without its scheme', { headers: { authorization: TOKEN } }, 401],
    ['GET', { method: 'GET' }, 405],
    ['DELETE', { method: 'DELETE' }, 405],
    ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
    ['no JSON', { raw: '{"kind":' }, 400],
    ['a list', { raw: '[]' }, 400],
    ['null', { raw: 'null' }, 400],
    ['broken UTF-8', { raw: new Uint8Array([123, 34, 255, 34, 58, 49, 125]) }, 400],
    ['more than 32 KB', { raw: JSON.stringify({ ...WISH, details: 'x'.repeat(33_000) }) }, 413],
    ['far more than 32 KB', { raw: 'x'.repeat(900_000) }, 413],
  ])('%s is refused', async (_name, change, status) => {
    const api = await openApi()
    const answer = await api.send(WISH, change)
    expect(answer.status).toBe(status)
    expect(answer.body.error).toMatch(/^[A-Z].*\.$/)
    expect(answer.headers.get('allow')).toBe(status === 405 ? 'POST' : null)
    expect(await api.tasks()).toEqual([])
    expect(api.logText()).not.toContain(TOKEN)
  })

  test('the scheme may be written small, the type may name its characters, and 32 KB pass', async () => {
    const api = await openApi()
    const headers = { authorization: `bearer ${TOKEN}`, 'content-type': 'Application/JSON; charset=utf-8' }
    const room = 32 * 1024 - JSON.stringify({ ...WISH, details: '' }).length
    const full = await api.send({ ...WISH, details: 'x'.repeat(room) }, { headers })
    expect(full.body.problems).toEqual(['details is longer than 8000 characters; shorten it'])
    expect((await api.send(WISH, { headers })).status).toBe(201)
  })

  test('is not there without a token in the settings', async () => {
    const api = await openApi('')
    expect((await openApiWithout().then((one) => one.send(WISH))).status).toBe(404)
    expect((await api.send(WISH, { headers: { authorization: 'Bearer ' } })).status).toBe(401)
  })

  test('takes 60 a minute; wrong tokens have a limit of their own', async () => {
    const api = await openApi()
    for (let index = 0; index < 60; index += 1) expect((await api.send(WISH, { headers: { authorization: 'x' } })).status).toBe(401)
    expect((await api.send(WISH, { headers: { authorization: 'x' } })).status).toBe(429)
    for (let index = 0; index < 60; index += 1) expect((await api.send(WISH)).status).toBe(201)
    api.clock.advance(20_000)
    const refused = await api.send(WISH)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '40'])
    api.clock.advance(40_000)
    expect((await api.send(WISH)).status).toBe(201)
  })

  test('a connection that breaks in the middle does no harm', async () => {
    const api = await openApi()
    await new Promise<void>((resolve) => {
      const socket = connect(api.port, '127.0.0.1', () => {
        socket.write(`POST /api/tasks HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-type: application/json\r\n`)
        socket.write('content-length: 1000\r\n\r\n{"kind"', () => socket.destroy())
      })
      socket.once('close', () => resolve())
    })
    expect((await api.send(WISH)).status).toBe(201)
    expect(await api.tasks()).toHaveLength(1)
  })
})

/** `undefined` would be the default. */
async function openApiWithout(): Promise<Pick<Api, 'send'>> {
  const { uow } = await openTestDatabase()
  const log = createTestLog()
  const route = createTaskRoute({ uow, clock: createFakeClock(NOON), log, kinds: KINDS, wake: () => undefined, token: undefined })
  return {
    send: async () => {
      const reply = await route({ method: 'POST', headers: {}, body: () => Promise.resolve(new Uint8Array()) })
      return { status: reply.status, headers: new Headers(), body: JSON.parse(reply.body) as Answer['body'] }
    },
  }
}

test('a rate limit lets as many pass as it says within any window', () => {
  const limit = createRateLimit(2, 1000)
  expect([limit.take(0), limit.take(400), limit.take(500), limit.take(999)]).toEqual([0, 0, 500, 1])
  expect([limit.take(1000), limit.take(1001), limit.take(1400)]).toEqual([0, 399, 0])
})
