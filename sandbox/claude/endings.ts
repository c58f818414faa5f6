import { tokensOf } from './prompt.ts'
import type { Answer, Block, FaultKind, StopReason } from './types.ts'

const textOf = ({ content }: Answer): string => {
  const text = content.find(({ type }) => type === 'text')?.['text']
  return typeof text === 'string' ? text : 'Let me look at what the task asks for.'
}

const half = (text: string): string => text.slice(0, Math.max(1, Math.floor(text.length / 2))).trimEnd()

const cutText = (answer: Answer, stopReason: StopReason): Answer => ({
  content: [{ type: 'text', text: half(textOf(answer)) }],
  stopReason,
})

/** The call is there, but of its input only what was written so far: nothing. */
function cutCall(answer: Answer): Answer {
  const index = answer.content.findIndex(({ type }) => type === 'tool_use')
  const call = answer.content[index]
  if (call === undefined) return cutText(answer, 'max_tokens')
  return { content: [...answer.content.slice(0, index), { ...call, input: {} }], stopReason: 'max_tokens' }
}

const ENDINGS: Partial<Record<FaultKind, (answer: Answer) => Answer>> = {
  refusal: () => ({ content: [], stopReason: 'refusal' }),
  max_tokens: (answer) => cutText(answer, 'max_tokens'),
  max_tokens_in_tool_use: cutCall,
  pause_turn: (answer) => cutText(answer, 'pause_turn'),
  context_window: (answer) => cutText(answer, 'model_context_window_exceeded'),
}

/** How an answer ends when its service, and not the model, decides. */
export function endBy(kind: FaultKind | undefined, answer: Answer): Answer {
  return (kind === undefined ? undefined : ENDINGS[kind])?.(answer) ?? answer
}

export const outputTokens = (content: readonly Block[]): number => content.reduce((sum, block) => sum + tokensOf(JSON.stringify(block)), 0)

/** No longer than was allowed. */
export function limit(answer: Answer, maxTokens: number): Answer {
  if (outputTokens(answer.content) <= maxTokens) return answer
  const kept: Block[] = []
  for (const block of answer.content) {
    const left = maxTokens - outputTokens(kept)
    if (outputTokens([block]) <= left) {
      kept.push(block)
      continue
    }
    if (block.type === 'tool_use') kept.push({ ...block, input: {} })
    else kept.push({ ...block, text: String(block['text']).slice(0, Math.max(1, left * 4 - 30)) })
    break
  }
  return { content: kept, stopReason: 'max_tokens' }
}
