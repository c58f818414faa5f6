import { publish, refresh, type CharterNow } from '../crew/crew-pages.ts'
import { guestNote, readGuests } from '../signing/guests.ts'
import { requestSignatures } from '../signing/ask.ts'
import { decideTask } from '../tasks/decide.ts'
import type { Task } from '../tasks/task.ts'
import { postTaskCard, tellTask, touchTask } from './card.ts'
import { CREW_PAGE, type Office, type OfficePorts } from './ports.ts'

/** The work that needs no judgement: it takes no session, and none of the day's five. */

/** What a person or a session must look at first, as sentences; none: code can do it. */
export function needsJudgement(kind: string, { charter }: Pick<CharterNow, 'charter'>): string[] {
  if (kind === CREW_PAGE) {
    return [
      ...(charter.captain.trim() === '' ? ['The port sheet names no captain.'] : []),
      ...(charter.guests === null ? ['The port sheet does not say how many guests come.'] : []),
    ]
  }
  const guests = readGuests(charter.guestNames, charter.guests)
  const note = guests.match === 'same' || guests.match === 'unknown' ? null : guestNote(guests)
  return note === null ? [] : [note]
}

async function finish(ports: OfficePorts, task: Task, summary: string, now: number): Promise<void> {
  const started = decideTask(task, { do: 'start' }, now)
  const done = started === null ? null : decideTask(started, { do: 'finish', outcome: 'done', summary }, now)
  if (done === null) return
  await ports.tasks.save(done)
  await postTaskCard(ports, done, now)
}

/** Makes what the task asks for. False: it cannot be made any more, and the task stays. */
async function make(ports: OfficePorts, office: Office, task: Task, current: CharterNow, now: number): Promise<string | null> {
  if (task.kind === CREW_PAGE) {
    const published = await publish(ports, office.crew, { ...current, by: null }, now)
    return published.kind === 'too-late' ? null : 'The crew page is there.'
  }
  const asked = await requestSignatures(ports, office.signing, { charter: current.charter, by: null }, now)
  if (asked.kind === 'too-late') return null
  const ready = asked.made.length + asked.kept.length
  return ready === 1 ? '1 signature request is ready; a person sends it.' : `${ready} signature requests are ready; a person sends them.`
}

/** Does a queued task by code, when nothing about it needs judgement. Returns whether it did. */
export async function doByCode(ports: OfficePorts, office: Office, task: Task, current: CharterNow, now: number): Promise<boolean> {
  if (task.state !== 'queued' || needsJudgement(task.kind, current).length > 0) return false
  const summary = await make(ports, office, task, current, now)
  if (summary === null) return false
  await finish(ports, task, summary, now)
  return true
}

/** A charter changed: its page says so, and unsigned requests are made anew. */
export async function followChange(ports: OfficePorts, office: Office, task: Task, current: CharterNow, now: number): Promise<void> {
  if (task.kind === CREW_PAGE) {
    const result = await refresh(ports, office.crew, now, current)
    if (result?.kind === 'changed') await tellTask(ports, task, { type: 'page-changed', changes: result.changes }, now)
    return
  }
  // Nobody was asked yet: that is the task's own work.
  if ((await ports.signing.ofCharter(current.charter.id)).length === 0) return
  const asked = await requestSignatures(ports, office.signing, { charter: current.charter, by: null }, now)
  if (asked.kind === 'too-late') return
  const made = asked.made.map(({ guest }) => guest)
  const signedBefore = asked.signedForOldDetails.map(({ guest }) => guest)
  if (made.length > 0 || asked.withdrawn.length > 0) await tellTask(ports, task, { type: 'asked-anew', made, signedBefore }, now)
  else if (signedBefore.length > 0) await touchTask(ports, task, now)
}
