import { digestMessages } from '../bot/views/digest.ts'
import type { Clock } from '../clock.ts'
import type { Host } from './host.ts'
import type { Config } from '../config.ts'
import { createBackupJob } from '../jobs/backup.ts'
import { createPollJob, createSessionJob } from '../jobs/agent-jobs.ts'
import { createDeliverer } from '../jobs/deliver.ts'
import { createScheduler, nextSlot, type Schedule, type Scheduler, type Ticker } from '../jobs/cron.ts'
import { createAnswerJob } from '../jobs/answer-question.ts'
import { createHostAuditJob } from '../jobs/host-audit.ts'
import type { Job } from '../jobs/job.ts'
import { createSyncJob } from '../jobs/port-sheet-sync.ts'
import { createDigestJob } from '../jobs/digest.ts'
import { createHomeKeeper } from '../jobs/home.ts'
import type { LastWill } from '../jobs/last-will.ts'
import { createRunner, type Runner } from '../jobs/runner.ts'
import { createConsentCheckJob, createHousekeepingJob, createStalenessJob, createWakeJob } from '../jobs/small-jobs.ts'
import { createWakeLoop, type Source, type WakeLoop } from '../jobs/wake-loop.ts'
import type { Log } from '../log.ts'
import type { AlertLog, Notifier, Topic } from '../services/delivery/notifier.ts'
import type { Agent } from '../services/agent/agent.ts'
import type { Answers } from '../services/answers/answer.ts'
import { readHome } from '../services/status/read-home.ts'
import type { RulesDeps } from '../services/rules/apply.ts'
import type { SyncOutcome } from '../services/sheets/outcome.ts'
import { AUDIT_JOB, type ClaimedWork, type JobName } from '../services/work/work.ts'
import type { AllPorts } from '../store/unit.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import type { Overview } from './overview.ts'

export interface LoopsDeps {
  readonly config: Config
  readonly uow: UnitOfWork<AllPorts>
  readonly clock: Clock
  readonly log: Log
  readonly ticker: Ticker
  readonly notifier: Notifier
  readonly alertLog: AlertLog
  readonly sync: (now: number, signal: AbortSignal) => Promise<SyncOutcome>
  /** What follows from the sheet by itself; null without a public address. */
  readonly rules: RulesDeps | null
  readonly drainEvents: () => Promise<void>
  readonly backUp: (now: number) => string
  readonly newestBackupAt: () => number | null
  readonly topic: Topic | null
  readonly overview: Overview
  /** Null: no key for Claude is set. */
  readonly agent: Agent | null
  readonly host: Host
  readonly answers: Answers
  readonly cannotStore: (what: { job: string; outcome: string; summary: string }, error: unknown) => Promise<void>
}

export interface Loops {
  readonly loop: WakeLoop
  readonly runner: Runner
  readonly scheduler: Scheduler
  /** Null: none is kept. */
  readonly lastWill: LastWill | null
}

const HOUSEKEEPING_CRON = '17 10 * * *'
const AUDIT_CRON = '*/10 * * * *'
/** Before the sweep: what it deletes is in that day's backup. */
const BACKUP_CRON = '47 9 * * *'

function createJobs(deps: LoopsDeps): Readonly<Record<JobName, Job<AllPorts>>> {
  const { config, log } = deps
  return {
    'port-sheet-sync': createSyncJob({
      log,
      sync: deps.sync,
      rules: deps.rules,
      confirmDelaysMs: config.sheet.confirmDelaysMs,
      nextCycleAt: (now) => nextSlot(config.sheet.cron, now),
    }),
    'staleness-check': createStalenessJob(),
    'consent-check': createConsentCheckJob(),
    'incident-wake': createWakeJob(config.zone),
    housekeeping: createHousekeepingJob(),
    backup: createBackupJob({
      log,
      backUp: deps.backUp,
      newestAt: deps.newestBackupAt,
      nextAt: (now) => nextSlot(BACKUP_CRON, now),
    }),
    digest: createDigestJob({ zone: config.zone, reading: deps.overview.reading, draw: digestMessages }),
    'agent-poll': createPollJob(deps.agent, config.agent.pollMs),
    'agent-session': createSessionJob(deps.agent),
    'host-audit': createHostAuditJob({ log, ...deps.host }),
    'answer-question': createAnswerJob(deps.answers),
  }
}

/** What runs by itself: the regular schedule, the runner and the three deliverers, all woken by one loop. */
export function createLoops(deps: LoopsDeps): Loops {
  const { config, uow, clock, log, notifier, alertLog, topic, overview } = deps
  const wake = (): void => {
    loop.wake()
  }
  const runner = createRunner({
    uow,
    clock,
    log,
    jobs: createJobs(deps),
    finished: wake,
    cannotStore: (work: ClaimedWork, { outcome, summary }, error) => deps.cannotStore({ job: work.job, outcome, summary }, error),
  })
  const delivery = { uow, clock, log, notifier, alertLog, topic, opsChannel: config.slack.opsChannel }
  const events: Source = { name: 'slack events', nextDueAt: () => Promise.resolve(null), runDue: () => deps.drainEvents() }
  const home = createHomeKeeper({ uow, clock, log, read: (now) => readHome(uow, overview.reading, now), screen: overview.homeScreen })
  const schedules: readonly Schedule[] = [
    { job: 'port-sheet-sync', cron: config.sheet.cron },
    { job: 'housekeeping', cron: HOUSEKEEPING_CRON },
    { job: AUDIT_JOB, cron: AUDIT_CRON },
    ...(config.backupDays === 0 ? [] : [{ job: 'backup', cron: BACKUP_CRON } as const]),
  ]
  const scheduler = createScheduler({ uow, ticker: deps.ticker, log, schedules, now: () => clock.now(), wake })
  const loop = createWakeLoop({
    clock,
    log,
    sources: [
      runner,
      createDeliverer(delivery, 'slack'),
      createDeliverer(delivery, 'alert-log'),
      createDeliverer(delivery, 'sns'),
      events,
      home,
      ...(overview.lastWill === null ? [] : [overview.lastWill]),
    ],
    clockJumped: async (deltaMs) => {
      // Set back: what waits was planned in the future that has gone. Set forward: it is simply due.
      if (deltaMs < 0) await uow.run(({ jobs }) => jobs.shift(deltaMs))
      scheduler.stop()
      scheduler.start()
      await scheduler.catchUp()
    },
  })
  return { loop, runner, scheduler, lastWill: overview.lastWill }
}
