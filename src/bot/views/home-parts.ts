import { concerns } from '../../services/incidents/incident.ts'
import type { Home } from '../../services/status/read-home.ts'
import { count, outside, person } from './agent-text.ts'
import { serverWords } from './server.ts'
import { verdict } from './status.ts'
import { ago, duration, moment } from './text.ts'
import { TARGETS } from './targets.ts'

/** One part of the bot on Home: a word for its state, and what is known with its age. OK is only what was seen to work lately. */
export interface PartLine {
  readonly name: string
  readonly word: string
  readonly why: string
  /** What is not good of it, each a line of its own. */
  readonly lines?: readonly string[]
}

const DAY_MS = 86_400_000
/** An answer older than this proves nothing about today. */
const PROVEN_MS = DAY_MS
/** A message may wait this long without anything being wrong. */
const WAIT_MS = 120_000
/** A consent that ends sooner is said first. */
const SOON_MS = 2 * DAY_MS

function sheetLine({ status, nextSyncAt }: Home): PartLine {
  const { word, why } = verdict(status)
  const age = status.sync.lastSuccessAt
  const since = word === 'OK' || age === null ? '' : `; last complete sync ${ago(age, status.now)}`
  const next = status.running ? '; syncing now' : `; next sync ${moment(nextSyncAt)}`
  const left = status.quarantined === 0 ? '' : `; ${status.quarantined === 1 ? '1 row is' : `${status.quarantined} rows are`} left out`
  const held = status.holds.length === 0 ? '' : `; ${count(status.holds.length, 'tab')} held back until an operator confirms`
  return { name: 'Port sheet', word, why: `${why}${since}${next}${left}${held}` }
}

function countdown(endsAt: number | null, now: number): string {
  if (endsAt === null) return 'when the consent ends is unknown'
  return endsAt <= now ? `the consent ended ${ago(endsAt, now)}` : `the consent ends in ${duration(endsAt - now)}, ${moment(endsAt)}`
}

function googleLine({ status, now }: Home): PartLine {
  const { connection, standing, sync } = status
  const name = 'Google'
  if (connection === null) return { name, word: 'NOT CONNECTED', why: 'no account is connected' }
  const { refreshExpiresAt: endsAt, email, consentedAt } = connection
  const why = `${outside(email, 120)}, consented ${ago(consentedAt, now)}; ${countdown(endsAt, now)}`
  if (standing === 'reauth') return { name, word: 'BLOCKED', why: `Google refuses our token; ${why}` }
  if (endsAt !== null && endsAt <= now) return { name, word: 'ENDED', why }
  if (endsAt !== null && endsAt - now < SOON_MS) return { name, word: 'ENDS SOON', why }
  // Each sync gets a new access token: the last success is the last time that the consent was seen to hold.
  const seen = sync.lastSuccessAt
  const isProven = seen !== null && now - seen < PROVEN_MS && seen >= consentedAt
  return isProven ? { name, word: 'OK', why: `${why}; used ${ago(seen, now)}` } : { name, word: 'UNKNOWN', why: `${why}; not used lately` }
}

/** Whether the queue was looked at within the last few rounds. */
export const isPolled = ({ polledAt, pollMs, now }: Pick<Home, 'polledAt' | 'pollMs' | 'now'>): boolean =>
  polledAt !== null && now - polledAt < 3 * pollMs + 60_000

function agentLine(home: Home): PartLine {
  const { quota, polledAt, now } = home
  const name = 'Agent'
  const looked = polledAt === null ? 'it has not looked for tasks yet' : `it looked for tasks ${ago(polledAt, now)}`
  if (!quota.hasKey) return { name, word: 'OFF', why: 'no key for Claude is set' }
  if (quota.pause !== null) {
    const { by, since, until } = quota.pause
    const end = until === null ? 'until somebody resumes it' : `until ${moment(until)}`
    return {
      name,
      word: 'PAUSED',
      why: `${ago(since, now)} by ${by === null ? 'the bot, because Claude refused its requests' : person(by)}; it stays so ${end}`,
    }
  }
  if (!isPolled(home)) return { name, word: 'UNKNOWN', why: looked }
  const running = quota.sessions.filter(({ status }) => status === 'running').length
  return running > 0
    ? { name, word: 'WORKING', why: `a session is under way; ${looked}` }
    : { name, word: 'OK', why: `no session is under way; ${looked}` }
}

function modelLine({ status, quota, repliedAt, now }: Home): PartLine {
  const name = 'Claude'
  const told = repliedAt === null ? 'it has not answered yet' : `its last answer was to a call made ${ago(repliedAt, now)}`
  const trouble = status.incidents.find((incident) => concerns(incident, 'agent/model'))
  if (!quota.hasKey) return { name, word: 'OFF', why: 'no key is set' }
  if (trouble !== undefined) {
    const word = trouble.kind === 'model_refused' ? 'BLOCKED' : 'FAILING'
    return { name, word, why: `incident ${trouble.id} has been open for ${duration(now - trouble.openedAt)}; ${told}` }
  }
  if (repliedAt === null || now - repliedAt > PROVEN_MS) return { name, word: 'UNKNOWN', why: `${told}; it is asked when there is a task` }
  return { name, word: 'OK', why: told }
}

function messagesLine({ status: { backlog }, now }: Home): PartLine {
  const name = 'Messages'
  if (backlog.length === 0) return { name, word: 'OK', why: 'none waits' }
  const oldest = Math.min(...backlog.map(({ since }) => since))
  const waiting = backlog.map(({ target, count }) => `${count} ${count === 1 ? 'waits' : 'wait'} for ${TARGETS[target]}`).join(', ')
  return { name, word: now - oldest > WAIT_MS ? 'DELAYED' : 'SENDING', why: `${waiting}, the oldest for ${duration(now - oldest)}` }
}

const serverLine = ({ server, now }: Home): PartLine => ({ name: 'Server', ...serverWords(server, now) })

export const partLines = (home: Home): PartLine[] => [
  sheetLine(home),
  googleLine(home),
  agentLine(home),
  modelLine(home),
  messagesLine(home),
  serverLine(home),
]
