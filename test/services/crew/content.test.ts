import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { maskChecklist } from '../../../src/services/crew/content.ts'
import { maskLike } from '../../../src/services/crew/mask.ts'
import type { CrewContent } from '../../../src/services/crew/page.ts'
import { FIELDS, type Charter, type Field } from '../../../src/services/sheets/charter.ts'
import { outsideText } from '../../support/incident-samples.ts'
import { COLUMNS } from '../../support/sheet-fixtures.ts'
import { charter, contentOf, PRIVATE } from '../../support/crew-samples.ts'

const textsOf = ({ checklist, ...fields }: CrewContent): string[] => [
  ...Object.values(fields).map(String),
  ...checklist.map(({ title }) => title),
  ...checklist.flatMap(({ items }) => items),
]

const allOf = (content: CrewContent): string => textsOf(content).join('\n')

describe('what a crew page holds', () => {
  test('is this list of fields and no other', () => {
    expect(Object.keys(contentOf()).toSorted()).toEqual(
      [
        'agreement',
        'captain',
        'checklist',
        'client',
        'crew',
        'date',
        'end',
        'guests',
        'id',
        'notes',
        'officeNotes',
        'removed',
        'source',
        'start',
        'status',
        'vessel',
      ].toSorted(),
    )
  })

  test('is what the crew needs, with the name of who booked', () => {
    expect(contentOf()).toMatchObject({
      id: 'JC-1101',
      date: '2026-11-04',
      start: 540,
      end: 780,
      vessel: 'Meridian',
      source: 'Sailo',
      client: 'Ana Ruiz',
      guests: 6,
      captain: 'Sam',
      crew: 'Kai',
      agreement: 'pending',
      status: 'confirmed',
      notes: 'Birthday on board',
    })
    expect(allOf(contentOf())).not.toContain('Leo Ruiz')
  })

  test('follows sheet.yml where that calls more columns private', () => {
    const content = contentOf(
      { notes: 'Ask Kai Waverly', crew: 'Kai Waverly' },
      { privateFields: new Set<Field>([...PRIVATE, 'client', 'crew']) },
    )
    expect(content).toMatchObject({ client: '', crew: '', notes: 'Ask [contact hidden]' })
  })

  test('takes a number that no vessel carries for no number of guests', () => {
    expect(contentOf({ guests: 6_195_550_101 }).guests).toBeNull()
    expect(contentOf({ guests: 999 }).guests).toBe(999)
  })

  test('hides nothing twice and nothing more when it is made from itself', () => {
    const once = contentOf({ notes: 'Call +1 619 555 0101, tip $40' }, { officeNotes: 'ana@guests.example' })
    const twice = contentOf({ notes: once.notes }, { officeNotes: once.officeNotes })
    expect(twice).toEqual(once)
  })
})

test('every column that sheet.yml calls private is one that no page has', () => {
  const names = COLUMNS.filter((column) => column.private).map(({ field }) => field)
  expect(names.toSorted()).toEqual([...PRIVATE].toSorted())
  expect(Object.keys(contentOf()).filter((key) => (names as string[]).includes(key))).toEqual([])
})

const digits = (length: number) => fc.string({ unit: fc.integer({ min: 1, max: 9 }).map(String), minLength: length, maxLength: length })

const phone = fc
  .record({ country: fc.constantFrom('', '1', '52', '44'), area: digits(3), middle: digits(3), last: digits(4), shape: fc.nat(5) })
  .map(({ country, area, middle, last, shape }) => {
    const plus = country === '' ? '' : `+${country} `
    const forms = [
      `${plus}${area} ${middle} ${last}`,
      `${plus}(${area}) ${middle}-${last}`,
      `${plus}${area}.${middle}.${last}`,
      `${plus.trim()}${area}${middle}${last}`,
      `${area}-${middle}-${last}`,
      `tel:${plus.trim()}${area}-${middle}${last}`,
    ]
    return { text: forms[shape] ?? '', core: `${middle}${last}` }
  })

