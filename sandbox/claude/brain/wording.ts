import { isFields } from '../request/fields.ts'
import { charterInHand, listedCharters, nameOf, stateOf, unsigned } from './charters.ts'
import type { Talk, ToolCall } from './conversation.ts'

const lastOf = ({ calls }: Talk, name: string): ToolCall | undefined => calls.findLast((call) => call.name === name)

/** The words of a person, wherever they stand in the result. */
function answerOf({ data, text }: ToolCall): string {
  if (typeof data === 'string') return data
  if (!isFields(data)) return text
  const known = ['answer', 'choice', 'text'].map((name) => data[name]).find((value) => typeof value === 'string')
  return typeof known === 'string' ? known : JSON.stringify(data)
}

function chartersSaid(talk: Talk): string[] {
  const charters = listedCharters(talk)
  if (charters === undefined) {
    const failed = lastOf(talk, 'list_charters')
    return failed === undefined ? [] : [`The charters could not be read: ${failed.text}`]
  }
  if (charters.length === 0) return ['The port sheet shows no charters.']
  const open = unsigned(charters)
  const missing = open.length === 0 ? 'every agreement is signed' : `${open.length} without a signed agreement`
  const coming = charters.length === 1 ? '1 charter is' : `${charters.length} charters are`
  const next = charterInHand(talk)
  const state = next === undefined || stateOf(next) === '' ? '' : `: ${stateOf(next)}`
  return [`${coming} coming up, ${missing}.`, ...(next === undefined ? [] : [`Next is ${nameOf(next)}${state}.`])]
}

function peopleSaid(talk: Talk): string[] {
  const asked = lastOf(talk, 'ask_operator')
  if (asked === undefined) return []
  return [asked.isError ? `Nobody answered the question: ${asked.text}` : `The operator answered: ${answerOf(asked)}.`]
}

function tasksSaid(talk: Talk): string[] {
  const created = lastOf(talk, 'create_task')
  if (created === undefined) return []
  const { title, for: who } = isFields(created.input) ? created.input : {}
  if (created.isError) return [`The task "${String(title)}" was not approved and does not exist: ${created.text}`]
  const id =
    isFields(created.data) && ['number', 'string'].includes(typeof created.data['id']) ? ` as task ${String(created.data['id'])}` : ''
  return [`"${String(title)}" was added${id} for ${who === 'person' ? 'a person' : 'a later session'}.`]
}

/** What was found and done, from the results themselves. */
export function summaryOf(talk: Talk, outcome: 'done' | 'blocked'): string {
  const facts = [...chartersSaid(talk), ...peopleSaid(talk), ...tasksSaid(talk)]
  const blocked = outcome === 'blocked' ? ['The guest has to sign on paper, which only a person can arrange.'] : []
  return [...facts, ...blocked].join(' ') || 'The task was read; there was nothing to do.'
}

/** The three parts that are asked for when a session has to stop. */
export function handOverOf(talk: Talk): string {
  const done = chartersSaid(talk).join(' ') || 'The task was read.'
  const read = talk.calls.filter(({ name, isError }) => name === 'read_charter' && !isError).length
  return [
    `Done: ${done} ${read} were read in full.`,
    `Left: the rest of "${talk.task?.title ?? 'the task'}".`,
    'Blocker: none but the length of this session.',
  ].join('\n')
}
