import { expect, test } from 'vitest'
import { JadaError } from '../../../src/errors.ts'
import { checklistFor, parseChecklist } from '../../../src/services/crew/checklist.ts'
import { CHECKLIST } from '../../support/crew-samples.ts'

const problemsOf = (yaml: string): string[] => {
  try {
    parseChecklist(yaml)
  } catch (error) {
    if (error instanceof JadaError && error.code === 'config-file') return error.message.split('\n')
    throw error
  }
  return []
}

test('the shipped checklist asks for signatures only while they are missing, and for groups only with many guests', () => {
  const items = (guests: number, agreement: string): string[] =>
    checklistFor(CHECKLIST, { vessel: 'Marisol', guests, agreement }).flatMap((section) => section.items)
  expect(items(4, 'pending')).toContain('Agreement signed by every guest')
  expect(items(4, 'signed')).not.toContain('Agreement signed by every guest')
  expect(items(7, 'signed')).toContain('Each crew member has their group of guests')
  expect(items(6, 'signed')).not.toContain('Each crew member has their group of guests')
  expect(checklistFor(CHECKLIST, { vessel: '', guests: null, agreement: '' })).toHaveLength(3)
})

test('items can be for some vessels, however they are written, and a section without items is left out', () => {
  const plan = parseChecklist('sections:\n  - title: A\n    items:\n      - { text: Small vests, vessels: [Marisol, Second Wind] }\n')
  expect(checklistFor(plan, { vessel: ' second wind', guests: 2, agreement: '' })).toEqual([{ title: 'A', items: ['Small vests'] }])
  expect(checklistFor(plan, { vessel: 'Kestrel', guests: 2, agreement: '' })).toEqual([])
})

test.each<[string, string]>([
  ['', 'must begin with sections:'],
  ['sections: []', 'sections: has no section'],
  ['sections:\n  - items: [a]', 'sections.0.title: is missing; say which part of the day it is'],
  ['sections:\n  - title: A\n    items: []', 'sections.0.items: has no item'],
  ['sections:\n  - title: A\n    items: [""]', 'sections.0.items.0: is empty'],
  ['sections:\n  - title: A\n    items: [{ text: b, guests: 3 }]', 'sections.0.items.0: guests is no setting of an item'],
  ['sections:\n  - title: A\n    items: [{ text: b, guestsAtLeast: many }]', 'sections.0.items.0.guestsAtLeast: must be a whole number'],
  [
    'sections:\n  - title: A\n    items: [{ text: b, unsigned: false }]',
    'sections.0.items.0.unsigned: can only be true; leave it out otherwise',
  ],
  [`sections:\n  - title: A\n    items: [${'x'.repeat(121)}]`, 'sections.0.items.0: is longer than 120 characters'],
  [
    `sections:\n  - title: A\n    items: [${Array.from({ length: 41 }, (_, n) => `i${n}`).join(', ')}]`,
    'has 41 items; at most 40 fit on the printed page',
  ],
  ['sections:\n  - title: A\n    colour: red\n    items: [a]', 'sections.0: colour is no setting of a section'],
  ['sections: [', 'is not valid YAML'],
])('%o is refused with a line that says where', (yaml, problem) => {
  expect(problemsOf(yaml).join('\n')).toContain(problem)
  expect(problemsOf(yaml).every((line) => line.startsWith('crew-checklist.yml: '))).toBe(true)
})

test('all problems are told at once', () => {
  expect(problemsOf('sections:\n  - title: ""\n    items: [3, { text: "" }]')).toHaveLength(3)
})
