import type { JobPorts, ClaimedWork } from '../services/work/work.ts'

/** How a body ended. `commit` runs in the transaction that also finishes the run: both happen, or neither. */
export interface JobResult<Ports extends JobPorts> {
  readonly outcome: string
  readonly summary: string
  readonly commit?: (ports: Ports) => Promise<void>
}

/** One kind of work. A body acts on the world; what it learned is committed by the runner. */
export interface Job<Ports extends JobPorts> {
  readonly deadlineMs: number
  run(work: ClaimedWork, now: number, signal: AbortSignal): Promise<JobResult<Ports>>
  /** What a body that broke, or passed its deadline, counts as. */
  failed(work: ClaimedWork, now: number, why: { code: 'deadline' | 'internal'; message: string }): JobResult<Ports>
}
