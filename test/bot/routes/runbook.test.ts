import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { readRunbook } from '../../../src/app/config-files.ts'
import { createRunbookRoute } from '../../../src/bot/routes/runbook.ts'
import { runbookText } from '../../../src/bot/views/runbook-link.ts'
import { runbookAnchor } from '../../../src/services/incidents/runbook.ts'
import { signalKinds } from '../../support/gallery-cards.ts'

const REQUEST = { query: new URLSearchParams(), cookies: new Map<string, string>() }
const shown = async (sections: ReadonlyMap<string, string>): Promise<string> => (await createRunbookRoute(sections)(REQUEST)).body
const html = await shown(readRunbook())

test('is served with headers that allow nothing but its own style', async () => {
  const { status, headers, body } = await createRunbookRoute(readRunbook())(REQUEST)
  const style = /<style>([\s\S]*?)<\/style>/.exec(body)?.[1] ?? ''
  expect(status).toBe(200)
  expect(headers).toMatchObject({ 'x-robots-tag': 'noindex', 'referrer-policy': 'no-referrer' })
  expect(headers['content-security-policy']).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`)
  expect(headers['content-security-policy']).toContain("default-src 'none'")
})

test.each(signalKinds())('the link on a card of %s leads to a section that is there', (kind) => {
  const [, anchor] = /#([^|]+)\|/.exec(runbookText(kind, 'https://bot.jada.example/runbook')) ?? []
  expect(html).toContain(`<h2 id="${anchor}">`)
})

test('each section can be reached by a link of its own', () => {
  const ids = [...html.matchAll(/<h2 id="([^"]*)">/g)].map(([, id]) => id)
  expect(ids.length).toBeGreaterThan(20)
  expect(new Set(ids).size).toBe(ids.length)
  expect([...html.matchAll(/<li><a href="#([^"]*)">/g)].map(([, id]) => id)).toEqual(ids)
  expect(runbookAnchor('Who is told, and when')).toBe('who-is-told-and-when')
})

test('what stands in the document is text, never markup, and its headings follow each other', async () => {
  const hostile = '<script>alert(1)</script> <img src=x onerror=x> [x](javascript:alert(1))\n\n### Deeper\n\n```sh\nnpm run <b>x</b>\n```'
  const page = await shown(new Map([['<i>name</i>', hostile]]))
  expect(page).not.toMatch(/<(script|img|i|b)\b|href="javascript/)
  expect(page).toContain('<h3>Deeper</h3>')
  expect(html).not.toMatch(/<h[4-6]/)
})

test('an installation without documents says so', async () => {
  expect(await createRunbookRoute(new Map())(REQUEST)).toMatchObject({ status: 404, body: expect.stringContaining('no runbook here') })
})
