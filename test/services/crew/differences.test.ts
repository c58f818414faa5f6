import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { differences } from '../../../src/services/crew/differences.ts'
import type { CrewContent } from '../../../src/services/crew/page.ts'
import {
  clockTime,
  dayWords,
  isCancelled,
  isSigned,
  lengthWords,
  longDayWords,
  minutesOf,
  momentWords,
  zoneWords,
} from '../../../src/services/crew/wording.ts'
import { contentOf, NOW, ZONE } from '../../support/crew-samples.ts'

const BEFORE = contentOf()
const changed = (change: Partial<CrewContent>): string[] => differences(BEFORE, { ...BEFORE, ...change })

test.each<[Partial<CrewContent>, string[]]>([
  [{}, []],
  [{ start: 600 }, ['Start 09:00 → 10:00']],
  [{ end: 0 }, ['End 13:00 → 00:00']],
  [{ date: '2026-11-05' }, ['Date Wed 4 Nov → Thu 5 Nov']],
  [{ captain: 'Lee' }, ['Captain Sam → Lee']],
  [{ crew: '' }, ['Crew removed (was Kai)']],
  [{ guests: null }, ['Guests removed (was 6)']],
  [{ guests: 8 }, ['Guests 6 → 8']],
  [{ officeNotes: 'Bring the small vests' }, ['Notes from the office added: Bring the small vests']],
  [{ notes: 'x'.repeat(100) }, ['Notes changed']],
  [{ status: 'cancelled' }, ['Status confirmed → cancelled']],
  [{ removed: true, start: 600 }, ['No longer in the port sheet', 'Start 09:00 → 10:00']],
  [{ checklist: [{ title: 'A', items: ['one', 'two', 'three', 'four'] }] }, ['Checklist added: "one", "two", "three" and 1 more']],
])('%o is told as %o', (change, words) => {
  expect(changed(change)).toEqual(words)
})

test('items that moved are told as another order, and a charter that came back as that', () => {
  const one = { ...BEFORE, checklist: [{ title: 'A', items: ['x', 'y'] }] }
  expect(differences(one, { ...BEFORE, checklist: [{ title: 'A', items: ['y', 'x'] }] })).toEqual(['Checklist in another order'])
  expect(differences({ ...BEFORE, removed: true }, BEFORE)).toEqual(['Back in the port sheet'])
})

const text = fc.constantFrom('', 'a', 'b', 'c'.repeat(80))
const anyContent: fc.Arbitrary<CrewContent> = fc.record({
  id: fc.constant('JC-1101'),
  date: fc.constantFrom('2026-11-04', '2026-11-05'),
  start: fc.constantFrom(0, 540, 600),
  end: fc.constantFrom(0, 780, 800),
  vessel: text,
  source: text,
  client: text,
  guests: fc.constantFrom(null, 1, 2),
  captain: text,
  crew: text,
  agreement: text,
  status: text,
  notes: text,
  officeNotes: text,
  checklist: fc.array(fc.record({ title: text, items: fc.array(text, { maxLength: 2 }) }), { maxLength: 2 }),
  removed: fc.boolean(),
})

property.prop([anyContent, anyContent], { numRuns: 500 })(
  'whatever a page shows is told when it changes, and nothing else',
  (before, after) => {
    expect(differences(before, before)).toEqual([])
    expect(differences(before, after).length > 0).toBe(JSON.stringify(before) !== JSON.stringify(after))
  },
)

test('times and days in words', () => {
  expect([clockTime(0), clockTime(570), clockTime(1439)]).toEqual(['00:00', '09:30', '23:59'])
  expect(dayWords('2026-09-06')).toBe('Sun 6 Sep')
  expect(longDayWords('2026-11-04')).toBe('Wednesday 4 November 2026')
  expect([dayWords('someday'), longDayWords('')]).toEqual(['someday', ''])
  expect(momentWords(NOW, ZONE)).toBe('Mon 2 Nov, 09:30')
  expect(momentWords(Date.UTC(2026, 10, 1, 8, 59), ZONE)).toBe('Sun 1 Nov, 01:59')
  expect(momentWords(Date.UTC(2026, 10, 2, 8), ZONE)).toBe('Mon 2 Nov, 00:00')
  expect([zoneWords(NOW, ZONE), zoneWords(NOW, 'UTC')]).toEqual(['Pacific Standard Time', 'Coordinated Universal Time'])
  expect([lengthWords(45), lengthWords(180), lengthWords(150)]).toEqual(['45 min', '3 h', '2 h 30 min'])
  expect(minutesOf({ start: 1320, end: 60 })).toBe(180)
})

test.each([
  ['cancelled', true],
  ['Canceled by guest', true],
  ['no-show', true],
  ['called off', true],
  ['confirmed', false],
  ['booked', false],
  ['avoid the north dock', false],
  ['', false],
])('%o means that nobody sails: %s', (status, is) => {
  expect(isCancelled(status)).toBe(is)
})

test.each([
  ['signed', true],
  ['Signed 3 Nov', true],
  ['yes', true],
  ['unsigned', false],
  ['not signed', false],
  ['signed by all but two', false],
  ['sent', false],
  ['pending', false],
  ['', false],
])('agreement %o is signed: %s', (agreement, is) => {
  expect(isSigned(agreement)).toBe(is)
})
