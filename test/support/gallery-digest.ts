import type { KnownBlock } from '@slack/types'
import type { MessageView } from '../../src/bot/views/alert.ts'
import { digestMessages } from '../../src/bot/views/digest.ts'
import type { DrawnMessage } from '../../src/services/messages/drawn.ts'
import type { DayFigures } from '../../src/services/status/history-ports.ts'
import type { Digest } from '../../src/services/status/read-digest.ts'
import { businessTerms } from '../../src/services/status/business.ts'
import { agesUntil, ageSlots, type AgeHour } from '../../src/services/status/sync-age.ts'
import type { Shown } from './gallery-cards.ts'
import { HOMES } from './gallery-home.ts'
import { HOME } from './home-samples.ts'
import { dayOfAudits, dayOfTrouble } from './host-health.ts'
import { incident, NOON, TOKEN_DEAD } from './incident-samples.ts'

/** The morning's digest with its thread, and the same in plain words where Slack does not draw it. */

const HOUR = 3_600_000
const DAY = 24 * HOUR
const ZONE = 'America/Los_Angeles'
/** Eight in the morning in San Diego. */
const MORNING = NOON + 4 * HOUR

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** A month of work: none on Sundays but the last, and nothing before the bot was there. */
const month = (days: number): DayFigures[] =>
  Array.from({ length: days }, (_, index) => {
    const at = MORNING - (days - index) * DAY
    const sessions = index === days - 1 ? 1 : new Date(at).getUTCDay() === 0 ? 0 : 1 + (index % 4)
    return { day: dayOf(at), sessions, cost: sessions * 140_000, syncs: 48 - (index % 5 === 0 ? 2 : 0) }
  })

const steady = (from: number, until: number): AgeHour[] =>
  Array.from({ length: (until - from) / HOUR }, (_, index) => ({ hour: from + index * HOUR, minutes: 30 }))

/** Figures that end when the digest is made. */
const lately = (samples: Digest['samples'], now: number): Digest['samples'] => samples.map((one) => ({ ...one, at: one.at + now - NOON }))

export const QUIET: Digest = {
  now: MORNING,
  date: '2026-03-02',
  zone: ZONE,
  since: MORNING - DAY,
  home: {
    ...HOME,
    now: MORNING,
    business: { ...HOME.business, now: MORNING, readAt: MORNING - 1_800_000 },
    status: { ...HOME.status, now: MORNING, sync: { ...HOME.status.sync, lastSuccessAt: MORNING - 1_800_000 } },
    server: HOME.server.audit === null ? HOME.server : { ...HOME.server, audit: { ...HOME.server.audit, at: MORNING - 360_000 } },
    polledAt: MORNING - 30_000,
    tasks: { now: MORNING, rows: [], counts: { done: 12 } },
    sessions: { ...HOME.sessions, now: MORNING, rows: HOME.sessions.rows.filter(({ session }) => session.endedAt !== null) },
    requests: [],
  },
  opened: [],
  resolved: [],
  syncs: [{ outcome: 'synced', count: 48 }],
  done: [{ id: 2, title: 'Sum up last week' }],
  yesterday: { cost: 140_000, turns: 6, usage: HOME.quota.today.usage },
  days: month(30),
  ages: ageSlots(steady(MORNING - 7 * DAY, MORNING), MORNING),
  oldAfterMs: 2 * HOUR,
  samples: lately(dayOfAudits().samples, MORNING),
}

/** The token died at noon the day before, the server is in trouble, and of the first days of the week nothing is known. */
const LATER = MORNING + DAY
const READ = NOON - 1_800_000
const failing = HOMES['everything fails'] ?? HOME
const mended = incident({
  id: 11,
  kind: 'sync_failing',
  severity: 'warning',
  state: 'resolved',
  proven: true,
  openedAt: NOON - 19 * HOUR,
  resolvedAt: NOON - 18 * HOUR,
  resolution: 'No charter changed.',
  evidence: { ...TOKEN_DEAD.evidence, class: 'network', code: 'ECONNREFUSED', status: null, firstFailureAt: NOON - 19 * HOUR },
})
const known = steady(LATER - 4 * DAY, NOON - HOUR)
const sailings = failing.sailings.filter(({ endsAt }) => endsAt > LATER)

