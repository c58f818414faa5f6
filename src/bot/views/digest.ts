import type { DrawnMessage } from '../../services/messages/drawn.ts'
import type { Digest } from '../../services/status/read-digest.ts'
import { count, dollars, outside, toldSection, unlinked } from './agent-text.ts'
import { businessText } from './business.ts'
import { ageMessage, monthMessage, serverMessage } from './digest-charts.ts'
import { sailingLine } from './home.ts'
import { partLines } from './home-parts.ts'
import { incidentLine } from './status.ts'
import { sessionLine, taskLine } from './tasks.ts'
import { fitLines, moment } from './text.ts'

/** The morning's digest: short on top, the details in its thread. */

const ROOM = 2800

/** A message of one section; in words it says the same, the first line as what a notification shows. */
function told(lines: readonly string[]): DrawnMessage {
  const text = fitLines(lines, ROOM)
  const [first = '', ...rest] = text.split('\n')
  return { text: unlinked(first.replaceAll('*', '')), blocks: [{ ...toldSection(text) }], instead: unlinked(rest.join('\n')) }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

const waiting = ({ home: { tasks } }: Digest): number =>
  sum((['waiting', 'needs-person', 'failed'] as const).map((state) => tasks.counts[state] ?? 0))

const GOOD: ReadonlySet<string> = new Set(['OK', 'WORKING', 'SENDING', 'OFF'])
const UNKNOWN = /UNKNOWN$/

/** What is wrong, and what nobody has seen lately, which is neither good nor bad. */
function standing(home: Digest['home']): string {
  const parts = partLines(home).filter(({ word }) => !GOOD.has(word))
  const bad = parts.filter(({ word }) => !UNKNOWN.test(word)).map(({ name, word }) => `${name} ${word}`)
  const unknown = parts.filter(({ word }) => UNKNOWN.test(word)).map(({ name, word }) => (word === 'UNKNOWN' ? name : `${name} (in part)`))
  return [
    bad.length > 0
      ? `*Not OK:* ${bad.join(', ')}.`
      : unknown.length > 0
        ? 'Nothing is known to be wrong.'
        : 'Nothing is wrong with any part.',
    ...(unknown.length === 0 ? [] : [`Not known: ${unknown.join(', ')}.`]),
  ].join(' ')
}

function card(digest: Digest): DrawnMessage {
  const { home, date, done, yesterday, syncs } = digest
  const good = sum(syncs.filter(({ outcome }) => outcome === 'synced').map((one) => one.count))
  const all = sum(syncs.map((one) => one.count))
  const facts = [
    all === 0 ? 'No sync ended' : `${good} of ${count(all, 'sync')} good`,
    `${count(done.length, 'task')} done`,
    `${dollars(yesterday.cost)} spent yesterday (UTC)`,
  ]
  return told([
    `*Digest of ${date}:* ${count(home.status.incidents.length, 'open incident')}, ${waiting(digest)} waiting for a person, ${count(home.sailings.length, 'charter')} in the next 7 days`,
    `${businessText(home.business)}.`,
    `${facts.join(', ')}.`,
    standing(home),
  ])
}

/** How a sync can end; what is not here is told as it is called. */
const OUTCOMES: Readonly<Record<string, string>> = {
  synced: 'good',
  data: 'with trouble in the sheet',
  blocked: 'failed',
  interrupted: 'cut off',
}

/** An incident that came and went is told once, with how it ended. */
function incidents({ now, opened, resolved }: Digest): string[] {
  const left = opened.filter(({ id }) => !resolved.some((other) => other.id === id))
  const lines = (title: string, all: Digest['opened']): string[] =>
    all.length === 0 ? [] : [title, ...all.map((incident) => incidentLine(incident, now))]
  if (opened.length === 0 && resolved.length === 0) return ['No incident was opened.']
  return [...lines('Incidents opened:', left), ...lines('Incidents resolved:', resolved)]
}

function happened(digest: Digest): DrawnMessage {
  const { since, now, syncs, done, home } = digest
  const sessions = home.sessions.rows.filter(({ session }) => session.startedAt >= since)
  return told([
    `*Since ${moment(since)}*`,
    `Syncs: ${syncs.length === 0 ? 'none' : syncs.map((one) => `${one.count} ${OUTCOMES[one.outcome] ?? outside(one.outcome, 40)}`).join(', ')}.`,
    ...incidents(digest),
    ...(sessions.length === 0 ? ['No session began.'] : ['Sessions:', ...sessions.map((row) => sessionLine(row, now))]),
    ...(done.length === 0 ? [] : ['Tasks done:', ...done.map(({ id, title }) => `*${id}* ${outside(title, 100)}`)]),
  ])
}

function waits(digest: Digest): DrawnMessage[] {
  const { tasks, requests } = digest.home
  const own = tasks.rows.filter(({ task }) => ['waiting', 'needs-person', 'failed'].includes(task.state))
  if (own.length + requests.length === 0) return []
  const asked = requests.map(({ sessionId, askedAt }) => `Session ${sessionId} has been asking since ${moment(askedAt)}, in its thread.`)
  return [
    told([`*Waits for a person* (${waiting(digest)})`, ...asked, ...own.map(({ task, waitsFor }) => taskLine(task, waitsFor, digest.now))]),
  ]
}

function sailings({ home }: Digest): DrawnMessage[] {
  return home.sailings.length === 0
    ? []
    : [told(['*Charters of the next 7 days*', ...home.sailings.map((one) => sailingLine(one, home.now))])]
}

function money({ home, yesterday }: Digest): DrawnMessage {
  const { month, limits } = home.quota
  const parts = partLines(home)
  const google = parts.find(({ name }) => name === 'Google')
  return told([
    '*Cost and consent*',
    `Yesterday (UTC): ${dollars(yesterday.cost)} of ${dollars(limits.dailyBudget)} a day, in ${count(yesterday.turns, 'turn')}. This month: ${dollars(month.cost)}.`,
    `Google: ${google?.word ?? 'UNKNOWN'}, ${google?.why ?? 'nothing is known'}.`,
  ])
}

export function digestMessages(digest: Digest): { card: DrawnMessage; replies: DrawnMessage[] } {
  return {
    card: card(digest),
    replies: [
      happened(digest),
      ...waits(digest),
      ...sailings(digest),
      serverMessage(digest),
      money(digest),
      ageMessage(digest),
      ...monthMessage(digest),
    ],
  }
}
