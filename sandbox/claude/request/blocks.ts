import { invalid } from '../api-error.ts'
import type { Block, Turn } from '../types.ts'
import { readCacheControl } from './cache-control.ts'
import { isFields, refuseUnknown, requireFields, requireList, requirePattern, requireString } from './fields.ts'
import { TOOL_NAME } from './tools.ts'

const FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  text: new Set(['type', 'text', 'cache_control', 'citations']),
  tool_use: new Set(['type', 'id', 'name', 'input', 'cache_control', 'caller', 'toolset_name']),
  tool_result: new Set(['type', 'tool_use_id', 'content', 'is_error', 'cache_control', 'toolset_name']),
  thinking: new Set(['type', 'thinking', 'signature']),
}
const TOOL_USE_ID = /^[a-zA-Z0-9_-]+$/

/** Blocks of text, as the system prompt and results of tools have them; a string is short for one of them. */
export function readTexts(value: unknown, at: string, part: string): Block[] {
  if (typeof value === 'string') return value === '' ? [] : [{ type: 'text', text: value }]
  return requireList(value, at).map((item, index) => {
    const block = readBlock(item, `${at}.${index}`)
    if (block.type !== 'text') throw invalid(`${at}.${index}: the stand-in knows only text here, not \`${block.type}\` blocks`)
    refuseEmptyText(block, part)
    return block
  })
}

/** The blocks of one message, each one well formed on its own. */
export function readContent(value: unknown, role: Turn['role'], index: number): Block[] {
  const at = `messages.${index}`
  if (value === undefined) throw invalid(`${at}.content: Field required`)
  const content = typeof value === 'string' ? (value === '' ? [] : [{ type: 'text', text: value }]) : requireList(value, `${at}.content`)
  if (content.length === 0) throw invalid(`${at}: all messages must have non-empty content except for the optional final assistant message`)
  return content.map((item, position) => {
    const block = readBlock(item, `${at}.content.${position}`)
    if (block.type === 'text') refuseEmptyText(block, 'messages')
    refuseWrongRole(block, role, at)
    return block
  })
}

function refuseWrongRole({ type }: Block, role: Turn['role'], at: string): void {
  if (type === 'tool_use' && role === 'user') throw invalid(`${at}: \`tool_use\` blocks can only be in \`assistant\` messages`)
  if (type === 'tool_result' && role === 'assistant') throw invalid(`${at}: \`tool_result\` blocks can only be in \`user\` messages`)
  if (type === 'thinking' && role === 'user') throw invalid(`${at}.content: thinking blocks may only be in \`assistant\` messages`)
}

function refuseEmptyText({ text }: Block, part: string): void {
  if (text === '') throw invalid(`${part}: text content blocks must be non-empty`)
  if (typeof text === 'string' && text.trim() === '') throw invalid(`${part}: text content blocks must contain non-whitespace text`)
}

function readBlock(value: unknown, at: string): Block {
  const block = requireFields(value, at)
  const type = block['type']
  const known = typeof type === 'string' ? FIELDS[type] : undefined
  if (known === undefined)
    throw invalid(
      `${at}: Input tag '${String(type)}' found using 'type' does not match any of the expected tags (the stand-in knows: ${Object.keys(FIELDS).join(', ')})`,
    )
  const inside = `${at}.${String(type)}`
  refuseUnknown(block, known, inside)
  readCacheControl(block['cache_control'], `${inside}.cache_control`)
  if (type === 'text') requireString(block['text'], `${inside}.text`)
  if (type === 'tool_use') checkToolUse(block, inside)
  if (type === 'tool_result') checkToolResult(block, inside)
  if (type === 'thinking') {
    requireString(block['thinking'], `${inside}.thinking`)
    requireString(block['signature'], `${inside}.signature`)
  }
  return block as Block
}

function checkToolUse({ id, name, input }: Record<string, unknown>, at: string): void {
  requirePattern(id, `${at}.id`, TOOL_USE_ID)
  requirePattern(name, `${at}.name`, TOOL_NAME)
  if (input === undefined) throw invalid(`${at}.input: Field required`)
  if (!isFields(input)) throw invalid(`${at}.input: Input should be a valid dictionary`)
}

function checkToolResult(block: Record<string, unknown>, at: string): void {
  requirePattern(block['tool_use_id'], `${at}.tool_use_id`, TOOL_USE_ID)
  const { content, is_error: isError } = block
  if (content !== undefined) readTexts(content, `${at}.content`, 'messages')
  if (isError !== undefined && typeof isError !== 'boolean') throw invalid(`${at}.is_error: Input should be a valid boolean`)
}
