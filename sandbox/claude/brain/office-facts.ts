import { isFields } from '../request/fields.ts'
import type { Fields } from '../request/fields.ts'
import { nameOf } from './charters.ts'
import type { Talk, ToolCall } from './conversation.ts'

/** What the tools of the office have told so far. Everything a session says or does about a charter comes from here. */

const resultsOf = ({ calls }: Talk, name: string): ToolCall[] => calls.filter((call) => call.name === name)

/** The newest result that was no error. */
export function dataOf(talk: Talk, name: string): Fields | undefined {
  const data = resultsOf(talk, name).findLast(({ isError }) => !isError)?.data
  return isFields(data) ? data : undefined
}

export const lastCall = (talk: Talk, name: string): ToolCall | undefined => resultsOf(talk, name).at(-1)

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(stringOf).filter((text) => text !== '') : [])

export const charterRead = (talk: Talk): Fields | undefined => {
  const charter = dataOf(talk, 'read_charter')?.['charter']
  return isFields(charter) ? charter : undefined
}

/** The charter as people speak of it. */
export function charterName(talk: Talk): string {
  const charter = charterRead(talk)
  return charter === undefined ? (talk.task?.charter ?? 'the charter') : nameOf(charter)
}

/** What the crew's page needs and the port sheet lacks. */
export function missingFrom(charter: Fields): string[] {
  return [
    ...(stringOf(charter['captain']).trim() === '' ? ['the captain'] : []),
    ...(typeof charter['guests'] === 'number' ? [] : ['the number of guests']),
  ]
}

/** One guest, as the newest request stands. */
export interface Guest {
  readonly id: number
  readonly name: string
  readonly state: string
  readonly reminders: number
  readonly reason: string
}

/** The newest request of each guest; undefined: nothing was listed. */
export function guestsListed(talk: Talk): Guest[] | undefined {
  const requests = dataOf(talk, 'list_signatures')?.['requests']
  if (!Array.isArray(requests)) return undefined
  const byName = new Map<string, Guest>()
  for (const one of requests.filter(isFields)) {
    const { id, reminders } = one
    const name = stringOf(one['guest'])
    const state = stringOf(one['state'])
    const guest = { id: Number(id), name, state, reminders: Number(reminders), reason: stringOf(one['declineReason']) }
    if (!byName.has(name) && state !== 'withdrawn') byName.set(name, guest)
  }
  return [...byName.values()]
}

export const OPEN: ReadonlySet<string> = new Set(['requested', 'sent', 'viewed'])

/** Guests of whom nothing can be expected without a person. */
export const unsignedOf = (guests: readonly Guest[]): Guest[] => guests.filter(({ state }) => state !== 'signed')

export const hasContact = (talk: Talk): boolean => dataOf(talk, 'list_signatures')?.['hasContact'] !== false

const sailsAt = (talk: Talk): string => stringOf(dataOf(talk, 'list_signatures')?.['sailsAt'])

const HOUR_MS = 3_600_000

/** Hours until it sails, counted from when the port sheet was read: a model has no clock. */
export function hoursLeft(talk: Talk): number {
  const [from, to] = [stringOf(dataOf(talk, 'read_charter')?.['readAt']), sailsAt(talk)].map(Date.parse)
  return from === undefined || to === undefined || Number.isNaN(to - from) ? Infinity : (to - from) / HOUR_MS
}

/** What is wrong with the list of guests, in the words of the bot; empty: nothing. */
export const listProblem = (talk: Talk): string => stringOf(dataOf(talk, 'request_signatures')?.['aboutTheList'])

export const prepared = (talk: Talk): string[] => strings(dataOf(talk, 'request_signatures')?.['prepared'])
export const reminded = (talk: Talk): string[] => strings(dataOf(talk, 'suggest_reminders')?.['suggested'])
