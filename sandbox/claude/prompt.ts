import { createHash } from 'node:crypto'

import type { Breakpoint } from './request/cache-control.ts'
import { readCacheControl } from './request/cache-control.ts'
import type { Fields } from './request/fields.ts'
import { isFields } from './request/fields.ts'
import type { Block } from './types.ts'

/** One piece of what the model reads, in its order: tools, system, messages. */
export interface Piece {
  part: 'tools' | 'system' | 'messages'
  /** What it says, without what only concerns the transport. */
  text: string
  breakpoint: Breakpoint | undefined
  block: Block | undefined
  /** Such as `messages.1.content.0`. */
  at: string
}

/** About four characters a token. */
export const tokensOf = (text: string): number => Math.ceil(text.length / 4)

export const hashOf = (...texts: readonly string[]): string => createHash('sha256').update(texts.join('\0')).digest('hex')

const listOf = (value: unknown): unknown[] =>
  typeof value === 'string' ? (value === '' ? [] : [{ type: 'text', text: value }]) : asList(value)
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

/** The meaning of a block: a client may leave out what is null or the default. The order of keys inside of `input` does matter. */
function meaningOf(block: Fields): unknown {
  switch (block['type']) {
    case 'text':
      return { text: block['text'] }
    case 'tool_use':
      return { id: block['id'], name: block['name'], input: block['input'] }
    case 'tool_result':
      return {
        of: block['tool_use_id'],
        is_error: block['is_error'] === true,
        content: listOf(block['content']).map((one) => meaningOf(fieldsOf(one))),
      }
    case 'thinking':
      return { thinking: block['thinking'], signature: block['signature'] }
    default:
      return { name: block['name'], description: block['description'], input_schema: block['input_schema'] }
  }
}

function piece(part: Piece['part'], value: unknown, at: string, role = ''): Piece {
  const fields = fieldsOf(value)
  return {
    part,
    text: role + JSON.stringify(meaningOf(fields)),
    breakpoint: readCacheControl(fields['cache_control'], at),
    block: part === 'messages' ? (fields as Block) : undefined,
    at,
  }
}

/** A body that was found valid, piece by piece. */
export function piecesOf(body: Fields): Piece[] {
  return [
    ...asList(body['tools']).map((tool, index) => piece('tools', { ...fieldsOf(tool), type: 'custom' }, `tools.${index}`)),
    ...listOf(body['system']).map((block, index) => piece('system', block, `system.${index}`)),
    ...asList(body['messages']).flatMap((message, index) => {
      const { role, content } = fieldsOf(message)
      return listOf(content).map((block, position) => piece('messages', block, `messages.${index}.content.${position}`, String(role)))
    }),
  ]
}
