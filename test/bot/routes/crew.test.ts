import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createCrewRoute } from '../../../src/bot/routes/crew.ts'
import { isPreviewer, isViewer } from '../../../src/bot/routes/previewer.ts'
import { json, type PageRoute } from '../../../src/bot/routes/reply.ts'
import { createHttpServer } from '../../../src/bot/routes/server.ts'
import { CREW_PAGE_HEADERS } from '../../../src/bot/views/crew-page.ts'
import { createLog } from '../../../src/log.ts'
import { find, pageAddress, publish, revoke } from '../../../src/services/crew/crew-pages.ts'
import { charter, crewDeps, NOW, PRIVATE, ZONE } from '../../support/crew-samples.ts'
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts'
import { openTestDatabase, type TestDatabase } from '../../support/repo-database.ts'

const DAY = 86_400_000
const PHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1'

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

interface Scene {
  clock: FakeClock
  store: TestDatabase
  lines: string[]
  token: string
  ask: (path: string, options?: { method?: string; headers?: Record<string, string> }) => Promise<Answer>
  seen: () => Promise<number | null | undefined>
}

async function serve(pages: Record<`/${string}/:token`, PageRoute>, lines: string[], clock: FakeClock) {
  const log = createLog({ clock, write: (line) => lines.push(line), level: 'debug' })
  const server = createHttpServer({
    log,
    port: 0,
    host: '127.0.0.1',
    routes: { '/healthz': () => Promise.resolve(json(200, {})) },
    pages,
    slackEvents: null,
  })
  const port = await server.start()
  onTestFinished(() => server.stop())
  return (path: string, { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const request = httpRequest({ port, path, method, headers: { 'user-agent': PHONE, ...headers } }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() })
        })
      })
      request.on('error', reject)
      request.end()
    })
}

async function openScene(): Promise<Scene> {
  const [clock, store, lines, deps] = [createFakeClock(NOW), await openTestDatabase(), [] as string[], crewDeps()]
  const made = await store.uow.run((ports) => publish(ports, deps, { charter: charter(), removed: false, readAt: NOW, by: 'U0MARA' }, NOW))
  if (!('page' in made)) throw new Error(made.kind)
  const route = createCrewRoute({ uow: store.uow, clock, zone: ZONE, privateFields: PRIVATE })
  return {
    clock,
    store,
    lines,
    token: pageAddress(deps, '', made.page).slice('/crew/'.length),
    ask: await serve({ '/crew/:token': route }, lines, clock),
    seen: async () => (await store.uow.run((ports) => find(ports, 'JC-1101')))?.openedAt,
  }
}

test('a page with its headers, over HTTP', async () => {
  const { ask, token } = await openScene()
  const { status, headers, body } = await ask(`/crew/${token}`)
  expect(status).toBe(200)
  expect(headers).toMatchObject(CREW_PAGE_HEADERS)
  expect(headers).not.toHaveProperty('set-cookie')
  expect(body).toContain('Meridian')
  expect(body).toContain('Wednesday 4 November 2026')
  expect(body).not.toMatch(/555|ana@|98765|98,765|43210|17777|Leo/)
  expect(body).not.toContain(token)
  // What somebody's messenger hung onto the address does no harm.
  expect((await ask(`/crew/${token}?utm_source=x#top`)).status).toBe(200)
})

test('HEAD is answered like GET without the page, and nobody has looked', async () => {
  const { ask, token, seen } = await openScene()
  const { status, headers, body } = await ask(`/crew/${token}`, { method: 'HEAD' })
  expect({ status, body }).toEqual({ status: 200, body: '' })
  expect(headers).toMatchObject(CREW_PAGE_HEADERS)
  expect(await seen()).toBeNull()
})

