import type { ActionsBlockElement, Button, KnownBlock, MessageAttachment } from '@slack/types'
import { REMEMBERED } from '../../services/host/wording.ts'
import { FAILS } from '../../services/incidents/cause-wording.ts'
import { isFlapping, type Incident, type Symptom } from '../../services/incidents/incident.ts'
import { actionOf, resolvedTitleOf, SEVERITY_WORD, titleOf } from '../../services/incidents/wording.ts'
import type { Business } from '../../services/status/business.ts'
import { ACTION, cardValue, optionValue } from './action-ids.ts'
import { actions, button, context, fields, menu, overflow, section } from './blocks.ts'
import { hangsOn } from './business.ts'
import { COLOR } from './colors.ts'
import { failureText } from './failure.ts'
import { impact, isFirst } from './impact.ts'
import { runbookText } from './runbook-link.ts'
import { cut, duration, escape, fitLines, LIMITS, moment } from './text.ts'

/** A message as `chat.postMessage` and `chat.update` take it. */
export interface MessageView {
  readonly text: string
  readonly attachments?: MessageAttachment[]
  readonly blocks?: KnownBlock[]
}

const FIRING: Readonly<Record<Incident['severity'], string>> = { critical: COLOR.red, warning: COLOR.violet, notice: COLOR.blue }

function colorOf(incident: Incident): string {
  if (incident.state === 'resolved') return incident.proven ? COLOR.green : COLOR.grey
  if (incident.state === 'snoozed') return COLOR.grey
  if (incident.state === 'acknowledged' || incident.state === 'recovering') return COLOR.amber
  return FIRING[incident.severity]
}

function headline(incident: Incident): string {
  if (incident.state === 'recovering' && isFirst(incident.kind))
    return `${SEVERITY_WORD[incident.severity]}: Google is connected; the first sync runs`
  if (incident.state !== 'resolved') return `${SEVERITY_WORD[incident.severity]}: ${titleOf(incident)}`
  if (!incident.proven) return `CLOSED, NOT PROVEN: it was "${titleOf(incident)}"`
  return `RESOLVED: ${resolvedTitleOf(incident)}`
}

function nextTry({ key, kind, evidence, state }: Incident): string {
  if (state === 'recovering') return 'running now'
  if (kind === 'mcp_changed') return 'once it is accepted'
  if (evidence.nextAttemptAt !== null) return moment(evidence.nextAttemptAt)
  if (key.startsWith('host/')) return 'within 10 minutes'
  return key.startsWith('port-sheet/') ? 'with the next regular sync' : 'with the next regular cycle'
}

/** What went wrong, in words; nothing when nobody said, when the findings say it better, or when there was nothing wrong. */
function causeOf({ kind, evidence }: Incident): string[] {
  const { class: failed, code, status, findings } = evidence
  return failed === null || findings.length > 0 || isFirst(kind) ? [] : [failureText({ class: failed, code, status })]
}

const STATE_LINE: Readonly<Record<Incident['state'], (incident: Incident) => string | null>> = {
  open: () => null,
  acknowledged: ({ owner }) => `Acknowledged: <@${owner ?? ''}> has it.`,
  snoozed: ({ owner, snoozedUntil }) => `Snoozed until ${moment(snoozedUntil)}: <@${owner ?? ''}> has it.`,
  recovering: () => 'Consent was given. A sync runs now; its success closes this incident.',
  resolved: () => null,
}

/** One link that Slack does not take would keep the whole card from being posted. */
const isLink = (url: string): boolean => url.length <= LIMITS.url && URL.parse(url)?.protocol === 'https:'

/** Which buttons can help; the primary one first. */
function buttonsOf(incident: Incident, links: CardLinks): ActionsBlockElement[] {
  const { kind, evidence } = incident
  const value = cardValue(incident)
  const primary: Button[] = []
  if ((kind === 'oauth_token_failure' && evidence.hint !== 'account-deleted') || kind === 'oauth_token_expiring') {
    primary.push(
      button(ACTION.reauthorize, 'Re-authorize', {
        value,
        style: 'primary',
        ...(links.reauthorize === null ? {} : { url: links.reauthorize }),
      }),
    )
  }
  if (isFirst(kind)) return [button(ACTION.reauthorize, 'Connect Google', { value, style: 'primary' })]
  const { enableUrl } = evidence
  if (enableUrl !== null && isLink(enableUrl)) primary.push(button(ACTION.openLink, 'Enable the Sheets API', { url: enableUrl }))
  if (evidence.holds.length > 0) primary.push(applyButton(evidence.holds))
  const acknowledge = incident.state === 'acknowledged' ? [] : [button(ACTION.ack, 'Acknowledge', { value })]
  return [...primary, ...acknowledge, snoozeMenu(incident), moreMenu(incident)]
}

