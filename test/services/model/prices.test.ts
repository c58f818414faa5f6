import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readPrices } from '../../../src/app/config-files.ts'
import { costOf, parsePrices, worstCost } from '../../../src/services/model/prices.ts'

const LINE = '{ input: 3.00, output: 15.00, cacheWrite: 3.75, cacheRead: 0.30 }'

describe('prices.yml', () => {
  it('as it is shipped has prices for every model, and output is dearer than what is read', () => {
    const prices = readPrices(undefined)
    expect(Object.keys(prices)).toContain('claude-sonnet-5-5')
    for (const { input, output, cacheWrite, cacheRead } of Object.values(prices)) {
      expect(cacheRead).toBeLessThan(input)
      expect(input).toBeLessThanOrEqual(cacheWrite)
      expect(cacheWrite).toBeLessThan(output)
    }
  })

  it.each([
    ['', 'prices.yml: the file: must be `models:` and the models below it'],
    ['models:', 'prices.yml: models: must be models by name, each with its prices'],
    ['models: []', 'prices.yml: models: must be models by name, each with its prices'],
    ['models: {}', 'prices.yml: models: names no model; add the ones that playbooks use'],
    [`models: { m: ${LINE} }\ncurrency: EUR`, 'prices.yml: the file: has currency, which is no setting; remove it'],
    ['models: { m: 3 }', `prices.yml: models.m: must be the four prices ${LINE}`],
    [`models: { m: ${LINE.replace('3.00', '"3.00"')} }`, 'prices.yml: models.m.input: must be dollars for a million tokens, such as 3.00'],
    [`models: { m: ${LINE.replace('3.00', '.inf')} }`, 'prices.yml: models.m.input: must be dollars for a million tokens, such as 3.00'],
    [`models: { m: ${LINE.replace('15.00', '-1')} }`, 'prices.yml: models.m.output: must not be negative'],
    [
      'models: { m: { input: 3, output: 15, cache: 1 } }',
      'prices.yml: models.m.cacheWrite: must be dollars for a million tokens, such as 3.00; models.m.cacheRead: must be dollars for a million tokens, such as 3.00; models.m: has cache, which is no setting; remove it',
    ],
  ])('says what to correct: %s', (text, message) => {
    expect(() => parsePrices(text)).toThrow(expect.objectContaining({ code: 'config-file', message }) as Error)
  })

  it('names the line that is no YAML', () => {
    expect(() => parsePrices('models:\n  m: [')).toThrow(/^prices\.yml is not valid YAML: .* at line 2/)
  })
})

describe('costs', () => {
  const price = { input: 3, output: 15, cacheWrite: 3.75, cacheRead: 0.3 }

  it('are millionths of a dollar, rounded up', () => {
    expect(costOf({ input: 1000, output: 100, cacheWrite: 10, cacheRead: 3 }, price)).toBe(4539)
    expect(costOf({ input: 0, output: 0, cacheWrite: 0, cacheRead: 1 }, price)).toBe(1)
    expect(worstCost(1000, 100, price)).toBe(5250)
  })

  it('are never more than the worst, however the input is split', () => {
    const tokens = fc.integer({ min: 0, max: 1_000_000 })
    const dollars = fc.double({ min: 0, max: 100, noNaN: true })
    const prices = fc.record({ input: dollars, output: dollars, cacheWrite: dollars, cacheRead: dollars })
    fc.assert(
      fc.property(fc.record({ input: tokens, output: tokens, cacheWrite: tokens, cacheRead: tokens }), prices, (usage, one) => {
        const cost = costOf(usage, one)
        // A millionth for what adding in another order rounds.
        expect(cost).toBeLessThanOrEqual(worstCost(usage.input + usage.cacheWrite + usage.cacheRead, usage.output, one) + 1)
        expect(Number.isInteger(cost)).toBe(true)
      }),
    )
  })
})