const word = fc.string({ unit: fc.constantFrom(...'a b c d e f g h i j k l m n o p'.split(' ')), minLength: 4, maxLength: 9 })
const email = fc.tuple(word, word, fc.constantFrom('example', 'co.example', 'com')).map(([name, host, end]) => `${name}@${host}.${end}`)
const handle = fc.tuple(fc.constantFrom('@', ''), word, fc.constantFrom('_77', '.sail', '88')).map((parts) => parts.join(''))

const cents = fc.integer({ min: 100_00, max: 99_999_99 })

function forms(amount: number): string[] {
  const dollars = Math.floor(amount / 100)
  const rest = String(amount % 100).padStart(2, '0')
  const grouped = dollars.toLocaleString('en-US')
  return [
    `$${dollars}`,
    `$ ${grouped}`,
    `${dollars}.${rest}`,
    `${grouped}.${rest}`,
    `${dollars} USD`,
    `${dollars} dollars`,
    `US$${grouped}`,
  ]
}

/** Columns into which people type anything. */
const FREE = ['vessel', 'source', 'client', 'captain', 'crew', 'agreement', 'status', 'notes', 'guestNames'] as const satisfies Field[]

describe('never on a page, whatever the charter holds', () => {
  const around = fc.constantFrom(
    (secret: string) => secret,
    (secret: string) => `Bring ice. ${secret} is theirs, dock 4`,
    (secret: string) => `(${secret})`,
    (secret: string) => `a\n${secret}\nb`,
  )

  property.prop([phone, around, fc.constantFrom(...FREE)], { numRuns: 120 })('a guest’s telephone number', (number, wrap, field) => {
    const content = contentOf({ contact: number.text, [field]: wrap(number.text) })
    for (const text of textsOf(content)) expect(text.replaceAll(/\D/g, '')).not.toContain(number.core)
  })

  property.prop([fc.oneof(email, handle), around, fc.constantFrom(...FREE), fc.boolean()], { numRuns: 120 })(
    'a guest’s address',
    (address, wrap, field, loud) => {
      const content = contentOf({ contact: `Ana, ${address}`, [field]: wrap(loud ? address.toUpperCase() : address) })
      expect(allOf(content).toLowerCase()).not.toContain(address.toLowerCase().replace(/^@/, ''))
    },
  )

  property.prop([cents, fc.constantFrom('grossRevenue', 'crewCost', 'portFee'), fc.nat(6), around, fc.constantFrom(...FREE)], {
    numRuns: 150,
  })('what a charter brings or costs, however it is written', (amount, column, form, wrap, field) => {
    const written = forms(amount)[form] ?? ''
    const content = contentOf({ [column]: amount, [field]: wrap(written) })
    const dollars = Math.floor(amount / 100)
    for (const text of textsOf(content)) {
      expect(text).not.toContain(written)
      expect(text).not.toContain(String(dollars))
      expect(text).not.toContain(dollars.toLocaleString('en-US'))
    }
  })

  property.prop([cents, fc.constantFrom('grossRevenue', 'crewCost', 'portFee'), around], { numRuns: 100 })(
    'nor as a bare number in notes and checklists',
    (amount, column, wrap) => {
      const bare = String(Math.floor(amount / 100))
      const text = wrap(`they were told ${bare} in all`)
      const content = contentOf({ [column]: amount, notes: text }, { officeNotes: text, checklist: [{ title: text, items: [text] }] })
      expect(allOf(content)).not.toMatch(new RegExp(`(?<!\\d)${bare}(?!\\d)`))
    },
  )

  const anyCharter: fc.Arbitrary<Partial<Charter>> = fc.record({
    id: outsideText(),
    vessel: outsideText(),
    source: outsideText(),
    client: outsideText(),
    captain: outsideText(),
    crew: outsideText(),
    agreement: outsideText(),
    status: outsideText(),
    notes: outsideText(),
    guestNames: outsideText(),
  })

  property.prop([anyCharter, email, phone, cents, fc.constantFrom(...FIELDS)], { numRuns: 60 })(
    'all of them at once, hidden in anything',
    (change, address, number, amount, spot) => {
      const secret = `${address} ${number.text} $${Math.floor(amount / 100)}`
      const before = (change as Record<string, unknown>)[spot]
      const planted = typeof before === 'string' ? { [spot]: `${before}\u200B ${secret}` } : {}
      const content = contentOf({ ...change, contact: `${address} / ${number.text}`, grossRevenue: amount, ...planted })
      const all = allOf(content)
      expect(all).not.toContain(address)
      expect(all).not.toContain(`$${Math.floor(amount / 100)}`)
      for (const text of textsOf(content)) expect(text.replaceAll(/\D/g, '')).not.toContain(number.core)
    },
  )
})