const SNOOZES = [
  ['1 hour', '1h'],
  ['4 hours', '4h'],
  ['until 08:00', 'morning'],
] as const

function snoozeMenu(incident: Incident): ActionsBlockElement {
  return menu(
    ACTION.snooze,
    incident.state === 'snoozed' ? 'Snooze anew' : 'Snooze',
    SNOOZES.map(([label, choice]) => [label, optionValue(incident, choice)]),
  )
}

function moreMenu(incident: Incident): ActionsBlockElement {
  return overflow(ACTION.more, [
    ['Assign to…', optionValue(incident, 'assign')],
    ['Resolve…', optionValue(incident, 'resolve')],
  ])
}

export function resolveButton(incident: Pick<Incident, 'id' | 'version'>): Button {
  const confirm = {
    title: 'Resolve without proof?',
    text: 'Nothing has shown yet that it works again. Its card turns grey, and the next failure opens it again.',
    yes: 'Resolve it',
    no: 'Leave it open',
  }
  return button(ACTION.resolve, 'Resolve', { value: cardValue(incident), confirm })
}

export function applyButton(holds: Incident['evidence']['holds']): Button {
  const pairs = holds.map(({ tab, contentHash }) => [tab, contentHash])
  // Whole tabs, as many as the button can carry; what is left is held until the next card.
  while (JSON.stringify(pairs).length > LIMITS.buttonValue) pairs.pop()
  const value = JSON.stringify(pairs)
  const confirm = {
    title: 'Apply the loss?',
    text: 'The charters that are gone from the sheet will be marked as removed. Their data is kept and comes back if the rows do.',
    yes: 'Apply',
    no: 'Wait',
  }
  return button(ACTION.syncApply, 'Apply', { value, style: 'danger', confirm })
}

/** What stands on a card beside the incident itself. */
export interface CardFacts extends CardLinks {
  /** How things stand for the office; null: it could not be read. */
  readonly business: Business | null
}

export interface CardLinks {
  /** The start of the consent; null without a public address, when the button answers in Slack instead. */
  readonly reauthorize: string | null
  /** The runbook's page; null, or left out, without a public address. */
  readonly runbook?: string | null
}

/** Four of them leave room for what to do. */
const LONGEST_FINDING = 400

/** What the number of failures counts, where it is not failures in a row. */
const COUNTED: Partial<Record<Incident['kind'], string>> = {
  rows_quarantined: 'Rows left out',
  mcp_changed: 'Changed tools',
}

/** How much or how often, by what its number of failures counts. */
function howOften({ key, kind, evidence: { failures } }: Incident): readonly [string, string] {
  // One check may have failed in each of the audits that are remembered.
  if (key.startsWith('host/')) return ['Found bad', `in ${failures} of the last ${REMEMBERED} looks`]
  return [COUNTED[kind] ?? 'Failures in a row', failures === 0 ? 'none' : String(failures)]
}

function figures(incident: Incident): KnownBlock {
  const { evidence, owner, kind } = incident
  const has = owner === null ? 'nobody yet' : `<@${owner}>`
  if (kind === 'oauth_token_expiring') {
    const lives = evidence.endsAt === null ? 'unknown' : moment(evidence.endsAt)
    return fields([
      ['Ends', lives],
      ['Last success', moment(evidence.lastSuccessAt)],
      ['Account', escape(cut(evidence.account ?? 'unknown', 200))],
      ['Owner', has],
    ])
  }
  return fields([
    ['Since', moment(evidence.firstFailureAt ?? incident.openedAt)],
    howOften(incident),
    ['Next try', nextTry(incident)],
    ['Owner', has],
  ])
}

function rowOfButtons(incident: Incident, links: CardLinks): KnownBlock[] {
  const { kind, state } = incident
  if (state !== 'recovering') return [actions(buttonsOf(incident, links))]
  return isFirst(kind) ? [] : [actions([resolveButton(incident)])]
}

/** What was found, or, of a common cause, what fails of it. */
function listed({ cause, evidence: { findings }, symptoms }: Incident): string[] {
  if (cause !== null) return symptoms.map(symptomLine)
  const lines = findings.slice(0, 4).map((line) => `• ${cut(escape(sentence(line)), LONGEST_FINDING)}`)
  return findings.length > 4 ? [...lines, `… ${findings.length - 4} more in the thread`] : lines
}

function symptomLine({ key, evidence, failing }: Symptom): string {
  if (!failing) return `• ${resolvedTitleOf({ key, kind: 'sync_failing', cause: null })}.`
  return `• ${FAILS[key]}${evidence.firstFailureAt === null ? '' : `, since ${moment(evidence.firstFailureAt)}`}.`
}

