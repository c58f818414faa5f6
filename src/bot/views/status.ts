import type { KnownBlock } from '@slack/types'
import { concerns, isOpen, type Incident } from '../../services/incidents/incident.ts'
import { actionOf, SEVERITY_WORD, titleOf } from '../../services/incidents/wording.ts'
import type { Business } from '../../services/status/business.ts'
import type { Family } from '../../services/sheets/sync-state.ts'
import type { Status } from '../../services/status/read-status.ts'
import { context, fields, section } from './blocks.ts'
import { businessText } from './business.ts'
import type { MessageView } from './alert.ts'
import { failureText } from './failure.ts'
import { ago, cut, duration, escape, fitLines, moment } from './text.ts'
import { TARGETS } from './targets.ts'

/** Codes are words; should one be a novel, the rest of the answer must still fit. */
const LONGEST_CODE = 200

interface Verdict {
  readonly word: 'OK' | 'BLOCKED' | 'FAILING' | 'STALE' | 'RECOVERING' | 'NOT CONNECTED' | 'UNKNOWN'
  readonly why: string
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times in a row`)

const transient = (failure: Status['sync']['failure']): string =>
  failure === null ? 'no sync succeeded' : failureText({ class: failure.class, code: failure.code })

/** One word and why. Only a recent success is OK; what nobody has proven is unknown. */
export function verdict(status: Status): Verdict {
  const { sync, connection } = status
  if (connection === null) return { word: 'NOT CONNECTED', why: 'no Google account is connected' }
  if (status.incidents.some(({ state, key }) => key === 'port-sheet/sync' && state === 'recovering')) {
    return { word: 'RECOVERING', why: 'consent was given; the sync that proves it is awaited' }
  }
  const code = escape(cut(sync.failure?.code ?? 'see the open incident', LONGEST_CODE))
  switch (status.standing) {
    case 'reauth':
      return { word: 'BLOCKED', why: `Google refuses our token (${code}); it needs a person` }
    case 'configuration':
      return { word: 'BLOCKED', why: `Google refuses our settings (${code}); it needs a person` }
    case 'transient':
      return { word: 'FAILING', why: `${transient(sync.failure)}, ${times(sync.transientFailures)}; this should pass by itself` }
    case 'data':
      return { word: 'FAILING', why: 'the sheet itself needs a look; the last good data is kept' }
    case 'not-connected':
    case null:
      return unfailing(status)
  }
}

function unfailing({ sync, stale, now }: Status): Verdict {
  if (sync.lastSuccessAt === null) return { word: 'UNKNOWN', why: 'no sync has run yet' }
  if (stale) return { word: 'STALE', why: `no sync for ${duration(now - sync.lastSuccessAt)}` }
  return { word: 'OK', why: `synced ${ago(sync.lastSuccessAt, now)}` }
}

function nextRun(status: Status): string {
  if (status.running) return 'running now'
  return status.waiting === null ? 'at its regular time' : moment(status.waiting.dueAt)
}

function account({ connection, now }: Status): string {
  if (connection === null) return 'none'
  const expiry = connection.refreshExpiresAt === null ? '' : `, the consent ends ${moment(connection.refreshExpiresAt)}`
  return `${escape(connection.email)}\nconsented ${ago(connection.consentedAt, now)}${expiry}`
}

function sheet({ sync, tabs, holds, quarantined, now }: Status): string {
  // The months that are read now; earlier ones are kept, and nobody asks for them here.
  const current = tabs.filter((tab) => sync.tabs.includes(tab.title))
  if (current.length === 0) return 'nothing read yet'
  const read = current.map((tab) => `${escape(tab.title)}: ${tab.charters} (changed ${ago(tab.readAt, now)})`)
  const held = holds.length === 0 ? [] : [`held: ${holds.map((hold) => escape(hold.tab)).join(', ')}`]
  const left = quarantined === 0 ? [] : [`rows left out: ${quarantined}`]
  return [...read.slice(-4), ...held, ...left].join('\n')
}

export function incidentLine(incident: Incident, now: number): string {
  const since = incident.evidence.firstFailureAt ?? incident.openedAt
  const state = incident.state === 'resolved' && !incident.proven ? 'closed by hand, not proven' : incident.state
  const age = isOpen(incident) ? `for ${duration(now - since)}` : ago(incident.resolvedAt, now)
  return `*${incident.id}* ${SEVERITY_WORD[incident.severity]}: ${titleOf(incident)} (${state}, ${age})`
}

function waitingMessages({ backlog, now }: Status): string[] {
  return backlog.map(({ target, count, since, error }) => {
    const where = TARGETS[target]
    return `${count} ${count === 1 ? 'message waits' : 'messages wait'} for ${where}, the oldest for ${duration(now - since)}${error === null ? '' : ` (${escape(cut(error, LONGEST_CODE))})`}`
  })
}

/** What a person can do before an incident says it. */
const STEPS: Readonly<Partial<Record<Verdict['word'] | Family, string>>> = {
  reauth: 'Re-authorize Google with `/jada reauth`',
  configuration: 'Correct the settings of the Google client, then restart the bot',
  data: 'Look at the sheet, then try `/jada sync now`',
  transient: 'Usually nothing: it is tried again by itself. `/jada sync now` tries at once',
  'NOT CONNECTED': 'An operator connects Google with `/jada reauth`',
  STALE: 'Try `/jada sync now`',
}

/** What to do about it: what the incident says where there is one. */
function nextStep(status: Status, word: Verdict['word']): string | null {
  if (word === 'OK' || word === 'RECOVERING') return null
  const incident = status.incidents.find((one) => concerns(one, 'port-sheet/sync'))
  return incident === undefined ? (STEPS[status.standing ?? word] ?? STEPS[word] ?? null) : actionOf(incident)
}

/** `/jada status`: the verdict, then the figures with their ages, then what is open. */
export function statusView(status: Status, business: Business | null = null): MessageView {
  const { word, why } = verdict(status)
  const text = `Port sheet: ${word}, ${why}`
  const step = nextStep(status, word)
  const blocks: KnownBlock[] = [
    section(`*Port sheet: ${word}*, ${why}.${step === null ? '' : `\n*What to do:* ${escape(step)}.`}`),
    ...(business === null ? [] : [section(`${businessText(business)}.`)]),
    fields([
      [
        'Last success',
        status.sync.lastSuccessAt === null
          ? 'never'
          : `${moment(status.sync.lastSuccessAt)}, ${ago(status.sync.lastSuccessAt, status.now)}`,
      ],
      ['Next sync', nextRun(status)],
      ['Google account', account(status)],
      ['Charters', sheet(status)],
    ]),
    section(
      status.incidents.length === 0
        ? 'No incident is open.'
        : fitLines(['*Open incidents*', ...status.incidents.map((incident) => incidentLine(incident, status.now))], 2500),
    ),
    ...waitingMessages(status).map((line) => context(line)),
    context(`From the bot's own records, ${moment(status.now)}; Google was not asked.`),
  ]
  return { text, blocks }
}
