import { createHash } from 'node:crypto'

type Schema = Readonly<Record<string, unknown>>

/** A tool as its server describes it. */
export interface Definition {
  readonly name: string
  readonly description: string
  readonly inputSchema: Schema
  /** Over name, description and schema, whatever the order of keys. */
  readonly hash: string
}

/** A tool as a session was offered it, at its first turn and for good. */
export interface Offered extends Definition {
  readonly server: string
  /** What the model calls it. */
  readonly offeredAs: string
}

const isObject = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value)

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('base64url')

export function toDefinition(tool: { name: string; description?: string | undefined; inputSchema: Schema }): Definition {
  const { name, description = '', inputSchema } = tool
  return { name, description, inputSchema, hash: digest([name, description, sorted(inputSchema)]) }
}

/** What of two definitions differs, in short. */
export function differenceOf(before: Definition, after: Definition): string {
  const parts = [
    ...(before.description === after.description ? [] : ['description']),
    ...(digest(sorted(before.inputSchema)) === digest(sorted(after.inputSchema)) ? [] : ['arguments']),
  ]
  return parts.length === 0 ? 'what it is' : parts.join(' and ')
}

const LONGEST_DESCRIPTION = 1000
const LONGEST_SCHEMA = 8000
/** What the service takes as the name of an argument. */
const ARGUMENT = /^[a-zA-Z0-9_.-]{1,64}$/

// A schema of an older draft, or one that points elsewhere, makes the service refuse the whole conversation.
function oddPart(schema: unknown): string | null {
  if (Array.isArray(schema)) return schema.reduce<string | null>((found, inner) => found ?? oddPart(inner), null)
  if (!isObject(schema)) return null
  for (const [key, inner] of Object.entries(schema)) {
    if ((key === 'exclusiveMinimum' || key === 'exclusiveMaximum') && typeof inner === 'boolean') return `${key} is of an older draft`
    if (key === 'items' && Array.isArray(inner)) return 'a list of items is of an older draft'
    if (key === '$ref' && typeof inner === 'string' && !inner.startsWith('#')) return 'it points outside itself'
    const odd = oddPart(inner)
    if (odd !== null) return odd
  }
  return null
}

/** Why a tool cannot be offered; null: it can. */
export function refusalOf({ inputSchema }: Definition): string | null {
  if (inputSchema['type'] !== 'object') return 'its arguments are no object'
  if (JSON.stringify(inputSchema).length > LONGEST_SCHEMA) return `the schema of its arguments is longer than ${LONGEST_SCHEMA} characters`
  if (['anyOf', 'oneOf', 'allOf'].some((key) => key in inputSchema)) return 'its arguments are a choice of several objects'
  const { properties } = inputSchema
  const bad = isObject(properties) && Object.keys(properties).some((name) => !ARGUMENT.test(name))
  if (bad) return 'an argument has a name that the service does not take'
  const odd = oddPart(inputSchema)
  return odd === null ? null : `the schema of its arguments cannot be used: ${odd}`
}

/** What the model is shown of a description. */
export function shownDescription(description: string): string {
  const text = description.replaceAll(/[^\P{C}\n\t]/gu, '').trim()
  return text.length <= LONGEST_DESCRIPTION ? text : `${text.slice(0, LONGEST_DESCRIPTION - 1)}…`
}

/** What the service takes as the name of a tool. */
const LONGEST_NAME = 64

/** `<server>__<tool>`, made to fit in a way that is always the same and never meets another tool's. */
export function offeredName(server: string, tool: string): string {
  const whole = `${server}__${tool}`
  const fitting = whole.replaceAll(/[^a-zA-Z0-9_-]/g, '_')
  if (fitting === whole && whole.length <= LONGEST_NAME) return whole
  const mark = `_${createHash('sha256').update(whole).digest('hex').slice(0, 8)}`
  return `${fitting.slice(0, LONGEST_NAME - mark.length)}${mark}`
}
