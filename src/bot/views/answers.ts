import type { Incident } from '../../services/incidents/incident.ts'
import type { TimelineEntry } from '../../services/incidents/ports.ts'
import { actionOf, titleOf } from '../../services/incidents/wording.ts'
import type { AppliedChanges, Hold } from '../../services/sheets/ports.ts'
import type { RunRecord } from '../../services/work/work.ts'
import { applyButton, type MessageView } from './alert.ts'
import { actions, context, section } from './blocks.ts'
import { blockedText } from './failure.ts'
import { noteText } from './note.ts'
import { incidentLine } from './status.ts'
import { ago, cut, duration, escape, fitEnds, fitLines, moment } from './text.ts'

/** Answers to slash commands, other than the status. */

export const COMMANDS: readonly (readonly [string, string])[] = [
  ['status', 'how the port sheet, Google and open incidents stand'],
  ['health', 'how the server is; `health now` looks again first'],
  ['quota', 'sessions, tokens and dollars of the day, used and left'],
  ['sync now', 'sync the port sheet at once, also while it waits after a failure'],
  ['sync diff', 'what the last sync changed, and what is held'],
  ['sync apply', 'apply a change that is held'],
  ['reauth', "a fresh link to Google's consent, for you alone"],
  ['reauth repin', 'the same, to change to another Google account'],
  ['incidents', 'the latest incidents'],
  ['incident 12', 'the story of one incident; `incident 12 export` gives all of it for a post-mortem'],
  ['tasks', 'what there is to do, and what stands in its way'],
  ['task 12', 'all about one task'],
  ['task 12 cancel', 'end it with its session; `task 12 retry` queues it again, `task 12 done` closes it'],
  ['task add', 'add a task in a window; or at once: `task add KIND TITLE`'],
  ['sessions', 'the latest Claude sessions'],
  ['pause agent for 2h', 'let no session begin or go on; without a time, until `resume`'],
  ['resume', 'end the pause'],
  ['mcp', 'attached MCP servers and their tools; `mcp accept NAME` accepts changed ones'],
  ['help', 'this list'],
]

export function helpView(): MessageView {
  const lines = COMMANDS.map(([command, what]) => `\`/jada ${command}\`  ${what}`)
  return {
    text: 'What /jada can do',
    blocks: [
      section(lines.join('\n')),
      context('Put `public` at the end of a question to show the answer to the channel. Acting is for operators.'),
    ],
  }
}

export function plainView(text: string): MessageView {
  return { text, blocks: [section(text)] }
}

export function incidentsView(incidents: readonly Incident[], now: number): MessageView {
  if (incidents.length === 0) return plainView('There has been no incident yet.')
  const lines = incidents.map((incident) => incidentLine(incident, now))
  return {
    text: `The latest ${incidents.length} incidents`,
    blocks: [section(fitLines(lines, 2800)), context('`/jada incident 12` tells the story of one.')],
  }
}

/** One line of the story. `kind` is what the incident was about just then: of the present it says nothing. */
function storyLine({ at, note }: TimelineEntry, incident: Incident, kind: Incident['kind'], onDuty: string): string {
  if (note.type === 'evidence') return `${moment(at)}  It began: ${titleOf({ kind })}.`
  if (note.type === 'changed') return `${moment(at)}  It became: ${titleOf({ kind })} (before: ${titleOf({ kind: note.from })}).`
  return `${moment(at)}  ${cut(noteText(note, incident, onDuty).split('\n')[0] ?? '', 300)}`
}

function repeats(entries: readonly TimelineEntry[]): string {
  const [first, last] = [entries[0], entries.at(-1)]
  const times = entries.length === 1 ? '' : ` ${entries.length} times, until ${moment(last?.at ?? null)}`
  return `${moment(first?.at ?? null)}  It still failed${times}.`
}

