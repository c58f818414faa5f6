import { describe, expect, it } from 'vitest'
import { readRules } from '../../../src/app/config-files.ts'
import { isCancelled } from '../../../src/services/crew/wording.ts'
import { parseRules, standingOf } from '../../../src/services/rules/rules.ts'
import { charter } from '../../support/agent-desk.ts'

const DEFAULTS = {
  crewPage: true,
  eSignature: true,
  chaseHours: 48,
  cancelled: ['cancelled', 'canceled'],
  undecided: [],
  priority: 'normal',
}

function problemOf(text: string): string {
  try {
    parseRules(text)
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return 'it was taken'
}

describe('rules.yml', () => {
  it('needs nothing, and gives what it does not say', () => {
    expect([parseRules(''), parseRules('# nothing yet')]).toEqual([DEFAULTS, DEFAULTS])
    expect(parseRules('crewPage: false\nchaseHours: 0\ncancelled: [" Storno "]\nundecided: [""]')).toEqual({
      ...DEFAULTS,
      crewPage: false,
      chaseHours: 0,
      cancelled: ['storno'],
      undecided: [''],
    })
  })

  it.each([
    [
      'crewPages: true',
      'rules.yml: crewPages: there is no such rule; there is crewPage, eSignature, chaseHours, cancelled, undecided, priority',
    ],
    ['crewPage: maybe', 'rules.yml: crewPage: must be true or false'],
    ['eSignature: 1', 'rules.yml: eSignature: must be true or false'],
    ['chaseHours: two days', 'rules.yml: chaseHours: must be a whole number of hours'],
    ['chaseHours: 1.5', 'rules.yml: chaseHours: must be a whole number of hours'],
    ['chaseHours: -1', 'rules.yml: chaseHours: must not be negative'],
    ['chaseHours: 721', 'rules.yml: chaseHours: must be at most 720'],
    ['cancelled: cancelled', 'rules.yml: cancelled: must be a list of words, such as [cancelled, refunded]'],
    ['undecided: [5]', 'rules.yml: undecided.0: must be a word; put it in quotation marks if it is a number, or true or false'],
    ['cancelled: [" "]', 'rules.yml: cancelled: has an empty word, which would call off every charter without a status'],
    ['undecided: [Hold]\ncancelled: [hold]', 'rules.yml: hold: is in cancelled and in undecided; it can only be one of them'],
    ['priority: urgent', 'rules.yml: priority: must be one of critical, high, normal, low'],
    ['- crewPage', 'rules.yml: the file: must be rules, one a line, such as crewPage: true'],
    ['yes', 'rules.yml: the file: must be rules, one a line, such as crewPage: true'],
    ['crewPage: 3\nchaseHours: -2', 'rules.yml: crewPage: must be true or false\nrules.yml: chaseHours: must not be negative'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(problemOf(text)).toBe(problem)
  })

  it('says on one line that it is no YAML', () => {
    expect(problemOf('crewPage: [')).toMatch(/^rules\.yml: is not valid YAML: [^\n]+$/)
  })
})

describe('how a charter stands', () => {
  const rules = readRules(undefined)
  const { endsAt } = charter()
  it.each([
    ['confirmed', false, endsAt - 1, 'sails'],
    ['', false, endsAt - 1, 'sails'],
    ['confirmed', false, endsAt, 'over'],
    [' Cancelled ', false, endsAt - 1, 'cancelled'],
    ['cancelled', false, endsAt, 'cancelled'],
    ['REFUNDED', false, 0, 'cancelled'],
    ['confirmed', true, 0, 'cancelled'],
    ['hold', true, 0, 'cancelled'],
    ['Hold', false, 0, 'undecided'],
    ['hold', false, endsAt, 'over'],
    ['not cancelled', false, 0, 'sails'],
  ] as const)('%j, gone from the sheet: %s, at %i: %s', (status, removed, now, standing) => {
    expect(standingOf(rules, { status, endsAt }, removed, now)).toBe(standing)
  })

  it('every shipped word for a charter that does not sail is one for the crew page too', () => {
    expect(rules.cancelled.filter((word) => !isCancelled(word))).toEqual([])
  })
})
