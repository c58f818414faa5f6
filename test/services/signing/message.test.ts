import { test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { contactLinks, guestMessage, readContact } from '../../../src/services/signing/message.ts'
import { outsideText } from '../../support/incident-samples.ts'
import { request } from '../../support/signing-samples.ts'

const ADDRESS = `https://bot.jada.example/sign/${'a'.repeat(43)}`

describe('the ready text', () => {
  test('asks, reminds, and holds the link on a line of its own', () => {
    const asked = guestMessage(request(), { address: ADDRESS, kind: 'request' })
    expect(asked.subject).toBe('Please sign: sailing Meridian on Wednesday, November 4, 2026')
    expect(asked.text).toMatch(/^Hi Ana Ruiz,\n\nyou are sailing with us on Meridian on Wednesday, November 4, 2026\./)
    expect(asked.text.split('\n')).toContain(ADDRESS)
    const reminder = guestMessage(request(), { address: ADDRESS, kind: 'reminder' })
    expect(reminder.text).toMatch(/a reminder: we still need your signature/)
    expect(reminder.subject).toMatch(/^Reminder, please sign/)
  })

  property.prop([outsideText(), outsideText()])('has the same lines, whatever the names are', (guest, vessel) => {
    const { subject, text } = guestMessage(request({ guest, details: { ...request().details, vessel } }), {
      address: ADDRESS,
      kind: 'request',
    })
    expect(text.split('\n')).toHaveLength(9)
    expect(subject).not.toMatch(/[\r\n]/)
  })
})

describe('the contact column', () => {
  test.each<[string, string[], string[]]>([
    ['ana@guests.example +1 619 555 0101', ['ana@guests.example'], ['+16195550101']],
    ['(619) 555-0101', [], ['+16195550101']],
    ['619.555.0101 / 619-555-0102', [], ['+16195550101', '+16195550102']],
    ['6195550101 6195550102', [], ['+16195550101', '+16195550102']],
    ['1 619 555 0101', [], ['+16195550101']],
    ['+1 (619) 555‑0101, +16195550101', [], ['+16195550101']],
    ['+44 20 7946 0958', [], ['+442079460958']],
    ['0044 20 7946 0958', [], ['+442079460958']],
    [
      'Ana <ana.ruiz+sail@guests.example>; ANA.RUIZ+SAIL@guests.example, leo@mail.guests.example',
      ['ANA.RUIZ+SAIL@guests.example', 'leo@mail.guests.example'],
      [],
    ],
    ['call the office, booking 12345', [], []],
    ['2026-11-04 09:00', [], []],
    ['', [], []],
  ])('%j', (contact, emails, phones) => {
    expect(readContact(contact)).toEqual({ emails, phones })
  })

  test('without anything to write to says so', () => {
    const message = { subject: 's', text: 't' }
    expect(contactLinks('  ', message)).toEqual({ kind: 'none', why: expect.stringContaining('has no contact') })
    expect(contactLinks('ask Ana', message)).toEqual({
      kind: 'none',
      why: expect.stringContaining('no phone number and no e-mail address'),
    })
  })
})

describe('links', () => {
  const linksOf = (contact: string, text: string, subject = 'Sign') => {
    const links = contactLinks(contact, { subject, text })
    return links.kind === 'links' ? links.links : []
  }

  test('open with everything filled in', () => {
    expect(linksOf('ana+b@guests.example, 619 555 0101', 'Hi Ana & Leo?\nline #2 = 100%')).toEqual([
      { kind: 'sms', to: '+16195550101', href: 'sms:+16195550101?&body=Hi%20Ana%20%26%20Leo%3F%0Aline%20%232%20%3D%20100%25' },
      {
        kind: 'mailto',
        to: 'ana+b@guests.example',
        href: 'mailto:ana%2Bb@guests.example?subject=Sign&body=Hi%20Ana%20%26%20Leo%3F%0D%0Aline%20%232%20%3D%20100%25',
      },
    ])
  })

  test('end nowhere early', () => {
    for (const { href } of linksOf("o'a?cc=x&b@guests.example 6195550101", `|>"'()*!<`)) {
      expect(href).not.toMatch(/[\s|<>"'()*!]/)
      expect(href.match(/\?/g)).toHaveLength(1)
    }
  })

  test('fit into what Slack takes as an address', () => {
    const long = request({ guest: 'x'.repeat(100), details: { ...request().details, vessel: 'y'.repeat(100) } })
    for (const { href } of linksOf('ana@guests.example 6195550101', guestMessage(long, { address: ADDRESS, kind: 'reminder' }).text))
      expect(href.length).toBeLessThan(3000)
  })

  property.prop([outsideText(), outsideText(), outsideText()])('carry exactly the text', (contact, text, subject) => {
    for (const { kind, href } of linksOf(`${contact} ana@guests.example 6195550101`, text, subject)) {
      const query = new URLSearchParams(href.slice(href.indexOf('?') + 1).replaceAll('+', '%2B'))
      const body = kind === 'mailto' ? text.replaceAll('\n', '\r\n') : text
      expect(query.get('body')).toBe(body.toWellFormed())
      expect([...query.keys()].filter(Boolean)).toEqual(kind === 'mailto' ? ['subject', 'body'] : ['body'])
    }
  })
})
