import { randomBytes } from 'node:crypto'

import { thinkAbout } from './brain/brain.ts'
import { problemOf } from './check-answer.ts'
import { endBy, limit, outputTokens } from './endings.ts'
import type { Piece } from './prompt.ts'
import { thinkingBlock } from './thinking.ts'
import type { Answer, Block, ClaudeFault, GivenAnswer, MessagesRequest, Usage } from './types.ts'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Such as `toolu_01` and 22 letters and digits, as the service makes them. */
export const newId = (kind: 'msg_01' | 'toolu_01' | 'req_011'): string =>
  kind + Array.from(randomBytes(22), (byte) => ALPHABET[byte % ALPHABET.length]).join('')

export type Hook = ((request: MessagesRequest) => GivenAnswer | undefined) | undefined

function ofHook(given: GivenAnswer): Answer {
  return { stopReason: given.stop_reason, content: given.content.map((block) => ({ ...block })) }
}

/** What the model says to a request. Throws when a real one could not have said it. */
export function answer(request: MessagesRequest, hook: Hook, fault: ClaudeFault | undefined): Answer {
  const given = hook?.(request)
  const said = given === undefined ? thinkAbout(request) : ofHook(given)
  const content = said.content.map((block) => (block.type === 'tool_use' ? { id: newId('toolu_01'), ...block } : block))
  const wrong = problemOf({ ...said, content }, request)
  if (wrong !== undefined) throw new Error(`its own answer is wrong: ${wrong}`)
  return limit(endBy(fault?.kind, { ...said, content }), request.maxTokens)
}

/** A model thinks before its first words, and when something did not go as planned. */
function mustThink({ turns, thinking }: MessagesRequest): boolean {
  const last = turns.at(-1)
  const isFirst = turns.filter(({ role }) => role === 'assistant').length <= 1
  return thinking.type === 'adaptive' && last?.role === 'user' && (isFirst || last.content.some((block) => block['is_error'] === true))
}

const THINKING_TOKENS = 40

/** The body of the answer, as the service sends it. */
export function messageBody(request: MessagesRequest, said: Answer, pieces: readonly Piece[], input: Omit<Usage, 'output_tokens'>) {
  const summary = request.thinking.display === 'summarized' ? 'The task says what is wanted; the sheet must say the rest.' : ''
  const isThinking = said.content.length > 0 && mustThink(request)
  const thinking: Block[] = isThinking ? [thinkingBlock(request.model, pieces, summary)] : []
  const spent = isThinking ? THINKING_TOKENS : 0
  const usage: Usage = { ...input, output_tokens: Math.max(1, outputTokens(said.content)) + spent }
  return {
    id: newId('msg_01'),
    type: 'message' as const,
    role: 'assistant' as const,
    model: request.model,
    content: [...thinking, ...said.content.map(wireBlock)],
    stop_reason: said.stopReason,
    stop_sequence: null,
    stop_details: said.stopReason === 'refusal' ? { type: 'refusal', category: 'general_harms', explanation: null } : null,
    container: null,
    diagnostics: null,
    usage: {
      ...usage,
      cache_creation: { ephemeral_5m_input_tokens: usage.cache_creation_input_tokens, ephemeral_1h_input_tokens: 0 },
      output_tokens_details: { thinking_tokens: spent },
      server_tool_use: null,
      service_tier: 'standard',
      inference_geo: null,
      speed: null,
    },
  }
}

function wireBlock(block: Block): Block {
  if (block.type === 'text') return { citations: null, ...block }
  return { type: block.type, id: block['id'], caller: { type: 'direct' }, name: block['name'], input: block['input'] }
}
