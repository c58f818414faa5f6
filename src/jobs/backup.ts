import { describeError, errorCode, JadaError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { IncidentPorts } from '../services/incidents/ports.ts'
import { report } from '../services/incidents/report.ts'
import { NO_EVIDENCE, type DutyKey, type Evidence } from '../services/signals/signal.ts'
import type { JobPorts } from '../services/work/work.ts'
import type { Job, JobResult } from './job.ts'

type Ports = JobPorts & IncidentPorts

export interface BackupJobDeps {
  readonly log: Log
  /** Makes one and reads it back; gives what it did, in words. Throws when there is none that can be used. */
  readonly backUp: (now: number) => string
  /** When the newest backup that lies in the folder was made; null: there is none, or the folder cannot be read. */
  readonly newestAt: () => number | null
  /** When the next one is made. */
  readonly nextAt: (now: number) => number | null
}

const DEADLINE_MS = 300_000
const LONGEST_REASON = 300

/** SQLite's primary result code for a disk that is full. */
const SQLITE_FULL = 13

function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  const full = errorCode(error) === 'ENOSPC' || errorCode(error) === 'EDQUOT' || (typeof code === 'number' && (code & 0xff) === SQLITE_FULL)
  return full || (error instanceof Error && error.cause !== undefined && isDiskFull(error.cause))
}

const codeOf = (error: unknown): string => (error instanceof JadaError ? error.code : (errorCode(error) ?? 'unknown'))

/** What failed, and how long it has. A full disk may also be what the card of another duty tells. */
async function evidenceOf(
  deps: BackupJobDeps,
  { incidents }: Ports,
  now: number,
  failure: { why: string; code: string; full: boolean },
): Promise<Evidence> {
  const open = await incidents.open()
  const isBackup = ({ key }: { key: DutyKey }): boolean => key === 'bot/backup'
  const before = (open.find(isBackup) ?? open.flatMap(({ symptoms }) => symptoms).find(isBackup))?.evidence
  return {
    ...NO_EVIDENCE,
    class: 'host',
    code: failure.code,
    hint: failure.full ? 'disk-full' : null,
    failures: (before?.failures ?? 0) + 1,
    firstFailureAt: before?.firstFailureAt ?? now,
    lastSuccessAt: deps.newestAt(),
    nextAttemptAt: deps.nextAt(now),
    findings: [failure.why.slice(0, LONGEST_REASON)],
  }
}

/**
 * Once a day: a copy of the database that was read back. When there is none, that is an incident, until the next good one. On a full disk even
 * that may not be written: then the runner goes on trying, and the last resort tells.
 */
export function createBackupJob(deps: BackupJobDeps): Job<Ports> {
  const { log, backUp } = deps
  const failed = (failure: { why: string; code: string; full: boolean }, now: number): JobResult<Ports> => ({
    outcome: 'failed',
    summary: failure.why,
    commit: async (ports) => {
      const evidence = await evidenceOf(deps, ports, now, failure)
      await report(ports, { status: 'failing', key: 'bot/backup', kind: 'backup_failed', severity: 'warning', evidence }, now)
    },
  })
  return {
    deadlineMs: DEADLINE_MS,
    run: (_work, now) => {
      try {
        const summary = backUp(now)
        log.info('backup', summary)
        const commit = (ports: Ports): Promise<void> => report(ports, { status: 'ok', key: 'bot/backup', summary: `${summary}.` }, now)
        return Promise.resolve({ outcome: 'kept', summary, commit })
      } catch (error) {
        const why = error instanceof JadaError ? error.message : describeError(error)
        log.error('backup', `no backup today: ${why}`)
        return Promise.resolve(failed({ why, code: codeOf(error), full: isDiskFull(error) }, now))
      }
    },
    failed: (_work, now, { code, message }) => failed({ why: message, code, full: false }, now),
  }
}
