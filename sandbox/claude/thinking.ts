import { createHmac } from 'node:crypto'

import { invalid } from './api-error.ts'
import { hashOf } from './prompt.ts'
import type { Piece } from './prompt.ts'
import type { Block } from './types.ts'

/** The same in every stand-in, so that a session outlives one. */
const KEY = 'thinking of the stand-in'

/** Thinking is no part of what other thinking is bound to. */
function extend(hash: string, { part, text, block }: Piece): string {
  return block?.type === 'thinking' ? hash : hashOf(hash, part, text)
}

const seal = (...texts: readonly string[]): string => createHmac('sha256', KEY).update(texts.join('\0')).digest('base64url')

/** A block of thinking, bound to the model and to everything before it. Its text is left out, as is the default of these models. */
export function thinkingBlock(model: string, pieces: readonly Piece[], summary: string): Block {
  const prefix = pieces.reduce(extend, '')
  return { type: 'thinking', thinking: summary, signature: [prefix, seal(model, prefix, summary), model].join('.') }
}

/**
 * Refuses thinking that was changed, or that comes back behind another system prompt, other tools or other messages
 * (platform.claude.com, "Preserved thinking"). Thinking of another model is not looked at.
 */
export function checkThinking(model: string, pieces: readonly Piece[]): void {
  let hash = ''
  for (const piece of pieces) {
    if (piece.block?.type === 'thinking') checkBlock(model, hash, piece.block, piece.at)
    hash = extend(hash, piece)
  }
}

function checkBlock(model: string, hash: string, { thinking, signature }: Block, at: string): void {
  const [prefix = '', sealed, ...by] = String(signature).split('.')
  const producer = by.join('.')
  if (sealed !== seal(producer, prefix, String(thinking))) throw invalid(`${at}: Invalid \`signature\` in \`thinking\` block`)
  if (producer === model && prefix !== hash)
    throw invalid(
      `${at}: Invalid \`signature\` in \`thinking\` block. The block is bound to a different conversation. Remove the block, or set \`thinking.block_binding.prefix_mismatch_behavior\` to "drop_block". That setting requires the \`thinking-binding-controls-2026-08-01\` value in the \`anthropic-beta\` header.`,
    )
}
