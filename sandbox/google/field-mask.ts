/** A parsed `fields` parameter; an empty node keeps everything below it. */
export interface MaskNode {
  [field: string]: MaskNode
}

/** The fields a message has: `null` for a leaf or for a message nobody looks into. */
export interface Schema {
  readonly [field: string]: Schema | null
}

export type MaskResult = { ok: true; value: unknown } | { ok: false; field: string; description: string }

/** Applies `a,b(c,d.e),f/g` to a message, refusing fields the message does not have, as Google does. */
export function applyFieldMask(mask: string, message: unknown, schema: Schema): MaskResult {
  const tree = parseMask(mask)
  if (tree === undefined)
    return { ok: false, field: mask, description: `Error expanding 'fields' parameter. Invalid field mask '${mask}'.` }
  const unknown = unknownPath(tree, schema)
  if (unknown !== undefined)
    return {
      ok: false,
      field: unknown,
      description: `Error expanding 'fields' parameter. Cannot find matching fields for path '${unknown}'.`,
    }
  return { ok: true, value: keep(tree, message) }
}

/** Without a prototype, so that a field called `constructor` is not found by accident. */
const emptyNode = (): MaskNode => Object.create(null) as MaskNode

function parseMask(mask: string): MaskNode | undefined {
  const tokens = mask.match(/[A-Za-z0-9_]+|[(),./*]|\S/g) ?? []
  const root = emptyNode()
  const end = parseList(tokens, 0, root)
  return end === tokens.length && tokens.length > 0 ? root : undefined
}

/** Reads `path[(list)],...` from `at` into `node`; gives the index after it, or -1. */
function parseList(tokens: readonly string[], at: number, node: MaskNode): number {
  let index = at
  for (;;) {
    index = parseItem(tokens, index, node)
    if (index === -1 || tokens[index] !== ',') return index
    index += 1
  }
}

function parseItem(tokens: readonly string[], at: number, node: MaskNode): number {
  let here = node
  let index = at
  for (;;) {
    const name = tokens[index]
    if (name === undefined || !/^([A-Za-z0-9_]+|\*)$/.test(name)) return -1
    here = here[name] ??= emptyNode()
    index += 1
    if (tokens[index] !== '.' && tokens[index] !== '/') break
    index += 1
  }
  if (tokens[index] !== '(') return index
  const end = parseList(tokens, index + 1, here)
  return end !== -1 && tokens[end] === ')' ? end + 1 : -1
}

function unknownPath(tree: MaskNode, schema: Schema, prefix = ''): string | undefined {
  for (const [field, below] of Object.entries(tree)) {
    if (field === '*') continue
    if (!Object.hasOwn(schema, field)) return prefix + field
    const inner = schema[field]
    const found = inner ? unknownPath(below, inner, `${prefix}${field}.`) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function keep(tree: MaskNode, value: unknown): unknown {
  if (Object.keys(tree).length === 0 || '*' in tree) return value
  if (Array.isArray(value)) return value.map((item) => keep(tree, item))
  if (typeof value !== 'object' || value === null) return value
  const out: Record<string, unknown> = {}
  for (const [field, inner] of Object.entries(value)) {
    const below = tree[field]
    if (below !== undefined) out[field] = keep(below, inner)
  }
  return out
}
