import type { Block } from '../model/model.ts'
import type { End } from './end.ts'
import type { StoredMessage } from './ports.ts'
import { CUT, CUT_CALL, REMINDER } from './prompt.ts'
import type { PersonRequest } from './request.ts'
import type { Session } from './session.ts'
import type { ToolCall } from './tool-call.ts'

export type ToolUse = Extract<Block, { type: 'tool_use' }>
type ToolOutcome = Extract<Block, { type: 'tool_result' }>

/** What a session does next. Everything is read off what was committed, so it is the same after a crash. */
export type Next =
  | { readonly do: 'call-model' }
  /** A call that nobody has looked at yet. */
  | { readonly do: 'begin-call'; readonly call: ToolUse }
  /** A call that was begun when somebody died. */
  | { readonly do: 'resume-call'; readonly call: ToolCall }
  /** A call about which a person has decided. */
  | { readonly do: 'decided-call'; readonly call: ToolCall; readonly request: PersonRequest }
  | { readonly do: 'wait' }
  | { readonly do: 'send-results'; readonly results: readonly ToolOutcome[] }
  | { readonly do: 'say'; readonly words: readonly Block[]; readonly reminded: boolean }
  | { readonly do: 'end'; readonly end: End }

export interface Conversation {
  readonly session: Session
  /** The last message; a conversation is never empty. */
  readonly last: StoredMessage
  readonly calls: ReadonlyMap<string, ToolCall>
  readonly requests: ReadonlyMap<number, PersonRequest>
}

const isToolUse = (block: Block): block is ToolUse => block.type === 'tool_use'

const wordsOf = (content: readonly Block[]): string =>
  content
    .flatMap((block) => (block.type === 'text' ? block.text.trim() : []))
    .join('\n\n')
    .trim()

function planCall(use: ToolUse, { calls, requests }: Conversation): Next | null {
  const call = calls.get(use.id)
  if (call === undefined) return { do: 'begin-call', call: use }
  if (call.state === 'done') return null
  if (call.state === 'intent') return { do: 'resume-call', call }
  const request = call.requestId === null ? undefined : requests.get(call.requestId)
  if (request === undefined || request.state === 'open') return { do: 'wait' }
  return { do: 'decided-call', call, request }
}

function toResult(use: ToolUse, calls: ReadonlyMap<string, ToolCall>): ToolOutcome {
  const call = calls.get(use.id)
  const content = call?.result ?? CUT_CALL
  return {
    type: 'tool_result',
    tool_use_id: use.id,
    content,
    ...(call === undefined || call.result === null || call.isError ? { is_error: true } : {}),
  }
}

function planTools(conversation: Conversation, uses: readonly ToolUse[]): Next {
  // The last call of a reply that was cut is incomplete, and nobody can tell which that is: none is made.
  if (conversation.last.stopReason !== 'max_tokens') {
    for (const use of uses) {
      const next = planCall(use, conversation)
      if (next !== null) return next
    }
  }
  return { do: 'send-results', results: uses.map((use) => toResult(use, conversation.calls)) }
}

function planWords({ session, last }: Conversation): Next {
  const words = wordsOf(last.content)
  switch (last.stopReason) {
    case 'pause_turn':
      return { do: 'call-model' }
    case 'refusal':
      return { do: 'end', end: { how: 'gave-up', reason: 'Claude declined to work on this task.' } }
    case 'model_context_window_exceeded':
      return { do: 'end', end: { how: 'ran-out', limit: 'context', handOver: words || 'The conversation became too long for the model.' } }
    case 'max_tokens':
      return { do: 'say', words: CUT, reminded: session.reminded }
    case 'end_turn':
    case 'stop_sequence':
    case 'tool_use':
    case null:
      if (!session.reminded) return { do: 'say', words: REMINDER, reminded: true }
      return { do: 'end', end: { how: 'gave-up', reason: words || 'The session ended without a result.' } }
  }
}

/** Decides the next step. Pure: the same conversation gives the same step, whoever asks and however often. */
export function planNext(conversation: Conversation): Next {
  const { session, last } = conversation
  if (last.role === 'user') return { do: 'call-model' }
  const mayGoOn = last.stopReason === 'pause_turn' && session.turns < session.maxTurns
  if (session.handingOver !== null && !mayGoOn) {
    const handOver = wordsOf(last.content) || 'It left no words.'
    return { do: 'end', end: { how: 'ran-out', limit: session.handingOver, handOver } }
  }
  // A refusal calls nothing, and a reply that no longer fitted was cut, perhaps within a call.
  const isOver = last.stopReason === 'refusal' || last.stopReason === 'model_context_window_exceeded'
  const uses = isOver ? [] : last.content.filter(isToolUse)
  return uses.length > 0 ? planTools(conversation, uses) : planWords(conversation)
}
