import type { Button, KnownBlock, MessageAttachment } from '@slack/types'
import type { Incident } from '../../services/incidents/incident.ts'
import { actionOf, resolvedTitleOf, runbookOf, SEVERITY_WORD, titleOf } from '../../services/incidents/wording.ts'
import { ACTION, cardValue } from './action-ids.ts'
import { actions, button, context, fields, section } from './blocks.ts'
import { cut, duration, escape, fitLines, LIMITS, moment } from './text.ts'

/** A message as `chat.postMessage` and `chat.update` take it. */
export interface MessageView {
  readonly text: string
  readonly attachments?: MessageAttachment[]
  readonly blocks?: KnownBlock[]
}

const COLOR = { red: '#c62828', amber: '#e09f1f', grey: '#8a8d91', green: '#2e7d4f', blue: '#31699c' } as const

function colorOf(incident: Incident): string {
  if (incident.state === 'resolved') return incident.proven ? COLOR.green : COLOR.grey
  if (incident.state === 'snoozed') return COLOR.grey
  if (incident.state === 'acknowledged' || incident.state === 'recovering') return COLOR.amber
  return incident.severity === 'notice' ? COLOR.blue : COLOR.red
}

function headline(incident: Incident): string {
  if (incident.state !== 'resolved') return `${SEVERITY_WORD[incident.severity]}: ${titleOf(incident)}`
  if (!incident.proven) return `CLOSED, NOT PROVEN: ${titleOf(incident)}`
  return `RESOLVED: ${resolvedTitleOf(incident)}`
}

/** What it means for the business, in a sentence or two. */
function impact({ kind, state, evidence }: Incident): string {
  const last = evidence.lastReadAt
  const changes = last === null ? 'What is in it does not arrive' : 'Changes made since then do not arrive'
  const age = last === null ? 'The port sheet has never been read.' : `The port sheet we work with is from ${moment(last)}.`
  if (state === 'recovering') return age
  switch (kind) {
    case 'google_not_connected':
      return 'The bot has no access to the port sheet yet. An operator connects a Google account once; the first sync follows by itself.'
    case 'rows_quarantined':
      return 'These rows are left out until their cells are corrected. A charter that was read before keeps its last good values.'
    case 'oauth_token_failure':
      return `${age} ${changes} until a person re-authorizes; nothing else can bring it back.`
    case 'google_configuration':
      return `${age} ${changes}. Consent cannot help here: a setting must be corrected.`
    case 'sheet_problem':
      return `${age} The last good data is kept.`
    case 'sync_failing':
    case 'sync_stale':
      return `${age} The last good data is kept, and the bot goes on trying.`
  }
}

function nextTry({ evidence, state }: Incident): string {
  if (state === 'recovering') return 'running now'
  return evidence.nextAttemptAt === null ? 'with the next regular cycle' : moment(evidence.nextAttemptAt)
}

function errorOf({ evidence }: Incident): string {
  if (evidence.class === null) return 'no error given'
  const status = evidence.status === null ? '' : `, HTTP ${evidence.status}`
  return `${evidence.class} (${escape(evidence.code ?? 'no code')}${status})`
}

const STATE_LINE: Readonly<Record<Incident['state'], (incident: Incident) => string | null>> = {
  open: () => null,
  acknowledged: ({ owner }) => `Acknowledged by <@${owner ?? ''}>.`,
  snoozed: ({ owner, snoozedUntil }) => `Snoozed by <@${owner ?? ''}> until ${moment(snoozedUntil)}.`,
  recovering: () => 'Consent was given. A sync runs now; only its success closes this incident.',
  resolved: () => null,
}

/** One link that Slack does not take would keep the whole card from being posted. */
const isLink = (url: string): boolean => url.length <= LIMITS.url && URL.parse(url)?.protocol === 'https:'

/** Which buttons can help; the primary one first. */
function buttonsOf(incident: Incident, links: CardLinks): Button[] {
  const { kind, evidence } = incident
  const value = cardValue(incident)
  const primary: Button[] = []
  if (kind === 'oauth_token_failure' && evidence.hint !== 'account-deleted') {
    primary.push(
      button(ACTION.reauthorize, 'Re-authorize', {
        value,
        style: 'primary',
        ...(links.reauthorize === null ? {} : { url: links.reauthorize }),
      }),
    )
  }
  if (kind === 'google_not_connected') primary.push(button(ACTION.reauthorize, 'Connect Google', { value, style: 'primary' }))
  const { enableUrl } = evidence
  if (enableUrl !== null && isLink(enableUrl)) primary.push(button(ACTION.openLink, 'Enable the Sheets API', { url: enableUrl }))
  if (evidence.holds.length > 0) primary.push(applyButton(evidence.holds))
  const acknowledge = incident.state === 'acknowledged' ? [] : [button(ACTION.ack, 'Acknowledge', { value })]
  const snooze = incident.state === 'snoozed' ? [] : [button(ACTION.snooze, 'Snooze 1 h', { value })]
  return [...primary, ...acknowledge, ...snooze, resolveButton(incident)]
}