test.each([
  ['Call Ana +1 (619) 555-0101 at the gate', 'Call Ana [phone hidden] at the gate'],
  ['６１９ ５５５ ０１０１', '[phone hidden]'],
  ['619\u200B555\u200B0101', '[phone hidden]'],
  ['ana.ruiz+boat@guests.example wants lunch', '[e-mail hidden] wants lunch'],
  ['ana (at) guests (dot) com', '[e-mail hidden]'],
  ['https://wa.me/16195550101 or insta @ana_r', '[contact hidden] or insta [contact hidden]'],
  ['$1,250 balance on board, tip 100', '[amount hidden] balance on board, tip [amount hidden]'],
  ['450 cash, deposit paid: 200', '[amount hidden] cash, deposit paid: [amount hidden]'],
  ['They pay €80', 'They pay [amount hidden]'],
  // What a crew needs stays.
  ['Dock 4 at 0915-1030, slip 12', 'Dock 4 at 0915-1030, slip 12'],
  ['Moved from 2026-11-04 to 2026-11-05', 'Moved from 2026-11-04 to 2026-11-05'],
  ['Meet 11/04/2026 9:00-12:30', 'Meet 11/04/2026 9:00-12:30'],
  ['Fee for 12 guests is settled', 'Fee for 12 guests is settled'],
  ['Deposit paid 12 Nov, 2 kids', 'Deposit paid 12 Nov, 2 kids'],
  ['VHF 16, then 911. Code 4471#', 'VHF 16, then 911. Code 4471#'],
  ['Parking: https://maps.example.com/lot-4', 'Parking: https://maps.example.com/lot-4'],
])('%o is shown as %o', (text, shown) => {
  expect(maskLike(text)).toBe(shown)
})

test('a long cell is cut without leaving half a number, and in reasonable time', () => {
  const before = performance.now()
  const content = contentOf({
    notes: '6195550101 '.repeat(5000),
    vessel: '1-'.repeat(25_000),
    client: 'a.'.repeat(25_000),
    crew: '1 '.repeat(20_000),
  })
  expect(performance.now() - before).toBeLessThan(1000)
  expect(content.notes.length).toBeLessThanOrEqual(3000)
  expect(content.notes).not.toMatch(/\d/)
  expect(content.client.length).toBeLessThanOrEqual(200)
})

test('the checklist of the office keeps a harbour’s number, one written for a charter keeps none', () => {
  const harbour = [{ title: 'In need', items: ['Harbor police 619-686-6272', 'Guest: +1 619 555 0101'] }]
  expect(contentOf({}, { checklist: harbour }).checklist[0]?.items).toEqual(['Harbor police 619-686-6272', 'Guest: [phone hidden]'])
  expect(maskChecklist(harbour)[0]?.items).toEqual(['Harbor police [phone hidden]', 'Guest: [phone hidden]'])
  expect(charter().contact).toContain('555 0101')
})
