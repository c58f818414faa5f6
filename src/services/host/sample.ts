import { isKnown, known, mapFigure, unknown, valueOf, type Figure } from './figure.ts'
import type { CpuTimes, NetworkCounters, Reading } from './reading.ts'

/** What is kept of each audit, for 8 days: figures for the next audit to compare with, and for the charts. Null: it was not known. */
export interface Sample {
  readonly at: number
  /** Percent. */
  readonly cpu: number | null
  readonly memory: number | null
  readonly disk: number | null
  /** Bytes a second. */
  readonly received: number | null
  readonly sent: number | null
  readonly restarts: number | null
  readonly counters: { readonly uptimeMs: number; readonly cpu: CpuTimes | null; readonly network: NetworkCounters | null } | null
}

/** What follows from a reading and the samples before it. */
export interface Derived {
  readonly cpu: Figure<number>
  readonly memory: Figure<number>
  readonly disk: Figure<number>
  readonly network: Figure<NetworkCounters>
  /** Restarts within the last hour. */
  readonly restarts: Figure<number>
}

/** Two looks closer together than this say little. */
const SHORTEST_MS = 20_000
/** Further apart than this, an average would hide what happened. */
const LONGEST_MS = 2 * 3_600_000
const HOUR_MS = 3_600_000

const used = ({ totalBytes, availableBytes }: { totalBytes: number; availableBytes: number }): number =>
  ((totalBytes - availableBytes) / totalBytes) * 100

/** The latest sample of the same boot that is neither too near nor too far; counters of another boot began at zero. */
function before(reading: Reading, samples: readonly Sample[]): { sample: Sample; spanMs: number } | null {
  const uptime = valueOf(reading.uptimeMs)
  if (uptime === null) return null
  const sample = samples.findLast(({ at, counters }) => {
    const spanMs = counters === null ? 0 : uptime - counters.uptimeMs
    return at < reading.at && spanMs >= SHORTEST_MS && spanMs <= LONGEST_MS
  })
  return sample === undefined ? null : { sample, spanMs: uptime - (sample.counters?.uptimeMs ?? 0) }
}

const TOO_EARLY = 'two audits within two hours are needed; the next one has it'

function cpuOf(reading: Reading, samples: readonly Sample[]): Figure<number> {
  if (reading.cloud !== null && isKnown(reading.cloud.cpu)) return reading.cloud.cpu
  const times = reading.cpuTimes
  if (!isKnown(times)) return reading.cloud?.cpu ?? times
  const earlier = before(reading, samples)?.sample.counters?.cpu ?? null
  if (earlier === null) return unknown(TOO_EARLY, reading.at)
  const total = times.value.total - earlier.total
  const busy = times.value.busy - earlier.busy
  return total > 0 && busy >= 0 ? known(Math.min(100, (busy / total) * 100), reading.at) : unknown('the counters went back', reading.at)
}

function networkOf(reading: Reading, samples: readonly Sample[]): Figure<NetworkCounters> {
  if (reading.cloud !== null && isKnown(reading.cloud.network)) return reading.cloud.network
  const { network, at } = reading
  if (!isKnown(network)) return reading.cloud?.network ?? network
  const earlier = before(reading, samples)
  const from = earlier?.sample.counters?.network ?? null
  if (earlier === null || from === null) return unknown(TOO_EARLY, at)
  const received = network.value.received - from.received
  const sent = network.value.sent - from.sent
  // An interface that went away took its counters with it.
  if (received < 0 || sent < 0) return unknown('the counters went back', at)
  const seconds = earlier.spanMs / 1000
  return known({ received: received / seconds, sent: sent / seconds }, at)
}

function restartsOf({ unit, at }: Reading, samples: readonly Sample[]): Figure<number> {
  if (!isKnown(unit)) return unit
  const now = unit.value.restarts
  if (now === null) return unknown('systemd does not count restarts here', at)
  const hour = samples.flatMap((sample) =>
    sample.at > at - HOUR_MS && sample.at < at && sample.restarts !== null ? [sample.restarts] : [],
  )
  // The counter begins anew when somebody starts the service: then all it counts is new.
  let restarts = 0
  for (const [index, count] of [...hour, now].entries()) {
    const last = index === 0 ? count : (hour[index - 1] ?? count)
    restarts += count >= last ? count - last : count
  }
  return known(restarts, at)
}

/** `samples`: those of the last 24 hours or more, oldest first. */
export function derive(reading: Reading, samples: readonly Sample[]): Derived {
  return {
    cpu: cpuOf(reading, samples),
    memory: mapFigure(reading.memory, used),
    disk: mapFigure(reading.disk, used),
    network: networkOf(reading, samples),
    restarts: restartsOf(reading, samples),
  }
}

const tenth = (value: number | null): number | null => (value === null ? null : Math.round(value * 10) / 10)

export function toSample(reading: Reading, derived: Derived): Sample {
  const uptimeMs = valueOf(reading.uptimeMs)
  const network = valueOf(derived.network)
  return {
    at: reading.at,
    cpu: tenth(valueOf(derived.cpu)),
    memory: tenth(valueOf(derived.memory)),
    disk: tenth(valueOf(derived.disk)),
    received: network === null ? null : Math.round(network.received),
    sent: network === null ? null : Math.round(network.sent),
    restarts: valueOf(reading.unit)?.restarts ?? null,
    counters: uptimeMs === null ? null : { uptimeMs, cpu: valueOf(reading.cpuTimes), network: valueOf(reading.network) },
  }
}
