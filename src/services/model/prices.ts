import { parse } from 'yaml'
import { z } from 'zod'
import { JadaError } from '../../errors.ts'
import type { Usage } from './model.ts'

/** Dollars for a million tokens, which is millionths of a dollar for one. */
export interface Price {
  readonly input: number
  readonly output: number
  readonly cacheWrite: number
  readonly cacheRead: number
}

export type Prices = Readonly<Record<string, Price>>

const dollars = z.number({ error: 'must be dollars for a million tokens, such as 3.00' }).nonnegative('must not be negative')

/** What stands in the place of settings, or beside them. */
const settings = (wanted: string) => ({
  error: (issue: { readonly code?: string; readonly keys?: readonly string[] }) =>
    issue.code === 'unrecognized_keys' ? `has ${(issue.keys ?? []).join(', ')}, which is no setting; remove it` : `must be ${wanted}`,
})

const price = z.strictObject(
  { input: dollars, output: dollars, cacheWrite: dollars, cacheRead: dollars },
  settings('the four prices { input: 3.00, output: 15.00, cacheWrite: 3.75, cacheRead: 0.30 }'),
)

const file = z.strictObject(
  {
    models: z
      .record(z.string(), price, settings('models by name, each with its prices'))
      .refine((models) => Object.keys(models).length > 0, 'names no model; add the ones that playbooks use'),
  },
  settings('`models:` and the models below it'),
)

/** Reads `prices.yml`. Throws JadaError `config-file` that names the line to correct. */
export function parsePrices(text: string): Prices {
  let raw: unknown
  try {
    raw = parse(text)
  } catch (error) {
    throw new JadaError('config-file', `prices.yml is not valid YAML: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
  const parsed = file.safeParse(raw)
  if (parsed.success) return parsed.data.models
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`)
  throw new JadaError('config-file', `prices.yml: ${problems.join('; ')}`)
}

/** What the tokens cost, in millionths of a dollar, rounded up. */
export function costOf(usage: Usage, price: Price): number {
  const { input, output, cacheWrite, cacheRead } = usage
  return Math.ceil(input * price.input + output * price.output + cacheWrite * price.cacheWrite + cacheRead * price.cacheRead)
}

/** The most that so many tokens can cost, whatever part of the input is cached. */
export function worstCost(inputTokens: number, outputTokens: number, price: Price): number {
  return Math.ceil(inputTokens * Math.max(price.input, price.cacheWrite, price.cacheRead) + outputTokens * price.output)
}
