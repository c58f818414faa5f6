import { invalid } from '../api-error.ts'

export type Fields = Record<string, unknown>

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

export function requireFields(value: unknown, at: string): Fields {
  if (!isFields(value)) throw invalid(`${at}: Input should be a valid dictionary`)
  return value
}

export function requireList(value: unknown, at: string): unknown[] {
  if (!Array.isArray(value)) throw invalid(`${at}: Input should be a valid list`)
  return value
}

export function requireString(value: unknown, at: string): string {
  if (value === undefined) throw invalid(`${at}: Field required`)
  if (typeof value !== 'string') throw invalid(`${at}: Input should be a valid string`)
  return value
}

export function requirePattern(value: unknown, at: string, pattern: RegExp): string {
  const text = requireString(value, at)
  if (!pattern.test(text)) throw invalid(`${at}: String should match pattern '${pattern.source}'`)
  return text
}

export function refuseUnknown(fields: Fields, known: ReadonlySet<string>, at: string): void {
  const extra = Object.keys(fields).find((name) => !known.has(name))
  if (extra !== undefined) throw invalid(`${at === '' ? '' : `${at}.`}${extra}: Extra inputs are not permitted`)
}
