import { afterEach, describe, expect, it } from 'vitest'
import { CAPTAIN, COLORS, colorOf, createWorld, GUEST, OFFICE, OPERATOR, OPS, textOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.dispose())

/** Connected, then the token dies and the alert stands. */
async function blocked(options: Parameters<typeof createWorld>[0] = {}): Promise<string> {
  world = await createWorld(options)
  await world.connect()
  world.google.revokeAll(OFFICE)
  await world.tick()
  await world.pass(66_000)
  return world.card().ts
}

const linkOf = (text: string): string => /"url":"([^"]+)"/.exec(text)?.[1] ?? ''
const cardLink = (): string => linkOf(JSON.stringify(world.card().attachments))
const lastReply = (ts: string): string => world.slack.thread(OPS, ts).at(-1)?.text ?? ''
const tokenNow = (): Promise<string | undefined> =>
  world.app.core.uow.run(async ({ connections }) => (await connections.read('google'))?.token)

describe('what a person may do wrong on the way', () => {
  it('a declined consent leaves everything as it was, says so on the page and in the thread', async () => {
    const ts = await blocked()
    const before = await tokenNow()
    const page = await world.browse(cardLink(), { deny: true })
    expect(page.text).toContain('You declined')
    expect(lastReply(ts)).toContain('declined')
    expect(colorOf(world.card())).toBe(COLORS.red)
    expect(await tokenNow()).toBe(before)
  })

  it('another account is refused, the old connection stays, and an operator may re-pin deliberately', async () => {
    const ts = await blocked()
    const before = await tokenNow()
    const page = await world.browse(cardLink(), { account: CAPTAIN })
    expect(page.text).toContain('That was another account')
    expect(lastReply(ts)).toContain(CAPTAIN)
    expect(await tokenNow()).toBe(before)
    world.google.sheet('sheet-port').share(CAPTAIN)
    const answer = await world.jada('reauth repin')
    const repinned = await world.browse(linkOf(answer), { account: CAPTAIN })
    expect(repinned.text).toContain('Google is connected')
    expect(colorOf(world.card())).toBe(COLORS.green)
    expect(await world.jada('status')).toContain(CAPTAIN)
  })

  it('an unticked box is refused and named', async () => {
    const ts = await blocked()
    const page = await world.browse(cardLink(), { untick: ['https://www.googleapis.com/auth/spreadsheets.readonly'] })
    expect(page.text).toContain('A permission is missing')
    expect(lastReply(ts)).toContain('must stay ticked')
  })

  it('an answer without a lasting token is refused, and the next try works', async () => {
    await blocked()
    world.google.omitRefreshToken(true)
    expect((await world.browse(cardLink())).text).toContain('no lasting access')
    world.google.omitRefreshToken(false)
    expect((await world.browse(cardLink())).text).toContain('Google is connected')
    expect(colorOf(world.card())).toBe(COLORS.green)
  })

  it('a passing fault while the new token is tried out is told as what it is, and the next try works', async () => {
    const ts = await blocked()
    world.google.fault({ endpoint: 'sheets', kind: '5xx', times: 1 })
    expect((await world.browse(cardLink(), { account: OFFICE })).text).toContain('could not be tried out')
    expect(lastReply(ts)).toContain('could not be tried out')
    expect((await world.browse(cardLink(), { account: OFFICE })).text).toContain('Google is connected')
    expect(colorOf(world.card())).toBe(COLORS.green)
  })

  it('a sheet that is not shared with the account is found out before anything is stored', async () => {
    const ts = await blocked()
    world.google.sheet('sheet-port').unshare(OFFICE)
    expect((await world.browse(cardLink())).text).toContain('cannot read the port sheet')
    expect(lastReply(ts)).toContain('Share the sheet')
    expect(colorOf(world.card())).toBe(COLORS.red)
  })

  it('the link of a resolved incident says that all is done', async () => {
    await blocked()
    const link = cardLink()
    await world.browse(link)
    const again = await world.browse(link)
    expect([again.status, again.text]).toEqual([410, expect.stringContaining('This is done')])
  })

  it('a made-up, cut or spent link does not work', async () => {
    await blocked()
    expect((await world.browse(`${cardLink().slice(0, -2)}xx`)).status).toBe(403)
    expect((await world.browse(`${world.origin}/oauth/google/start`)).status).toBe(403)
    const link = linkOf(await world.jada('reauth'))
    await world.browse(link)
    expect((await world.browse(link)).status).toBe(410)
    const late = linkOf(await world.jada('reauth'))
    await world.pass(10 * 60_000 + 1)
    expect((await world.browse(late)).text).toContain('10 minutes')
  })

  it('a callback in another browser changes nothing and leaves the first one its turn', async () => {
    await blocked()
    const first = await fetch(cardLink(), { redirect: 'manual' })
    const cookie = first.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const callback = await world.google.consent(first.headers.get('location') ?? '', { account: OFFICE })
    const stranger = await fetch(callback)
    expect([stranger.status, await stranger.text()]).toEqual([403, expect.stringContaining('did not begin')])
    const own = await fetch(callback, { headers: { cookie } })
    expect(await own.text()).toContain('Google is connected')
    expect(await (await fetch(callback, { headers: { cookie } })).text()).toContain('used or too old')
  })

  it('pages and redirects are not kept, not passed on, not framed, and set a private cookie', async () => {
    await blocked()
    const start = await fetch(cardLink(), { redirect: 'manual' })
    expect(start.headers.get('cache-control')).toBe('no-store')
    expect(start.headers.getSetCookie()[0]).toMatch(/^jada_consent=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=900$/)
    const page = await fetch(`${world.origin}/oauth/google/callback?state=x`)
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect(page.headers.get('cache-control')).toBe('no-store')
  })

  it('nothing that anybody logged holds a state, a code, a ticket or a token', async () => {
    await blocked()
    const link = cardLink()
    await world.browse(link)
    const log = world.logText()
    const secrets = [
      new URL(link).searchParams.get('ticket') ?? '',
      'xoxb-test',
      'xapp-test',
      'GOCSPX-',
      ...world.google.refreshTokens().map(({ token }) => token),
    ]
    expect(log.length).toBeGreaterThan(500)
    for (const secret of secrets) expect(log).not.toContain(secret)
    expect(log).not.toMatch(/[?&](code|state)=(?!\[secret\])/)
  })
})

