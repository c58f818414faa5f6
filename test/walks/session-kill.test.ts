import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SessionNote } from '../../src/services/agent/note.ts'
import { everyCommit } from '../support/every-commit.ts'
import { makeDataDir } from '../support/data-dir.ts'
import { startSessionProcess } from '../support/session-process.ts'
import { lostRecords, type SessionRecords } from '../support/session-records.ts'
import { playSession, prepareStory, TASKS, type KillPoint, type SessionEnding } from '../support/session-story.ts'

/** Real processes, some of whose time is waiting: more than there are cores. */
const AT_ONCE = 4

/** Replies of the model that the story takes. */
const TURNS = 2

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
const turnsOf = ({ sessions }: SessionRecords): number => sum(sessions.map(({ turns }) => turns))
const isUnsettled = ({ cost }: SessionRecords['modelCalls'][number]): boolean => cost === null
const stateOf = (records: SessionRecords, tool: string): string | undefined => records.calls.find(({ name }) => name === tool)?.state

/** What is known at the kill and decides what may be different at the end. */
interface Fate {
  /** The letter was on its way, and a person said whether it arrived. */
  readonly settled: 'happened' | 'not-happened' | null
  /** The berth was being booked. */
  readonly berthUnderWay: boolean
  /** Claude had replied, and the reply was not committed. */
  readonly lostReplies: number
  /** A turn was begun and not committed. */
  readonly openTurns: number
}

function fateOf({ point, calls, atKill }: SessionEnding): Fate {
  if (atKill === null) return { settled: null, berthUnderWay: false, lostReplies: 0, openTurns: 0 }
  const { records, replies, letters } = atKill
  const lostReplies = { before: replies - turnsOf(records), after: 0, call: calls.at(-1) === 'claude' ? 1 : 0 }
  return {
    settled: stateOf(records, 'send_letter') !== 'intent' ? null : letters > 0 ? 'happened' : 'not-happened',
    berthUnderWay: stateOf(records, 'book_berth') === 'intent',
    lostReplies: lostReplies[point.at],
    openTurns: records.modelCalls.filter(isUnsettled).length,
  }
}

const tell = (note: SessionNote): string => {
  if (note.type === 'progress') return note.text
  return note.type === 'did' ? note.what : note.type
}

const isEdit = (key: string): boolean => /^session:\d+:edit:/.test(key)

/** What stands at the end, in so far as it does not depend on chance. */
function judge({ atKill, atEnd, ...ending }: SessionEnding): Record<string, unknown> {
  const { records } = atEnd
  const { tasks, sessions, slots, notes, calls, requests, outbox, modelCalls } = records
  const spent = sum(modelCalls.map(({ worst, cost }) => cost ?? worst))
  return {
    tasks: tasks.map(({ title, kind, state, parent }) => [title, kind, state, parent]),
    sessions: sessions.map(({ taskId, status, turns, exitCode }) => [taskId, status, turns, exitCode]),
    slots: slots.map(({ session }) => session),
    slotsAreTheSessions: slots.every(({ day, n }, index) => sessions[index]?.day === day && sessions[index].slot === n),
    notes: notes.map(({ session, note }) => [session, tell(note)]),
    calls: calls.map(({ session, name, state, isError }) => [session, name, state, isError]),
    requests: requests.map(({ type, tool, state }) => [type, tool, state]),
    outbox: outbox.flatMap(({ key }) => (isEdit(key) ? [] : key)).toSorted(),
    edits: outbox.flatMap(({ key }) => (isEdit(key) ? key : [])).toSorted(),
    letters: atEnd.letters,
    bookings: ending.bookings.length,
    bookedKeys: new Set(ending.bookings).size,
    paidReplies: ending.charged.length,
    openTurns: modelCalls.filter(isUnsettled).length,
    sessionCosts: sessions.map(({ cost }) => cost),
    spentIsEnough: spent >= sum(ending.charged),
    lost: atKill === null ? [] : lostRecords(atKill.records, records),
    openRuns: records.openRuns,
    work: records.waitingWork,
    heldLeases: records.heldLeases,
    refusals: ending.refusals,
    broken: ending.broken,
    complaints: ending.log.filter((line) => !line.startsWith('info') && !line.startsWith('---')),
  }
}

