import type { UnitOfWork } from '../../unit-of-work.ts'
import type { AgentLimits } from '../agent/limits.ts'
import type { AgentPorts } from '../agent/ports.ts'
import { verdictOf, type Audit } from '../host/audit.ts'
import type { HostPorts, HostStore } from '../host/ports.ts'
import type { Sample } from '../host/sample.ts'
import { AUDIT_JOB, SYNC_JOB, type RunHistory, type RunRecord } from '../work/work.ts'
import { readQuota, type QuotaStatus } from './read-quota.ts'

/** The last audit of the server, and what it is worth by now. */
export interface ServerHealth {
  readonly audit: Audit | null
  readonly verdict: ReturnType<typeof verdictOf>
  /** The last audit is older than two should be. */
  readonly stale: boolean
}

/** What `/jada health` tells: the last audit, the day's figures, and what the agent did. All of it from the store. */
export interface Health extends ServerHealth {
  readonly now: number
  readonly running: boolean
  /** Of the last 24 hours, oldest first. */
  readonly samples: readonly Sample[]
  readonly quota: QuotaStatus
  readonly lastSync: RunRecord | null
  readonly lastPoll: RunRecord | null
}

export interface HealthPorts extends HostPorts, AgentPorts {
  readonly runs: RunHistory
}

const DAY_MS = 86_400_000
/** Two audits and a little. */
export const OLD_MS = 25 * 60_000

/** In the caller's transaction. An audit of the future was made before the clock was set back: it is of no known age. */
export async function readServer(host: HostStore, now: number): Promise<ServerHealth> {
  const audit = await host.last()
  return {
    audit,
    verdict: audit === null ? 'unknown' : verdictOf(audit),
    stale: audit !== null && Math.abs(now - audit.at) > OLD_MS,
  }
}

export async function readHealth(
  uow: UnitOfWork<HealthPorts>,
  agent: { limits: AgentLimits; hasKey: boolean },
  now: number,
): Promise<Health> {
  const quota = await readQuota(uow, agent, now)
  return uow.run(async ({ host, runs }) => {
    return {
      now,
      ...(await readServer(host, now)),
      running: await runs.isRunning(AUDIT_JOB),
      samples: await host.samples(now - DAY_MS),
      quota,
      lastSync: await runs.lastRun(SYNC_JOB),
      lastPoll: await runs.lastRun('agent-poll'),
    }
  })
}
