import type { Button, HomeView, KnownBlock } from '@slack/types'
import type { Incident } from '../../services/incidents/incident.ts'
import type { Home } from '../../services/status/read-home.ts'
import type { Sailing } from '../../services/status/sailings.ts'
import type { PERSON, Task, TaskState } from '../../services/tasks/task.ts'
import { ACTION, cardValue } from './action-ids.ts'
import { count, outside, person, toldContext, toldFields, toldSection } from './agent-text.ts'
import { TASK_STATE } from './agent-words.ts'
import { applyButton } from './alert.ts'
import { actions, button } from './blocks.ts'
import { businessText } from './business.ts'
import { isPolled, partLines } from './home-parts.ts'
import { isFirst } from './impact.ts'
import { moneyFields, pauseText, sessionsText } from './quota.ts'
import { incidentLine } from './status.ts'
import { sessionLine, taskLine } from './tasks.ts'
import { fitLines, moment } from './text.ts'

/** The bot's Home tab: how all of it stands, for one person. */

/** Slack's limit of blocks in a view. */
const MOST_BLOCKS = 100
const ROOM = 2800
const TASKS_WITH_BUTTONS = 6
const INCIDENTS = 6
const SAILINGS = 12

const header = (text: string): KnownBlock => ({ type: 'header', text: { type: 'plain_text', text } })

const list = (title: string, lines: readonly string[], none: string): KnownBlock[] => [
  header(title),
  toldSection(lines.length === 0 ? none : fitLines(lines, ROOM)),
]

function partsSection(home: Home): KnownBlock {
  return toldSection(
    fitLines(
      partLines(home).flatMap(({ name, word, why, lines = [] }) => [`*${name}: ${word}*, ${why}.`].concat(lines)),
      ROOM,
    ),
  )
}

function actButtons({ quota, status }: Home): Button[] {
  const pause = {
    title: 'Pause the agent?',
    text: 'A turn that is under way ends; then no session goes on and none begins, until somebody resumes it.',
    yes: 'Pause it',
    no: 'Leave it',
  }
  const isBlocked = status.connection === null || status.standing === 'reauth'
  return [
    button(ACTION.homeSync, 'Sync now'),
    button(ACTION.homeReauth, status.connection === null ? 'Connect Google' : 'Re-authorize', isBlocked ? { style: 'primary' } : {}),
    button(ACTION.homeAudit, 'Check the server'),
    button(ACTION.homeAdd, 'Add a task'),
    quota.pause === null
      ? button(ACTION.homePause, 'Pause agent', { confirm: pause })
      : button(ACTION.homeResume, 'Resume agent', { style: 'primary' }),
  ]
}

/** What is new, or put off, can be acknowledged here as well; the rest is done on the card. */
const isForAck = ({ state, kind }: Incident): boolean => (state === 'open' || state === 'snoozed') && !isFirst(kind)

function incidents({ status: { incidents: open, holds, now } }: Home): KnownBlock[] {
  const lines = open.slice(0, INCIDENTS).map((incident): KnownBlock => {
    const line = toldSection(incidentLine(incident, now))
    if (isForAck(incident)) line.accessory = button(ACTION.ack, 'Acknowledge', { value: cardValue(incident) })
    return line
  })
  const hidden = open.length - lines.length
  const held = holds.filter(({ approvedBy }) => approvedBy === null)
  const would = held.map(({ tab, removed, before }) => `${outside(tab, 100)} (${removed.length} of ${count(before, 'charter')} would go)`)
  return [
    header('Open incidents'),
    ...(lines.length === 0 ? [toldSection('None.')] : lines),
    ...(hidden > 0 ? [toldContext(`… and ${hidden} more; \`/jada incidents\` lists them.`)] : []),
    ...(held.length === 0
      ? []
      : [{ ...toldSection(`Held back: ${fitLines(would, 2000)}. \`/jada sync diff\` tells which.`), accessory: applyButton(held) }]),
  ]
}

const WAITING: readonly TaskState[] = ['waiting', 'needs-person', 'failed']
const REST: readonly TaskState[] = ['running', 'queued', 'done', 'cancelled']

const PERSON_KIND: typeof PERSON = 'person'

function taskButtons({ id, state, kind }: Task): KnownBlock[] {
  if (state !== 'needs-person' && state !== 'failed') return []
  const value = String(id)
  // What only a person can do no session would take.
  const again = kind === PERSON_KIND ? [] : [button(ACTION.retryTask, 'Queue again', { value })]
  return [actions([...again, button(ACTION.closeTask, 'Mark as done', { value })])]
}

/** What waits for a person comes first, each task with what may be done about it. */
function waitingBlocks({ tasks, requests, now }: Home): KnownBlock[] {
  const asked = requests.map(({ sessionId, what, askedAt }) => {
    const about = what.type === 'question' ? what.question : what.title
    return `Session ${sessionId} has been asking since ${moment(askedAt)}, in its thread: ${outside(about, 150)}`
  })
  const own = tasks.rows.filter(({ task }) => WAITING.includes(task.state))
  const all = WAITING.reduce((sum, state) => sum + (tasks.counts[state] ?? 0), 0)
  const shown = own.slice(0, TASKS_WITH_BUTTONS)
  const hidden = all - shown.length
  const blocks: KnownBlock[] = []
  for (const { task, waitsFor } of shown) {
    blocks.push(toldSection(`${taskLine(task, waitsFor, now)}\n${TASK_STATE[task.state]}`))
    blocks.push(...taskButtons(task))
  }
  return [
    header('Waits for a person'),
    ...(asked.length === 0 ? [] : [toldSection(fitLines(asked, ROOM))]),
    ...(asked.length + all === 0 ? [toldSection('Nothing.')] : blocks),
    ...(hidden > 0 ? [toldContext(`… and ${hidden} more; \`/jada tasks\` lists them.`)] : []),
  ]
}