describe('without a public address', () => {
  async function start(): Promise<{ address: string; ts: string }> {
    const ts = await blockedWithoutAddress()
    await world.slack.click({ user: OPERATOR, channel: OPS, ts, actionId: 'reauthorize' })
    await world.settle()
    const answer = world.slack.ephemerals.at(-1)
    expect(answer?.user).toBe(OPERATOR)
    return { address: await world.google.consent(linkOf(textOf(answer)), { account: OFFICE }), ts }
  }

  async function blockedWithoutAddress(): Promise<string> {
    world = await createWorld({ publicUrl: false })
    await world.jada('reauth')
    const first = await world.google.consent(linkOf(textOf(world.slack.ephemerals.at(-1))), { account: OFFICE })
    await paste(OPERATOR, first)
    expect(colorOf(world.card())).toBe(COLORS.green)
    world.google.revokeAll(OFFICE)
    await world.tick()
    await world.pass(66_000)
    return world.card().ts
  }

  async function paste(user: string, address: string): Promise<string> {
    const { ts } = world.slack.ephemerals.at(-1) ?? { ts: '' }
    await world.slack.click({ user, channel: OPS, ts, actionId: 'reauthorize_paste', ephemeral: true })
    await world.settle()
    await world.slack.submitModal({ user, values: { address: { address_input: address } } })
    await world.settle()
    const modal = world.slack.modals.at(-1)
    return JSON.stringify([modal?.view.blocks, modal?.errors])
  }

  it('the button answers with a fresh link, and the pasted address completes the consent', async () => {
    const { address, ts } = await start()
    expect(await paste(OPERATOR, address)).toContain('Google is connected')
    expect(world.card().ts).toBe(ts)
    expect(colorOf(world.card())).toBe(COLORS.green)
  })

  it('only the operator who asked may paste, and something else is explained', async () => {
    const { address } = await start()
    expect(await paste(OPERATOR, 'hello')).toContain('This is not an address')
    await world.slack.closeModal({ user: OPERATOR })
    const other = world.slack.ephemerals.length
    await world.jada('reauth', { user: 'U0TOM' })
    expect(world.slack.ephemerals.length).toBe(other + 1)
    expect(await paste('U0TOM', address)).toContain('paste')
    expect(colorOf(world.card())).toBe(COLORS.red)
  })

  it('the redirect that does load, through a tunnel, says where the address goes', async () => {
    const { address } = await start()
    const page = await fetch(address)
    expect(await page.text()).toContain('Almost done: paste the address')
    expect(await paste(OPERATOR, address)).toContain('Google is connected')
  })
})

describe('who may', () => {
  it('a guest reads in the ops channel, and is told why not everything else', async () => {
    await blocked()
    expect(await world.jada('status', { user: GUEST })).toContain('BLOCKED')
    expect(await world.jada('reauth', { user: GUEST })).toContain('Only operators may do this')
    expect(await world.jada('sync now', { user: GUEST })).toContain('Only operators may do this')
    expect(await world.jada('status', { user: GUEST, channel: 'C0OTHER' })).toContain('I answer questions in <#C0OPS>')
    const { ts } = world.card()
    const version = JSON.stringify(world.card().attachments)
    await world.slack.click({ user: GUEST, channel: OPS, ts, actionId: 'incident_ack' })
    await world.settle()
    expect(textOf(world.slack.ephemerals.at(-1))).toContain('Only operators may do this')
    expect(JSON.stringify(world.card().attachments)).toBe(version)
  })
})
