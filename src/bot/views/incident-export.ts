import type { AuditRecord } from '../../services/audit/audit.ts'
import type { Why } from '../../services/incidents/causes.ts'
import { isOpen, type Incident } from '../../services/incidents/incident.ts'
import type { TimelineEntry } from '../../services/incidents/ports.ts'
import { actionOf, resolvedTitleOf, runbookOf, runbookSectionOf, SEVERITY_WORD, titleOf } from '../../services/incidents/wording.ts'
import { ACT_WORDS, DETAIL_WORDS, otherThanPerson } from './audit-words.ts'
import { EXPORT_ROOM, fitMiddle, fromSlack, nameOf, outside, sizeOf, when, type Reader } from './export-text.ts'
import { failureText } from './failure.ts'
import { impact } from './impact.ts'
import { noteText } from './note.ts'
import { duration } from './text.ts'

/** All that is known of an incident, for a post-mortem. */
export interface IncidentStory extends Reader {
  readonly incident: Incident
  readonly timeline: readonly TimelineEntry[]
  /** What people did about it, and meanwhile to the part it is about; oldest first. */
  readonly acts: readonly AuditRecord[]
  readonly why: Why
  readonly onDuty: string
  readonly now: number
}

const PERSON = /^[UW][A-Z0-9]{1,30}$/

/** The Slack ids whose names a reader of the story would want. */
export function peopleOf({ incident, timeline, acts, onDuty }: Omit<IncidentStory, keyof Reader | 'why'>): string[] {
  const noted = timeline.flatMap(({ note }) => [...('by' in note ? [note.by] : []), ...('to' in note ? [note.to] : [])])
  const acted = acts.flatMap(({ actor, details }) => [actor, details['to']])
  const all = [incident.owner, incident.resolvedBy, onDuty, ...noted, ...acted]
  return [...new Set(all.filter((one): one is string => typeof one === 'string' && PERSON.test(one)))]
}

const list = (lines: readonly string[], none: string): string => (lines.length === 0 ? none : lines.map((line) => `- ${line}`).join('\n'))

const STATE: Readonly<Record<Incident['state'], string>> = {
  open: 'open, nobody has it',
  acknowledged: 'acknowledged',
  snoozed: 'snoozed',
  recovering: 'consent was given, the proof is awaited',
  resolved: 'resolved',
}

const stateOf = ({ state, proven }: Incident): string => (state === 'resolved' && !proven ? 'closed by hand, not proven' : STATE[state])

/** The first reaction of a person. */
const reactionOf = (timeline: readonly TimelineEntry[]): TimelineEntry | undefined =>
  timeline.find(({ note }) => note.type === 'acknowledged' || note.type === 'assigned' || note.type === 'snoozed')

function timesOf({ incident, timeline, now, ...reader }: IncidentStory): string[] {
  const { openedAt, resolvedAt, proven, evidence } = incident
  const began = Math.min(evidence.firstFailureAt ?? openedAt, openedAt)
  const reaction = reactionOf(timeline)
  const by = reaction === undefined || !('by' in reaction.note) ? '' : ` by ${nameOf(reaction.note.by, reader)}`
  const acknowledged =
    reaction === undefined ? 'never' : `${when(reaction.at, reader)}${by}, ${duration(reaction.at - openedAt)} after it was detected`
  const end = resolvedAt === null ? 'not yet' : when(resolvedAt, reader)
  return [
    `First failure: ${when(began, reader)}`,
    `Detected: ${when(openedAt, reader)}, ${duration(openedAt - began)} after the first failure`,
    `Acknowledged: ${acknowledged}`,
    `${resolvedAt !== null && !proven ? 'Closed without proof' : 'Recovered'}: ${end}`,
    `Duration: ${duration((resolvedAt ?? now) - began)}${resolvedAt === null ? ' so far' : ''}`,
  ]
}

