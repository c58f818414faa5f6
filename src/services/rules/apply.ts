import { cancelTask } from '../agent/people.ts'
import type { AgentPorts } from '../agent/ports.ts'
import { publish, refresh, type CharterNow } from '../crew/crew-pages.ts'
import { hasCard, taskAbout, tellGuest, tellTask } from '../office/card.ts'
import { doByCode, followChange, needsJudgement } from '../office/do-task.ts'
import { CREW_PAGE, E_SIGNATURE, type Office, type OfficePorts } from '../office/ports.ts'
import { withdrawRequests } from '../signing/ask.ts'
import { expireRequests, openRequests } from '../signing/signing.ts'
import { addTask } from '../tasks/add-task.ts'
import { CALLED_OFF } from '../tasks/decide.ts'
import { isLive, type Task } from '../tasks/task.ts'
import { markOff, markOn, timesCalledOff } from './called-off.ts'
import { standingOf, type Rules } from './rules.ts'

export type RulesPorts = AgentPorts & OfficePorts

export interface RulesDeps {
  readonly rules: Rules
  readonly office: Office
}

const TITLES: Readonly<Record<string, string>> = {
  [CREW_PAGE]: 'Crew page of',
  [E_SIGNATURE]: 'Signatures for',
}

const lookForWork = ({ work }: RulesPorts, now: number): Promise<void> =>
  work.demand({ job: 'agent-poll', subject: '', dueAt: now, reason: 'due', by: null })

/** Brings the task of this kind about a new charter, and does it when code can. */
async function bring(ports: RulesPorts, { rules, office }: RulesDeps, kind: string, current: CharterNow, now: number): Promise<void> {
  const { id } = current.charter
  const cancelled = (await ports.tasks.aboutCharter(id)).filter((task) => task.kind === kind && task.state === 'cancelled').length
  const wish = {
    kind,
    title: `${TITLES[kind] ?? kind} ${id}`.slice(0, 200),
    details: needsJudgement(kind, current).join('\n'),
    priority: rules.priority,
    dueOn: current.charter.date,
    dependsOn: [],
    charterId: id,
  }
  // A charter that was called off and comes back gets its tasks once more.
  const added = await addTask(ports, wish, { origin: { via: 'bot', by: null }, key: `rule:${kind}:${id}:${cancelled}` }, now)
  if (added.kind === 'added' && (await doByCode(ports, office, added.task, current, now))) return
  // A page that there is already does not wait for the session.
  if (kind === CREW_PAGE) await refresh(ports, office.crew, now, current)
  if (added.kind === 'added') await lookForWork(ports, now)
}

/** A task that a person cancelled does not come back with the next change of the sheet; but what it made goes on following the sheet. */
async function unwanted({ tasks }: RulesPorts, { charter }: CharterNow, kind: string): Promise<Task | null> {
  const last = (await tasks.aboutCharter(charter.id)).findLast((task) => task.kind === kind)
  return last === undefined || last.outcome === CALLED_OFF ? null : last
}

async function follow(ports: RulesPorts, deps: RulesDeps, kind: string, current: CharterNow, now: number): Promise<void> {
  const task = (await taskAbout(ports, current.charter.id, kind)) ?? (await unwanted(ports, current, kind))
  if (task === null) return bring(ports, deps, kind, current, now)
  if (await doByCode(ports, deps.office, task, current, now)) return
  await followChange(ports, deps.office, task, current, now)
}

/** The charter does not sail: what is open about it is called off, and its page says so. */
async function callOff(ports: RulesPorts, { office }: RulesDeps, current: CharterNow, now: number): Promise<void> {
  const { id } = current.charter
  await refresh(ports, office.crew, now, current)
  await withdrawRequests(ports, id, now)
  const isNews = await markOff(ports.settings, id)
  for (const task of await ports.tasks.aboutCharter(id)) {
    if (isLive(task)) await cancelTask(ports, task.id, null, now)
    else if (isNews && task.state === 'done' && (await hasCard(ports, task.id))) await tellTask(ports, task, { type: 'called-off' }, now)
  }
}

const HOUR_MS = 3_600_000

/** Signatures that are open shortly before sailing become a task for a session: something is in the way. */
async function chase(ports: RulesPorts, { rules }: RulesDeps, now: number): Promise<void> {
  for (const { charterId, startsAt, requests } of await openRequests(ports, now)) {
    if (startsAt <= now || startsAt - now > rules.chaseHours * HOUR_MS) continue
    const wish = {
      kind: E_SIGNATURE,
      title: `Chase the open signatures of ${charterId}`.slice(0, 200),
      details: `${requests.length} open, and it sails in ${Math.floor((startsAt - now) / HOUR_MS)} h.`,
      priority: 'high' as const,
      dueOn: null,
      dependsOn: [],
      charterId,
    }
    // Once for each date, and once more after it was called off: the time that is left differs each time, and is no other wish.
    const key = `rule:chase:${charterId}:${startsAt}:${await timesCalledOff(ports.settings, charterId)}`
    const added = await addTask(ports, wish, { origin: { via: 'bot', by: null }, key }, now)
    if (added.kind === 'added') await lookForWork(ports, now)
  }
}

async function applyTo(ports: RulesPorts, deps: RulesDeps, current: CharterNow, isFirst: boolean, now: number): Promise<void> {
  const { rules, office } = deps
  const standing = standingOf(rules, current.charter, current.removed, now)
  if (standing === 'cancelled') return callOff(ports, deps, current, now)
  if (standing !== 'sails') return void (await refresh(ports, office.crew, now, current))
  await markOn(ports.settings, current.charter.id)
  if (isFirst) {
    if (rules.crewPage) await publish(ports, office.crew, { ...current, by: null }, now)
    return
  }
  if (rules.crewPage) await follow(ports, deps, CREW_PAGE, current, now)
  if (rules.eSignature) await follow(ports, deps, E_SIGNATURE, current, now)
}

/** Up to which change of the port sheet everything has followed. */
const CURSOR = 'rules-cursor'

/**
 * What follows from the changes since the last time, in one transaction with the mark of how far that is: a crash repeats nothing and skips
 * nothing. The first time, the charters are new to the bot but not to the office: their pages are made, and nobody is asked to sign.
 */
export async function applyRules(ports: RulesPorts, deps: RulesDeps, now: number): Promise<void> {
  const seen = await ports.settings.get(CURSOR)
  const changes = await ports.charterReader.changesSince(Number(seen ?? 0))
  for (const charterId of new Set(changes.map((change) => change.charterId))) {
    const current = await ports.charterReader.find(charterId)
    if (current !== null) await applyTo(ports, deps, current, seen === null, now)
  }
  const last = changes.at(-1)
  // Also when the first sheet was empty: what is typed into it later is new to the office.
  if (last !== undefined || seen === null) await ports.settings.set(CURSOR, String(last?.seq ?? 0))
  for (const expired of await expireRequests(ports, now)) await tellGuest(ports, expired, now)
  if (deps.rules.eSignature && deps.rules.chaseHours > 0) await chase(ports, deps, now)
}
