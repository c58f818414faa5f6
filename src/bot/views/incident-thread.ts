import type { Why } from '../../services/answers/decide.ts'
import type { Certainty, Why as Causes } from '../../services/incidents/causes.ts'
import type { Incident } from '../../services/incidents/incident.ts'
import type { ThreadAnswer, TimelineEntry } from '../../services/incidents/ports.ts'
import { actionOf, runbookSectionOf, SEVERITY_WORD, titleOf } from '../../services/incidents/wording.ts'
import type { Business } from '../../services/status/business.ts'
import { evidenceText } from './alert.ts'
import { storyLines } from './answers.ts'
import { businessText } from './business.ts'
import { runbookText } from './runbook-link.ts'
import { lookedAt } from './question-answer.ts'
import { ago, cut, escape, fitEnds, fitLines, LIMITS, moment } from './text.ts'

/** Answers in the thread of an incident. They mention nobody: a thread that rings for each answer is soon muted. */

export const saying = (text: string): ThreadAnswer => ({ text: cut(text, LIMITS.messageText), table: null })

/** A person who is only told of, not called. */
function unmentioned(text: string): string {
  const person = /<@[UW][A-Z0-9]+(?:\|[^<>]*)?>/
  // What stands behind a moment begins the sentence.
  const first = text.replace(person, (_mention, at: number) => (/> +$/.test(text.slice(0, at)) ? 'An operator' : 'an operator'))
  return first.replaceAll(new RegExp(person, 'g'), 'another operator')
}

const STATE: Readonly<Record<Incident['state'], (incident: Incident) => string>> = {
  open: () => 'Nobody has reacted yet.',
  acknowledged: () => 'Somebody has it; the card names them.',
  snoozed: ({ snoozedUntil }) => `Snoozed until ${moment(snoozedUntil)}.`,
  recovering: () => 'Consent was given; a sync that succeeds closes it.',
  resolved: ({ resolvedAt, proven }) => `Closed ${moment(resolvedAt)}, ${proven ? 'and seen working again' : 'not proven'}.`,
}

export interface StatusFacts {
  /** The address of the runbook's page. */
  readonly runbook: string | null
  /** How things stand for the office; null: the answer is about something else. */
  readonly business: Business | null
}

export function statusAnswer(incident: Incident, now: number, { runbook, business }: StatusFacts): ThreadAnswer {
  const { evidence, state } = incident
  const open = state !== 'resolved'
  const lines = [
    open ? `*${SEVERITY_WORD[incident.severity]}: ${titleOf(incident)}.*` : `*It was "${titleOf(incident)}".*`,
    STATE[state](incident),
    ...(open ? [`Open since ${moment(incident.openedAt)}, last seen ${ago(incident.lastSeenAt, now)}.`] : []),
    ...(evidence.lastSuccessAt === null ? [] : [`Last success ${ago(evidence.lastSuccessAt, now)}.`]),
    ...(open && business !== null ? [`${businessText(business)}.`] : []),
    ...(open && evidence.nextAttemptAt !== null ? [`Next try ${moment(evidence.nextAttemptAt)}.`] : []),
    ...(open ? [`What to do: ${escape(actionOf(incident))}. ${runbookText(incident.kind, runbook)}.`] : []),
  ]
  return saying(lines.join('\n'))
}

export function timelineAnswer(incident: Incident, timeline: readonly TimelineEntry[], onDuty: string): ThreadAnswer {
  const lines = storyLines(timeline, incident, onDuty).map(unmentioned)
  const end = `\`/jada incident ${incident.id}\` tells who did what.`
  return saying(`${fitEnds(lines.length > 0 ? lines : ['Nothing has happened yet.'], 2800)}\n${end}`)
}

const CERTAINTY: Readonly<Record<Certainty, string>> = { sure: 'sure', likely: 'likely', possible: 'possible' }

