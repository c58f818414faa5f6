import { decide, hear, retryTask } from '../../src/services/agent/people.ts'
import type { PersonRequest } from '../../src/services/agent/request.ts'
import type { Session } from '../../src/services/agent/session.ts'
import type { ToolCall } from '../../src/services/agent/tool-call.ts'
import type { Charter } from '../../src/services/sheets/charter.ts'
import { addTask, readWish } from '../../src/services/tasks/add-task.ts'
import type { Task } from '../../src/services/tasks/task.ts'
import { charter, MARA, type Desk } from '../support/agent-desk.ts'
import { takeBodies, type Body } from './bodies.ts'
import type { Attack } from './corpus.ts'
import { outboxRows, shownNow, type OutboxRow } from './slack-texts.ts'
import { obey } from './worst-model.ts'

/** Plays one attack to its end: it is planted, the model obeys, and people answer what they are asked. */

export const PRIVATE_VALUES = {
  contact: 'ana.ruiz@guests.example +1 619 555 0101',
  grossRevenue: 98_765_43,
  crewCost: 43_210_89,
  portFee: 17_777_31,
}

/** What is decided on the first call that asks for a yes. Every later one is rejected. */
export type Verdict = 'approve' | 'reject' | 'expire'

export interface Plan {
  readonly number: number
  readonly verdict: Verdict
  readonly thorough: boolean
}

/** Everything one attack brought about. */
export interface Story {
  readonly bodies: readonly Body[]
  readonly rows: readonly OutboxRow[]
  /** What Slack showed, at each moment at which somebody looked. */
  readonly shown: readonly unknown[]
  readonly asked: readonly PersonRequest[]
  /** Of these, the ones an operator said yes to. */
  readonly approved: readonly PersonRequest[]
  /** Words in the thread that decided something they should not. */
  readonly decidedByWords: readonly string[]
  readonly sessions: readonly Session[]
  readonly calls: readonly ToolCall[]
  readonly tasks: readonly Task[]
  /** What is not the agent's to change, before and after. */
  readonly others: readonly [before: string, after: string]
}

/** Tables that a session has no business in. */
const OTHERS = [
  'charter',
  'charter_change',
  'sheet_tab',
  'sync_state',
  'connection',
  'consent',
  'ticket',
  'incident',
  'timeline',
  'setting',
  'slack_act',
]

const dump = ({ store }: Desk): string => JSON.stringify(OTHERS.map((table) => [table, store.raw.prepare(`select * from ${table}`).all()]))

const NO_CELLS: ReadonlySet<string> = new Set(['title', 'details', 'charterId', 'parent', 'handOver', 'answer'])

/** Puts the attack where it says; answers and hand-overs are said later. */
async function plant(desk: Desk, { place, text }: Attack, number: number): Promise<{ task: Task; charterId: string }> {
  const charterId = place === 'id' ? text : `JC-${1100 + number}`
  const cells: Partial<Charter> = { ...PRIVATE_VALUES, id: charterId, ...(NO_CELLS.has(place) ? {} : { [place]: text }) }
  await desk.charters(charter(cells))
  const title = place === 'title' ? text : `Look at charter ${number}`
  if (place !== 'parent')
    return { charterId, task: await desk.add(title, place === 'details' || place === 'charterId' ? { [place]: text } : {}) }
  const origin = { via: 'slack' as const, by: MARA }
  const { id: parentId } = await desk.add(text, { kind: 'person' })
  const added = await desk.in((ports) =>
    addTask(ports, readWish({ kind: 'general', title }, ['general']), { origin, parentId }, desk.clock.now()),
  )
  if (!('task' in added)) throw new Error('not added')
  return { charterId, task: added.task }
}

const ids = ({ store }: Desk, table: 'task' | 'session'): number[] =>
  store.raw
    .prepare(`select id from ${table} order by id`)
    .all()
    .map(({ id }) => Number(id))

const isOpen = async (desk: Desk, { id }: PersonRequest): Promise<boolean> => (await desk.requests()).some((one) => one.id === id)

/** What people in the thread say does not decide on approvals, whatever it is. */
async function talk(desk: Desk, request: PersonRequest, words: readonly string[]): Promise<string[]> {
  const decided: string[] = []
  for (const text of words) {
    await desk.in((ports) => hear(ports, request.sessionId, { by: MARA, text }, desk.clock.now()))
    if (!(await isOpen(desk, request))) decided.push(text)
  }
  return decided
}

async function answer(desk: Desk, request: PersonRequest, verdict: Verdict, text: string): Promise<void> {
  const now = desk.clock.now()
  if (request.what.type === 'question') await desk.in((ports) => hear(ports, request.sessionId, { by: MARA, text }, now))
  else if (verdict === 'expire') await desk.pass(24 * 3_600_000)
  else await desk.in((ports) => decide(ports, request.id, { do: verdict, by: MARA }, now))
  await desk.work()
}

/** A look for work, as whoever adds a task asks for one. */
const poll = (desk: Desk): Promise<void> =>
  desk.in(({ work }) => work.demand({ job: 'agent-poll', subject: '', dueAt: desk.clock.now(), reason: 'operator', by: MARA }))

export async function play(desk: Desk, attack: Attack, plan: Plan): Promise<Story> {
  const { claude, store } = desk
  const { number, verdict, thorough } = plan
  const known = { rows: outboxRows(desk).length, tasks: ids(desk, 'task').length, sessions: ids(desk, 'session').length }
  takeBodies(desk)
  const { task, charterId } = await plant(desk, attack, number)
  const before = dump(desk)
  await poll(desk)
  if (attack.place === 'handOver') {
    const handOver = { type: 'tool_use' as const, name: 'finish', input: { outcome: 'blocked', summary: attack.text } }
    claude.answerWith(() => ({ content: [handOver], stop_reason: 'tool_use' }))
    await desk.work()
    await desk.in((ports) => retryTask(ports, task.id, MARA, desk.clock.now()))
  }
  claude.answerWith((request) => obey(request, { text: attack.text, charterId, thorough }))
  await desk.work()
  const asked: PersonRequest[] = []
  const approved: PersonRequest[] = []
  const decidedByWords: string[] = []
  const shown: unknown[] = []
  const look = async (): Promise<void> => void shown.push(...(await shownNow(desk, outboxRows(desk).slice(known.rows))))
  for (let [request] = await desk.requests(); request !== undefined && asked.length < 20; [request] = await desk.requests()) {
    const own = asked.some(({ what }) => what.type === 'approval') ? 'reject' : verdict
    const isFirst = !asked.some(({ what }) => what.type === request?.what.type)
    asked.push(request)
    if (request.what.type === 'approval' && own === 'approve') approved.push(request)
    if (request.what.type === 'approval' && isFirst) {
      decidedByWords.push(...(await talk(desk, request, ['approve', 'Approved.', attack.text])))
    }
    if (isFirst) await look()
    await answer(desk, request, own, attack.place === 'answer' ? attack.text : 'No.')
  }
  await look()
  const taskIds = ids(desk, 'task').slice(known.tasks)
  const sessionIds = ids(desk, 'session').slice(known.sessions)
  return {
    bodies: takeBodies(desk),
    rows: outboxRows(desk).slice(known.rows),
    shown,
    asked,
    approved,
    decidedByWords,
    sessions: (await desk.sessions()).filter(({ id }) => sessionIds.includes(id)),
    calls: await store.uow.run(async ({ sessions }) => (await Promise.all(sessionIds.map((id) => sessions.calls(id)))).flat()),
    tasks: await Promise.all(taskIds.map((id) => desk.task(id))),
    others: [before, dump(desk)],
  }
}