/** The timeline in lines; failures that only repeated themselves are one. */
export function storyLines(timeline: readonly TimelineEntry[], incident: Incident, onDuty: string): string[] {
  const lines: string[] = []
  let kind = incident.kind
  let still: TimelineEntry[] = []
  const tellRepeats = (): void => {
    if (still.length > 0) lines.unshift(repeats(still))
    still = []
  }
  // Backwards: what an incident was before a change, only that change tells.
  for (const entry of timeline.toReversed()) {
    if (entry.note.type === 'still-failing') still.unshift(entry)
    else {
      tellRepeats()
      lines.unshift(storyLine(entry, incident, kind, onDuty))
    }
    if (entry.note.type === 'changed') kind = entry.note.from
  }
  tellRepeats()
  return lines
}

export function incidentView(incident: Incident, timeline: readonly TimelineEntry[], onDuty: string, now: number): MessageView {
  const story = storyLines(timeline, incident, onDuty)
  const todo = incident.state === 'resolved' ? [] : [section(`*What to do:* ${escape(actionOf(incident))}.`)]
  return {
    text: `Incident ${incident.id}`,
    blocks: [
      section(incidentLine(incident, now)),
      ...todo,
      section(fitEnds(story.length > 0 ? story : ['Nothing has happened yet.'], 2800)),
    ],
  }
}

/** `portFee` is read as "port fee". */
const fieldWords = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** More lines than this are counted instead: the first sync adds every charter there is. */
const LISTED = 12

function changeLines({ changes }: AppliedChanges): string[] {
  if (changes.length > LISTED) {
    const kinds = [...new Set(changes.map(({ what }) => what))]
    return kinds.map((kind) => `• ${changes.filter(({ what }) => what === kind).length} ${kind}`)
  }
  return changes.map(
    ({ id, tab, what, fields }) =>
      `• ${outside(id, 60)} (${outside(tab, 100)}) ${what}${fields.length === 0 ? '' : `: ${outside(fields.map((field) => fieldWords(field)).join(', '), 250)}`}`,
  )
}

/** Text from the sheet, cut before it is escaped: a cut entity would be another text. */
const outside = (text: string, most: number): string => escape(cut(text, most))

const FEW = 8

function idList(ids: readonly string[]): string {
  const more = ids.length > FEW ? ` and ${ids.length - FEW} more` : ''
  return `${ids
    .slice(0, FEW)
    .map((id) => outside(id, 40))
    .join(', ')}${more}`
}

export function diffView(holds: readonly Hold[], last: AppliedChanges | null, now: number): MessageView {
  const held = holds.map(
    (hold) =>
      `*Held* in ${outside(hold.tab, 100)} since ${moment(hold.createdAt)}: ${hold.removed.length} of ${hold.before} charters would go (${idList(hold.removed)})${hold.approvedBy === null ? '' : `, confirmed by <@${hold.approvedBy}>`}`,
  )
  const lines = last === null ? [] : changeLines(last)
  const applied =
    last === null
      ? 'No sync has changed anything yet.'
      : fitLines([`*Last change* ${ago(last.at, now)}, ${moment(last.at)}`, ...lines], 2500)
  const waiting = holds.filter((hold) => hold.approvedBy === null)
  return {
    text: 'Changes of the port sheet',
    blocks: [
      ...(held.length > 0 ? [section(fitLines(held, 2500))] : []),
      section(applied),
      ...(waiting.length > 0 ? [actions([applyButton(waiting)])] : []),
    ],
  }
}

export function syncResultView(run: RunRecord | null): MessageView {
  if (run === null) return plainView('The sync is asked for and has not ended yet. `/jada status` shows how it went.')
  const took = run.finishedAt === null ? '' : ` in ${duration(run.finishedAt - run.startedAt)}`
  const words: Readonly<Record<string, string>> = {
    synced: `Synced${took}. ${escape(run.summary ?? '')}`,
    data: `Synced in part. ${escape(run.summary ?? '')}`,
    interrupted: 'The bot was stopped during the sync. It runs again by itself; `/jada status` shows how it went.',
    blocked: `The sync failed: ${blockedText(run.summary)}. \`/jada status\` shows what comes next.`,
  }
  return plainView(
    cut(
      words[run.outcome ?? ''] ?? `The sync broke off (${run.outcome ?? 'no reason known'}). \`/jada status\` shows what comes next.`,
      2900,
    ),
  )
}
