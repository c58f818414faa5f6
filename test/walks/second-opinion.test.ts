import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEmulator, type Emulator } from 'emulate'
import { afterEach, expect, it } from 'vitest'
import { dateSerial, timeSerial } from '../../sandbox/google/google.ts'
import { CONNECTION } from '../../src/services/google/connection.ts'
import { tokenContext } from '../../src/services/google/token-context.ts'
import { COLORS, colorOf, createWorld, freePort, OPERATOR, OPS, textOf, type World } from '../support/world.ts'

const PERSON = 'office@example.com'
const HEADER = ['ID', 'Date', 'Start', 'End', 'Vessel', 'Client', 'Status']
const ROW = ['JC-1', dateSerial('2026-11-05'), timeSerial('09:30'), timeSerial('13:30'), 'Gale', 'A. Guest', 'booked']

let emulator: Emulator
let sheets: Server
let world: World
afterEach(async () => {
  await world.dispose()
  sheets.close()
  sheets.closeAllConnections()
  await emulator.close()
})

/** `emulate` has no Sheets: one sheet with one charter, for whoever holds an access token that `emulate` knows. */
async function startSheets(userinfo: string): Promise<string> {
  sheets = createServer((request, response) => {
    const answer = async (): Promise<[number, unknown]> => {
      const known = await fetch(userinfo, { headers: { authorization: request.headers.authorization ?? '' } })
      if (!known.ok) return [401, { error: { code: 401, status: 'UNAUTHENTICATED', message: 'no' } }]
      const url = new URL(request.url ?? '/', 'http://sheets')
      if (url.pathname.endsWith('/values/A1')) return [200, { range: 'Log!A1', values: [['ID']] }]
      if (url.pathname.endsWith('values:batchGet')) return [200, { valueRanges: [{ range: 'Log', values: [HEADER, ROW] }] }]
      return [200, { properties: { timeZone: 'America/Los_Angeles' }, sheets: [{ properties: { sheetId: 0, title: 'Log' } }] }]
    }
    void answer().then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => sheets.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(sheets.address() as AddressInfo).port}/`
}

/** What a person does on `emulate`'s page: choose the account. */
async function consent(authorizeUrl: string): Promise<string> {
  const pages = await (await fetch(authorizeUrl)).text()
  const page = pages.split('<form').find((form) => form.includes(`value="${PERSON}"`)) ?? ''
  const form = new URLSearchParams(
    [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map((field) => [
      field[1] ?? '',
      (field[2] ?? '').replaceAll('&amp;', '&'),
    ]),
  )
  expect(form.get('email')).toBe(PERSON)
  const answer = await fetch(new URL('/o/oauth2/v2/auth/callback', authorizeUrl), { method: 'POST', body: form, redirect: 'manual' })
  return answer.headers.get('location') ?? ''
}

async function browse(link: string): Promise<string> {
  const start = await fetch(link, { redirect: 'manual' })
  const cookie = start.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const page = await fetch(await consent(start.headers.get('location') ?? ''), { headers: { cookie } })
  const text = await page.text()
  await world.settle()
  return text
}

it("the story also holds against a Google that nobody here wrote: emulate's", async () => {
  const [port, botPort] = [await freePort(), await freePort()]
  const origin = `http://127.0.0.1:${port}`
  emulator = await createEmulator({
    service: 'google',
    port,
    // The issuer of its identity tokens, which the bot checks.
    baseUrl: 'https://accounts.google.com',
    seed: {
      google: {
        users: [{ email: PERSON, name: 'The office' }],
        oauth_clients: [
          {
            client_id: 'client.apps.example',
            client_secret: 'GOCSPX-not-a-real-secret',
            redirect_uris: [`http://127.0.0.1:${botPort}/oauth/google/callback`],
          },
        ],
      },
    },
  })
  const env = {
    GOOGLE_AUTH_URL: `${origin}/o/oauth2/v2/auth`,
    GOOGLE_TOKEN_URL: `${origin}/oauth2/token`,
    GOOGLE_SHEETS_URL: await startSheets(`${origin}/oauth2/v2/userinfo`),
    JADA_SHEET_TAB: 'Log',
  }
  world = await createWorld({ real: true, port: botPort, env })
  const link = /"url":"([^"]+)"/.exec(await world.jada('reauth'))?.[1] ?? ''
  expect(await browse(link)).toContain('Google is connected')
  expect(await world.jada('status')).toContain('Log: 1')

  const { box } = world.app.core.google
  const connection = await world.app.core.uow.run(({ connections }) => connections.read(CONNECTION))
  if (connection === null) throw new Error('not connected')
  const token = box.open(connection.token, tokenContext(connection))
  await fetch(`${origin}/oauth2/revoke`, { method: 'POST', body: new URLSearchParams({ token }) })
  await world.tick()
  await world.pass(66_000)
  expect(world.card().text).toContain('CRITICAL: Google no longer accepts our token')

  const click = await world.slack.click({ user: OPERATOR, channel: OPS, ts: world.card().ts, actionId: 'reauthorize' })
  expect(await browse(click.openedUrl ?? '')).toContain('Google is connected')
  expect(colorOf(world.card())).toBe(COLORS.green)
  expect(textOf(world.card())).toContain('Recovered after')
})