/** What a line of the timeline says. `kind` is what the incident was about just then: of the present it says nothing. */
function entryText({ note }: TimelineEntry, kind: Incident['kind'], { incident, onDuty, ...reader }: IncidentStory): string {
  if (note.type === 'evidence') return `It began: ${titleOf({ kind })}.`
  if (note.type === 'changed') return `It became: ${titleOf({ kind })} (before: ${titleOf({ kind: note.from })}).`
  // Its own words would tell of the last failure.
  if (note.type === 'still-failing') return 'It still failed.'
  if (note.type === 'reminded' && !note.direct) return `Reminder ${note.number} in the thread: nobody had reacted.`
  return fromSlack(noteText(note, incident, onDuty).split('\n')[0] ?? '', reader).slice(0, 600)
}

function timelineLines(story: IncidentStory): string[] {
  let { kind } = story.incident
  // Backwards: what an incident was before a change, only that change tells.
  return story.timeline
    .toReversed()
    .map((entry) => {
      const line = `- ${when(entry.at, story)}: ${entryText(entry, kind, story)}`
      if (entry.note.type === 'changed') kind = entry.note.from
      return line
    })
    .toReversed()
}

const TIMES: ReadonlySet<string> = new Set(['until'])

function detailText([name, value]: readonly [string, AuditRecord['details'][string]], reader: Reader): string {
  if (typeof value === 'number' && TIMES.has(name)) return `${name} ${when(value, reader)}`
  const known = DETAIL_WORDS[`${name}: ${value}`]
  if (known !== undefined) return known
  const label = name === 'pinned' ? 'connected account' : name
  return `${label}: ${name === 'to' && typeof value === 'string' ? nameOf(value, reader) : outside(String(value), 200)}`
}

function actText({ at, actor, act, subject, details }: AuditRecord, story: IncidentStory): string {
  const about = subject === `incident:${story.incident.id}` ? [] : [outside(subject, 100)]
  const known = Object.entries(details).filter(([, value]) => value !== null)
  const more = [...about, ...known.map((one) => detailText(one, story))]
  return `${when(at, story)}: ${otherThanPerson(actor) ?? nameOf(actor, story)} ${ACT_WORDS[act]}${more.length === 0 ? '' : ` (${more.join('; ')})`}.`
}

function causeLines({ why }: IncidentStory): string[] {
  const { causes, useless, times } = why
  return [
    ...causes.map(
      ({ certainty, what, evidence, cure, link }) =>
        `${certainty}: ${outside(what, 300)}. Evidence: ${outside(evidence, 500)}. Cure: ${outside(cure, 500)}.${link === null ? '' : ` ${link}`}`,
    ),
    ...(useless === null ? [] : [outside(useless, 300)]),
    ...(times === 1 ? [] : [`It is number ${times} of its kind within 30 days.`]),
  ]
}

const MOST_FINDINGS = 30

type Facts = Pick<Incident, 'evidence' | 'kind'>

function factLines({ evidence, kind }: Facts, reader: Reader): string[] {
  const { class: failed, code, status, detail, findings, failures, lastSuccessAt, lastReadAt, account } = evidence
  const more = findings.length > MOST_FINDINGS ? [`… and ${findings.length - MOST_FINDINGS} more findings`] : []
  return [
    ...(failed === null ? [] : [`What happened: ${fromSlack(failureText({ class: failed, code, status }), reader)}`]),
    `Event: ${kind}; class: ${outside(failed ?? 'none', 60)}; code: ${outside(code ?? 'none', 200)}; status: ${status ?? 'none'}`,
    ...(detail === null ? [] : [`It was said: "${outside(detail, 500)}"`]),
    ...(account === null ? [] : [`Account: ${outside(account, 200)}`]),
    ...(failures === 0 ? [] : [`Failures counted: ${failures}`]),
    ...(lastSuccessAt === null ? [] : [`Last success before it: ${when(lastSuccessAt, reader)}`]),
    ...(lastReadAt === null ? [] : [`The port sheet was last read: ${when(lastReadAt, reader)}`]),
    ...findings.slice(0, MOST_FINDINGS).map((line) => `Found: ${outside(line, 300)}`),
    ...more,
  ]
}

