import type { Answer } from '../types.ts'
import { idOf, listedCharters } from './charters.ts'
import type { TaskSeen, Talk } from './conversation.ts'
import { CREW_PAGE_STEPS } from './crew-page.ts'
import { SIGNATURE_STEPS } from './signatures.ts'
import { ask, call, callsOf, delegate, finish, list, note, noteAndList, read, words } from './steps.ts'
import type { Step } from './steps.ts'

interface Script {
  readonly name: string
  /** The kind of task that it is for, whatever its title says. */
  readonly kind?: string
  /** Words in the title of any other task that choose it; the first script that fits is taken. */
  readonly words: readonly string[]
  readonly says: string
  readonly steps: readonly Step[]
}

/** Its own calls: the first one of every session was made by the bot. */
const ownCalls = ({ calls }: Talk): number => calls.filter(({ name }) => name !== 'read_task').length

const isFirstReply = (talk: Talk): boolean => ownCalls(talk) === 0 && talk.wordsOnly === 0

const refuse: Step = (): Answer => ({ content: [], stopReason: 'refusal' })

const cutInACall: Step = (talk) => {
  const begun = isFirstReply(talk) ? call(talk, 'note_progress', {}, 'I begin with') : undefined
  return begun && { ...begun, stopReason: 'max_tokens' }
}

const pauseOnce: Step = (talk) =>
  isFirstReply(talk) ? { content: [{ type: 'text', text: 'I have begun and need a moment.' }], stopReason: 'pause_turn' } : undefined

const forgetToFinish: Step = (talk) => (talk.wordsOnly === 0 ? words('I have read the charters, and all is well.') : undefined)

/** A strict tool cannot be called with nothing; then it is called with an id that does not exist. */
const readBadly: Step = (talk) => {
  if (callsOf(talk, 'read_charter').length > 0) return undefined
  const isStrict = talk.tools.some(({ name, strict }) => name === 'read_charter' && strict)
  return call(talk, 'read_charter', isStrict ? { id: 'JC-0000' } : {})
}

const readForEver: Step = (talk) => {
  const charters = listedCharters(talk) ?? []
  const next = charters[callsOf(talk, 'read_charter').length % Math.max(1, charters.length)]
  const count = ownCalls(talk)
  return next === undefined
    ? call(talk, 'note_progress', { text: `Looked ${count} times, and there is no charter.` })
    : call(talk, 'read_charter', { id: idOf(next) }, `This is step ${count}.`)
}

/** What a session does, chosen by the kind of its task or else by its title. */
export const SCRIPTS: readonly Script[] = [
  {
    name: 'crew page',
    kind: 'crew-page',
    words: [],
    says: 'asks for what the port sheet lacks, then wants the page approved',
    steps: CREW_PAGE_STEPS,
  },
  {
    name: 'signatures',
    kind: 'e-signature',
    words: [],
    says: 'prepares requests, suggests reminders, leaves to people what only they can do',
    steps: SIGNATURE_STEPS,
  },
  { name: 'refuse', words: ['refuse'], says: 'the model declines', steps: [refuse] },
  {
    name: 'cut',
    words: ['cut'],
    says: 'the first reply is cut in the middle of a call',
    steps: [cutInACall, note, list, read, finish('done')],
  },
  {
    name: 'bad input',
    words: ['bad input'],
    says: 'a call has a wrong input, then a right one',
    steps: [readBadly, list, read, finish('done')],
  },
  { name: 'pause', words: ['pause'], says: 'the service pauses the first reply', steps: [pauseOnce, note, list, read, finish('done')] },
  {
    name: 'silent',
    words: ['silent', 'forgets'],
    says: 'ends without finish and must be reminded',
    steps: [note, list, forgetToFinish, finish('done')],
  },
  {
    name: 'endless',
    words: ['thirty', 'endless'],
    says: 'reads charters for ever, until it runs out of turns',
    steps: [note, list, readForEver],
  },
  { name: 'blocked', words: ['blocked'], says: 'finds that it cannot go on', steps: [note, list, finish('blocked')] },
  { name: 'parallel', words: ['parallel'], says: 'calls two tools in one reply', steps: [noteAndList, note, list, read, finish('done')] },
  { name: 'person', words: ['person'], says: 'leaves a task for a person', steps: [note, list, read, delegate('person'), finish('done')] },
  {
    name: 'full',
    words: ['full', 'check the agreements'],
    says: 'reads, asks an operator, wants a follow-up approved',
    steps: [note, list, read, ask, delegate('agent'), finish('done')],
  },
  {
    name: 'approve',
    words: ['approve', 'follow-up'],
    says: 'wants a follow-up task, which needs approval',
    steps: [note, list, read, delegate('agent'), finish('done')],
  },
  { name: 'ask', words: ['ask'], says: 'asks an operator a question', steps: [note, list, read, ask, finish('done')] },
  { name: 'work', words: [], says: 'reads the charters and sums them up', steps: [note, list, read, finish('done')] },
]

const holds = (title: string, word: string): boolean => new RegExp(`\\b${word}\\b`, 'i').test(title)

export function scriptFor({ kind, title }: Pick<TaskSeen, 'kind' | 'title'>): Script {
  const own = SCRIPTS.find((script) => script.kind !== undefined && script.kind === kind)
  const found = own ?? SCRIPTS.find(({ words }) => words.some((word) => holds(title, word))) ?? SCRIPTS.at(-1)
  if (found === undefined) throw new Error('there are no scripts')
  return found
}
