import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { describe, expect, test } from 'vitest'
import { clientAddress } from '../../../src/bot/routes/client-address.ts'
import { createKeyedLimit } from '../../../src/bot/routes/token-limit.ts'
import { FIELDS, type Charter } from '../../../src/services/sheets/charter.ts'
import { charter, PRIVATE } from '../../support/agent-desk.ts'
import { ask, DRAWING, HOUR, STARTS, tokenOf } from '../../support/signing-samples.ts'
import { openSigningServer, type SigningServer } from '../../support/signing-server.ts'

const SLACK = 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'
const DAY = 24 * HOUR

const get = (url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(url, { method, headers, redirect: 'manual' })

const post = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' })

const signed = async (server: SigningServer, guest = 0): Promise<Record<string, string>> => ({
  action: 'sign',
  document: (await server.request(guest)).documentHash,
  name: 'Ana Ruiz',
  consent: 'yes',
  drawing: DRAWING,
})

/** `fetch` would not let a test set these. */
function raw(url: string, headers: Record<string, string>, body = 'action=view'): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      url,
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

describe('looking', () => {
  test('shows the agreement, keeps it to itself, and changes nothing', async () => {
    const server = await openSigningServer()
    const before = await server.request()
    for (const method of ['GET', 'HEAD']) {
      const response = await get(server.address(), {}, method)
      expect(response.status).toBe(200)
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex, nofollow',
        'x-content-type-options': 'nosniff',
        'content-type': 'text/html; charset=utf-8',
      })
      const html = await response.text()
      if (method === 'HEAD') expect(html).toBe('')
      else expect(html).toContain('<strong>Ana Ruiz</strong>')
    }
    expect(await server.request()).toEqual(before)
    expect(server.acts).toEqual([])
  })

  test('has a policy that lets in our own scripts alone, and a page that keeps to it', async () => {
    const server = await openSigningServer()
    const response = await get(server.address())
    const html = await response.text()
    const policy = response.headers.get('content-security-policy')
    const style = createHash('sha256')
      .update(/<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '')
      .digest('base64')
    expect(policy).toBe(
      `default-src 'none'; script-src 'self'; style-src 'sha256-${style}'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    )
    expect(html).not.toMatch(/ style=| on\w+=|https?:\/\/|<script(?![^>]* src=)/)
    const scripts = [...html.matchAll(/<script [^>]*src="([^"]+)" integrity="([^"]+)"><\/script>/g)]
    expect(scripts).toHaveLength(2)
    for (const [, src = '', integrity] of scripts) {
      const file = await get(new URL(src.replaceAll('&amp;', '&'), server.address()).href)
      const body = await file.text()
      expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(integrity).toBe(`sha384-${createHash('sha384').update(body).digest('base64')}`)
      expect((await get(new URL(src.replace(/v=.*/, 'v=old'), server.address()).href)).headers.get('cache-control')).toBe('no-cache')
    }
  })

  test('Slack’s unfurler sees neither guest nor trip, and is no viewer, whatever it tries', async () => {
    const server = await openSigningServer()
    const before = await server.request()
    for (const method of ['GET', 'HEAD']) {
      const response = await get(server.address(), { 'user-agent': SLACK, range: 'bytes=0-32768' }, method)
      expect(response.status).toBe(200)
      expect(await response.text()).not.toMatch(/Ana|Meridian|Sam|November/)
    }
    // It never posts; a scanner that runs scripts may, and says who it is.
    expect((await post(server.address(), { action: 'view' }, { 'user-agent': SLACK })).status).toBe(204)
    expect(await server.request()).toEqual(before)
    expect((await post(server.address(), { action: 'view' })).status).toBe(204)
    expect(await server.request()).toMatchObject({ state: 'viewed', viewedAt: server.clock.now() })
    server.clock.advance(5)
    await post(server.address(), { action: 'view' })
    expect(server.acts.map(({ what }) => what)).toEqual(['viewed'])
  })

  test('elsewhere finds nothing', async () => {
    const server = await openSigningServer()
    const token = server.address().split('/').at(-1) ?? ''
    for (const path of ['/sign/', '/sign/x', `/sign/${token}/`, `/sign/${token}x`, `/sign/${'a'.repeat(43)}`, `/crew/${token}`]) {
      const response = await get(server.url + path)
      expect([path, response.status]).toEqual([path, 404])
      expect(await response.text()).not.toContain('Ana')
    }
    expect((await post(`${server.url}/sign/${'a'.repeat(43)}`, { action: 'sign' })).status).toBe(404)
    expect((await get(server.address(), {}, 'PUT')).status).toBe(405)
  })
})

describe('signing', () => {
  test('keeps what was signed, and shows the copy from then on', async () => {
    const server = await openSigningServer()
    const fields = await signed(server)
    const response = await post(server.address(), fields, { 'user-agent': 'Phone 1.0' })
    expect(response.status).toBe(303)
    expect(new URL(response.headers.get('location') ?? '', server.address()).href).toBe(server.address())
    const request = await server.request()
    expect(request).toMatchObject({ state: 'signed', viewedAt: server.clock.now() })
    expect(await server.signature()).toMatchObject({
      documentHash: request.documentHash,
      document: request.document,
      name: 'Ana Ruiz',
      method: 'drawn',
      drawing: DRAWING,
      at: server.clock.now(),
      address: '127.0.0.1',
      userAgent: 'Phone 1.0',
    })
    const copy = await (await get(server.address())).text()
    for (const shown of [
      request.documentHash,
      'Signed by',
      'Ana Ruiz',
      '2026-11-02T09:30:00.000Z',
      'November 2, 2026',
      '<path d="M40 120Q',
      '@media print',
    ])
      expect(copy).toContain(shown)
    for (const hidden of ['127.0.0.1', 'Phone 1.0', '<form']) expect(copy).not.toContain(hidden)
    // Again, by the same click or by somebody else: the first one stands.
    server.clock.advance(1000)
    expect((await post(server.address(), { ...fields, name: 'Somebody Else' })).status).toBe(303)
    expect((await server.signature())?.name).toBe('Ana Ruiz')
    expect((await post(server.address(), { action: 'decline' })).status).toBe(303)
    expect((await server.request()).state).toBe('signed')
    expect(server.acts.map(({ what }) => what)).toEqual(['signed'])
  })

  test('with something missing says so beside the field and loses nothing that was typed', async () => {
    const server = await openSigningServer()
    const fields = await signed(server)
    const response = await post(server.address(), { ...fields, consent: '', name: 'Ana "X" <Ruiz>' })
    const html = await response.text()
    expect(response.status).toBe(422)
    expect(html).toContain('<title>Not signed yet: ')
    expect(html).toContain('<a href="#consent">Tick the box')
    expect(html).toMatch(/id="consent"[^>]* aria-invalid="true" aria-describedby="consent-error"/)
    expect(html).toContain('id="consent-error"')
    expect(html).toContain('value="Ana &quot;X&quot; &lt;Ruiz&gt;"')
    expect(html).toContain(`name="drawing" value="${DRAWING}"`)
    const other = await (await post(server.address(), { ...fields, name: '', drawing: '<svg>', typed: 'yes' })).text()
    expect(other).toContain('name="drawing" value=""')
    expect(other).toMatch(/id="typed"[^>]* checked/)
    expect(other).toMatch(/id="consent"[^>]* checked/)
    expect((await server.request()).state).toBe('requested')
    const another = await post(server.address(), { ...fields, document: 'f'.repeat(64) })
    expect(another.status).toBe(409)
    expect(await another.text()).toContain('showed another text')
  })

  test('by name alone needs no drawing', async () => {
    const server = await openSigningServer()
    await post(server.address(), { ...(await signed(server)), drawing: '', typed: 'yes' })
    expect(await server.signature()).toMatchObject({
      method: 'typed',
      drawing: null,
      consent: expect.stringContaining('typed name counts'),
    })
    expect(await (await get(server.address())).text()).toContain('<p class="typed">Ana Ruiz</p>')
  })

  test('and declining do not touch the other guests', async () => {
    const server = await openSigningServer()
    expect((await post(server.address(1), { action: 'decline', reason: ' I get\nseasick ' })).status).toBe(303)
    expect(await server.request(1)).toMatchObject({ state: 'declined', declineReason: 'I get seasick', guest: 'Leo Ruiz' })
    const page = await get(server.address(1))
    expect(page.status).toBe(410)
    expect(await page.text()).toMatch(/You declined this agreement[\s\S]*they can send you a new one/)
    expect((await server.request(0)).state).toBe('requested')
    expect(server.acts.map(({ what, request }) => [what, request.guest])).toEqual([['declined', 'Leo Ruiz']])
  })

  test('is over when the link has run out, or was replaced', async () => {
    const server = await openSigningServer()
    const fields = await signed(server)
    await ask(server.store, { vessel: 'Second Wind' })
    const replaced = await post(server.address(), fields)
    expect([replaced.status, await replaced.text()]).toEqual([
      410,
      expect.stringMatching(/link was replaced[\s\S]*boat of your trip changed/),
    ])
    const late = await openSigningServer()
    late.clock.advance(STARTS + 2 * HOUR - late.clock.now())
    const response = await post(late.address(), await signed(late))
    expect([response.status, await response.text()]).toEqual([410, expect.stringContaining('This link has run out')])
    expect((await get(late.address())).status).toBe(410)
    expect(await late.signature()).toBeNull()
    expect((await post(late.address(), { action: 'view' })).status).toBe(204)
    expect(late.acts).toEqual([])
  })

  test('shows the copy for a month', async () => {
    const server = await openSigningServer()
    await post(server.address(), await signed(server))
    server.clock.advance(33 * DAY)
    const response = await get(server.address())
    expect([response.status, await response.text()]).toEqual([410, expect.stringContaining('You signed this agreement')])
  })
})

describe('what is refused', () => {
  test.each<[string, Record<string, string>, number]>([
    ['our own page', { 'sec-fetch-site': 'same-origin', origin: 'null' }, 204],
    ['a form of an older browser under no-referrer', { origin: 'null' }, 204],
    ['a program', {}, 204],
    ['the same host', { origin: 'http://HOST' }, 204],
    ['the public address', { origin: 'https://bot.jada.example' }, 204],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'null' }, 403],
    ['a neighbour', { 'sec-fetch-site': 'same-site' }, 403],
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['something odd', { origin: 'x' }, 403],
  ])('a post from %s: %j gives %i', async (_who, headers, status) => {
    const server = await openSigningServer({ publicUrl: 'https://bot.jada.example' })
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('HOST', new URL(server.url).host)]),
    )
    expect(await raw(server.address(), filled)).toBe(status)
    expect((await server.request()).state).toBe(status === 204 ? 'viewed' : 'requested')
  })

  test('too much, another type, an unknown act', async () => {
    const server = await openSigningServer()
    const large = await post(server.address(), { ...(await signed(server)), drawing: 'M1 1'.repeat(30_000) })
    expect([large.status, await large.text()]).toEqual([413, expect.stringContaining('Nothing was signed')])
    expect((await fetch(server.address(), { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })).status).toBe(
      415,
    )
    expect((await post(server.address(), { action: 'withdraw' })).status).toBe(200)
    expect((await server.request()).state).toBe('requested')
  })

  test('more than sixty requests a minute of one link; another one goes on', async () => {
    const server = await openSigningServer()
    for (let n = 0; n < 60; n += 1) await get(server.address(), {}, 'HEAD')
    const response = await post(server.address(), await signed(server))
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '60'])
    expect((await get(server.address(1))).status).toBe(200)
    server.clock.advance(60_000)
    expect((await get(server.address())).status).toBe(200)
    const limit = createKeyedLimit(1, 1000, 2)
    expect([limit.take('a', 0), limit.take('a', 1), limit.take('b', 1), limit.take('c', 1), limit.take('a', 1)]).toEqual([0, 999, 0, 0, 0])
  })
})

test('the log and the pages hold no token; an error neither', async () => {
  const server = await openSigningServer()
  await get(server.address())
  await post(server.address(), { action: 'view' })
  await post(server.address(), await signed(server))
  await get(server.address())
  await post(server.address(1), { action: 'decline' })
  server.store.raw.exec('drop table signature')
  const broken = await get(server.address())
  expect(broken.status).toBe(500)
  expect(server.log.lines.length).toBeGreaterThan(2)
  for (const request of server.requests) {
    expect(server.log.lines.join('\n')).not.toContain(tokenOf(request))
    expect(server.log.lines.join('\n')).not.toContain(request.guest)
  }
  expect(server.log.lines.join('\n')).toContain('GET /sign/:token')
})

describe('what a guest sees', () => {
  const EVERYTHING = '{{guest}} {{charter}} {{date}} {{start}} {{end}} {{vessel}} {{captain}} {{guests}}'

  test('is never a private column, on no page', async () => {
    const server = await openSigningServer({
      template: EVERYTHING,
      charter: { contact: 'Ana, ana@guests.example, +1 619 555 0101', vessel: 'Meridian 619-555-0101' },
    })
    const pages = [await get(server.address()), await post(server.address(), { action: 'sign' })]
    await post(server.address(), await signed(server))
    await post(server.address(1), { action: 'decline' })
    pages.push(await get(server.address()), await get(server.address(1)))
    const html = (await Promise.all(pages.map((page) => page.text()))).join('\n')
    const values = { ...charter(), contact: 'ana@guests.example' }
    for (const field of FIELDS.filter((one) => PRIVATE.has(one as never))) expect(html).not.toContain(String(values[field]))
    for (const money of ['98765', '98,765', '43210', '17777', '555 0101', '555-0101', values.notes, values.crew])
      expect(html).not.toContain(money)
  })

  test.each<[string, Partial<Charter>]>([
    ['a script', { guestNames: '<script>alert(1)</script>', vessel: '"><img src=x onerror=alert(1)>', captain: '</style><script>' }],
    ['markup', { guestNames: '**Ana** [x](javascript:y)', vessel: '# Big', captain: '<b>Sam</b>' }],
  ])('of %s in the sheet is text', async (_what, change) => {
    const server = await openSigningServer({ template: `# ${EVERYTHING}\n\n${EVERYTHING}`, charter: change })
    const plain = await openSigningServer({ template: `# ${EVERYTHING}\n\n${EVERYTHING}` })
    const tags = async (one: SigningServer): Promise<string[]> =>
      ((await (await get(one.address())).text()).match(/<[a-z/][^>]*>/gi) ?? []).filter((tag) => !/<input type="hidden"|^<script/.test(tag))
    expect(await tags(server)).toEqual(await tags(plain))
    await post(server.address(), await signed(server))
    await post(plain.address(), await signed(plain))
    expect((await tags(server)).length).toBe((await tags(plain)).length)
  })
})