test('other methods are refused', async () => {
  const { ask, token } = await openScene()
  for (const method of ['POST', 'PUT', 'DELETE']) {
    expect(await ask(`/crew/${token}`, { method })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  }
})

test('an unknown address is 404 and an ended one 410, both in words, and an ended one is not told why', async () => {
  const { ask, token, clock, store } = await openScene()
  const unknown = await ask(`/crew/${'a'.repeat(43)}`)
  expect(unknown).toMatchObject({ status: 404, headers: { 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' } })
  expect(unknown.body).toContain('Open the whole link as it was sent to you')
  expect((await ask(`/crew/${token.slice(0, 20)}`)).body).toBe(unknown.body)
  expect((await ask('/crew/%E0%A4%A')).body).toBe(unknown.body)
  clock.advance(charter().endsAt + 7 * DAY - NOW)
  const expired = await ask(`/crew/${token}`)
  expect(expired).toMatchObject({
    status: 410,
    headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': 'noindex, nofollow' },
  })
  expect(expired.body).toContain('ask the office for a new link')
  clock.jump(NOW - clock.now())
  expect((await ask(`/crew/${token}`)).status).toBe(200)
  await store.uow.run((ports) => revoke(ports, 'JC-1101', 'U0MARA', NOW))
  const revoked = await ask(`/crew/${token}`)
  expect({ status: revoked.status, body: revoked.body }).toEqual({ status: 410, body: expired.body })
})

test('paths that only look like it are no page', async () => {
  const { ask, token } = await openScene()
  for (const path of ['/crew', '/crew/', `/crew/${token}/`, `/crew/${token}/x`, `/Crew/${token}`, `/x/crew/${token}`, `/sign/${token}`])
    expect((await ask(path)).status).toBe(404)
  expect((await ask('/healthz')).status).toBe(200)
})

describe('who counts as somebody who looked', () => {
  test('a person does', async () => {
    const { ask, token, seen } = await openScene()
    await ask(`/crew/${token}`)
    expect(await seen()).toBe(NOW)
  })

  test.each([
    ['Slack', { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', range: 'bytes=0-32768' }],
    ['Slack’s own reader', { 'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)' }],
    [
      'Messages on a Mac',
      {
        'user-agent':
          'Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
      },
    ],
    ['WhatsApp', { 'user-agent': 'WhatsApp/2.23.20.0 A' }],
  ])('a preview by %s does not, and tells nobody anything', async (_who, headers) => {
    const { ask, token, seen } = await openScene()
    const { status, body, headers: given } = await ask(`/crew/${token}`, { headers })
    expect(status).toBe(200)
    expect(body).not.toMatch(/Meridian|Ana|Sam|JC-1101|November/)
    expect(given).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' })
    expect(await seen()).toBeNull()
    // Nor does it learn whether there is such a page.
    expect((await ask(`/crew/${'a'.repeat(43)}`, { headers })).body).toBe(body)
  })

  test('a browser that loads ahead gets the page and does not', async () => {
    const { ask, token, seen } = await openScene()
    for (const headers of [{ 'sec-purpose': 'prefetch;prerender' }, { purpose: 'prefetch' }]) {
      expect((await ask(`/crew/${token}`, { headers })).body).toContain('Meridian')
    }
    expect(await seen()).toBeNull()
  })

  test.each([
    PHONE,
    'Mozilla/5.0 (Linux; Android 15; CUBOT NOTE 60) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
    'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/480.0]',
    'Mozilla/5.0 (Macintosh) AppleWebKit/537.36 (KHTML, like Gecko) Slack_SSB/4.46.0 Chrome/142 Electron/39',
    '',
  ])('a browser is no preview: %s', (agent) => {
    expect(isPreviewer({ 'user-agent': agent })).toBe(false)
    expect([isViewer('GET', { 'user-agent': agent }), isViewer('HEAD', { 'user-agent': agent })]).toEqual([true, false])
  })
})

test('no line of the log has the path, not even of a route that breaks and says it', async () => {
  const { ask, token, lines, clock } = await openScene()
  for (const path of [`/crew/${token}`, `/crew/${token}/x`, `/crew/${'b'.repeat(43)}`]) await ask(path)
  expect(lines.join('')).not.toContain(token)
  const broken: PageRoute = {
    methods: ['GET', 'POST'],
    answer: ({ token, method }) => Promise.reject(new Error(`no luck with /crew/${token} and ${token} by ${method}`)),
  }
  const askBroken = await serve({ '/crew/:token': broken, '/sign/:token': broken }, lines, clock)
  const answer = await askBroken(`/crew/${token}`)
  expect(answer).toMatchObject({ status: 500, headers: { 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' } })
  expect(answer.body).toContain('Load this page again in a minute')
  expect(answer.body).not.toContain(token)
  await askBroken(`/sign/${token}?code=1`, { method: 'POST' })
  const [first = '', second = ''] = lines.slice(-2)
  expect(first).toContain('error [http] GET /crew/:token: Error: no luck with /crew/:token and :token by GET')
  expect(second).toContain('error [http] POST /sign/:token: ')
  expect(lines.join('')).not.toContain(token)
})

test('the log’s own net catches such an address, whoever writes it', () => {
  const lines: string[] = []
  const log = createLog({ clock: createFakeClock(NOW), write: (line) => lines.push(line) })
  log.info('agent', `made https://bot.jada.example/crew/${'c'.repeat(43)} and https://bot.jada.example/sign/${'d'.repeat(43)}`)
  expect(lines[0]).toMatch(/made https:\/\/bot\.jada\.example\/crew\/\[secret\] and https:\/\/bot\.jada\.example\/sign\/\[secret\]/)
})
