import { invalid } from '../api-error.ts'
import type { Block, Turn } from '../types.ts'

const usesOf = ({ role, content }: Turn): Block[] => (role === 'assistant' ? content.filter(({ type }) => type === 'tool_use') : [])

const idOf = (block: Block): string => String(block['id'] ?? block['tool_use_id'])

/** The results at the beginning of a turn: those behind a text do not count as immediately after. */
function leadingResults(turn: Turn | undefined): Block[] {
  if (turn?.role !== 'user') return []
  const end = turn.content.findIndex(({ type }) => type !== 'tool_result')
  return end < 0 ? turn.content : turn.content.slice(0, end)
}

/** Every call has exactly one result, right after it, and there is no result without its call. */
export function checkPairing(turns: readonly Turn[]): void {
  const used = new Set<string>()
  const answered = new Set<string>()
  for (const [position, turn] of turns.entries()) {
    checkCalls(turn, used, turns[position + 1])
    checkResults(turn, answered, turns[position - 1])
  }
}

function checkCalls(turn: Turn, used: Set<string>, next: Turn | undefined): void {
  const calls = usesOf(turn)
  for (const call of calls) {
    if (used.has(idOf(call))) throw invalid(`messages.${turn.index}.content.${turn.content.indexOf(call)}: \`tool_use\` ids must be unique`)
    used.add(idOf(call))
  }
  const results = new Set(leadingResults(next).map(idOf))
  const missing = calls.map(idOf).filter((id) => !results.has(id))
  if (missing.length > 0)
    throw invalid(
      `messages.${turn.index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
    )
}

function checkResults({ index, role, content }: Turn, answered: Set<string>, before: Turn | undefined): void {
  if (role !== 'user') return
  const called = new Set(before === undefined ? [] : usesOf(before).map(idOf))
  for (const [position, block] of content.entries()) {
    if (block.type !== 'tool_result') continue
    const at = `messages.${index}.content.${position}`
    const id = idOf(block)
    if (answered.has(id))
      throw invalid(`${at}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`)
    if (!called.has(id))
      throw invalid(
        `${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`,
      )
    answered.add(id)
  }
}
