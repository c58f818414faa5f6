import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CREW_PAGE_HEADERS, crewPageView, type ShownCrewPage } from '../../../src/bot/views/crew-page.ts'
import type { CrewContent } from '../../../src/services/crew/page.ts'
import { outsideText } from '../../support/incident-samples.ts'
import { charter, contentOf, NOW, version, ZONE } from '../../support/crew-samples.ts'

const HOUR = 3_600_000
const SHOWN: ShownCrewPage = {
  page: { startsAt: charter().startsAt, expiresAt: charter().endsAt + 7 * 24 * HOUR },
  versions: [version(1)],
  readAt: NOW - 600_000,
  isBehind: false,
  zone: ZONE,
  now: NOW,
}

const view = (change: Partial<ShownCrewPage> = {}): string => crewPageView({ ...SHOWN, ...change })
const of = (content: Partial<CrewContent>, change: Partial<ShownCrewPage> = {}): string =>
  view({ versions: [version(1, { content: { ...contentOf(), ...content } })], ...change })

/** What a person reads. */
const read = (html: string): string =>
  html
    .replace(/<style>[\s\S]*<\/style>/, '')
    .replaceAll(/<(?:span|\/span|bdi|\/bdi)[^>]*>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')

test('headers forbid everything but this very style sheet', () => {
  const style = /<style>([\s\S]*?)<\/style>/.exec(view())?.[1] ?? ''
  expect(CREW_PAGE_HEADERS).toEqual({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex, nofollow',
    'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  })
})

test('it needs no script, no form, and nothing from anywhere', () => {
  expect(view()).not.toMatch(/<(script|form|img|link|iframe|a|object|svg)\b|https?:|url\(|@import|@font-face| style=| on\w+=/)
  expect(view()).toMatch(/^<!doctype html>\n<html lang="en">/)
})

describe('a page says', () => {
  test('when, with whom and how many, in the words of the port sheet', () => {
    const text = read(view())
    expect(text).toContain('Meridian')
    expect(text).toContain('Wednesday 4 November 2026 09:00 – 13:00 4 h, Pacific Standard Time')
    expect(text).toContain(
      'Captain Sam Crew Kai Guests 6 Booked by Ana Ruiz Platform Sailo Agreement pending Status confirmed Charter JC-1101',
    )
    expect(text).toContain('Notes from the port sheet Birthday on board')
  })

  test('how old it is', () => {
    expect(read(view())).toContain('From the port sheet of Mon 2 Nov, 09:20. This copy: Mon 2 Nov, 09:30.')
    expect(read(view({ readAt: null }))).toContain('when it was read is not known')
    expect(read(view({ readAt: NOW - 2 * HOUR }))).not.toContain('OLD DATA')
    expect(read(view({ readAt: NOW - 2 * HOUR - 1 }))).toContain('OLD DATA The port sheet was last read on Mon 2 Nov, 07:29.')
    expect(read(view({ isBehind: true }))).toContain('BEING CHANGED')
  })

  test('what is not known yet', () => {
    const text = read(of({ captain: '', crew: '', guests: null, vessel: '', notes: '' }))
    expect(text).toContain('Vessel not set yet')
    expect(text).toContain('Captain not set yet Crew not set yet Guests not set yet')
    expect(text).not.toContain('Notes from')
    expect(read(of({ guests: 0 }))).toContain('Guests 0')
  })

  test('that it ends on the next day', () => {
    expect(read(of({ start: 1320, end: 60 }))).toContain('22:00 – 01:00 next day 3 h')
  })

  test('no zone by name where the port sheet lives in another one', () => {
    expect(read(view({ zone: 'Europe/Berlin' }))).toContain('09:00 – 13:00 4 h Captain')
  })

  test('first of all that nobody sails', () => {
    for (const [content, word] of [
      [{ status: 'cancelled by guest' }, 'CANCELLED'],
      [{ removed: true, status: 'cancelled' }, 'NOT IN THE PORT SHEET'],
    ] as const) {
      const html = of(content)
      expect(read(html.slice(html.indexOf('<main>')))).toMatch(new RegExp(`^ ${word} `))
      expect(html).toContain('<header class="off">')
      expect(html).toContain('<title>OFF: Meridian')
    }
    expect(read(view())).not.toMatch(/CANCELLED|OLD DATA|BEING|NOT IN/)
  })

  test('the newest change on top, and all of them below', () => {
    const versions = [
      version(3, { changes: ['Captain Sam → Lee'], at: NOW + 26 * HOUR }),
      version(2, { changes: ['Start 08:00 → 09:00', 'Guests 4 → 6'], at: NOW + HOUR }),
      version(1),
    ]
    const html = view({ versions })
    expect(read(html.slice(0, html.indexOf('<dl>')))).toContain('Changed Tue 3 Nov, 11:30 Captain Sam → Lee')
    expect(read(html.slice(html.indexOf('What changed')))).toMatch(
      /^What changed Tue 3 Nov, 11:30 Captain Sam → Lee Mon 2 Nov, 10:30 Start 08:00 → 09:00 Guests 4 → 6 Mon 2 Nov, 09:30: page made /,
    )
    const many = Array.from({ length: 50 }, (_, n) => version(50 - n, { changes: ['x'] }))
    expect(read(view({ versions: many }))).toContain('and 30 earlier')
  })

  test('the checklist with an empty box for each item', () => {
    const html = of({
      checklist: [
        { title: 'Before', items: ['Radio', 'Vests'] },
        { title: 'After', items: ['Trash'] },
      ],
    })
    expect(read(html)).toMatch(/Checklist .*Before Radio Vests After Trash/)
    expect(html.match(/<input type="checkbox" autocomplete="off">/g)).toHaveLength(3)
    expect(html).not.toContain('checked>')
    expect(read(of({ checklist: [] }))).not.toContain('Checklist')
  })
})

test('what came from outside is text, never markup', () => {
  const tags = (html: string): string[] => html.match(/<[^>]*>/g) ?? []
  const filled = (text: string): string => {
    const content: CrewContent = {
      ...contentOf(),
      id: text,
      vessel: text,
      source: text,
      client: text,
      captain: text,
      crew: text,
      agreement: text,
      status: text,
      notes: text,
      officeNotes: text,
      checklist: [{ title: text, items: [text] }],
    }
    return view({ versions: [version(2, { content, changes: [text] }), version(1)] })
  }
  const plain = tags(filled('x'))
  fc.assert(
    fc.property(
      outsideText().filter((text) => text !== '' && !/cancel|called off|void|no[- ]?show/i.test(text)),
      (text) => {
        expect(tags(filled(text))).toEqual(plain)
      },
    ),
  )
})
