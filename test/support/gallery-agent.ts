import type { MessageView } from '../../src/bot/views/alert.ts'
import { requestView, sessionNoteText, sessionView } from '../../src/bot/views/session.ts'
import type { SessionNote } from '../../src/services/agent/note.ts'
import type { PersonRequest, RequestState, RequestWhat } from '../../src/services/agent/request.ts'
import type { Session, SessionStatus, Wait } from '../../src/services/agent/session.ts'
import type { SessionView } from '../../src/services/agent/view.ts'
import type { Task } from '../../src/services/tasks/task.ts'
import { request, session, task } from './agent-view-samples.ts'
import type { Shown } from './gallery-cards.ts'
import { NOON } from './incident-samples.ts'

/** What the channel sees of sessions: their cards, what they ask, and what they say in their threads. */

const HOUR = 3_600_000
const MARA = 'U0MARA'

export const sampleTask = (change: Partial<Task> = {}): Task =>
  task({ kind: 'general', title: 'Check the agreements of this week', details: 'Start with the earliest.', ...change })

const USED = { input: 41_200, output: 3_100, cacheWrite: 9_800, cacheRead: 180_400 }

export const sampleSession = (change: Partial<Session> = {}): Session =>
  session({
    kind: 'general',
    model: 'claude-sonnet-5-5',
    usage: USED,
    step: 'reading charter JC-1105',
    startedAt: NOON - 1_200_000,
    ...change,
  })

export const SUMMARY =
  'Three charters sail this week; one agreement is not signed.\nJC-1105 (4 March, Marisol): sent on Saturday, not opened. A reminder would help.\nJC-1107 and JC-1109: signed.'
const HAND_OVER = 'Done: seven of twelve charters were read.\nLeft: JC-1113 to JC-1117.\nBlocker: none but the length of this session.'

const QUESTION: RequestWhat = {
  type: 'question',
  question: 'The agreement of JC-1105 should be signed before it sails. What shall be done first?',
  choices: ['Remind the guest', 'Call the guest', 'Leave it for now'],
}
const APPROVAL: RequestWhat = {
  type: 'approval',
  tool: 'create_task',
  title: 'Add a task that a later session works on',
  fields: [
    { label: 'Title', value: 'Look over the papers of JC-1105' },
    { label: 'Priority', value: 'normal' },
    { label: 'Kind', value: 'general' },
  ],
}
const CHECKLIST =
  'Weather, wind and tide checked\nLife vests counted, one for each person, sizes right\nCake in the cooler, candles in the drawer'
const SETTLE: RequestWhat = {
  type: 'settle',
  tool: 'wiki__edit_page',
  title: 'Use edit_page of the MCP server wiki',
  fields: [{ label: 'page', value: 'Berths in March' }],
  where: 'the MCP server wiki',
}
const asked = (what: RequestWhat, change: Partial<PersonRequest> = {}): PersonRequest =>
  request({ what, askedAt: NOON - 600_000, expiresAt: what.type === 'settle' ? null : NOON - 600_000 + 24 * HOUR, ...change })

type Told = Readonly<Record<string, Partial<Pick<SessionView, 'openRequests'>> & { session?: Partial<Session>; task?: Partial<Task> }>>

const waits = (wait: Wait, openRequests: readonly PersonRequest[] = []) => ({
  session: { status: 'waiting' as const, wait, step: 'waiting' },
  openRequests,
})
const over = (change: Partial<Session>) => ({ summary: SUMMARY, startedAt: NOON - 1_500_000, endedAt: NOON - 780_000, ...change })

const WAITS: Readonly<Record<Wait['for'], Told>> = {
  request: {
    'for an answer': waits({ for: 'request', until: null }, [asked(QUESTION)]),
    'for a yes': waits({ for: 'request', until: null }, [asked(APPROVAL)]),
    'to be settled': waits({ for: 'request', until: null }, [asked(SETTLE)]),
    'for four things': waits({ for: 'request', until: null }, [asked(QUESTION), asked(APPROVAL), asked(SETTLE), asked(APPROVAL)]),
  },
  budget: { 'for tomorrow': waits({ for: 'budget', until: NOON + 12 * HOUR }) },
  model: {
    'for Claude': waits({ for: 'model', until: NOON + 300_000 }),
    'for Claude, until a person resumes': waits({ for: 'model', until: null }),
  },
}

