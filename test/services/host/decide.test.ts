import { expect, test } from 'vitest'
import { decideRule, FRESH, isProven, type Level } from '../../../src/services/host/decide.ts'
import { known, unknown, type Figure } from '../../../src/services/host/figure.ts'
import { RULES, type Rule } from '../../../src/services/host/rules.ts'
import { NOON } from '../../support/incident-samples.ts'

const ruleOf = (name: string): Rule => {
  const found = RULES.find((rule) => rule.name === name)
  if (found === undefined) throw new Error(`there is no rule ${name}`)
  return found
}

/** The levels after each of these values; null is unknown. */
function play(name: string, values: readonly (number | null)[]): Level[] {
  const rule = ruleOf(name)
  let state = FRESH
  return values.map((value) => {
    const figure: Figure<number> = value === null ? unknown('not read', NOON) : known(value, NOON)
    state = decideRule(rule, state, figure)
    return state.level
  })
}

const [o, w, c] = ['ok', 'warning', 'critical'] as const

test.each<[string, string, (number | null)[], Level[]]>([
  ['memory', 'one bad audit is none', [90, 50, 50], [o, o, o]],
  ['memory', 'two of three are a warning', [90, 50, 90], [o, o, w]],
  ['memory', 'the limit itself counts', [84.9, 85, 85], [o, o, w]],
  ['memory', 'below the limit but not by enough is not good yet', [90, 90, 82, 80, 81], [o, w, w, w, w]],
  ['memory', 'two good ones in a row end it', [90, 90, 79, 90, 79, 79], [o, w, w, w, w, o]],
  ['memory', 'it becomes worse', [90, 96, 96], [o, w, c]],
  ['memory', 'critical is left by way of the warning', [96, 96, 91, 91, 88, 88], [o, c, c, c, c, w]],
  ['memory', 'unknown is neither good nor bad', [90, null, 90, 70, null, 70, 70], [o, o, w, w, w, w, o]],
  ['memory', 'unknown alone clears nothing', [90, 90, null, null, null, null], [o, w, w, w, w, w]],
  ['disk', 'two in a row', [85, 85, 78, 76, 76], [o, w, w, w, o]],
  ['disk', 'full at once still takes two', [99, 99], [o, c]],
  ['cpu', 'half an hour', [96, 96, 96, 60, 60], [o, o, c, c, o]],
  ['cpu', 'a busy quarter is none', [96, 96, 20, 96], [o, o, o, o]],
  ['cpu', 'warning and critical mix to a warning', [85, 96, 85], [o, o, w]],
  ['burst', 'less is worse', [50, 19, 19, 29, 31, 31], [o, o, w, w, w, o]],
  ['burst', 'nearly none left is critical', [4, 4], [o, c]],
  ['service-state', 'down is critical at once', [2, 2, 0, 0], [c, c, c, o]],
  ['service-state', 'on its way counts from the second time', [1, 0, 1, 1, 0, 0], [o, o, o, w, w, o]],
  ['service-state', 'a restart after a failure is still the failure until it stands', [2, 1, 1], [c, c, w]],
  ['restarts', 'two an hour warn, five are critical', [1, 2, 4, 5], [o, w, w, c]],
  ['status-checks', 'one minute warns, two are critical', [1, 2, 0, 0], [w, c, c, o]],
  ['out-of-memory', 'each kill is told', [1, 0, 0], [w, w, o]],
  ['token-errors', 'four in three hours: the token is dead', [1, 2, 3, 4, 2, 0, 0], [o, w, w, c, c, w, o]],
  ['max-turns', 'every session of the day', [4, 5, 5, 4, 3, 3], [o, w, w, w, w, o]],
  ['tracebacks', 'many are critical', [2, 3, 20], [o, w, c]],
  ['clock-skew', 'twice half a minute', [31, 31, 25, 5, 5], [o, w, w, w, o]],
  ['clock-synchronized', 'three audits long', [1, 1, 1, 0, 0], [o, o, w, w, o]],
  ['reach', 'half an hour blind', [1, 2, 1, 0, 0], [o, o, w, w, o]],
])('%s: %s', (name, _what, values, levels) => {
  expect(play(name, values)).toEqual(levels)
})

test('every rule is played here, and has a limit', () => {
  for (const { warning, critical } of RULES) expect(warning ?? critical).not.toBeNull()
  expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length)
})

test('good once is no proof; good twice is', () => {
  const once = decideRule(ruleOf('disk'), FRESH, known(10, NOON))
  expect(isProven(once)).toBe(false)
  const twice = decideRule(ruleOf('disk'), once, known(10, NOON))
  expect(isProven(twice)).toBe(true)
  expect(isProven(decideRule(ruleOf('disk'), twice, unknown('x', NOON)))).toBe(false)
})
