import { pause, type Clock } from '../clock.ts'
import { describeError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { ClaimedWork, JobName, JobPorts } from '../services/work/work.ts'
import type { UnitOfWork } from '../unit-of-work.ts'
import type { Job, JobResult } from './job.ts'
import type { Source } from './wake-loop.ts'

export interface RunnerDeps<Ports extends JobPorts> {
  readonly uow: UnitOfWork<Ports>
  readonly clock: Clock
  readonly log: Log
  readonly jobs: Readonly<Record<JobName, Job<Ports>>>
  /** After each finished run: there may be outbox rows to deliver. */
  readonly finished: () => void
  /** The result of a run cannot be written: the disk is full or the database is broken. Tried again until it can. */
  readonly cannotStore: (work: ClaimedWork, result: { outcome: string; summary: string }, error: unknown) => Promise<void>
}

export interface Runner extends Source {
  /** Resolves when no body is at work. */
  idle(): Promise<void>
  /** No result is waited for any longer; what could not be stored is done again after the next start. */
  stop(): void
}

/** How long to wait before a result that could not be written is written again. */
const STORE_RETRY_MS = 30_000

/** Runs the body against its deadline; never throws. */
async function runBody<Ports extends JobPorts>(deps: RunnerDeps<Ports>, work: ClaimedWork, now: number): Promise<JobResult<Ports>> {
  const job = deps.jobs[work.job]
  const deadline = new AbortController()
  let cancel = (): void => undefined
  const passed = new Promise<JobResult<Ports>>((resolve) => {
    cancel = deps.clock.after(job.deadlineMs, () => {
      deadline.abort()
      resolve(job.failed(work, deps.clock.now(), { code: 'deadline', message: `no end after ${job.deadlineMs / 1000} s` }))
    })
  })
  try {
    return await Promise.race([job.run(work, now, deadline.signal), passed])
  } catch (error) {
    deps.log.error(work.job, `failed unexpectedly: ${describeError(error)}`)
    return job.failed(work, deps.clock.now(), { code: 'internal', message: describeError(error) })
  } finally {
    cancel()
  }
}

async function store<Ports extends JobPorts>(deps: RunnerDeps<Ports>, work: ClaimedWork, result: JobResult<Ports>): Promise<void> {
  await deps.uow.run(async (ports) => {
    await result.commit?.(ports)
    await ports.jobs.finish(work, { outcome: result.outcome, summary: result.summary.slice(0, 500) }, deps.clock.now())
  })
}

/** Stores a result, however long the disk stays full; a crash meanwhile only means that the run is done again. */
async function storeAtLast<Ports extends JobPorts>(
  deps: RunnerDeps<Ports>,
  work: ClaimedWork,
  result: JobResult<Ports>,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    try {
      await store(deps, work, result)
      return
    } catch (error) {
      deps.log.error(work.job, `the result cannot be stored: ${describeError(error)}`)
      await deps.cannotStore(work, result, error)
    }
    await pause(deps.clock, STORE_RETRY_MS, stopped)
  }
}

/** Claims due work and runs it, jobs beside each other, each at most once at a time. */
export function createRunner<Ports extends JobPorts>(deps: RunnerDeps<Ports>): Runner {
  const underWay = new Set<Promise<void>>()
  const stopping = new AbortController()
  const perform = async (work: ClaimedWork, now: number): Promise<void> => {
    const result = await runBody(deps, work, now)
    await storeAtLast(deps, work, result, stopping.signal)
    deps.finished()
  }
  return {
    name: 'jobs',
    nextDueAt: () => deps.uow.run(({ jobs }) => jobs.nextDueAt()),
    runDue: async (now) => {
      for (;;) {
        const work = await deps.uow.run(({ jobs }) => jobs.claim(now))
        if (work === null) return
        const run = perform(work, now)
          .catch((error: unknown) => {
            deps.log.error(work.job, describeError(error))
          })
          .finally(() => underWay.delete(run))
        underWay.add(run)
      }
    },
    idle: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
    stop: () => {
      stopping.abort()
    },
  }
}