/** Facts first, then the causes with their evidence, then what cannot help. */
export function whyAnswer(incident: Incident, { causes, useless, times }: Causes): ThreadAnswer {
  const often = times === 1 ? [] : [`It is number ${times} of its kind within 30 days.`]
  const links = [...new Set(causes.flatMap(({ link }) => (link === null ? [] : [link])))]
  const facts = [evidenceText(incident), ...often]
  const rest = [...(useless === null ? [] : [useless]), ...links.map((link) => `Look at ${link}`)]
  const lines = causes.map(
    ({ certainty, what, evidence, cure }) =>
      `• *${CERTAINTY[certainty]}:* ${escape(what)}. ${escape(cut(evidence, 500))}. _What to do:_ ${escape(cure)}.`,
  )
  const text = [...facts, ...(lines.length > 0 ? lines : ['No rule of mine knows the cause.']), ...rest].join('\n')
  const header = ['How sure', 'Cause', 'Evidence', 'What to do']
  const rows = [header, ...causes.map(({ certainty, what, evidence, cure }) => [CERTAINTY[certainty], what, evidence, cure])]
  const lead = cut([...facts, ...rest].join('\n'), LIMITS.sectionText)
  return { text: cut(text, LIMITS.messageText), table: causes.length === 0 ? null : { lead, rows } }
}

/** A paragraph or a list item a line, and Slack's markup for what is strong. */
function slackLines(markdown: string): string[] {
  const joined = markdown.replaceAll(/\n(?!\n|[-*|] |\d+\. )/g, ' ')
  return joined
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => escape(line).replaceAll('**', '*').replace(/^- /, '• '))
}

const WORDS = 'I know these words here: `ack`, `snooze 2h`, `assign @person`, `retry`, `status`, `why`, `timeline`, `resolve`.'

/** Why Claude did not say it. */
const WHY: Readonly<Record<Why, string | null>> = {
  off: null,
  budget: "Today's budget for questions is used up, so this is from the runbook.",
  many: 'Claude was asked a lot about this incident within the hour, so this is from the runbook.',
  late: 'Claude did not answer in time, so this is from the runbook.',
  busy: 'Claude is overloaded and asks to wait, so this is from the runbook.',
  declined: 'Claude declined to answer this, so this is from the runbook.',
  refused: "Claude's service refuses our requests, so this is from the runbook. `npm run doctor` says more.",
  unreadable: 'What Claude answered could not be used, so this is from the runbook.',
  fault: 'Asking Claude went wrong, so this is from the runbook. The log says more.',
}

export interface FromRunbook {
  readonly why: Why
  /** The address of the runbook's page. */
  readonly runbook: string | null
}

/** An answer without Claude: how it stands, what the runbook says, and the words that tell more. `section`: Markdown. */
export function questionAnswer(incident: Incident, section: string | null, now: number, { why, runbook }: FromRunbook): ThreadAnswer {
  const { text } = statusAnswer(incident, now, { runbook, business: null })
  const name = runbookSectionOf(incident.kind)
  const lines = section === null ? [] : [`*The runbook (${name}) says:*`, ...slackLines(section)]
  const signals = { told: 'signals', at: incident.lastSeenAt }
  const looked = lookedAt(section === null ? [signals] : [signals, { told: `runbook section ${name}`, at: null }], now)
  const told = fitLines([...(WHY[why] === null ? [] : [WHY[why]]), ...text.split('\n'), ...lines], LIMITS.sectionText)
  return saying(`${told}\n${WORDS}\n_${looked}._`)
}

export const UNCLEAR = {
  snooze: saying('How long? `snooze 30m`, `snooze 2h`, `snooze until 08:00`; at most 7 days.'),
  assign: saying('To whom? `assign @person`, or `assign me`.'),
  words: saying(`${WORDS} To ask me something, end with a question mark, or mention me.`),
} as const

export const NOT_ALLOWED = saying('Only operators can do this. You may ask: `status`, `why`, `timeline`, or a question in your own words.')