/** What must stand at the end, whatever happened on the way. */
function good(ending: SessionEnding): Record<string, unknown> {
  const { settled, berthUnderWay, lostReplies, openTurns } = fateOf(ending)
  const { sessions, modelCalls } = ending.atEnd.records
  const settling = settled === null ? [] : [['settle', 'send_letter', settled]]
  const requests = [
    ['question', null, 'answered'],
    ['approval', 'send_letter', 'approved'],
    ...settling,
    ['approval', 'create_task', 'approved'],
  ]
  const cards = requests.flatMap((_, index) => [`request:${index + 1}:card`, `request:${index + 1}:edit:2`])
  const notes = ['session:1:note:1', 'session:1:note:2', 'session:1:note:3', 'session:1:note:4']
  const versions = sessions.flatMap(({ id, version }) =>
    Array.from({ length: version - 1 }, (_, index) => `session:${id}:edit:${index + 2}`),
  )
  return {
    tasks: [
      [TASKS.story, 'general', 'done', null],
      [TASKS.forAgent, 'general', 'queued', 1],
      [TASKS.forPerson, 'person', 'needs-person', 1],
    ],
    sessions: [[1, 'finished', TURNS, 0]],
    slots: [1],
    slotsAreTheSessions: true,
    notes: [
      [1, 'I look at the charters.'],
      [1, `added task 2: ${TASKS.forAgent}`],
      [1, `added task 3: ${TASKS.forPerson}`],
      [1, 'finished'],
    ],
    calls: [
      [1, 'note_progress', 'done', 0],
      [1, 'list_charters', 'done', 0],
      [1, 'book_berth', 'done', 0],
      [1, 'ask_operator', 'done', 0],
      [1, 'send_letter', 'done', settled === 'not-happened' ? 1 : 0],
      [1, 'create_task', 'done', 0],
      [1, 'create_task', 'done', 0],
      [1, 'finish', 'done', 0],
    ],
    requests,
    outbox: ['session:1:card', ...notes, ...cards].toSorted(),
    edits: versions.toSorted(),
    letters: settled === 'not-happened' ? 0 : 1,
    bookings: berthUnderWay && ending.bookings.length > 1 ? 2 : 1,
    bookedKeys: 1,
    paidReplies: TURNS + lostReplies,
    openTurns,
    sessionCosts: sessions.map(({ id }) => sum(modelCalls.filter(({ session }) => session === id).map(({ cost }) => cost ?? 0))),
    spentIsEnough: true,
    lost: [],
    openRuns: 0,
    work: ['agent-poll queued'],
    heldLeases: 0,
    refusals: [],
    broken: null,
    complaints: [],
  }
}

/** What is charged is what was committed, and at most one reply was lost. */
function moneyProblems(ending: SessionEnding): string[] {
  const { point, atKill, charged } = ending
  const { lostReplies, openTurns } = fateOf(ending)
  const kept = ending.atEnd.records.modelCalls.flatMap(({ cost }) => cost ?? [])
  const left = [...charged]
  for (const cost of kept) if (left.includes(cost)) left.splice(left.indexOf(cost), 1)
  return [
    ...(left.length === lostReplies && kept.length === TURNS ? [] : [`kept ${kept.join()} of what was charged: ${charged.join()}`]),
    ...(lostReplies <= 1 && openTurns <= 1 && lostReplies <= openTurns ? [] : [`${lostReplies} replies lost, ${openTurns} turns open`]),
    ...(point.at === 'after' && atKill !== null && atKill.replies !== turnsOf(atKill.records)
      ? ['a reply was paid and not committed']
      : []),
  ]
}

function problemsOf(ending: SessionEnding): string[] {
  const [judged, expected] = [judge(ending), good(ending)]
  const different = Object.keys(expected).filter((key) => JSON.stringify(judged[key]) !== JSON.stringify(expected[key]))
  return [
    ...different.map((key) => `${key} are ${JSON.stringify(judged[key])}, not ${JSON.stringify(expected[key])}`),
    ...moneyProblems(ending),
  ]
}

/** Every point of one kind, one after the other, until the story ends before the point comes. */
function* points(at: KillPoint['at'], state: { passed: boolean }): Generator<KillPoint> {
  for (let n = 1; !state.passed; n += 1) yield { at, n }
}

const template = makeDataDir()
beforeAll(() => prepareStory(template))
afterAll(() => rmSync(template, { recursive: true, force: true }))

/** How many points of each kind there were. */
interface Seen {
  readonly killed: number
  readonly notHappened: number
  readonly happened: number
  readonly lostReplies: number
  readonly bookedAgain: number
}

async function killEverywhere(at: KillPoint['at']): Promise<Seen> {
  const state = { passed: false }
  const next = points(at, state)
  const broken: unknown[] = []
  const endings: SessionEnding[] = []
  const worker = async (): Promise<void> => {
    let process = startSessionProcess()
    for (let step = next.next(); step.done !== true; step = next.next()) {
      const { ending, heir } = await playSession(template, step.value, process)
      process = heir
      if (ending.atKill === null) state.passed = true
      else endings.push(ending)
      const problems = problemsOf(ending)
      if (problems.length > 0) broken.push({ point: step.value, call: ending.calls.at(-1), problems, log: ending.log })
    }
    await process.end()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  expect(broken.slice(0, 5)).toEqual([])
  const fates = endings.map(fateOf)
  const count = (how: Fate['settled']): number => fates.filter(({ settled }) => settled === how).length
  return {
    killed: endings.length,
    notHappened: count('not-happened'),
    happened: count('happened'),
    lostReplies: sum(fates.map(({ lostReplies }) => lostReplies)),
    bookedAgain: endings.filter(({ bookings }) => bookings.length > 1).length,
  }
}

everyCommit('loses and doubles nothing when killed right after any commit', { timeout: 100_000 }, async () => {
  const { killed, ...seen } = await killEverywhere('after')
  // Fewer would mean that the counting is broken.
  expect(killed).toBeGreaterThanOrEqual(45)
  // The letter was to be sent next; nothing was paid for that was not kept.
  expect(seen).toEqual({ notHappened: 1, happened: 0, lostReplies: 0, bookedAgain: 0 })
})

everyCommit('loses and doubles nothing when killed right before any commit', { timeout: 100_000 }, async () => {
  const { killed, ...seen } = await killEverywhere('before')
  expect(killed).toBeGreaterThanOrEqual(45)
  expect(seen).toEqual({ notHappened: 0, happened: 1, lostReplies: TURNS, bookedAgain: 1 })
})

it('pays again only for a lost reply, and repeats only what honours its key, when killed inside a call', { timeout: 60_000 }, async () => {
  expect(await killEverywhere('call')).toEqual({ killed: TURNS + 2, notHappened: 0, happened: 1, lostReplies: TURNS, bookedAgain: 1 })
})
