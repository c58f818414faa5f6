import type { Incident } from '../../services/incidents/incident.ts'
import type { ThreadAnswer, TimelineEntry } from '../../services/incidents/ports.ts'
import { actionOf, runbookSectionOf, SEVERITY_WORD, titleOf } from '../../services/incidents/wording.ts'
import { storyLines } from './answers.ts'
import { ago, cut, escape, fitEnds, LIMITS, moment } from './text.ts'

/** Answers in the thread of an incident. They mention nobody: a thread that rings for each answer is soon muted. */

export const saying = (text: string): ThreadAnswer => ({ text: cut(text, LIMITS.messageText), table: null })

/** A person who is only told of, not called. */
const unmentioned = (text: string): string => text.replaceAll(/<@[UW][A-Z0-9]+(?:\|[^<>]*)?>/g, 'an operator')

const STATE: Readonly<Record<Incident['state'], (incident: Incident) => string>> = {
  open: () => 'Nobody has reacted yet.',
  acknowledged: () => 'Somebody has it; the card names them.',
  snoozed: ({ snoozedUntil }) => `Snoozed until ${moment(snoozedUntil)}.`,
  recovering: () => 'Consent was given; a sync that succeeds closes it.',
  resolved: ({ resolvedAt, proven }) => `Closed ${moment(resolvedAt)}, ${proven ? 'and seen working again' : 'not proven'}.`,
}

export function statusAnswer(incident: Incident, now: number): ThreadAnswer {
  const { evidence, state } = incident
  const open = state !== 'resolved'
  const lines = [
    `*${SEVERITY_WORD[incident.severity]}: ${titleOf(incident)}.*`,
    STATE[state](incident),
    ...(open ? [`Open since ${moment(incident.openedAt)}, last seen ${ago(incident.lastSeenAt, now)}.`] : []),
    ...(evidence.lastSuccessAt === null ? [] : [`Last success ${ago(evidence.lastSuccessAt, now)}.`]),
    ...(open && evidence.nextAttemptAt !== null ? [`Next try ${moment(evidence.nextAttemptAt)}.`] : []),
    ...(open ? [`What to do: ${escape(actionOf(incident))}. Runbook: ${runbookSectionOf(incident.kind)}.`] : []),
  ]
  return saying(lines.join('\n'))
}

export function timelineAnswer(incident: Incident, timeline: readonly TimelineEntry[], onDuty: string): ThreadAnswer {
  const lines = storyLines(timeline, incident, onDuty).map(unmentioned)
  const end = `\`/jada incident ${incident.id}\` tells who did what.`
  return saying(`${fitEnds(lines.length > 0 ? lines : ['Nothing has happened yet.'], 2800)}\n${end}`)
}

export const UNCLEAR = {
  snooze: saying('How long? `snooze 30m`, `snooze 2h`, `snooze until 08:00`; at most 7 days.'),
  assign: saying('To whom? `assign @person`, or `assign me`.'),
} as const

export const NOT_ALLOWED = saying('Only operators can do this. You may ask: `status`, `why`, `timeline`, or a question in your own words.')

export const WORDS = 'I know these words here: `ack`, `snooze 2h`, `assign @person`, `retry`, `status`, `why`, `timeline`, `resolve`.'