/** Of a common cause, the evidence of each duty that failed of it. */
function evidenceLines({ incident, ...reader }: IncidentStory): string[] {
  if (incident.symptoms.length === 0) return factLines(incident, reader)
  return incident.symptoms.flatMap((one) => [`${one.key}:`, ...factLines(one, reader).map((line) => `  ${line}`)])
}

/** Acts after which something may work again. */
const CURES: ReadonlySet<AuditRecord['act']> = new Set([
  'reauth.done',
  'sync.apply',
  'sync.now',
  'incident.retry',
  'mcp.accept',
  'agent.resume',
  'settings.changed',
])

function cureText(story: IncidentStory): string {
  const { incident, acts } = story
  if (isOpen(incident)) return `Nothing yet. What to do: ${fromSlack(actionOf(incident), story)}.`
  const by = incident.resolvedBy === null ? '' : `Closed by ${nameOf(incident.resolvedBy, story)} by hand. `
  if (!incident.proven) return `${by}Nothing has shown that it works again; the next failure opens it again.`
  const last = acts.findLast(({ act, at }) => CURES.has(act) && at <= (incident.resolvedAt ?? story.now))
  const before =
    last === undefined
      ? 'Nobody did anything about it that the bot knows of: it passed by itself, or was mended elsewhere.'
      : `The last act before it: ${actText(last, story)}`
  return `${by}${resolvedTitleOf(incident)}. ${outside(incident.resolution ?? '', 500)}\n\n${before}`
}

function runbookLines({ incident }: IncidentStory): string[] {
  const kinds = [...new Set([incident.kind, ...incident.symptoms.map(({ kind }) => kind)])]
  return kinds.map((kind) => `[${runbookSectionOf(kind)}](${runbookOf(kind)})`)
}

type Section = readonly [heading: string, body: string]

const draw = (title: string, sections: readonly Section[]): string =>
  [`# ${title}`, ...sections.map(([heading, body]) => (heading === '' ? body : `## ${heading}\n\n${body}`))].join('\n\n')

/** A post-mortem to go on writing, in Markdown. Where it would be longer than `room`, the middles of its stories are left out, and that is said. */
export function incidentMarkdown(story: IncidentStory, room: number = EXPORT_ROOM): string {
  const { incident } = story
  const facts = [`Severity: ${SEVERITY_WORD[incident.severity]}`, `State: ${stateOf(incident)}`, ...timesOf(story)]
  const compose = (timeline: readonly string[], acts: readonly string[]): string =>
    draw(`Incident ${incident.id}: ${titleOf(incident)}`, [
      ['', list(facts, '')],
      ['What it meant', `As its card said: ${fromSlack(impact({ ...incident, state: 'open' }), story)}`],
      ['Causes', list(causeLines(story), 'No rule of the bot knows the cause.')],
      ['Timeline', timeline.length === 0 ? 'Nothing was noted.' : timeline.join('\n')],
      ['Who did what', acts.length === 0 ? 'Nobody did anything that the bot knows of.' : acts.join('\n')],
      ['Evidence', list(evidenceLines(story), 'None was kept.')],
      ['What cured it', cureText(story)],
      ['Runbook', list(runbookLines(story), '')],
      ['What we change', '- [ ] '],
      ['', `Written by JADA Bot at ${when(story.now, story)} from its own records.`],
    ])
  const acts = story.acts.map((one) => `- ${actText(one, story)}`)
  const left = room - sizeOf(compose([], []))
  const fittedActs = fitMiddle(acts, Math.floor(left * 0.4), 'acts')
  const taken = sizeOf(fittedActs.join('\n'))
  return compose(fitMiddle(timelineLines(story), left - taken, 'lines of the timeline'), fittedActs)
}
