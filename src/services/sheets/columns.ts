import { parse } from 'yaml'
import { z } from 'zod'
import { JadaError } from '../../errors.ts'
import { FIELDS, type Field } from './charter.ts'

export interface Column {
  readonly field: Field
  readonly header: string
  readonly aliases: readonly string[]
  readonly required: boolean
  readonly private: boolean
}

/** Without these a row is no charter; `sheet.yml` cannot make them optional. */
const ALWAYS_REQUIRED: readonly Field[] = ['id', 'date', 'start', 'end', 'status']

const columnSchema = z.strictObject({
  header: z.string().min(1),
  aliases: z.array(z.string().min(1)).default([]),
  required: z.boolean().default(false),
  private: z.boolean().default(false),
})

const fileSchema = z.strictObject({ columns: z.partialRecord(z.enum(FIELDS), columnSchema) })

/** Header names are compared without case, spaces and punctuation. */
export function normaliseHeader(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
}

function problemsOf(columns: readonly Column[]): string[] {
  const missing = ALWAYS_REQUIRED.filter((field) => columns.every((column) => column.field !== field))
  const names = columns.flatMap((column) => [...new Set([column.header, ...column.aliases].map(normaliseHeader))])
  const doubled = new Set(names.filter((name, index) => name === '' || names.indexOf(name) !== index))
  return [
    ...missing.map((field) => `column \`${field}\` is missing; every charter needs it`),
    ...[...doubled].map((name) => `the name \`${name}\` is used twice; headers and aliases must differ`),
  ]
}

/** Reads `sheet.yml`. Throws JadaError `sheet-config` that lists what is wrong. */
export function parseColumns(yaml: string): readonly Column[] {
  const fail = (problems: readonly string[]): never => {
    throw new JadaError('sheet-config', `sheet.yml cannot be used: ${problems.join('; ')}`)
  }
  let raw: unknown
  try {
    raw = parse(yaml)
  } catch (error) {
    return fail([error instanceof Error ? (error.message.split('\n')[0] ?? 'not YAML') : 'not YAML'])
  }
  const parsed = fileSchema.safeParse(raw)
  if (!parsed.success) return fail(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`))
  const columns = FIELDS.flatMap((field) => {
    const column = parsed.data.columns[field]
    return column === undefined ? [] : [{ field, ...column, required: column.required || ALWAYS_REQUIRED.includes(field) }]
  })
  const problems = problemsOf(columns)
  return problems.length > 0 ? fail(problems) : columns
}

/** Where each column stands in a header row, or why that cannot be said. */
export type HeaderMap =
  | { readonly kind: 'mapped'; readonly positions: ReadonlyMap<Field, number>; readonly unknown: readonly string[] }
  | { readonly kind: 'drift'; readonly missing: readonly string[]; readonly doubled: readonly string[] }

export function mapHeader(columns: readonly Column[], header: readonly string[]): HeaderMap {
  const positions = new Map<Field, number>()
  const missing: string[] = []
  const doubled: string[] = []
  const taken = new Set<number>()
  for (const column of columns) {
    const names = new Set([column.header, ...column.aliases].map(normaliseHeader))
    const found = header.flatMap((name, index) => (names.has(normaliseHeader(name)) ? [index] : []))
    // Of two columns for something that is not required, the one with the proper name counts; the other is an unknown column.
    const own = found.find((index) => normaliseHeader(header[index] ?? '') === normaliseHeader(column.header))
    const position = own ?? found[0]
    if (column.required) for (const index of found) taken.add(index)
    else if (position !== undefined) taken.add(position)
    if (column.required && found.length > 1) doubled.push(column.header)
    else if (position !== undefined) positions.set(column.field, position)
    else if (column.required) missing.push(column.header)
  }
  if (missing.length > 0 || doubled.length > 0) return { kind: 'drift', missing, doubled }
  return { kind: 'mapped', positions, unknown: header.filter((name, index) => name.trim() !== '' && !taken.has(index)) }
}
