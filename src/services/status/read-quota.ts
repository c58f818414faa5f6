import type { UnitOfWork } from '../../unit-of-work.ts'
import type { AgentLimits } from '../agent/limits.ts'
import { readPause, type Pause } from '../agent/pause.ts'
import type { AgentPorts, Spend } from '../agent/ports.ts'
import { dayEnd, dayOf, dayStart, isLive, type Session } from '../agent/session.ts'
import type { TaskState } from '../tasks/task.ts'

/** What `/jada quota` tells, at `now`. Money is millionths of a dollar. */
export interface QuotaStatus {
  readonly now: number
  readonly limits: AgentLimits
  /** False: no key for Claude is set, so no session can begin. */
  readonly hasKey: boolean
  readonly pause: Pause | null
  readonly used: number
  /** When the UTC day turns. */
  readonly dayEndsAt: number
  readonly today: Spend
  readonly month: Spend
  /** Sessions begun today, and ones of earlier days that still live, oldest first. */
  readonly sessions: readonly Session[]
  readonly tasks: Readonly<Partial<Record<TaskState, number>>>
  /** When the day's sessions will be used up at today's pace; null: not today. */
  readonly dryAt: number | null
}

/**
 * When the quota is used up if the day goes on as it began: `used` sessions since midnight UTC, and no more of them than
 * there are tasks. Null: it lasts.
 */
export function forecastDry({ used, limit, waiting, now }: { used: number; limit: number; waiting: number; now: number }): number | null {
  const left = limit - used
  if (left <= 0 || used === 0 || waiting < left) return null
  const dryAt = now + left * ((now - dayStart(now)) / used)
  return dryAt < dayEnd(now) ? Math.round(dryAt) : null
}

const firstOfMonth = (now: number): string => `${dayOf(now).slice(0, 8)}01`

/** Reads the store only. */
export function readQuota(
  uow: UnitOfWork<AgentPorts>,
  { limits, hasKey }: { limits: AgentLimits; hasKey: boolean },
  now: number,
): Promise<QuotaStatus> {
  return uow.run(async ({ sessions, spend, tasks, settings }) => {
    const day = dayOf(now)
    const used = await sessions.slotsUsed(day)
    const counts = await tasks.countByState()
    const today = await sessions.startedOn(day)
    const older = (await sessions.live()).filter((session) => isLive(session) && session.day !== day)
    return {
      now,
      limits,
      hasKey,
      pause: await readPause(settings, now),
      used,
      dayEndsAt: dayEnd(now),
      today: await spend.total(day, day),
      month: await spend.total(firstOfMonth(now), day),
      sessions: [...older, ...today],
      tasks: counts,
      dryAt: forecastDry({ used, limit: limits.sessionsPerDay, waiting: counts.queued ?? 0, now }),
    }
  })
}
