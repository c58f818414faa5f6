import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'

import { checkPairing } from '../../sandbox/claude/request/pairing.ts'
import type { Block, Turn } from '../../sandbox/claude/types.ts'

const use = (id: string): Block => ({ type: 'tool_use', id, name: 'read_task', input: {} })
const result = (id: string): Block => ({ type: 'tool_result', tool_use_id: id, content: 'fine' })
const text: Block = { type: 'text', text: 'Well.' }

/** A conversation of calls, a list of ids for each reply; words stand before calls and behind results, where they may. */
function conversation(replies: readonly (readonly string[])[], isTalking: boolean): Turn[] {
  const turns: Turn[] = [{ index: 0, role: 'user', content: [text] }]
  for (const ids of replies) {
    turns.push({ index: turns.length, role: 'assistant', content: [...(isTalking ? [text] : []), ...ids.map(use)] })
    turns.push({ index: turns.length, role: 'user', content: [...ids.toReversed().map(result), ...(isTalking ? [text] : [])] })
  }
  return turns
}

const replies = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 6 })
  .map((sizes) => sizes.map((size, reply) => Array.from({ length: size }, (_, one) => `toolu_${reply}_${one}`)))

const at = fc.record({ reply: fc.nat(), one: fc.nat() })

/** The conversation with one turn changed. */
function change(turns: Turn[], index: number, edit: (content: Block[]) => Block[]): Turn[] {
  return turns.map((turn) => (turn.index === index ? { ...turn, content: edit([...turn.content]) } : turn))
}

describe('calls and results', () => {
  test.prop([replies, fc.boolean()])('are accepted in pairs, in whatever order', (ids, isTalking) => {
    expect(() => checkPairing(conversation(ids, isTalking))).not.toThrow()
  })

  test.prop([replies, fc.boolean(), at])('a result less is refused', (ids, isTalking, where) => {
    const reply = where.reply % ids.length
    const lost = ids[reply]?.[where.one % (ids[reply]?.length ?? 1)] ?? ''
    const turns = change(conversation(ids, isTalking), 2 + 2 * reply, (content) => content.filter((block) => block['tool_use_id'] !== lost))
    expect(() => checkPairing(turns)).toThrow(
      `messages.${1 + 2 * reply}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${lost}.`,
    )
  })

  test.prop([replies, fc.boolean(), at])('a call less is refused', (ids, isTalking, where) => {
    const reply = where.reply % ids.length
    const lost = ids[reply]?.[where.one % (ids[reply]?.length ?? 1)] ?? ''
    const turns = change(conversation(ids, isTalking), 1 + 2 * reply, (content) => content.filter((block) => block['id'] !== lost))
    expect(() => checkPairing(turns)).toThrow(/unexpected `tool_use_id` found in `tool_result` blocks/)
  })

  test.prop([replies, fc.boolean(), at])('a second result is refused', (ids, isTalking, where) => {
    const reply = where.reply % ids.length
    const again = ids[reply]?.[where.one % (ids[reply]?.length ?? 1)] ?? ''
    const turns = change(conversation(ids, isTalking), 2 + 2 * reply, (content) => [result(again), ...content])
    expect(() => checkPairing(turns)).toThrow(`Found multiple \`tool_result\` blocks with id: ${again}`)
  })

  test.prop([replies, fc.boolean(), at])('an id that is used again is refused, in a later reply too', (ids, isTalking, where) => {
    const known = ids[where.reply % ids.length]?.[0] ?? ''
    const turns = conversation([...ids, ['toolu_last', known]], isTalking)
    expect(() => checkPairing(turns)).toThrow(/`tool_use` ids must be unique/)
  })

  test.prop([replies, fc.boolean(), at])('a word before the results is refused', (ids, isTalking, where) => {
    const turns = change(conversation(ids, isTalking), 2 + 2 * (where.reply % ids.length), (content) => [text, ...content])
    expect(() => checkPairing(turns)).toThrow(/were found without `tool_result` blocks immediately after/)
  })

  test.prop([replies, fc.boolean()])('a call at the end is refused', (ids, isTalking) => {
    expect(() => checkPairing(conversation(ids, isTalking).slice(0, -1))).toThrow(/immediately after/)
  })
})