const ranOut = (handingOver: NonNullable<Session['handingOver']>) =>
  over({ status: 'ran-out', handingOver, turns: handingOver === 'turns' ? 30 : 19, summary: HAND_OVER })

/** Every state that a session's card can show. */
const STATES: Readonly<Record<SessionStatus, Told>> = {
  running: {
    'just begun': { session: { turns: 0, cost: 0, step: 'beginning', usage: { input: 0, output: 0, cacheWrite: 0, cacheRead: 0 } } },
    'in the middle': {},
    muted: { session: { muted: true } },
    'handing over': { session: { handingOver: 'turns', turns: 29, step: 'handing over' } },
  },
  waiting: Object.fromEntries(Object.values(WAITS).flatMap((told) => Object.entries(told))),
  finished: {
    done: { session: over({ status: 'finished' }), task: { state: 'done' } },
    blocked: { session: over({ status: 'finished', summary: 'The guest wants to sign on paper.' }), task: { state: 'needs-person' } },
  },
  'ran-out': {
    'once, by turns': { session: ranOut('turns'), task: { state: 'queued', ranOut: 1 } },
    'twice, by tokens': { session: ranOut('tokens'), task: { state: 'failed', ranOut: 2 } },
    'by dollars': { session: ranOut('dollars'), task: { state: 'queued' } },
    'by what fits': { session: ranOut('context'), task: { state: 'queued' } },
  },
  'gave-up': {
    'given up': { session: over({ status: 'gave-up', summary: 'Claude refused this task twice.' }), task: { state: 'needs-person' } },
  },
  cancelled: {
    'task cancelled': { session: over({ status: 'cancelled', step: 'cancelled', summary: null }), task: { state: 'cancelled' } },
    stopped: { session: over({ status: 'cancelled', step: 'stopped', summary: null }), task: { state: 'needs-person' } },
  },
}

export function sessionCards(): Shown[] {
  return Object.entries(STATES).flatMap(([status, told]) =>
    Object.entries(told).map(([name, one]) => {
      const of = sampleSession({ status: status as SessionStatus, ...one.session })
      const about = sampleTask({ state: status === 'waiting' ? 'waiting' : 'running', ...one.task })
      const view = sessionView({ version: 1, session: of, task: about, openRequests: one.openRequests ?? [] })
      return { name: `session ${status}, ${name}`, view }
    }),
  )
}

type What<T extends RequestWhat['type']> = Readonly<Record<string, Extract<RequestWhat, { type: T }>>>

const approval = (title: string, fields: readonly { label: string; value: string }[]): Extract<RequestWhat, { type: 'approval' }> => ({
  type: 'approval',
  tool: 'update_crew_page',
  title,
  fields,
})

const WHATS: { readonly [T in RequestWhat['type']]: What<T> } = {
  approval: {
    'short fields': APPROVAL,
    'long fields': approval('Change the crew page of this charter', [
      { label: 'Notes for the crew', value: 'Captain not known yet. Ask the office before you sail.' },
      { label: 'Before the guests come', value: CHECKLIST },
    ]),
    'no fields': approval('Change the crew page of this charter', []),
    'a very long field': approval('Change the crew page of this charter', [
      { label: 'Notes for the crew', value: 'Mind the sandbank off Ballast Point at low tide. '.repeat(220) },
    ]),
  },
  question: {
    choices: QUESTION,
    'free answer': { type: 'question', question: 'Who is the captain of JC-1190?\nThe port sheet names none.', choices: [] },
    'long choices': {
      type: 'question',
      question: 'The sheet counts 4 guests but names 2. Which is right?',
      choices: [
        'Two guests come, and I correct the number in the port sheet right now',
        'Four come; the names follow by mail from the platform until tomorrow noon',
      ],
    },
  },
  settle: { 'nobody knows': SETTLE },
}

