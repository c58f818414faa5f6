import { isFields } from '../request/fields.ts'
import type { Fields } from '../request/fields.ts'
import type { Answer, MessagesRequest } from '../types.ts'

/** A question about an incident, with what it is to be answered from. No tools are offered: all there is to do is speak. */
export interface Asked {
  question: string
  evidence: ReadonlyMap<string, unknown>
}

function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}

export function readQuestion({ tools, turns }: MessagesRequest): Asked | undefined {
  if (tools.length > 0) return undefined
  const data = turns
    .flatMap(({ content }) => content)
    .map((block) => parsed(block['text']))
    .find((one) => isFields(one) && typeof one['question'] === 'string' && Array.isArray(one['evidence']))
  if (!isFields(data)) return undefined
  const pieces = (data['evidence'] as unknown[]).filter(isFields)
  return { question: String(data['question']), evidence: new Map(pieces.map((one) => [String(one['name']), one['data']])) }
}

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])
const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
const sentence = (text: string): string => (text === '' ? '' : `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/[.\s]+$/, '')}.`)

function ago(value: unknown): string {
  const minutes = fieldsOf(value)['minutesAgo']
  if (typeof minutes !== 'number') return ''
  if (minutes < 0) return `in ${-minutes} minutes`
  if (minutes < 2) return 'just now'
  return minutes < 120 ? `${minutes} minutes ago` : `${Math.round(minutes / 60)} hours ago`
}

function standing({ evidence }: Asked): string {
  const signals = fieldsOf(evidence.get('signals'))
  const code = textOf(signals['code'])
  const seen = ago(signals['lastSeen'])
  return `${sentence(textOf(signals['title']))} ${code === '' ? '' : `The last answer was ${code}, seen ${seen} (signals).`}`.trim()
}

function cause({ evidence }: Asked): string {
  const [first] = listOf(fieldsOf(evidence.get('causes'))['causes'])
  if (first === undefined) return 'The evidence does not tell why.'
  const { certainty, what, evidence: because } = first
  return `The cause (${textOf(certainty)}): ${sentence(textOf(what))} ${sentence(textOf(because))} (causes)`
}

function lately({ evidence }: Asked): string {
  const [last] = listOf(evidence.get('runs'))
  const [line] = listOf(evidence.get('log'))
  const run = last === undefined ? '' : `The last run began ${ago(last['started'])} and ended with "${textOf(last['outcome'])}" (runs).`
  return [run, line === undefined ? '' : `The log says: ${textOf(line['text'])} (log).`].filter(Boolean).join(' ')
}

function next({ evidence }: Asked): string {
  const at = fieldsOf(fieldsOf(evidence.get('signals'))['nextAttempt'])
  return at['at'] === undefined
    ? 'When it is tried next, the evidence does not tell.'
    : `It is tried next at ${textOf(at['at'])} (signals).`
}

function proposal({ evidence }: Asked): string {
  const todo = textOf(fieldsOf(evidence.get('signals'))['whatAPersonShouldDo'])
  return todo === '' ? 'I propose: look at the runbook.' : `I propose: ${sentence(todo)}`
}

/** Which parts answer which words; everything else gets how it stands. */
const PARTS: readonly (readonly [words: RegExp, parts: readonly ((asked: Asked) => string)[]])[] = [
  [/\b(?:why|cause|reason|fail\w*|wrong|broken?|happen\w*)\b/i, [standing, cause, lately, proposal]],
  [/\b(?:when|next|again|retry|how long)\b/i, [standing, next, proposal]],
  [/\b(?:log|run|runs|history|last|before)\b/i, [lately, standing]],
  [/\b(?:do|fix|help|solve|should|how)\b/i, [proposal, cause]],
]

export function thinkAboutQuestion(asked: Asked): Answer {
  const [, parts] = PARTS.find(([words]) => words.test(asked.question)) ?? [undefined, [standing, lately, proposal]]
  const text = parts
    .map((part) => part(asked))
    .filter((said) => said !== '')
    .join('\n')
  return { content: [{ type: 'text', text: text || 'The evidence does not tell.' }], stopReason: 'end_turn' }
}