/** What hangs on it; nothing while the bot is only being set up. */
function standing({ kind, key }: Incident, business: Business | null): string[] {
  return business === null || isFirst(kind) ? [] : [hangsOn(business, !key.startsWith('port-sheet/'))]
}

function openBlocks(incident: Incident, facts: CardFacts): KnownBlock[] {
  const { kind, state } = incident
  const stateLine = STATE_LINE[state](incident)
  const text = [
    impact(incident),
    ...standing(incident, facts.business),
    ...(stateLine === null ? [] : [stateLine]),
    ...listed(incident),
    ...(state === 'recovering' ? [] : [`*What to do:* ${escape(actionOf(incident))}.`]),
  ]
  const seen = `last seen ${moment(incident.lastSeenAt)}`
  return [
    section(text.join('\n')),
    ...(isFirst(kind) ? [] : [figures(incident)]),
    context(
      [
        `Incident ${incident.id}`,
        ...(isFlapping(incident) ? [`flaps: opened ${incident.opens.length} times within an hour`] : []),
        seen,
        ...causeOf(incident),
        runbookText(kind, facts.runbook ?? null),
      ].join(' · '),
    ),
    ...rowOfButtons(incident, facts),
  ]
}

/** How long it took, from the first failure to the end. */
function lasted(incident: Incident): string {
  return duration((incident.resolvedAt ?? incident.lastSeenAt) - (incident.evidence.firstFailureAt ?? incident.openedAt))
}

/** As it stands after a full stop. A name or a path, such as `jada-agent.service` or `wiki:`, stays as it is written. */
const sentence = (text: string): string => (/^[\w-]+(?:\.\w|[:/])/.test(text) ? text : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`)

/** How it was proven to work, in a sentence or two; `strong` marks the first. */
export function recoveryText(incident: Incident, summary: string, strong = ''): string {
  const first = summary === '' ? '' : ` The first sync: ${escape(summary)}`
  if (isFirst(incident.kind)) return `${strong}Google is connected.${strong}${first}`
  if (incident.kind === 'oauth_token_expiring') return `${strong}Renewed in time.${strong} ${escape(summary)}`.trim()
  return `${strong}Recovered after ${lasted(incident)}.${strong} ${escape(sentence(summary))}`.trim()
}

/** Of a token that ends soon nothing has failed yet. */
function unproven({ kind }: Incident): string {
  if (kind === 'oauth_token_expiring') return 'no newer consent has been seen. If the token still ends soon, this opens again, here.'
  return 'nothing has shown yet that it works again. The next failure opens it again, here.'
}

function closedBlocks(incident: Incident): KnownBlock[] {
  const { proven, resolvedBy, resolvedAt } = incident
  const summary = incident.resolution ?? ''
  const text =
    proven && resolvedBy !== null
      ? `Closed by <@${resolvedBy}> after ${lasted(incident)}, and seen working again since. ${escape(summary)}`.trim()
      : proven
        ? recoveryText(incident, summary, '*')
        : `Closed by <@${resolvedBy ?? ''}> after ${lasted(incident)}, not proven: ${unproven(incident)}`
  const cause = causeOf(incident).map((words) => `it was: ${words}`)
  return [section(text), context([`Incident ${incident.id}`, `closed ${moment(resolvedAt)}`, ...cause].join(' · '))]
}

/** The card of an incident: one message, edited in place for as long as it lives. */
export function alertView(incident: Incident, facts: CardFacts): MessageView {
  const text = headline(incident)
  const blocks = incident.state === 'resolved' ? closedBlocks(incident) : openBlocks(incident, facts)
  return { text, attachments: [{ color: colorOf(incident), fallback: text, blocks }] }
}

const LONGEST_FACT = 500

/** Facts for the thread: what the card leaves out. */
export function evidenceText(incident: Incident): string {
  const { evidence, kind } = incident
  if (isFirst(kind)) return 'Nothing is wrong: the bot waits for its first connection to Google.'
  const time = (at: number | null): string | null => (at === null ? null : moment(at))
  const facts: (readonly [string, string | null])[] = [
    ['What happened', causeOf(incident)[0] ?? null],
    ['Google said', evidence.detail === null ? null : `"${cut(escape(evidence.detail), LONGEST_FACT)}"`],
    ['Account', evidence.account === null ? null : cut(escape(evidence.account), LONGEST_FACT)],
    ['First failure', time(evidence.firstFailureAt)],
    ['Last success', time(evidence.lastSuccessAt)],
    ['Next try', time(evidence.nextAttemptAt)],
  ]
  const told = facts.flatMap(([name, value]) => (value === null ? [] : [`*${name}:* ${value}`]))
  const lines = evidence.findings.map((line) => `• ${cut(escape(sentence(line)), LONGEST_FINDING)}`)
  return fitLines([...told, ...lines], LIMITS.messageText)
}
