import { charterName, charterRead, dataOf, lastCall, missingFrom } from './office-facts.ts'
import type { Talk } from './conversation.ts'
import { call, callsOf, finishWith, happenedAfter } from './steps.ts'
import type { Step } from './steps.ts'

/** A crew page that code could not make alone: asks for what the port sheet lacks, then makes the page. */

const IN_THE_SHEET = 'It is in the port sheet now'
const UNKNOWN = 'Not known yet'

const missing = (talk: Talk): string[] => missingFrom(charterRead(talk) ?? {})

const answerOf = (talk: Talk): string => {
  const answer = dataOf(talk, 'ask_operator')?.['answer']
  return typeof answer === 'string' ? answer.trim() : ''
}

/** Read first, and once more after somebody may have typed into the sheet. */
export const readOwnCharter: Step = (talk) => {
  const { charter } = talk.task ?? {}
  if (charter === undefined) return undefined
  const isNew = callsOf(talk, 'ask_operator').length === 0 || happenedAfter(talk, 'read_charter', 'ask_operator')
  if (callsOf(talk, 'read_charter').length > 0 && isNew) return undefined
  return call(talk, 'read_charter', { id: charter }, isNew ? 'I begin with the charter.' : 'I look at the port sheet once more.')
}

/** At the beginning, and again when it was changed: what is told about it is what it shows. */
const readPage: Step = (talk) => {
  if (callsOf(talk, 'read_crew_page').length === 0) return call(talk, 'read_crew_page', {})
  const changed = lastCall(talk, 'update_crew_page')
  if (changed === undefined || changed.isError || happenedAfter(talk, 'read_crew_page', 'update_crew_page')) return undefined
  return call(talk, 'read_crew_page', {})
}

const askForMissing: Step = (talk) => {
  const lacks = missing(talk)
  if (charterRead(talk) === undefined || lacks.length === 0 || callsOf(talk, 'ask_operator').length > 0) return undefined
  const question = `The port sheet does not name ${lacks.join(' and ')} of ${charterName(talk)}. What should the crew read? Please write it into the port sheet as well: the page takes it from there.`
  return call(talk, 'ask_operator', { question, choices: [IN_THE_SHEET, UNKNOWN] }, 'Only the office knows this.')
}

function notesFor(talk: Talk): { notes?: string } {
  const lacks = missing(talk)
  const answer = answerOf(talk)
  if (lacks.length === 0) return {}
  if (answer !== '' && answer !== IN_THE_SHEET && answer !== UNKNOWN) return { notes: `From the office: ${answer}`.slice(0, 700) }
  return { notes: `Not known yet: ${lacks.join(' and ')}. Ask the office before you sail.` }
}

const makePage: Step = (talk) => {
  const isThere = dataOf(talk, 'read_crew_page') !== undefined
  const lacks = missing(talk)
  if (charterRead(talk) === undefined || callsOf(talk, 'update_crew_page').length > 0) return undefined
  if (isThere && lacks.length === 0 && callsOf(talk, 'ask_operator').length === 0) return undefined
  return call(talk, 'update_crew_page', notesFor(talk), 'I make the page.')
}

function shownBy(talk: Talk): string {
  const { version } = dataOf(talk, 'read_crew_page') ?? {}
  const charter = charterRead(talk) ?? {}
  const times = `${String(charter['date'])}, ${String(charter['start'])} to ${String(charter['end'])}`
  return `The crew page of ${charterName(talk)} is at version ${String(version)}. It shows ${times}, ${String(charter['vessel'])}.`
}

const end: Step = (talk) => {
  const failed = [lastCall(talk, 'read_charter'), lastCall(talk, 'update_crew_page')].find((one) => one?.isError)
  if (talk.task?.charter === undefined) return finishWith(talk, 'blocked', 'This task names no charter, so there is no page to make.')
  if (failed !== undefined) return finishWith(talk, 'blocked', `The crew page of ${charterName(talk)} was not changed: ${failed.text}`)
  if (dataOf(talk, 'read_crew_page') === undefined) return finishWith(talk, 'blocked', 'There is no page, and no tool to make one.')
  const lacks = missing(talk)
  const open =
    lacks.length === 0
      ? 'Nothing is missing.'
      : `Still missing: ${lacks.join(' and ')}. The office has to write it into the port sheet; the page takes it from there.`
  return finishWith(talk, 'done', `${shownBy(talk)} ${open}`)
}

export const CREW_PAGE_STEPS: readonly Step[] = [readOwnCharter, readPage, askForMissing, makePage, end]
