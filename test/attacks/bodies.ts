import type { Desk } from '../support/agent-desk.ts'

/** What the model was sent. */

interface Block {
  readonly type: string
  readonly text?: string
  readonly content?: string
}

export interface Body {
  readonly system: unknown
  readonly tools: unknown
  readonly messages: readonly { readonly role: string; readonly content: readonly Block[] }[]
}

/** The bodies since the last look. The stand-in keeps only the newest ones. */
export const takeBodies = ({ claude }: Desk): Body[] => claude.bodies.splice(0) as Body[]

export const resultsOf = (bodies: readonly Body[]): string[] => [
  ...new Set(
    bodies.flatMap(({ messages }) =>
      messages.flatMap(({ content }) => content.flatMap((block) => (block.type === 'tool_result' ? (block.content ?? '') : []))),
    ),
  ),
]

/** All that is said to the model outside of results: only words of our own. */
export const wordsOf = (bodies: readonly Body[]): string[] => [
  ...new Set(
    bodies.flatMap(({ messages }) =>
      messages.flatMap(({ role, content }) =>
        role === 'user' ? content.flatMap((block) => (block.type === 'tool_result' ? [] : JSON.stringify(block))) : [],
      ),
    ),
  ),
]

function leaves(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : []
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Whether a text stands in a result; of a very long one the beginning, which in a cut result stands as it is written in JSON. */
export function isDelivered(text: string, results: readonly string[]): boolean {
  const start = text.trim().slice(0, 2000)
  const written = JSON.stringify(start).slice(1, -1)
  return results.some((result) => leaves(parsed(result)).some((leaf) => leaf.includes(start) || leaf.includes(written)))
}

const LETTERS = /[^a-z0-9]/g
const bare = (text: string): string => text.toLowerCase().replaceAll(LETTERS, '')

/** A private value in whatever way it could be written: with separators, as cents, in common encodings. */
export function notationsOf(value: string | number): string[] {
  const texts =
    typeof value === 'number' ? [String(value), (value / 100).toFixed(2), String(Math.round(value / 100))] : [value, ...value.split(' ')]
  const coded = texts.flatMap((text) => [Buffer.from(text).toString('base64'), Buffer.from(text).toString('hex'), encodeURIComponent(text)])
  return [...new Set([...texts, ...coded].map(bare))].filter((text) => text.length > 4)
}

export function holdsAny(text: string, notations: readonly string[]): string[] {
  const letters = bare(text)
  return notations.filter((one) => letters.includes(one))
}
