import { describeError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { JobPorts } from '../services/work/work.ts'
import type { Job } from './job.ts'

export interface BackupJobDeps {
  readonly log: Log
  /** Makes one and reads it back; gives what it did, in words. Throws when there is none that can be used. */
  readonly backUp: (now: number) => string
}

const DEADLINE_MS = 300_000

/** Once a day: a copy of the database that was read back. */
export function createBackupJob<Ports extends JobPorts>({ log, backUp }: BackupJobDeps): Job<Ports> {
  return {
    deadlineMs: DEADLINE_MS,
    run: (_work, now) => {
      try {
        const summary = backUp(now)
        log.info('backup', summary)
        return Promise.resolve({ outcome: 'kept', summary })
      } catch (error) {
        const why = describeError(error)
        log.error('backup', `no backup today: ${why}`)
        return Promise.resolve({ outcome: 'failed', summary: why })
      }
    },
    failed: (_work, _now, { message }) => ({ outcome: 'failed', summary: message }),
  }
}
