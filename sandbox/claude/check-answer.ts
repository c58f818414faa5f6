import { TOOL_NAME } from './request/tools.ts'
import { isFields } from './request/fields.ts'
import { fitsSchema } from './schema.ts'
import type { Answer, Block, MessagesRequest } from './types.ts'

/** What the stand-in's own answer has wrong: a real model could not say it. Undefined: nothing. */
export function problemOf({ content, stopReason }: Answer, request: MessagesRequest): string | undefined {
  const calls = content.filter(({ type }) => type === 'tool_use')
  const used = new Set(request.turns.flatMap((turn) => turn.content.filter(({ type }) => type === 'tool_use').map(({ id }) => id)))
  for (const block of content) {
    const wrong = block.type === 'tool_use' ? problemOfCall(block, request, used) : problemOfText(block)
    if (wrong !== undefined) return wrong
  }
  if (content.some(({ type }, index) => type === 'tool_use' && content[index + 1]?.type === 'text')) return 'a text comes after a call'
  if (calls.length > 1 && request.toolChoice.disable_parallel_tool_use === true) return 'several calls, where one at a time was asked for'
  if (stopReason === 'tool_use' && calls.length === 0) return 'it stops for a call, and there is none'
  if (calls.length > 0 && (stopReason === 'end_turn' || stopReason === 'pause_turn')) return `calls, but it stops with ${stopReason}`
  if (content.length === 0 && stopReason !== 'end_turn' && stopReason !== 'refusal') return `no content, but it stops with ${stopReason}`
  return undefined
}

function problemOfText({ type, text }: Block): string | undefined {
  if (type !== 'text') return `a block of type ${type}`
  return typeof text === 'string' && text.trim() !== '' ? undefined : 'an empty text'
}

function problemOfCall({ id, name, input }: Block, request: MessagesRequest, used: Set<unknown>): string | undefined {
  if (request.toolChoice.type === 'none') return 'a call, where none is allowed'
  if (typeof id !== 'string' || !/^[a-zA-Z0-9_-]+$/.test(id)) return `the id ${String(id)} of a call`
  if (used.has(id)) return `the id ${id} was used before`
  used.add(id)
  const tool = request.tools.find((one) => one.name === name)
  if (tool === undefined || typeof name !== 'string' || !TOOL_NAME.test(name)) return `it calls ${String(name)}, which is not offered`
  if (!isFields(input)) return 'an input that is not an object'
  if (tool.strict && !fitsSchema(tool.inputSchema, input)) return `an input that a strict ${name} does not allow`
  return undefined
}
