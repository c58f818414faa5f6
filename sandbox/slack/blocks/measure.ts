import type { Problem } from './problems.ts'

type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every object in a block, with its path, depth first. */
function* walk(value: unknown, at: string): Generator<{ fields: Fields; at: string }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* walk(item, `${at}/${index}`)
  } else if (isFields(value)) {
    yield { fields: value, at }
    for (const [key, item] of Object.entries(value)) yield* walk(item, `${at}/${key}`)
  }
}

/** Characters of all text that a person would read in these blocks. */
export function textLength(blocks: unknown[]): number {
  let length = 0
  for (const { fields } of walk(blocks, '')) if (typeof fields['text'] === 'string') length += fields['text'].length
  return length
}

/** An identifier may occur once: block ids in a payload, action ids in a block. */
export function findDuplicates(blocks: unknown[], at: string): Problem[] {
  const problems: Problem[] = []
  const blockIds = new Set<unknown>()
  for (const [index, block] of blocks.entries()) {
    const actionIds = new Set<unknown>()
    for (const { fields, at: here } of walk(block, `${at}/${index}`)) {
      problems.push(...repeated(fields, 'block_id', blockIds, here), ...repeated(fields, 'action_id', actionIds, here))
    }
  }
  return problems
}

function repeated(fields: Fields, key: string, seen: Set<unknown>, at: string): Problem[] {
  const id = fields[key]
  if (typeof id !== 'string') return []
  if (seen.has(id)) return [{ message: `\`${key}\` already exists: ${id}`, pointer: `${at}/${key}` }]
  seen.add(id)
  return []
}
