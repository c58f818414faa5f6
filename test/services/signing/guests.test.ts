import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { guestNote, LONGEST_NAME, MOST_GUESTS, readGuests } from '../../../src/services/signing/guests.ts'

describe('names', () => {
  test.each<[string, number | null, string[]]>([
    ['Ana Ruiz, Leo Ruiz', 2, ['Ana Ruiz', 'Leo Ruiz']],
    ['Ana Ruiz; Leo Ruiz;', 2, ['Ana Ruiz', 'Leo Ruiz']],
    ['Ana Ruiz\nLeo Ruiz\r\n\nKim Ode', 3, ['Ana Ruiz', 'Leo Ruiz', 'Kim Ode']],
    ['Ana Ruiz and Leo Ruiz & Kim Ode', 3, ['Ana Ruiz', 'Leo Ruiz', 'Kim Ode']],
    ['1. Ana Ruiz, 2) Leo Ruiz\n- Kim Ode', 3, ['Ana Ruiz', 'Leo Ruiz', 'Kim Ode']],
    // Family names first: the number of guests tells.
    ['Ruiz, Ana; Ruiz, Leo', 2, ['Ruiz, Ana', 'Ruiz, Leo']],
    ['Ruiz, Ana; Ruiz, Leo', 4, ['Ruiz', 'Ana', 'Leo']],
    ['Bo Smith, Jr., Cy Young', 2, ['Bo Smith Jr.', 'Cy Young']],
    ['Ana  Ruiz, ANA RUIZ, ana ruiz', 1, ['Ana Ruiz']],
    ["Zoë O'Brien-Smith, 王小明, Dr. Ada M. King", 3, ["Zoë O'Brien-Smith", '王小明', 'Dr. Ada M. King']],
    ['TBD', 4, []],
    ['Ana Ruiz, tba, n/a, ?, -, 12', 6, ['Ana Ruiz']],
    ['see the list in the mail, See Lee', 2, ['See Lee']],
    ['', 6, []],
    ['Anderson Sandy, Andy', null, ['Anderson Sandy', 'Andy']],
    ['Ana\u200b Ruiz\u202e', 1, ['Ana Ruiz']],
    // What the office put beside a name is not part of it.
    ['Ana Ruiz (ana@guests.example), Leo +1 (619) 555-0101', 2, ['Ana Ruiz', 'Leo']],
  ])('of %j are read', (cell, guests, names) => {
    expect(readGuests(cell, guests).names).toEqual(names)
  })

  property.prop([fc.string({ unit: 'grapheme', maxLength: 400 }), fc.option(fc.nat(40))])(
    'are distinct, few, short and named',
    (cell, guests) => {
      const { names } = readGuests(cell, guests)
      expect(new Set(names.map((name) => name.normalize('NFKC').toLowerCase())).size).toBe(names.length)
      expect(names.length).toBeLessThanOrEqual(MOST_GUESTS)
      for (const name of names) {
        expect(name.length).toBeLessThanOrEqual(LONGEST_NAME)
        expect(name).toMatch(/\p{L}/u)
        expect(name).not.toMatch(/[\n\r;@]/)
      }
    },
  )

  property.prop([
    fc.uniqueArray(fc.stringMatching(/^[A-Z][a-z]{2,8} [A-Z][a-z]{3,8}$/), {
      minLength: 1,
      maxLength: 12,
      selector: (name) => name.toLowerCase(),
    }),
  ])('written with commas come back', (names) => {
    expect(readGuests(names.join(', '), names.length)).toMatchObject({ names, match: 'same' })
  })
})

test.each<[string, number | null, string | RegExp | null]>([
  ['Ana, Leo', 2, null],
  ['Ana, Leo', 6, 'The sheet counts 6 guests but names 2: the others have no agreement yet.'],
  ['Ana, Leo', 1, 'The sheet counts 1 guest but names 2: correct one of the two.'],
  ['', 6, /names no guests/],
  ['Ana', null, /does not say how many guests come; 1 guest is named/],
])('%j of %s: the office hears %s', (cell, guests, note) => {
  const said = guestNote(readGuests(cell, guests))
  if (note === null || typeof note === 'string') expect(said).toBe(note)
  else expect(said).toMatch(note)
})