function resolveButton(incident: Incident): Button {
  const confirm = {
    title: 'Resolve without proof?',
    text: 'Nothing has shown yet that it works again. The incident closes grey, and the next failure opens it again.',
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

export interface CardLinks {
  /** The start of the consent; null without a public address, when the button answers in Slack instead. */
  readonly reauthorize: string | null
}

/** Four of them leave room for what to do. */
const LONGEST_FINDING = 400

function openBlocks(incident: Incident, links: CardLinks): KnownBlock[] {
  const { evidence, owner } = incident
  const findings = evidence.findings.slice(0, 4).map((line) => `• ${cut(escape(line), LONGEST_FINDING)}`)
  const more = evidence.findings.length > 4 ? [`… ${evidence.findings.length - 4} more in the thread`] : []
  const stateLine = STATE_LINE[incident.state](incident)
  const text = [
    impact(incident),
    ...(stateLine === null ? [] : [stateLine]),
    ...findings,
    ...more,
    ...(incident.state === 'recovering' ? [] : [`*What to do:* ${escape(actionOf(incident))}.`]),
  ]
  return [
    section(text.join('\n')),
    fields([
      ['Since', moment(evidence.firstFailureAt ?? incident.openedAt)],
      [
        incident.kind === 'rows_quarantined' ? 'Rows left out' : 'Failures in a row',
        evidence.failures === 0 ? 'none' : String(evidence.failures),
      ],
      ['Next try', nextTry(incident)],
      ['Owner', owner === null ? 'nobody yet' : `<@${owner}>`],
    ]),
    context(`Incident ${incident.id} · last seen ${moment(incident.lastSeenAt)} · ${errorOf(incident)} · ${runbookOf(incident.kind)}`),
    actions(incident.state === 'recovering' ? [resolveButton(incident)] : buttonsOf(incident, links)),
  ]
}

function closedBlocks(incident: Incident): KnownBlock[] {
  const lasted = duration((incident.resolvedAt ?? incident.lastSeenAt) - (incident.evidence.firstFailureAt ?? incident.openedAt))
  const text =
    incident.proven && incident.resolvedBy !== null
      ? `Closed by <@${incident.resolvedBy}> after ${lasted}, and seen working again since. ${escape(incident.resolution ?? '')}`.trim()
      : incident.proven
        ? `*Recovered after ${lasted}.* ${escape(incident.resolution ?? '')}`.trim()
        : `Closed by <@${incident.resolvedBy ?? ''}> after ${lasted}, not proven. The next failure opens it again, here.`
  return [section(text), context(`Incident ${incident.id} · ${errorOf(incident)} · ${moment(incident.resolvedAt)}`)]
}

/** The card of an incident: one message, edited in place for as long as it lives. */
export function alertView(incident: Incident, links: CardLinks): MessageView {
  const text = headline(incident)
  const blocks = incident.state === 'resolved' ? closedBlocks(incident) : openBlocks(incident, links)
  return { text, attachments: [{ color: colorOf(incident), fallback: text, blocks }] }
}

const LONGEST_FACT = 500

/** Facts for the thread: what the card leaves out. */
export function evidenceText(incident: Incident): string {
  const { evidence } = incident
  const facts: (readonly [string, string | null])[] = [
    ['duty', incident.key],
    ['class', evidence.class],
    ['code', evidence.code],
    ['http status', evidence.status === null ? null : String(evidence.status)],
    ['said', evidence.detail],
    ['hint', evidence.hint],
    ['account', evidence.account],
    ['first failure', iso(evidence.firstFailureAt)],
    ['last success', iso(evidence.lastSuccessAt)],
    ['next attempt', iso(evidence.nextAttemptAt)],
  ]
  const table = facts.flatMap(([name, value]) =>
    value === null ? [] : [`${name.padEnd(14)}${cut(escape(value).replaceAll('`', "'"), LONGEST_FACT)}`],
  )
  const lines = evidence.findings.map((line) => `• ${cut(escape(line), LONGEST_FINDING)}`)
  return fitLines([`\`\`\`${table.join('\n')}\`\`\``, ...lines], LIMITS.messageText)
}

const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())
