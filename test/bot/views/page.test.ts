import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PAGE_HEADERS, pageView } from '../../../src/bot/views/page.ts'
import { consentWords } from '../../../src/bot/views/reauth.ts'
import { outsideText } from '../../support/incident-samples.ts'

const policy = Object.fromEntries(
  (PAGE_HEADERS['content-security-policy'] ?? '').split('; ').map((rule) => [rule.split(' ')[0], rule.split(' ').slice(1).join(' ')]),
)

describe('headers', () => {
  test('keep the page to itself', () => {
    expect(PAGE_HEADERS).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex',
    })
  })

  test('allow nothing but this very style sheet', () => {
    const style = /<style>([\s\S]*?)<\/style>/.exec(pageView({ title: 'T', lines: [], good: true }))?.[1] ?? ''
    expect(policy).toEqual({
      'default-src': "'none'",
      'style-src': `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    })
  })
})

const FAILURE = {
  class: 'server',
  code: 'http-500',
  status: 500,
  detail: undefined,
  hint: undefined,
  retryAfterMs: undefined,
  enableUrl: undefined,
  endpoint: 'token',
} as const

describe('a page', () => {
  test('shows what came from outside as text, never as markup', () => {
    const tags = (html: string): string[] => html.match(/<[^>]*>/g) ?? []
    const plain = tags(pageView({ title: 'x', lines: ['x', 'x'], good: false }))
    fc.assert(
      fc.property(outsideText(), outsideText(), outsideText(), (title, first, second) => {
        expect(tags(pageView({ title, lines: [first, second], good: false }))).toEqual(plain)
      }),
    )
  })

  test('needs no script, no form, and nothing from anywhere', () => {
    const html = pageView({ title: 'Google is connected', lines: ['You can close this page.'], good: true })
    expect(html).not.toMatch(/<(script|form|img|link|iframe|a)\b|https?:|url\(|@import| style=| on\w+=/)
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(html).toContain('<meta name="viewport" content="width=device-width, initial-scale=1">')
    expect(html).toContain('<h1 class="good">Google is connected</h1>')
    expect(pageView({ title: 'You declined', lines: [], good: false })).toContain('<h1>You declined</h1>')
  })

  test.each([
    ['http-503', 503, 'Google has trouble of its own (HTTP 503).'],
    ['ECONNRESET', undefined, 'Google has trouble of its own (ECONNRESET).'],
  ])('says in words what went wrong, and %s only beside them', (code, status, words) => {
    const failure = { ...FAILURE, code, status }
    expect(consentWords({ kind: 'exchange-failed', failure, incidentId: null }).lines[0]).toBe(words)
    const tried = consentWords({ kind: 'probe-failed', failure, email: 'a@example.org', incidentId: null }).lines[0] ?? ''
    expect(tried).toContain(words.replace('Google has', 'could not be read: Google has'))
  })

  test.each([
    ['not-shared', 'PERMISSION_DENIED', 'may not read the port sheet', 'Share the sheet with that account.'],
    ['not-found', 'NOT_FOUND', 'the port sheet was not found', 'JADA_SHEET_ID'],
    ['office-file', 'FAILED_PRECONDITION', 'is an Excel file', 'Save it as a Google Sheet'],
  ] as const)('says what is wrong with the sheet, and what to do: %s', (hint, code, why, cure) => {
    const failure = { ...FAILURE, class: 'data' as const, code, hint }
    const { lines } = consentWords({ kind: 'probe-failed', failure, email: 'a@example.org', incidentId: null })
    expect(lines[0]).toContain(`${why} (${code})`)
    expect(lines[1]).toContain(cure)
  })

  test('of each end of a consent says what happened and what comes next', () => {
    const failure = FAILURE
    const pages = [
      consentWords({ kind: 'connected', email: 'office@jada.example', incidentId: 1 }),
      consentWords({ kind: 'unknown-state' }),
      consentWords({ kind: 'other-browser', boundTo: 'browser' }),
      consentWords({ kind: 'other-browser', boundTo: 'user' }),
      consentWords({ kind: 'other-browser', boundTo: 'terminal' }),
      consentWords({ kind: 'denied', error: 'access_denied', incidentId: null }),
      consentWords({ kind: 'exchange-failed', failure, incidentId: null }),
      consentWords({ kind: 'no-identity', incidentId: null }),
      consentWords({ kind: 'wrong-account', email: 'a@example.org', pinned: 'office@jada.example', incidentId: null }),
      consentWords({ kind: 'missing-scopes', missing: ['spreadsheets.readonly'], incidentId: null }),
      consentWords({ kind: 'no-refresh-token', incidentId: null }),
      consentWords({ kind: 'probe-failed', failure, email: 'a@example.org', incidentId: null }),
      consentWords({ kind: 'superseded', incidentId: null }),
    ]
    expect(new Set(pages.map(({ title }) => title)).size).toBe(pages.length - 1)
    for (const { lines, good } of pages) {
      expect(lines.join(' ').split(' ').length).toBeGreaterThan(8)
      if (!good) expect(lines.join(' ')).toMatch(/try again|\/jada reauth/i)
    }
  })
})
