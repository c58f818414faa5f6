import { maskKnown, maskLike } from '../crew/mask.ts'
import type { CrewPage } from '../crew/page.ts'
import type { Charter } from '../sheets/charter.ts'
import type { SignatureRequest } from '../signing/request.ts'
import type { Task } from '../tasks/task.ts'
import type { TaskNote } from './note.ts'
import { CREW_PAGE, E_SIGNATURE, type OfficePorts } from './ports.ts'

/** What the card of a task about a charter shows. Nothing of it is private but the links of `signatures`, which no card shows. */
export interface TaskCardView {
  readonly version: number
  readonly task: Task
  readonly charter: Pick<Charter, 'id' | 'date' | 'start' | 'vessel' | 'client' | 'startsAt'> | null
  /** The charter's live page, for the card of a crew page. */
  readonly page: CrewPage | null
  /** Each guest's newest request, by name, for the card of signatures. */
  readonly signatures: readonly SignatureRequest[]
}

/** The newest request of each guest who is still named, in the order in which they were made. */
export function newestOfGuests(requests: readonly SignatureRequest[]): SignatureRequest[] {
  const byGuest = new Map<string, SignatureRequest>()
  for (const request of requests.toReversed()) byGuest.set(request.guest, request)
  return [...byGuest.values()].filter(({ withdrawnWhy }) => withdrawnWhy !== 'not-named')
}

/** A guest's own words, without what the charter's private columns hold: whoever reads the channel sees neither. */
function reasonOf({ declineReason }: SignatureRequest, charter: Charter | undefined): string | null {
  if (declineReason === null) return null
  return charter === undefined ? maskLike(declineReason) : maskKnown(charter, new Set()).free(declineReason)
}

function shownRequest(request: SignatureRequest, charter: Charter | undefined): SignatureRequest {
  return request.declineReason === null ? request : { ...request, declineReason: reasonOf(request, charter) }
}

export async function readTaskCard(ports: OfficePorts, taskId: number): Promise<TaskCardView | null> {
  const task = await ports.tasks.find(taskId)
  if (task === null) return null
  const { charterId, kind } = task
  const found = charterId === null ? null : await ports.charterReader.find(charterId)
  const requests = charterId !== null && kind === E_SIGNATURE ? newestOfGuests(await ports.signing.ofCharter(charterId)) : []
  return {
    version: task.version,
    task,
    charter: found?.charter ?? null,
    page: charterId !== null && kind === CREW_PAGE ? await ports.crewPages.findLive(charterId) : null,
    signatures: requests.map((request) => shownRequest(request, found?.charter)),
  }
}

const lane = (taskId: number): string => `task:${taskId}`

type Ports = Pick<OfficePorts, 'tasks' | 'outbox'>

/** Posts the card of a task; told twice, there is still one. */
export async function postTaskCard({ outbox }: Ports, task: Task, now: number): Promise<void> {
  const dispatch = { kind: 'task-card' as const, taskId: task.id }
  await outbox.add({ key: `${lane(task.id)}:card`, target: 'slack', lane: lane(task.id), dispatch }, now)
}

/** Something that the card shows has changed: draws it again. */
export async function touchTask({ tasks, outbox }: Ports, task: Task, now: number): Promise<void> {
  const next = { ...task, version: task.version + 1, updatedAt: now }
  await tasks.save(next)
  const dispatch = { kind: 'task-edit' as const, taskId: task.id, version: next.version }
  await outbox.add({ key: `${lane(task.id)}:edit:${next.version}`, target: 'slack', lane: lane(task.id), dispatch }, now)
}

/** Adds a line to the card's thread, and draws the card again. */
export async function tellTask(ports: Ports, task: Task, note: TaskNote, now: number): Promise<void> {
  await touchTask(ports, task, now)
  const dispatch = { kind: 'task-reply' as const, taskId: task.id, note, at: now }
  await ports.outbox.add({ key: `${lane(task.id)}:note:${task.version + 1}`, target: 'slack', lane: lane(task.id), dispatch }, now)
}

/** The task of a kind about a charter that was not cancelled, the first of several: a later one chases what this one began, on its card. */
export async function taskAbout({ tasks }: Pick<OfficePorts, 'tasks'>, charterId: string, kind: string): Promise<Task | null> {
  return (await tasks.aboutCharter(charterId)).find((task) => task.kind === kind && task.state !== 'cancelled') ?? null
}

/** Whether a task has, or will have, a card of its own: sessions show theirs instead. */
export async function hasCard({ cards, tasks }: Pick<OfficePorts, 'cards' | 'tasks'>, taskId: number): Promise<boolean> {
  if ((await cards.find(`task:${taskId}`)) !== null) return true
  return (await tasks.find(taskId))?.state === 'done'
}

/** Tells what became of a guest's request on the card of the charter's signatures. */
export async function tellGuest(ports: OfficePorts, request: SignatureRequest, now: number): Promise<void> {
  const task = await taskAbout(ports, request.charterId, E_SIGNATURE)
  const { guest, state } = request
  if (task === null) return
  if (state === 'viewed' || state === 'signed' || state === 'declined' || state === 'expired') {
    const found = await ports.charterReader.find(request.charterId)
    const reason = reasonOf(request, found?.charter)
    await tellTask(ports, task, { type: 'guest', guest, did: state, reason }, now)
  } else await touchTask(ports, task, now)
}