function otherTasks({ tasks, now }: Home): KnownBlock[] {
  const counted = REST.map((state) => `${tasks.counts[state] ?? 0} ${TASK_STATE[state]}`).join(', ')
  const live = tasks.rows.filter(({ task: { state } }) => state === 'running' || state === 'queued').slice(0, 8)
  const lines = live.map(({ task, waitsFor }) => `${taskLine(task, waitsFor, now)}, ${TASK_STATE[task.state]}`)
  return [header('Other tasks'), toldSection(fitLines([`${counted}.`, ...lines], ROOM))]
}

/** Many sheets write the title into the name. */
const captainText = (name: string): string =>
  name === '' ? 'no captain' : /^(?:capt\b|captain\b|skipper\b)/i.test(name) ? outside(name, 60) : `captain ${outside(name, 60)}`

function lacks({ hasPage, signed, asked, captain, undecided }: Sailing): string {
  const signatures = asked === 0 ? 'nobody was asked to sign' : `${signed} of ${asked} signed`
  return [captainText(captain), hasPage ? 'crew page' : 'no crew page', signatures, ...(undecided ? ['not decided yet'] : [])].join(', ')
}

/** One charter of the next days: when, vessel, and what it still lacks. */
export const sailingLine = (sailing: Sailing, now: number): string =>
  `*${outside(sailing.id, 40)}* ${moment(sailing.startsAt)}${sailing.startsAt <= now ? ' (under way)' : ''}, ${outside(sailing.vessel, 60) || 'no vessel'}: ${lacks(sailing)}`

function sailings({ sailings: all, business, now }: Home): KnownBlock[] {
  const lines = all.slice(0, SAILINGS).map((one) => sailingLine(one, now))
  const more = all.length > SAILINGS ? [`… and ${all.length - SAILINGS} more; the port sheet has them all`] : []
  return list(
    'Charters of the next 7 days',
    [...lines, ...more],
    business.readAt === null ? 'Unknown: the port sheet was never read.' : 'None is known.',
  )
}

function agent({ quota, sessions }: Home): KnownBlock[] {
  const lines = sessions.rows.map((row) => sessionLine(row, sessions.now))
  return [
    header('Sessions and cost'),
    ...(quota.pause === null ? [] : [toldSection(pauseText(quota.pause))]),
    toldSection(sessionsText(quota)),
    moneyFields(quota),
    toldSection(lines.length === 0 ? 'There has been no session yet.' : fitLines(lines, ROOM)),
    ...(lines.length === 0 ? [] : [toldContext('`/jada sessions` lists more, `/jada quota` tells more of the cost.')]),
  ]
}

const foot = (home: Home): KnownBlock =>
  toldContext(`From the bot's own records, ${moment(home.now)}; nobody else was asked. This page is drawn again when something changes.`)

/** For who may act. */
function operatorBlocks(home: Home): KnownBlock[] {
  return [
    header('How it stands'),
    toldSection(`${businessText(home.business)}.`),
    partsSection(home),
    actions(actButtons(home)),
    ...incidents(home),
    ...waitingBlocks(home),
    ...sailings(home),
    ...otherTasks(home),
    ...agent(home),
    foot(home),
  ]
}

/** For everybody else: anyone of the workspace can open this, so it names no account, task or charter. */
function readerBlocks(home: Home, { operators, opsChannel }: Viewer): KnownBlock[] {
  const open = home.status.incidents.length
  const lines = partLines(home).map(({ name, word }) => `*${name}: ${word}*`)
  const who = operators
    .slice(0, 20)
    .map((id) => person(id))
    .join(', ')
  return [
    header('How it stands'),
    toldSection(`${businessText(home.business)}.`),
    toldSection(lines.join('\n')),
    toldFields([
      ['Open incidents', String(open)],
      ['Waits for a person', String(WAITING.reduce((sum, state) => sum + (home.tasks.counts[state] ?? 0), 0))],
      ['Sessions today', `${home.quota.used} of ${home.quota.limits.sessionsPerDay}`],
      ['Charters in 7 days', home.business.readAt === null ? 'unknown' : String(home.sailings.length)],
    ]),
    toldSection(
      `Only operators may act and see the rest here: ${who}. In <#${opsChannel}> anyone may ask me with \`/jada status\` or \`/jada tasks\`.`,
    ),
    foot(home),
  ]
}

export interface Viewer {
  readonly mayAct: boolean
  readonly operators: readonly string[]
  readonly opsChannel: string
}

export function homeView(home: Home, viewer: Viewer): HomeView {
  const blocks = viewer.mayAct ? operatorBlocks(home) : readerBlocks(home, viewer)
  return { type: 'home', blocks: blocks.slice(0, MOST_BLOCKS) }
}

/** How long an age on the page may be out of date. */
const SLOT_MS = 600_000

/**
 * The same Home as it would look at the end of a slot of ten minutes: it changes with the facts, and not with each minute that passes.
 * What moves by itself all the time is left out of it.
 */
export function settled(home: Home): Home {
  const now = (Math.floor(home.now / SLOT_MS) + 1) * SLOT_MS
  const polledAt = isPolled(home) ? now : home.polledAt
  const { audit, stale } = home.server
  const server = audit === null || stale ? home.server : { ...home.server, audit: { ...audit, at: now } }
  return {
    ...home,
    now,
    polledAt,
    server,
    business: { ...home.business, now },
    status: { ...home.status, now },
    quota: { ...home.quota, now, dryAt: null },
    tasks: { ...home.tasks, now },
    sessions: { ...home.sessions, now },
  }
}
