import { redact } from '../../log.ts'
import type { HostPorts } from '../host/ports.ts'
import { causesOf } from '../incidents/causes.ts'
import type { Incident, Note } from '../incidents/incident.ts'
import type { TimelineEntry } from '../incidents/ports.ts'
import { actionOf, runbookSectionOf, SEVERITY_WORD, titleOf } from '../incidents/wording.ts'
import type { SyncState } from '../sheets/sync-state.ts'
import type { SyncStateStore } from '../sheets/ports.ts'
import { AUDIT_JOB, SYNC_JOB, type JobName, type RunHistory, type RunRecord } from '../work/work.ts'
import { readHistory, type HistoryOf } from './history.ts'

/** What a question is answered from: the incident's own evidence, out of the store. No private columns, no tokens, no names of people. */

/** One piece of evidence. `data` is plain JSON and may hold words of others. */
export interface Source {
  /** How the model names it. */
  readonly name: string
  /** How people are told that it was looked at. */
  readonly told: string
  /** How old the newest of it is; null: it does not age. */
  readonly at: number | null
  readonly data: unknown
}

export type FactPorts = HistoryOf & HostPorts & { readonly runs: RunHistory; readonly syncState: SyncStateStore }

const RUNS = 5
const STEPS = 15
const EARLIER = 5
const DAY_MS = 86_400_000
/** An audit older than this tells nothing about now. */
const OLD_AUDIT_MS = DAY_MS

const LONGEST = 600
const LONGEST_SECTION = 6000

// A control character or a mark that turns the direction of text means nothing good in evidence.
const UNSEEN = /[\p{Cc}\p{Cf}]+/gu

/** A text without credentials and invisible characters, cut. */
export const clean = (text: string, most: number): string => {
  const shown = redact(text.toWellFormed()).replaceAll(UNSEEN, ' ')
  return shown.length <= most ? shown : `${shown.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')} [cut]`
}

/** All texts in it without credentials, invisible characters and excess length. */
function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return clean(value, LONGEST)
  if (Array.isArray(value)) return value.slice(0, 30).map(cleaned)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cleaned(one)]))
}

const when = (at: number | null, now: number) =>
  at === null ? null : { at: `${new Date(at).toISOString().slice(0, 16)}Z`, minutesAgo: Math.round((now - at) / 60_000) }

/** Which run does the duty that an incident is about. */
const JOB_OF: readonly (readonly [duties: string, job: JobName])[] = [
  ['port-sheet/', SYNC_JOB],
  ['host/', AUDIT_JOB],
  ['agent/', 'agent-session'],
  ['bot/backup', 'backup'],
]

const jobOf = ({ key }: Pick<Incident, 'key'>): JobName | null => JOB_OF.find(([duties]) => key.startsWith(duties))?.[1] ?? null

function signals(incident: Incident, now: number): Source {
  const { evidence, state, severity, openedAt, lastSeenAt, snoozedUntil, resolvedAt, proven } = incident
  const { firstFailureAt, lastSuccessAt, lastReadAt, nextAttemptAt, endsAt, holds, enableUrl: _link, ...rest } = evidence
  const data = {
    incident: incident.id,
    duty: incident.key,
    severity: SEVERITY_WORD[severity],
    title: titleOf(incident),
    whatAPersonShouldDo: actionOf(incident),
    state,
    isClosedWithProof: state === 'resolved' ? proven : null,
    opened: when(openedAt, now),
    lastSeen: when(lastSeenAt, now),
    snoozedUntil: when(snoozedUntil, now),
    resolved: when(resolvedAt, now),
    ...rest,
    tabsHeldForAYes: holds.map(({ tab }) => tab),
    firstFailure: when(firstFailureAt, now),
    lastSuccess: when(lastSuccessAt, now),
    sheetLastRead: when(lastReadAt, now),
    nextAttempt: when(nextAttemptAt, now),
    ends: when(endsAt, now),
    otherDutiesOfTheSameCause: incident.symptoms.map(({ key, failing }) => ({ key, failing })),
  }
  return { name: 'signals', told: 'signals', at: lastSeenAt, data }
}

const ranAt = ({ finishedAt, startedAt }: RunRecord): number => finishedAt ?? startedAt

function runs(records: readonly RunRecord[], now: number): Source[] {
  const [newest] = records
  if (newest === undefined) return []
  const data = records.map((run) => ({
    job: run.job,
    because: run.reason,
    started: when(run.startedAt, now),
    outcome: run.outcome ?? 'under way',
    summary: run.summary,
  }))
  return [{ name: 'runs', told: records.length === 1 ? 'the last run' : `last ${records.length} runs`, at: ranAt(newest), data }]
}

