import type { UnitOfWork } from '../../unit-of-work.ts'
import type { AgentPorts, Spend } from '../agent/ports.ts'
import { dayOf } from '../agent/session.ts'
import type { Incident } from '../incidents/incident.ts'
import type { IncidentStore } from '../incidents/ports.ts'
import type { DayFigures, HistoryPorts } from './history-ports.ts'
import { readHome, type Home, type HomeDeps, type HomeReadPorts } from './read-home.ts'

/** What the morning's digest tells. Neither money of charters nor contacts are in it. */
export interface Digest {
  readonly now: number
  /** The local date it is for. */
  readonly date: string
  /** What happened is told from here. */
  readonly since: number
  readonly home: Home
  readonly opened: readonly Incident[]
  readonly resolved: readonly Incident[]
  readonly syncs: readonly { readonly outcome: string; readonly count: number }[]
  readonly done: readonly { readonly id: number; readonly title: string }[]
  /** Of the UTC day before. */
  readonly yesterday: Spend
  /** The last days, the oldest first. */
  readonly days: readonly DayFigures[]
}

export type DigestPorts = HomeReadPorts & AgentPorts & HistoryPorts & { readonly incidents: IncidentStore }

const DAY_MS = 86_400_000
/** As many points as a chart of Slack's takes. */
const CHART_DAYS = 20
const LISTED_INCIDENTS = 50

/** Reads the store only, in the caller's transaction. */
export async function readDigest(
  ports: DigestPorts,
  deps: HomeDeps,
  { date, since }: { readonly date: string; readonly since: number },
  now: number,
): Promise<Digest> {
  const here: UnitOfWork<DigestPorts> = { run: (body) => body(ports) }
  const incidents = await ports.incidents.list(LISTED_INCIDENTS)
  const yesterday = dayOf(now - DAY_MS)
  return {
    now,
    date,
    since,
    home: await readHome(here, deps, now),
    opened: incidents.filter(({ openedAt }) => openedAt >= since),
    resolved: incidents.filter(({ resolvedAt }) => resolvedAt !== null && resolvedAt >= since),
    syncs: await ports.history.syncsSince(since),
    done: await ports.history.tasksDoneSince(since),
    yesterday: await ports.spend.total(yesterday, yesterday),
    days: await ports.history.days(dayOf(now - CHART_DAYS * DAY_MS), yesterday),
  }
}
