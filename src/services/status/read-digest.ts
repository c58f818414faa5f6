import type { UnitOfWork } from '../../unit-of-work.ts'
import type { AgentPorts, Spend } from '../agent/ports.ts'
import { dayOf } from '../agent/session.ts'
import type { Incident } from '../incidents/incident.ts'
import type { Sample } from '../host/sample.ts'
import type { IncidentStore } from '../incidents/ports.ts'
import { STALE_AFTER_MS } from '../sheets/sync-state.ts'
import type { DayFigures, HistoryPorts } from './history-ports.ts'
import { readHome, type Home, type HomeDeps, type HomeReadPorts } from './read-home.ts'
import { readAges, recordAge, type AgeSlot, type SyncAgePorts } from './sync-age.ts'

/** What the morning's digest tells. Neither money of charters nor contacts are in it. */
export interface Digest {
  readonly now: number
  /** The local date it is for, and in whose zone times are told that are not a reader's own. */
  readonly date: string
  readonly zone: string
  /** What happened is told from here. */
  readonly since: number
  readonly home: Home
  readonly opened: readonly Incident[]
  readonly resolved: readonly Incident[]
  readonly syncs: readonly { readonly outcome: string; readonly count: number }[]
  readonly done: readonly { readonly id: number; readonly title: string }[]
  /** Of the UTC day before. */
  readonly yesterday: Spend
  /** The last days, the oldest first; none from before anything was done. */
  readonly days: readonly DayFigures[]
  /** How old the port sheet's data was, the last seven days. */
  readonly ages: readonly AgeSlot[]
  /** From which age on it counts as old. */
  readonly oldAfterMs: number
  /** Figures of the server of the last 24 hours, oldest first. */
  readonly samples: readonly Sample[]
}

export type DigestPorts = HomeReadPorts & AgentPorts & HistoryPorts & Pick<SyncAgePorts, 'syncAge'> & { readonly incidents: IncidentStore }

const DAY_MS = 86_400_000
const CHART_DAYS = 30
const LISTED_INCIDENTS = 50

/** Before the first day with anything, the bot was not there: that is not a row of zeros. */
function known(days: readonly DayFigures[]): readonly DayFigures[] {
  const first = days.findIndex(({ sessions, cost, syncs }) => sessions + cost + syncs > 0)
  return first === -1 ? [] : days.slice(first)
}

/** Reads the store, in the caller's transaction, and keeps how old the port sheet's data is by now. */
export async function readDigest(
  ports: DigestPorts,
  deps: HomeDeps,
  { date, zone, since }: { readonly date: string; readonly zone: string; readonly since: number },
  now: number,
): Promise<Digest> {
  const here: UnitOfWork<DigestPorts> = { run: (body) => body(ports) }
  const incidents = await ports.incidents.list(LISTED_INCIDENTS)
  const yesterday = dayOf(now - DAY_MS)
  await recordAge(ports, now)
  return {
    now,
    date,
    zone,
    since,
    home: await readHome(here, deps, now),
    opened: incidents.filter(({ openedAt }) => openedAt >= since),
    resolved: incidents.filter(({ resolvedAt }) => resolvedAt !== null && resolvedAt >= since),
    syncs: await ports.history.syncsSince(since),
    done: await ports.history.tasksDoneSince(since),
    yesterday: await ports.spend.total(yesterday, yesterday),
    days: known(await ports.history.days(dayOf(now - CHART_DAYS * DAY_MS), yesterday)),
    ages: await readAges(ports, now),
    oldAfterMs: STALE_AFTER_MS,
    samples: await ports.host.samples(now - DAY_MS),
  }
}
