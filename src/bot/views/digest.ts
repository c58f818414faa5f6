import type { DrawnMessage } from '../../services/messages/drawn.ts'
import type { DayFigures } from '../../services/status/history-ports.ts'
import type { Digest } from '../../services/status/read-digest.ts'
import { count, dollars, outside, toldSection, unlinked } from './agent-text.ts'
import { businessText } from './business.ts'
import { sailingLine } from './home.ts'
import { partLines } from './home-parts.ts'
import { incidentLine } from './status.ts'
import { sessionLine, taskLine } from './tasks.ts'
import { fitLines, moment } from './text.ts'

/** The morning's digest: short on top, the details in its thread. */

const ROOM = 2800

/** A message of one section; in words it says the same. */
function told(lines: readonly string[]): DrawnMessage {
  const text = fitLines(lines, ROOM)
  return { text: unlinked(text.split('\n')[0] ?? ''), blocks: [{ ...toldSection(text) }], instead: unlinked(text) }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

const waiting = ({ home: { tasks } }: Digest): number =>
  sum((['waiting', 'needs-person', 'failed'] as const).map((state) => tasks.counts[state] ?? 0))

function card(digest: Digest): DrawnMessage {
  const { home, date, done, yesterday, syncs } = digest
  const troubled = partLines(home).filter(({ word }) => !['OK', 'WORKING', 'SENDING', 'OFF'].includes(word))
  const good = sum(syncs.filter(({ outcome }) => outcome === 'synced').map((one) => one.count))
  const facts = [
    `${count(good, 'good sync')} of ${sum(syncs.map((one) => one.count))}`,
    `${count(done.length, 'task')} done`,
    `${dollars(yesterday.cost)} spent yesterday`,
  ]
  return told([
    `*Digest of ${date}:* ${count(home.status.incidents.length, 'open incident')}, ${waiting(digest)} waiting for a person, ${count(home.sailings.length, 'charter')} in the next 7 days`,
    `${businessText(home.business)}.`,
    `${facts.join(', ')}.`,
    ...(troubled.length === 0 ? [] : [`Not OK: ${troubled.map(({ name, word }) => `${name} ${word}`).join(', ')}.`]),
  ])
}

function happened({ since, now, opened, resolved, syncs, done, home }: Digest): DrawnMessage {
  const sessions = home.sessions.rows.filter(({ session }) => session.startedAt >= since)
  return told([
    `*Since ${moment(since)}*`,
    `Syncs: ${syncs.length === 0 ? 'none' : syncs.map((one) => `${one.count} ${outside(one.outcome, 40)}`).join(', ')}.`,
    ...(opened.length === 0
      ? ['No incident was opened.']
      : ['Incidents opened:', ...opened.map((incident) => incidentLine(incident, now))]),
    ...(resolved.length === 0 ? [] : ['Incidents resolved:', ...resolved.map((incident) => incidentLine(incident, now))]),
    ...(sessions.length === 0 ? ['No session began.'] : ['Sessions:', ...sessions.map((row) => sessionLine(row, now))]),
    ...(done.length === 0 ? [] : ['Tasks done:', ...done.map(({ id, title }) => `*${id}* ${outside(title, 100)}`)]),
  ])
}

function waits(digest: Digest): DrawnMessage[] {
  const { tasks, requests } = digest.home
  const own = tasks.rows.filter(({ task }) => ['waiting', 'needs-person', 'failed'].includes(task.state))
  if (own.length + requests.length === 0) return []
  const asked = requests.map(({ sessionId, askedAt }) => `Session ${sessionId} asks since ${moment(askedAt)}, in its thread.`)
  return [
    told([`*Waits for a person* (${waiting(digest)})`, ...asked, ...own.map(({ task, waitsFor }) => taskLine(task, waitsFor, digest.now))]),
  ]
}

function sailings({ home }: Digest): DrawnMessage[] {
  return home.sailings.length === 0 ? [] : [told(['*Charters of the next 7 days*', ...home.sailings.map(sailingLine)])]
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

const DOLLAR = 1_000_000

function chart(title: string, name: string, days: readonly DayFigures[], value: (day: DayFigures) => number) {
  const data = days.map((day) => ({ label: day.day.slice(5), value: value(day) }))
  return {
    type: 'data_visualization',
    title,
    chart: { type: 'bar', series: [{ name, data }], axis_config: { categories: data.map(({ label }) => label) } },
  }
}

/** Two pictures in one message, and the same figures as lines when Slack does not draw them. */
function charts({ days }: Digest): DrawnMessage[] {
  if (days.every(({ sessions, cost, syncs }) => sessions + cost + syncs === 0)) return []
  const lines = days.map(
    ({ day, sessions, cost, syncs }) => `${day}: ${count(syncs, 'good sync')}, ${count(sessions, 'session')}, ${dollars(cost)}`,
  )
  const title = `The last ${days.length} days (UTC)`
  return [
    {
      text: title,
      blocks: [
        chart('Good syncs a day', 'Good syncs', days, ({ syncs }) => syncs),
        chart('Cost a day, dollars', 'Dollars', days, ({ cost }) => Math.round((cost / DOLLAR) * 100) / 100),
      ],
      instead: lines.join('\n'),
    },
  ]
}

export function digestMessages(digest: Digest): { card: DrawnMessage; replies: DrawnMessage[] } {
  return { card: card(digest), replies: [happened(digest), ...waits(digest), ...sailings(digest), money(digest), ...charts(digest)] }
}
