import { readOwnCharter } from './crew-page.ts'
import {
  charterName,
  charterRead,
  dataOf,
  guestsListed,
  hasContact,
  hoursLeft,
  lastCall,
  listProblem,
  OPEN,
  prepared,
  reminded,
  unsignedOf,
} from './office-facts.ts'
import type { Guest } from './office-facts.ts'
import type { Talk } from './conversation.ts'
import { isFields } from '../request/fields.ts'
import { call, callsOf, finishWith, happenedAfter } from './steps.ts'
import type { Step } from './steps.ts'

/** Signatures that need judgement: a list of guests that does not fit, or requests that are open before sailing. */

const guestsOf = (talk: Talk): Guest[] => guestsListed(talk) ?? []

/** At the beginning, and again after requests were prepared: reminders and the end need to know them. */
const listThem: Step = (talk) => {
  if (callsOf(talk, 'list_signatures').length === 0) return call(talk, 'list_signatures', {})
  if (callsOf(talk, 'request_signatures').length === 0 || happenedAfter(talk, 'list_signatures', 'request_signatures')) return undefined
  return call(talk, 'list_signatures', {})
}

const prepare: Step = (talk) => {
  if (callsOf(talk, 'request_signatures').length > 0 || guestsListed(talk)?.length !== 0) return undefined
  return call(talk, 'request_signatures', { again: [] }, 'Nobody was asked yet. I prepare requests for those who are named.')
}

const askAboutList: Step = (talk) => {
  const problem = listProblem(talk)
  if (problem === '' || callsOf(talk, 'ask_operator').length > 0) return undefined
  const question = `${charterName(talk)}: ${problem} Who is missing, or which number is right? Please correct the port sheet; the next sync prepares the rest.`
  return call(talk, 'ask_operator', { question, choices: ['I have corrected the port sheet', 'The others are not known yet'] })
}

/** Not sent yet, or sent and never reminded: nobody is reminded twice. */
const remind: Step = (talk) => {
  if (callsOf(talk, 'suggest_reminders').length > 0 || callsOf(talk, 'request_signatures').length > 0) return undefined
  const ids = guestsOf(talk)
    .filter(({ state, reminders }) => state === 'requested' || (OPEN.has(state) && reminders === 0))
    .map(({ id }) => id)
  return ids.length === 0 ? undefined : call(talk, 'suggest_reminders', { ids }, 'These are still open.')
}

/** The most that one task may leave behind, with one to spare. */
const MOST_TASKS = 4

function forPeople(talk: Talk): { title: string; details: string }[] {
  const which = talk.task?.charter ?? 'the charter'
  const guests = guestsOf(talk)
  const declined = guests
    .filter(({ state }) => state === 'declined')
    .map(({ name, reason }) => ({
      title: `Speak with ${name} about the agreement of ${which}`.slice(0, 200),
      details: reason === '' ? `${name} declined and gave no reason.` : `${name} declined and wrote: ${reason}`,
    }))
  const isOpen = guests.some(({ state }) => OPEN.has(state))
  const contact =
    hasContact(talk) || !isOpen ? [] : [{ title: `Get a contact for the guests of ${which}`, details: 'The port sheet has none.' }]
  return [...contact, ...declined].slice(0, MOST_TASKS)
}

const leaveToPeople: Step = (talk) => {
  const asked = new Set(callsOf(talk, 'create_task').map(({ input }) => (isFields(input) ? input['title'] : undefined)))
  const next = forPeople(talk).find(({ title }) => !asked.has(title))
  return next === undefined ? undefined : call(talk, 'create_task', { for: 'person', ...next, priority: 'high' })
}

const STATE: Readonly<Record<string, string>> = {
  requested: 'the office has not sent it yet',
  sent: 'sent and not opened',
  viewed: 'opened and not signed',
  declined: 'declined',
  expired: 'not signed in time',
}

const guestSaid = ({ name, state, reason }: Guest): string => `${name}: ${STATE[state] ?? state}${reason === '' ? '' : ` ("${reason}")`}.`

function mustDo(talk: Talk): string[] {
  const isOpen = guestsOf(talk).some(({ state }) => OPEN.has(state))
  const created = callsOf(talk, 'create_task').filter(({ isError }) => !isError).length
  const names = reminded(talk)
  return [
    ...(prepared(talk).length > 0 ? ['The office sends each request with the buttons on the card.'] : []),
    ...(listProblem(talk) === '' ? [] : [`${listProblem(talk)} The office corrects the port sheet.`]),
    ...(names.length > 0 ? [`The office writes to ${names.join(' and ')} with the buttons on the card.`] : []),
    ...(isOpen && names.length === 0 && prepared(talk).length === 0 ? ['A person calls those who were reminded already.'] : []),
    ...(created === 0 ? [] : [`${created === 1 ? 'A task was' : `${created} tasks were`} added for a person.`]),
  ]
}

const DAY_HOURS = 24

const end: Step = (talk) => {
  if (talk.task?.charter === undefined) return finishWith(talk, 'blocked', 'This task names no charter, so there is nothing to sign.')
  const failed = ['read_charter', 'list_signatures', 'request_signatures'].map((name) => lastCall(talk, name)).find((one) => one?.isError)
  if (failed !== undefined) return finishWith(talk, 'blocked', `The signatures of ${charterName(talk)} cannot be worked on: ${failed.text}`)
  if (dataOf(talk, 'list_signatures') === undefined) return finishWith(talk, 'blocked', 'There is no tool to look at the signatures.')
  const guests = guestsOf(talk)
  const unsigned = unsignedOf(guests)
  const charter = charterRead(talk) ?? {}
  const outcome = unsigned.length > 0 && hoursLeft(talk) <= DAY_HOURS ? 'blocked' : 'done'
  const facts = [
    `${guests.length - unsigned.length} of ${guests.length} guests of ${charterName(talk)} have signed.`,
    ...unsigned.map(guestSaid),
    `It sails on ${String(charter['date'])} at ${String(charter['start'])}.`,
    ...mustDo(talk),
  ]
  return finishWith(talk, outcome, facts.join(' '))
}

export const SIGNATURE_STEPS: readonly Step[] = [readOwnCharter, listThem, prepare, askAboutList, listThem, remind, leaveToPeople, end]
