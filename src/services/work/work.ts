/** What runs by itself or on request. */
export type JobName =
  | 'port-sheet-sync'
  | 'staleness-check'
  | 'consent-check'
  | 'incident-wake'
  | 'housekeeping'
  | 'backup'
  | 'digest'
  | 'agent-poll'
  | 'agent-session'
  | 'host-audit'
  | 'answer-question'

/** Why a run takes place, for its record. `catch-up`: a regular run was missed while the bot was down. */
export type Reason = 'cron' | 'catch-up' | 'retry' | 'operator' | 'consent' | 'settings' | 'due'

export interface WorkRequest {
  readonly job: JobName
  /** What it is about, where a job has several: an incident's, a session's or a question's id. Empty otherwise. */
  readonly subject: string
  readonly dueAt: number
  readonly reason: Reason
  /** The Slack user who asked; null: nobody did. */
  readonly by: string | null
}

/**
 * The port through which runs are asked for. Of each job and subject at most one run waits and one is under way, so a
 * request during a run queues exactly one more.
 */
export interface Work {
  /** Regular work: adds a run unless one waits already. A wait that was decided on is thereby kept. */
  ensure(request: WorkRequest): Promise<void>
  /** A person or an event asks: runs at `dueAt` at the latest, and no later decision to wait moves it. */
  demand(request: WorkRequest): Promise<void>
  /** The next attempt by the schedule: moves what waits to `dueAt`, unless it was demanded. */
  schedule(request: WorkRequest): Promise<void>
}

/** A run that was, or is under way. `outcome` null: not finished. */
export interface RunRecord {
  readonly id: number
  readonly job: JobName
  readonly subject: string
  readonly reason: Reason
  readonly by: string | null
  readonly startedAt: number
  readonly finishedAt: number | null
  readonly outcome: string | null
  readonly summary: string | null
}

export interface RunHistory {
  lastRun(job: JobName): Promise<RunRecord | null>
  /** The newest first. */
  recent(job: JobName, limit: number): Promise<RunRecord[]>
  /** The first finished run of the job whose number is above `runId`. */
  finishedAfter(job: JobName, runId: number): Promise<RunRecord | null>
  waiting(job: JobName): Promise<{ dueAt: number; reason: Reason } | null>
  isRunning(job: JobName): Promise<boolean>
}

export interface WorkPorts {
  readonly work: Work
}

/** Work that was claimed by the loop. */
export interface ClaimedWork extends WorkRequest {
  readonly id: number
  readonly runId: number
  readonly demanded: boolean
}

/** What the loop needs of the store; nothing else may claim or finish work. */
export interface JobStore {
  nextDueAt(): Promise<number | null>
  /** Takes the most overdue request of which no run is under way, and opens its run record. Null: nothing is due. */
  claim(now: number): Promise<ClaimedWork | null>
  finish(work: ClaimedWork, result: { outcome: string; summary: string }, now: number): Promise<void>
  /** After a crash: what was under way waits again, and its run record says so. Gives how many there were. */
  recover(now: number): Promise<number>
  /** The wall clock was set back: moves what waits along with it, runs and messages. */
  shift(deltaMs: number): Promise<void>
}

export interface JobPorts extends WorkPorts {
  readonly jobs: JobStore
  readonly runs: RunHistory
}

/** The port sheet's cycle, by the name that commands, consents and the status share. */
export const SYNC_JOB: JobName = 'port-sheet-sync'

/** The look at the host that the agent lives on. */
export const AUDIT_JOB: JobName = 'host-audit'