/** Without who did it. */
function step({ at, note }: TimelineEntry, now: number): unknown {
  const { type, ...rest } = note satisfies Note
  const known = Object.entries(rest).map(([name, value]) => [name, name === 'by' || name === 'to' ? 'an operator' : value])
  return { type, ...when(at, now), ...Object.fromEntries(known) }
}

function timeline(entries: readonly TimelineEntry[], now: number): Source[] {
  const newest = entries.at(-1)
  if (newest === undefined) return []
  return [{ name: 'timeline', told: 'timeline', at: newest.at, data: entries.slice(-STEPS).map((entry) => step(entry, now)) }]
}

function sheet(state: SyncState, now: number): Source[] {
  const { lastAttemptAt, lastSuccessAt, lastReadAt, nextAttemptAt, reauthFailures, configurationFailures } = state
  if (lastAttemptAt === null) return []
  const { dataFailures, transientFailures } = state
  const failures = { reauth: reauthFailures, configuration: configurationFailures, data: dataFailures, transient: transientFailures }
  const times = {
    lastAttempt: when(lastAttemptAt, now),
    lastSuccess: when(lastSuccessAt, now),
    lastRead: when(lastReadAt, now),
    nextAttempt: when(nextAttemptAt, now),
  }
  return [{ name: 'sync', told: 'state of the sync', at: lastAttemptAt, data: { ...times, failuresInARow: failures } }]
}

async function host(ports: FactPorts, now: number): Promise<Source[]> {
  const audit = await ports.host.last()
  if (audit === null || now - audit.at > OLD_AUDIT_MS) return []
  const { at, worst } = audit
  const checks = audit.checks.map(({ name, level, text }) => ({ name, level, text }))
  const lines = worst.map(({ at: seenAt, text, times }) => ({ seen: when(seenAt, now), text, times }))
  const log: Source = { name: 'log', told: `${lines.length} log ${lines.length === 1 ? 'line' : 'lines'}`, at, data: lines }
  return [{ name: 'host', told: 'host audit', at, data: { service: audit.unitName, checks } }, ...(lines.length === 0 ? [] : [log])]
}

async function causes(ports: FactPorts, incident: Incident, now: number): Promise<Facts> {
  const history = await readHistory(ports, incident)
  const { causes: found, useless, times } = causesOf(incident, history, now)
  const earlier = history.earlier
    .filter(({ id }) => id !== incident.id)
    .slice(0, EARLIER)
    .map(({ id, kind, openedAt }) => ({ incident: id, kind, opened: when(openedAt, now) }))
  const past: Source = { name: 'earlier', told: 'earlier incidents', at: null, data: { sameKindInThirtyDays: times, incidents: earlier } }
  const known: Source = { name: 'causes', told: 'known causes', at: null, data: { causes: found, whatCannotHelp: useless } }
  return {
    sources: [...(found.length === 0 ? [] : [known]), ...(earlier.length === 0 ? [] : [past])],
    links: found.flatMap(({ link }) => link ?? []),
  }
}

function runbook(incident: Incident, section: string | null): Facts {
  if (section === null) return NO_FACTS
  const told = `runbook section ${runbookSectionOf(incident.kind)}`
  const links = (section.match(/https:\/\/[^\s"'<>()`|]+/g) ?? []).map((link) => link.replace(/[.,;:!?]+$/, ''))
  return { sources: [{ name: 'runbook', told, at: null, data: section.slice(0, LONGEST_SECTION) }], links }
}

export interface Facts {
  readonly sources: readonly Source[]
  /** Addresses of our own among them: only these may be links in an answer. Ones in words of others may not. */
  readonly links: readonly string[]
}

const NO_FACTS: Facts = { sources: [], links: [] }

/** Reads the store only, in the caller's transaction. `section`: of the runbook, Markdown. */
export async function gatherFacts(ports: FactPorts, incident: Incident, section: string | null, now: number): Promise<Facts> {
  const job = jobOf(incident)
  const why = await causes(ports, incident, now)
  const book = runbook(incident, section)
  const found: readonly Source[] = [
    signals(incident, now),
    ...(job === null ? [] : runs(await ports.runs.recent(job, RUNS), now)),
    ...(job === SYNC_JOB ? sheet(await ports.syncState.read(), now) : []),
    ...(await host(ports, now)),
    ...timeline(await ports.incidents.timeline(incident.id), now),
    ...why.sources,
  ]
  const sources = [...found.map(({ name, told, at, data }) => ({ name, told, at, data: cleaned(data) })), ...book.sources]
  return { sources, links: [...new Set([...why.links, ...book.links])] }
}
