import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'

import { commandsIn, readCommands } from '../../sandbox/console/commands.ts'
import { refusalOf } from '../../sandbox/console/guard.ts'
import type { PartsChange } from '../../sandbox/console/protocol.ts'
import { createConsole } from '../../sandbox/console/server.ts'
import type { Console } from '../../sandbox/console/server.ts'
import { diffParts, freeze } from '../../sandbox/console/snapshot.ts'
import { createTour, readingMs } from '../../sandbox/console/tour.ts'
import type { TourStep } from '../../sandbox/console/tour.ts'
import { createWorld } from '../../sandbox/world.ts'
import type { World } from '../../sandbox/world.ts'
import { showCell, toCell } from '../../sandbox/world/cells.ts'

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** With any header, the Host among them, which fetch would not let us set. */
function send(address: string, { method = 'GET', path = '/', headers = {}, body = '' } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(address), { method, path, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() }))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

describe('the guard', () => {
  const lock = { host: '127.0.0.1:4000', token: 'secret' }
  const mine = { host: lock.host, origin: `http://${lock.host}`, 'x-console-token': 'secret' }

  test.each<[string, string, Record<string, string>, number | null]>([
    ['the page itself', 'POST', mine, null],
    ['a person typing the address', 'GET', { host: lock.host, 'sec-fetch-site': 'none' }, null],
    ['a link from another page', 'GET', { host: lock.host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, null],
    ['a name that was made to point here', 'GET', { ...mine, host: 'evil.example:4000' }, 403],
    ['localhost, which is another origin', 'GET', { ...mine, host: 'localhost:4000' }, 403],
    ['another page', 'POST', { ...mine, origin: 'https://evil.example' }, 403],
    ['another port of this machine', 'POST', { ...mine, origin: 'http://127.0.0.1:5000' }, 403],
    ['a sandboxed frame', 'POST', { ...mine, origin: 'null' }, 403],
    ['a script of another page', 'GET', { host: lock.host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
    ['no token', 'POST', { host: lock.host, origin: mine.origin }, 403],
    ['a wrong token', 'POST', { ...mine, 'x-console-token': 'secreT' }, 403],
    ['another method', 'PUT', mine, 405],
  ])('%s', (_who, method, headers, status) => {
    expect(refusalOf({ method, headers }, lock)?.status ?? null).toBe(status)
  })
})

describe('the server', () => {
  let world: World
  let page: Console
  let address: string
  let headers: Record<string, string>

  beforeAll(async () => {
    world = await createWorld()
    page = createConsole(world, { pace: 0 })
    address = await page.start()
    const { body } = await send(address)
    const token = /name="console-token" content="([\w-]+)"/.exec(body)?.[1] ?? ''
    headers = { origin: new URL(address).origin, 'x-console-token': token, 'content-type': 'application/json' }
  })

  afterAll(async () => {
    await page.stop()
    await world.dispose()
  })

  async function act(body: unknown): Promise<{ status: number; why: string | undefined }> {
    const answer = await send(address, { method: 'POST', path: '/act', headers, body: JSON.stringify(body) })
    return { status: answer.status, why: (JSON.parse(answer.body) as { why?: string }).why }
  }

  it('listens on loopback only, keeps nothing in caches and allows no foreign code', async () => {
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    const { status, headers: got } = await send(address)
    expect(status).toBe(200)
    expect(got['cache-control']).toBe('no-store')
    const policy = String(got['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
  })

  it('has a new token for each run, and gives no way to read it to other origins', async () => {
    const other = createConsole(world)
    const { body, headers: got } = await send(await other.start())
    await other.stop()
    expect(body).not.toContain(headers['x-console-token'])
    expect(got['access-control-allow-origin']).toBeUndefined()
  })

  it('serves the files of the page and no others', async () => {
    expect((await send(address, { path: '/app.js' })).headers['content-type']).toContain('text/javascript')
    expect((await send(address, { path: '/render/index.js' })).status).toBe(200)
    const elsewhere = [
      '/../server.ts',
      '/..%2fserver.ts',
      '/server.ts',
      '/render/',
      '/package.json',
      '//etc/passwd',
      '/index.html.bak',
      '/act',
    ]
    const answers = await Promise.all(elsewhere.map((path) => send(address, { path })))
    expect(answers.map(({ status }) => status)).toEqual(elsewhere.map(() => 404))
  })

  it('refuses other origins and requests without the token, and does nothing then', async () => {
    const body = JSON.stringify({ act: 'google', do: 'outage', sync: false })
    const tries = [
      { ...headers, origin: 'https://evil.example' },
      { ...headers, host: 'evil.example' },
      { ...headers, 'x-console-token': '' },
    ]
    for (const given of tries) expect((await send(address, { method: 'POST', path: '/act', headers: given, body })).status).toBe(403)
    expect((await send(address, { path: '/events', headers: { origin: 'https://evil.example' } })).status).toBe(403)
    expect(world.google.snapshot().faults).toEqual([])
  })

  it('answers unknown and misshapen acts with what is wrong', async () => {
    expect((await act({ act: 'format-disk' })).why).toContain('does not know this act')
    expect((await act({ act: 'google', do: 'revoke' })).why).toContain('sync')
    expect((await act({ act: 'bot', do: 'start', more: 1 })).status).toBe(400)
    expect((await act('nonsense')).status).toBe(400)
    expect((await send(address, { method: 'POST', path: '/act', headers, body: '{' })).status).toBe(400)
    expect((await send(address, { method: 'POST', path: '/act', headers, body: 'x'.repeat(70_000) })).status).toBe(413)
  })

  it("shows errors in Slack's words", async () => {
    const user = 'U0MARA'
    expect(await act({ act: 'command', user, text: '/jada status' })).toEqual({
      status: 409,
      why: '/jada failed with the error "dispatch_failed"',
    })
    expect((await act({ act: 'command', user, text: '/remind me' })).why).toContain('/remind is not a valid command')
    expect((await act({ act: 'click', user, ts: '1.0', actionId: 'x' })).why).toContain('sees no message')
    expect((await act({ act: 'command', user: 'U0NOBODY', text: '/jada' })).why).toContain('there is no user')
    expect((await act({ act: 'shortcut', user, ts: '1.0', callbackId: 'nope' })).why).toContain('the manifest declares no shortcut nope')
    // A message stands there even while the bot is away.
    expect((await act({ act: 'message', user, text: 'Good morning' })).status).toBe(200)
    const [said] = world.slack.messages('C0OPS').slice(-1)
    expect(said?.text).toBe('Good morning')
    const ts = said?.ts ?? ''
    expect((await act({ act: 'edit', user, ts, text: 'Good evening @tom #jada-ops @nobody' })).status).toBe(200)
    expect(world.slack.messages('C0OPS').at(-1)).toMatchObject({
      text: 'Good evening <@U0TOM> <#C0OPS|jada-ops> @nobody',
      edited: { user },
    })
    expect((await act({ act: 'edit', user: 'U0TOM', ts, text: 'x' })).why).toContain("is not U0TOM's own")
    expect((await act({ act: 'shortcut', user, ts, callbackId: 'make_task' })).why).toBe(
      'This shortcut did not work: the app is not connected to Slack now (dispatch_failed).',
    )
  })

  it('turns faults on and off', async () => {
    await act({ act: 'google', do: 'reset', sync: false })
    expect(world.google.snapshot().faults.map(({ kind }) => kind)).toEqual(['reset'])
    await act({ act: 'google', do: 'clear', sync: false })
    await act({ act: 'google', do: 'unticked', sync: false })
    await act({ act: 'google', do: 'other-account', sync: false })
    expect(world.google.snapshot()).toMatchObject({ faults: [], nextConsent: { account: 'captain@jada.example', unticked: true } })
    await act({ act: 'google', do: 'other-account', sync: false })
    expect(world.google.snapshot().nextConsent).toEqual({ unticked: true })
    await act({ act: 'slack', do: 'down' })
    expect(world.isSlackUp()).toBe(false)
    await act({ act: 'slack', do: 'up' })
    expect((await act({ act: 'bot', do: 'kill' })).why).toBe('The bot does not run.')
  })

  it('types into the port sheet as the office would', async () => {
    const [tab] = world.sheet.tabs()
    const rows = () => world.sheet.grid.tabs()[0]?.rows ?? []
    const before = rows().length
    await act({ act: 'type', tab, row: 1, col: 1, text: '2026-11-30' })
    await act({ act: 'type', tab, row: 1, col: 2, text: '7:15' })
    await act({ act: 'type', tab, row: 0, col: 6, text: 'Guest of honour' })
    expect(rows()[1]?.slice(1, 3)).toEqual(['2026-11-30', '07:15'])
    expect(
      world.google
        .sheet('port-sheet-of-the-sandbox')
        .rows(tab ?? '')[1]
        ?.slice(1, 3),
    ).toEqual([46356, 7.25 / 24])
    expect(rows()[0]?.[6]).toBe('Guest of honour')
    await act({ act: 'add-row', tab })
    expect(rows().at(-1)?.[0]).toBe('JC-1122')
    await act({ act: 'delete-row', tab, row: before })
    expect(rows()).toHaveLength(before)
    expect((await act({ act: 'delete-row', tab, row: 0 })).why).toBe('the header row stays')
    expect((await act({ act: 'type', tab, row: 999, col: 0, text: 'x' })).why).toContain('no row 1000')
  })

  it('streams everything first, then what changes, and says when it ends', async () => {
    const other = createConsole(world, { pace: 0 })
    const url = await other.start()
    const answer = await fetch(`${url}events`)
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    const events = readEvents(answer)
    const first = await events.next()
    expect(first.value).toMatchObject({
      event: 'snapshot',
      data: { bot: { state: 'stopped', pid: null }, slack: { isUp: true, connected: 0 } },
    })
    world.trouble('outage')
    const change = (await events.next()).value
    expect(change).toMatchObject({ event: 'change', data: { set: { google: { fault: '5xx' } }, gone: [] } })
    await world.slack.message({ user: 'U0TOM', channel: 'C0OPS', text: 'Ahoy' }).catch(() => undefined)
    const data = (await events.next()).value?.data as PartsChange | undefined
    expect(Object.values(data?.set ?? {})).toMatchObject([{ text: 'Ahoy' }])
    await other.stop()
    expect((await events.next()).value?.event).toBe('end')
  })
})

interface ServerSent {
  event: string
  data: Record<string, unknown>
}

async function* readEvents(answer: Response): AsyncGenerator<ServerSent, undefined> {
  let text = ''
  for await (const chunk of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, event = '', data = '{}'] = /event: (.*)\ndata: (.*)$/s.exec(text.slice(0, end)) ?? []
      text = text.slice(end + 2)
      if (event !== '') yield { event, data: JSON.parse(data) as Record<string, unknown> }
    }
  }
  return undefined
}

test('differences between snapshots name what is new, changed and gone', () => {
  const parts = (log: string[], more: object) => freeze({ log, ...more } as never)
  expect(diffParts(parts(['a'], {}), parts(['a'], {}))).toBeNull()
  expect(diffParts(parts(['a'], { 'message/1': 1 }), parts(['b'], { 'message/2': 2 }))).toEqual({
    set: { log: ['b'], 'message/2': 2 },
    gone: ['message/1'],
  })
})

test('the commands to complete are those of the manifest', () => {
  const hint = "usage_hint: 'status | sync [now|diff] | incident N [export] | task add <kind> <title>'"
  expect(commandsIn(`features: {slash_commands: [{command: /jada, ${hint}}]}`)).toEqual([
    '/jada status',
    '/jada sync',
    '/jada sync now',
    '/jada sync diff',
    '/jada incident ',
    '/jada task add ',
  ])
  expect(readCommands()).toEqual(expect.arrayContaining(['/jada status', '/jada sync now', '/jada help']))
})

test.each([
  ['date', '2026-11-05', 46331, '2026-11-05'],
  ['date', '11/5/2026', 46331, '2026-11-05'],
  ['date', 'Friday', 'Friday', 'Friday'],
  ['date', '2026-02-31', '2026-02-31', '2026-02-31'],
  ['time', '09:30', 9.5 / 24, '09:30'],
  ['time', '9:30', 9.5 / 24, '09:30'],
  ['time', '25:00', '25:00', '25:00'],
  ['number', '18.5', 18.5, '18.5'],
  ['number', 'many', 'many', 'many'],
  ['text', '', null, ''],
] as const)('a cell of the kind %s takes %s', (kind, typed, cell, shown) => {
  expect(toCell(kind, typed)).toBe(cell)
  expect(showCell(kind, cell)).toBe(shown)
})

describe('the tour', () => {
  interface Story {
    said: string[]
    isOver: boolean
  }
  const step = (title: string, more: Partial<TourStep<Story>> = {}): TourStep<Story> => ({
    title,
    place: 'google',
    before: `${title} begins`,
    after: () => `${title} has happened`,
    act: async ({ said }) => void said.push(title),
    until: () => true,
    ...more,
  })
  function create(steps: TourStep<Story>[], pace = 0, atMostMs = 200) {
    const stories: Story[] = []
    const begin = (): Story => {
      const story = { said: [], isOver: false }
      stories.push(story)
      return story
    }
    const finish = (story: Story): void => void (story.isOver = true)
    return { stories, tour: createTour({ steps, begin, finish, pace, atMostMs, changed: () => undefined }) }
  }
  const until = async (isTrue: () => boolean): Promise<void> => {
    for (let looks = 0; looks < 500 && !isTrue(); looks += 1) await pause(5)
    expect(isTrue()).toBe(true)
  }

  it('plays its steps in order, says what has happened, and can be repeated', async () => {
    const { stories, tour } = create([step('one'), step('two')])
    expect(tour.view()).toMatchObject({ state: 'idle', step: 0, steps: 2 })
    for (const _ of [1, 2]) {
      tour.control('start')
      await tour.ended()
      expect(tour.view()).toMatchObject({ state: 'done', step: 2, text: 'two has happened' })
    }
    expect(stories).toEqual([
      { said: ['one', 'two'], isOver: true },
      { said: ['one', 'two'], isOver: true },
    ])
  })

  it('pauses at a text and goes on when asked, and can be hurried', async () => {
    const { stories, tour } = create([step('one'), step('two'), step('three')], 10)
    tour.control('start')
    await until(() => tour.view().phase === 'reading')
    tour.control('pause')
    expect(tour.view()).toMatchObject({ state: 'paused', step: 1 })
    tour.control('next')
    await until(() => tour.view().step === 2 && tour.view().phase === 'reading')
    expect(tour.view().state).toBe('paused')
    tour.control('resume')
    expect(tour.view().state).toBe('running')
    tour.control('next')
    await tour.ended()
    expect(stories[0]?.said).toEqual(['one', 'two', 'three'])
  })

  it('says plainly when something does not happen', async () => {
    const { stories, tour } = create([step('rain', { until: () => false })], 0, 50)
    tour.control('start')
    await tour.ended()
    expect(tour.view()).toMatchObject({ state: 'failed', text: 'The tour cannot go on: "rain" did not happen within 0.05 s' })
    expect(stories[0]?.isOver).toBe(true)
  })

  it('stops when closed, and starts from the beginning when started again meanwhile', async () => {
    const { stories, tour } = create([step('one'), step('two')], 10)
    tour.control('start')
    await until(() => tour.view().phase === 'reading')
    tour.control('start')
    await until(() => stories.length === 2 && tour.view().phase === 'reading')
    expect(tour.view().step).toBe(1)
    tour.control('stop')
    await tour.ended()
    expect(tour.view().state).toBe('idle')
    expect(stories.map(({ isOver }) => isOver)).toEqual([true, true])
  })

  it('gives longer texts more time', () => {
    expect(readingMs('one two three', 1)).toBeLessThan(readingMs('one two three four', 1))
    expect(readingMs('one', 0)).toBe(0)
  })
})
