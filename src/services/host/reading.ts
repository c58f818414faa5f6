import type { Figure } from './figure.ts'
import type { Journal } from './journal.ts'

/** A service of systemd. `since`: when it became what it is; null where systemd does not say. */
export interface UnitState {
  readonly active: string
  readonly sub: string
  readonly result: string
  readonly restarts: number | null
  readonly since: number | null
  readonly memoryBytes: number | null
}

export interface Memory {
  readonly totalBytes: number
  readonly availableBytes: number
}

/** Counters since the machine booted, in ticks. */
export interface CpuTimes {
  readonly busy: number
  readonly total: number
}

/** Counters since the machine booted, in bytes, of all interfaces but loopback. */
export interface NetworkCounters {
  readonly received: number
  readonly sent: number
}

export interface ClockState {
  /** The host's clock less ours; null: the host is ours, and nobody was asked. */
  readonly skewMs: number | null
  /** What the host's kernel says; null: it could not be asked. */
  readonly synchronized: boolean | null
}

/** What stands in front of the bot at its public address. */
export interface Certificate {
  readonly host: string
  readonly endsAt: number
}

/** What the host's provider knows from outside. */
export interface Cloud {
  readonly state: Figure<string>
  /** Percent, of the latest five minutes. */
  readonly cpu: Figure<number>
  /** Percent of the burst capacity that is left. */
  readonly burst: Figure<number>
  /** Bytes a second, of the latest five minutes. */
  readonly network: Figure<NetworkCounters>
  /** Minutes of the latest fifteen in which a check failed. */
  readonly failedChecks: Figure<{ readonly instance: number; readonly system: number }>
}

/** What a host's provider has kept of the time before the first audit. Percent, and bytes a second; null: it has no such figure. */
export interface PastPoint {
  readonly at: number
  readonly cpu: number | null
  readonly received: number | null
  readonly sent: number | null
}

/** One look at a host. */
export interface Reading {
  readonly at: number
  readonly source: 'local' | 'lightsail'
  readonly host: string
  readonly unitName: string
  /** The service is the one that the bot itself runs in: that it is active says nothing. */
  readonly own: boolean
  readonly unit: Figure<UnitState>
  readonly uptimeMs: Figure<number>
  readonly memory: Figure<Memory>
  readonly cpuTimes: Figure<CpuTimes>
  readonly network: Figure<NetworkCounters>
  readonly disk: Figure<Memory>
  readonly clock: Figure<ClockState>
  readonly journal: Figure<Journal>
  /** Null: this host is looked at from inside only. */
  readonly cloud: Cloud | null
  /** Of the bot's public address; left out: there is none over https. */
  readonly certificate?: Figure<Certificate>
  /** The last day as the provider has kept it, oldest first. */
  readonly past?: readonly PastPoint[]
}

/** Looks at a host. Never throws: what cannot be collected is unknown, with its reason. */
export interface Collector {
  collect(now: number, signal: AbortSignal): Promise<Reading>
}
