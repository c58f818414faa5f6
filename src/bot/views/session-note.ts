import type { SessionNote } from '../../services/agent/note.ts'
import { cutMarked, outside, person, quoted, unlinked } from './agent-text.ts'
import { LIMIT } from './agent-words.ts'
import { LIMITS, moment } from './text.ts'

/** Of a message without blocks, Slack shows some 4000 characters before it cuts or splits. */
const LONGEST = 3500

const told = (text: string, most: number): string => unlinked(outside(text, most))
/** The model service's own words for why it does not work, in ours; any other word is told as it is. */
const WHY_NOT: ReadonlyMap<string, string> = new Map([
  ['overloaded_error', 'its service is overloaded'],
  ['rate_limit_error', 'it was asked too often'],
  ['api_error', 'its service has trouble of its own'],
  ['timeout', 'it did not answer in time'],
  ['authentication_error', 'its service refuses the key'],
  ['billing_error', 'its service has not been paid'],
])

function cannotBeUsed(code: string): string {
  const why = WHY_NOT.get(code)
  return why === undefined ? `Claude cannot be used now (${told(code, 100)}).` : `Claude cannot be used now: ${why}.`
}

const toldLines = (text: string): string => unlinked(quoted(text, LONGEST - 400))

function words(note: SessionNote): string {
  switch (note.type) {
    case 'progress':
      return `The session says: ${told(note.text, 1500)}`
    case 'did':
      return `Done: ${told(note.what, 1500)}`
    case 'bad-input':
      return `A call of ${told(note.tool, 60)} did not fit, and Claude was told why: ${told(note.problem, 500)}`
    case 'model-wait':
      return `${cannotBeUsed(note.code)} The session goes on ${moment(note.until)}.`
    case 'budget-wait':
      return `The budget of the day is used up. The session goes on ${moment(note.until)}.`
    case 'muted':
      return `Muted by ${person(note.by)}. The card still shows how it stands, and the end is told here. Write \`unmute\` to hear the rest.`
    case 'unmuted':
      return `Unmuted by ${person(note.by)}.`
    case 'not-asked':
      return 'No question is open here, so this changed nothing. A yes or no is given with the buttons. While a session lives, the words `stop`, `mute` and `unmute` work here.'
    case 'tools-seen':
      return `The MCP server ${told(note.server, 60)} offers ${told(note.tools.join(', '), 1500)}. These tools are used for the first time; from now on a change of one stops the server.`
    case 'tool-problem':
      return `A tool cannot be used: ${told(note.problem, 1000)}`
    case 'finished':
      return note.outcome === 'done'
        ? `The task is done:\n${toldLines(note.summary)}`
        : `The session cannot go on, so the task needs a person:\n${toldLines(note.summary)}`
    case 'ran-out':
      return ranOut(note)
    case 'gave-up':
      return `The session was given up, so the task needs a person:\n${toldLines(note.reason)}`
    case 'maybe-done':
      return `The session ended before it was known whether this took effect: ${told(note.title, 300)}. It may have happened; look in ${told(note.where, 300)}.`
    case 'cancelled':
      return note.by === null ? 'Ended: what the task is about was called off.' : `Ended by ${person(note.by)}.`
  }
}

function ranOut({ limit, handOver, next, followUpId }: Extract<SessionNote, { type: 'ran-out' }>): string {
  const after =
    next === 'again'
      ? 'One more session goes on with the task.'
      : followUpId === null
        ? 'A person goes on with the task.'
        : `A person goes on: task ${followUpId} was added for that.`
  return `The session reached its limit: ${LIMIT[limit]}. ${after} What it hands over:\n${toldLines(handOver)}`
}

/** A note as a message in the thread, and as lines of a task's story. */
export function sessionNoteText(note: SessionNote): string {
  return cutMarked(words(note), LIMITS.noteText)
}