const TYPES: Readonly<Record<RequestState, readonly RequestWhat[]>> = {
  open: [],
  approved: [APPROVAL],
  rejected: [APPROVAL],
  answered: [QUESTION],
  happened: [SETTLE],
  'not-happened': [SETTLE],
  expired: [APPROVAL, QUESTION],
  withdrawn: [APPROVAL, QUESTION, SETTLE],
}

const card = (one: PersonRequest): MessageView =>
  requestView({ version: 1, request: one, session: sampleSession(), task: sampleTask() }, MARA)

/** Cards on which a person decides: each kind as it is asked, then each way it can end. */
export function requestCards(): Shown[] {
  const open = Object.entries(WHATS).flatMap(([type, all]) =>
    Object.entries(all).map(([name, what]) => ({ name: `${type}, ${name}`, view: card(asked(what)) })),
  )
  const decided = Object.entries(TYPES).flatMap(([state, all]) =>
    all.map((what) => {
      const isByPerson = state !== 'expired' && state !== 'withdrawn'
      // It waited for a day.
      const late = state === 'expired' ? { askedAt: NOON - 25 * HOUR, expiresAt: NOON - HOUR } : {}
      const change = {
        ...late,
        state: state as RequestState,
        decidedAt: state === 'expired' ? NOON - HOUR : NOON - 60_000,
        decidedBy: isByPerson ? MARA : null,
        answer: state === 'answered' ? 'Remind the guest, and tell the captain' : null,
      }
      return { name: `${what.type}, ${state}`, view: card(asked(what, change)) }
    }),
  )
  return [...open, ...decided]
}

type NoteOf<T extends SessionNote['type']> = Readonly<Record<string, SessionNote & { readonly type: T }>>

const ended = { type: 'ran-out' as const, handOver: HAND_OVER }

/** Every kind of line that a session says in its thread. */
const NOTES: { readonly [T in SessionNote['type']]: NoteOf<T> } = {
  progress: { '': { type: 'progress', text: 'JC-1105 is the only one without a signed agreement.' } },
  did: { '': { type: 'did', what: 'added task 8: Call the guest of JC-1105' } },
  'bad-input': {
    '': { type: 'bad-input', tool: 'read_charter', problem: 'These arguments do not fit: id: Required. Correct them and call again.' },
  },
  'model-wait': { '': { type: 'model-wait', code: 'overloaded_error', until: NOON + 300_000 } },
  'budget-wait': { '': { type: 'budget-wait', until: NOON + 12 * HOUR } },
  muted: { '': { type: 'muted', by: MARA } },
  unmuted: { '': { type: 'unmuted', by: MARA } },
  'not-asked': { '': { type: 'not-asked', by: MARA } },
  'tools-seen': { '': { type: 'tools-seen', server: 'wiki', tools: ['search_pages', 'edit_page'] } },
  'tool-problem': { '': { type: 'tool-problem', problem: 'The MCP server wiki did not start: it ended at once with exit code 1.' } },
  'maybe-done': {
    '': { type: 'maybe-done', title: 'Use the tool edit_page of the MCP server wiki', where: 'the system behind the MCP server wiki' },
  },
  finished: {
    done: { type: 'finished', outcome: 'done', summary: SUMMARY },
    blocked: { type: 'finished', outcome: 'blocked', summary: 'The guest wants to sign on paper, which only a person can arrange.' },
  },
  'ran-out': {
    'goes on': { ...ended, limit: 'turns', next: 'again', followUpId: null },
    'a person takes over': { ...ended, limit: 'dollars', next: 'person', followUpId: 9 },
  },
  'gave-up': { '': { type: 'gave-up', reason: 'Claude refused this task twice.' } },
  cancelled: {
    'by a person': { type: 'cancelled', by: MARA },
    'called off': { type: 'cancelled', by: null },
  },
}

export const SESSION_NOTES: readonly { readonly name: string; readonly note: SessionNote }[] = Object.entries(NOTES).flatMap(
  ([type, all]) =>
    Object.entries(all).map(([name, note]: [string, SessionNote]) => ({ name: name === '' ? type : `${type}, ${name}`, note })),
)

export const sessionNotes = (): Shown[] => SESSION_NOTES.map(({ name, note }) => ({ name, view: { text: sessionNoteText(note) } }))

export const OPEN_QUESTION = asked(QUESTION)