export const BAD: Digest = {
  ...QUIET,
  now: LATER,
  date: '2026-03-03',
  since: MORNING,
  home: {
    ...failing,
    now: LATER,
    business: businessTerms(READ, sailings, LATER),
    sailings,
    status: { ...failing.status, now: LATER, backlog: [] },
    server: failing.server.audit === null ? failing.server : { ...failing.server, audit: { ...failing.server.audit, at: LATER - 360_000 } },
    polledAt: LATER - 30_000,
    tasks: { ...failing.tasks, now: LATER },
    sessions: { ...failing.sessions, now: LATER },
  },
  opened: failing.status.incidents.filter(({ openedAt }) => openedAt >= MORNING),
  resolved: [],
  syncs: [{ outcome: 'blocked', count: 1 }],
  done: [],
  yesterday: HOME.quota.today,
  days: [...month(12), { day: '2026-03-02', sessions: HOME.quota.used, cost: HOME.quota.today.cost, syncs: 23 }],
  ages: ageSlots([...known, ...agesUntil({ readAt: READ, lastHour: NOON - HOUR }, LATER)], LATER),
  samples: lately(dayOfTrouble().samples, LATER),
}

const FIRST = incident({
  id: 1,
  kind: 'google_not_connected',
  severity: 'notice',
  evidence: { ...TOKEN_DEAD.evidence, class: 'not-connected', failures: 0 },
})
const EMPTY: Digest = {
  ...QUIET,
  home: { ...(HOMES['the first day'] ?? HOME), now: MORNING },
  opened: [{ ...FIRST, openedAt: MORNING - HOUR, evidence: { ...FIRST.evidence, firstFailureAt: MORNING - HOUR } }],
  syncs: [],
  done: [],
  yesterday: { cost: 0, turns: 0, usage: HOME.quota.today.usage },
  days: [],
  ages: ageSlots([], MORNING),
  samples: [],
}

/** As if it were a day earlier: who looks at the pictures is in the day of the others. */
const dayBack = (digest: Digest): Digest =>
  JSON.parse(JSON.stringify(digest), (_, one: unknown) => {
    if (typeof one === 'number' && one > NOON / 2) return one - DAY
    return typeof one === 'string' && /^\d{4}-\d\d-\d\d$/.test(one) ? dayOf(Date.parse(one) - DAY) : one
  }) as Digest

const DIGESTS: Readonly<Record<string, Digest>> = {
  'a quiet day': QUIET,
  'a bad day': dayBack(BAD),
  'incidents came and went': {
    ...QUIET,
    opened: [mended],
    resolved: [mended],
    syncs: [
      { outcome: 'synced', count: 44 },
      { outcome: 'blocked', count: 4 },
    ],
  },
  'the first morning': EMPTY,
}

const drawn = ({ text, blocks }: DrawnMessage): MessageView => ({
  text,
  ...(blocks.length === 0 ? {} : { blocks: blocks as unknown as KnownBlock[] }),
})
/** As the notifier says it when Slack does not take the blocks. */
const inWords = ({ text, instead }: DrawnMessage): MessageView => ({ text: `${text}\n${instead}`.trim() })

export function digests(): Shown[] {
  const all = Object.entries(DIGESTS).flatMap(([day, digest]) => {
    const { card, replies } = digestMessages(digest)
    const thread = replies.map((reply, index) => ({ name: `digest, ${day}, reply ${index + 1}`, view: drawn(reply) }))
    return [{ name: `digest, ${day}`, view: drawn(card) }].concat(thread)
  })
  const { card, replies } = digestMessages(dayBack(BAD))
  const words = [card, ...replies].map((one, index) => ({ name: `digest, a bad day, in plain words, ${index}`, view: inWords(one) }))
  return [...all, ...words]
}
