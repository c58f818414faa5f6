import { createTask, type ScheduledTask } from 'node-cron'
import { describeError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { JobName, WorkPorts } from '../services/work/work.ts'
import type { UnitOfWork } from '../unit-of-work.ts'

/** A regular job: a cron line of five fields, in UTC. */
export interface Schedule {
  readonly job: JobName
  readonly cron: string
}

/** Starts timers that only say "now"; tests hand in their own. */
export interface Ticker {
  start(name: string, cron: string, tick: () => void): { stop(): void }
}

/** In UTC, always: in zones with summer time an interval loses or doubles an hour, and a daily job is skipped once a year. */
export function createCronTicker(log: Log): Ticker {
  return {
    start: (name, cron, tick) => {
      const task = createTask(cron, tick, {
        name,
        timezone: 'UTC',
        suppressMissedWarning: true,
        logger: {
          info: (message) => {
            log.debug('cron', message)
          },
          debug: () => undefined,
          warn: (message) => {
            log.warn('cron', message)
          },
          error: (error) => {
            log.error('cron', describeError(error))
          },
        },
      })
      void task.start()
      return {
        stop: () => {
          void task.destroy()
        },
      }
    },
  }
}

const MINUTE_MS = 60_000
/** Far enough for a monthly line. */
const HORIZON_MINUTES = 35 * 24 * 60

// `match` is all that is used of these tasks: they are never started.
const matchers = new Map<string, ScheduledTask>()

function matches(cron: string, minute: number): boolean {
  const known = matchers.get(cron) ?? createTask(cron, () => undefined, { timezone: 'UTC' })
  matchers.set(cron, known)
  return known.match(new Date(minute))
}

function firstMatch(cron: string, from: number, stepMs: number, until: number): number | null {
  for (let minute = from, steps = 0; steps < HORIZON_MINUTES; minute += stepMs, steps += 1) {
    if (stepMs < 0 ? minute <= until : minute > until) return null
    if (matches(cron, minute)) return minute
  }
  return null
}

/** The first slot of the cron line after `now`. */
export function nextSlot(cron: string, now: number): number {
  const from = Math.floor(now / MINUTE_MS) * MINUTE_MS + MINUTE_MS
  return firstMatch(cron, from, MINUTE_MS, Infinity) ?? from
}

/** True when a slot of the cron line lies after `since` and not after `now`: a run was missed. */
export function slotMissed(cron: string, since: number, now: number): boolean {
  return firstMatch(cron, Math.floor(now / MINUTE_MS) * MINUTE_MS, -MINUTE_MS, since) !== null
}

export interface SchedulerDeps {
  readonly uow: UnitOfWork<WorkPorts & { runs: { lastRun(job: JobName): Promise<{ startedAt: number } | null> } }>
  readonly ticker: Ticker
  readonly log: Log
  readonly schedules: readonly Schedule[]
  readonly now: () => number
  /** Work was added: look at once. */
  readonly wake: () => void
}

export interface Scheduler {
  start(): void
  stop(): void
  /** Adds one run of each job whose last regular slot passed without one: after downtime, and when the clock jumped. */
  catchUp(): Promise<void>
}

/** Puts regular work into the store. It decides nothing: a run that waits already, for whatever reason, is left as it is. */
export function createScheduler(deps: SchedulerDeps): Scheduler {
  let running: { stop(): void }[] = []
  const tick = (job: JobName): void => {
    const now = deps.now()
    deps.uow
      .run(({ work }) => work.ensure({ job, subject: '', dueAt: now, reason: 'cron', by: null }))
      .then(deps.wake, (error: unknown) => {
        deps.log.error('cron', `${job} could not be queued: ${describeError(error)}`)
      })
  }
  return {
    start: () => {
      running = deps.schedules.map(({ job, cron }) => deps.ticker.start(job, cron, () => tick(job)))
    },
    stop: () => {
      for (const one of running) one.stop()
      running = []
    },
    catchUp: async () => {
      const now = deps.now()
      await deps.uow.run(async ({ work, runs }) => {
        for (const { job, cron } of deps.schedules) {
          const last = await runs.lastRun(job)
          // A last run in the future means the clock was set back: it says nothing about the slots since.
          const missed = last === null || last.startedAt > now || slotMissed(cron, last.startedAt, now)
          if (missed) await work.ensure({ job, subject: '', dueAt: now, reason: last === null ? 'cron' : 'catch-up', by: null })
        }
      })
      deps.wake()
    },
  }
}
