import type { Audit, HostState } from './audit.ts'
import type { Sample } from './sample.ts'

export interface HostStore {
  state(): Promise<HostState>
  /** The last audit; null: there was none. */
  last(): Promise<Audit | null>
  write(state: HostState, audit: Audit): Promise<void>
  /** Oldest first. */
  samples(since: number): Promise<Sample[]>
  addSample(sample: Sample): Promise<void>
}

export interface HostPorts {
  readonly host: HostStore
}
