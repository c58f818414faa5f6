import type { UnitOfWork } from '../../unit-of-work.ts'
import type { AgentLimits } from '../agent/limits.ts'
import type { AgentPorts } from '../agent/ports.ts'
import type { PersonRequest } from '../agent/request.ts'
import type { HostPorts } from '../host/ports.ts'
import { businessTerms, type Business } from './business.ts'
import { readServer, type ServerHealth } from './read-health.ts'
import { readQuota, type QuotaStatus } from './read-quota.ts'
import { readStatus, type Status, type StatusPorts } from './read-status.ts'
import { readSessions, readTaskList, type SessionList, type TaskList } from './read-tasks.ts'
import { readSailings, type Sailing, type SailingDeps, type SailingPorts } from './sailings.ts'

export interface HomeDeps extends SailingDeps {
  readonly limits: AgentLimits
  readonly hasKey: boolean
  /** How often the queue is looked at. */
  readonly pollMs: number
  /** The first regular sync after `now`. */
  readonly nextCycleAt: (now: number) => number
}

/** What Home tells, as the store knew it at `now`. What is not known is null and never good. */
export interface Home {
  readonly now: number
  readonly business: Business
  readonly status: Status
  /** When the port sheet is read next, if nobody asks before. */
  readonly nextSyncAt: number
  readonly server: ServerHealth
  readonly quota: QuotaStatus
  /** When the queue of tasks was last looked at; null: never. */
  readonly polledAt: number | null
  readonly pollMs: number
  /** When Claude was last asked and answered; null: not known. */
  readonly repliedAt: number | null
  readonly tasks: TaskList
  readonly sessions: SessionList
  /** What sessions ask of persons, oldest first. */
  readonly requests: readonly PersonRequest[]
  readonly sailings: readonly Sailing[]
}

export type HomeReadPorts = StatusPorts & HostPorts & Omit<AgentPorts, 'outbox' | 'incidents' | 'cards' | 'charterReader'> & SailingPorts

const LISTED_TASKS = 60
const LISTED_SESSIONS = 5

/** Reads the store only, in one transaction: all figures are of one moment. */
export function readHome(uow: UnitOfWork<HomeReadPorts & AgentPorts>, deps: HomeDeps, now: number): Promise<Home> {
  return uow.run(async (ports) => {
    const here = { run: <T>(body: (inner: typeof ports) => Promise<T>): Promise<T> => body(ports) }
    const sailings = await readSailings(ports, deps, now)
    const status = await readStatus(here, now)
    return {
      now,
      business: businessTerms(await ports.charterReader.readAt(), sailings, now),
      status,
      nextSyncAt: status.waiting?.dueAt ?? deps.nextCycleAt(now),
      server: await readServer(ports.host, now),
      quota: await readQuota(here, deps, now),
      polledAt: (await ports.runs.lastRun('agent-poll'))?.startedAt ?? null,
      pollMs: deps.pollMs,
      repliedAt: await ports.spend.lastReplyAt(),
      tasks: await readTaskList(here, LISTED_TASKS, now),
      sessions: await readSessions(here, LISTED_SESSIONS, now),
      requests: await ports.requests.open(),
      sailings,
    }
  })
}
