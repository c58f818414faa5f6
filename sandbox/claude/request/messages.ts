import { invalid } from '../api-error.ts'
import type { Block, Turn } from '../types.ts'
import { readContent } from './blocks.ts'
import { refuseUnknown, requireFields, requireList } from './fields.ts'
import { checkPairing } from './pairing.ts'

const MAX_MESSAGES = 100_000
const KNOWN = new Set(['role', 'content'])

/** The conversation, checked as a whole; `isPaused` knows replies that ended with `pause_turn`. */
export function readMessages(value: unknown, isPaused: (content: readonly Block[]) => boolean): Turn[] {
  if (value === undefined) throw invalid('messages: Field required')
  const messages = requireList(value, 'messages')
  if (messages.length === 0) throw invalid('messages: at least one message is required')
  if (messages.length > MAX_MESSAGES) throw invalid(`messages: at most ${MAX_MESSAGES} messages are allowed`)
  const turns: Turn[] = []
  const read = messages.map(readMessage)
  for (const message of read) {
    const last = turns.at(-1)
    if (last?.role === message.role) last.content.push(...message.content)
    else turns.push({ ...message, content: [...message.content] })
  }
  if (turns[0]?.role !== 'user') throw invalid('messages: first message must use the "user" role')
  checkPairing(turns)
  const end = read.at(-1)
  if (end?.role === 'assistant') checkEnd(end, isPaused)
  return turns
}

function readMessage(value: unknown, index: number): Turn {
  const message = requireFields(value, `messages.${index}`)
  refuseUnknown(message, KNOWN, `messages.${index}`)
  const { role } = message
  if (role === 'system')
    throw invalid(
      'messages: Unexpected role "system". The Messages API accepts a top-level `system` parameter, not "system" as an input message role.',
    )
  if (role !== 'user' && role !== 'assistant') throw invalid(`messages.${index}.role: Input should be 'user' or 'assistant'`)
  return { index, role, content: readContent(message['content'], role, index) }
}

/** These models continue no words put into their mouth, only a reply of their own that was paused. */
function checkEnd({ content }: Turn, isPaused: (content: readonly Block[]) => boolean): void {
  const text = content.at(-1)?.['text']
  if (typeof text === 'string' && text !== text.trimEnd())
    throw invalid('messages: final assistant content cannot end with trailing whitespace')
  if (!isPaused(content))
    throw invalid('This model does not support assistant message prefill. The conversation must end with a user message.')
}