describe('the address that is kept', () => {
  const of = (forwarded: string | undefined, trust: boolean, remoteAddress = '::ffff:10.0.0.2'): string | null =>
    clientAddress({ headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, remoteAddress }, trust)

  test.each([
    [undefined, false, '10.0.0.2'],
    ['203.0.113.7', false, '10.0.0.2'],
    ['203.0.113.7', true, '203.0.113.7'],
    ['6.6.6.6, 203.0.113.7', true, '203.0.113.7'],
    ['6.6.6.6, 203.0.113.7:4711', true, '203.0.113.7'],
    ['6.6.6.6, [2001:db8::1]:4711', true, '2001:db8::1'],
    ['2001:db8::1', true, '2001:db8::1'],
    ['203.0.113.7, unknown', true, '10.0.0.2'],
    ['<script>', true, '10.0.0.2'],
    [undefined, true, '10.0.0.2'],
  ])('of %s, trusted %s: %s', (forwarded, trust, expected) => {
    expect(of(forwarded, trust)).toBe(expected)
  })

  test('comes from the proxy only where that is trusted', async () => {
    const server = await openSigningServer({ trustProxy: true })
    await post(server.address(), await signed(server), { 'x-forwarded-for': '6.6.6.6, 203.0.113.9' })
    expect((await server.signature())?.address).toBe('203.0.113.9')
    const other = await openSigningServer()
    await post(other.address(), await signed(other), { 'x-forwarded-for': '203.0.113.9' })
    expect((await other.signature())?.address).toBe('127.0.0.1')
  })
})
