import type { SignalKind } from '../signals/signal.ts'
import { isKnown, known, mapFigure, unknown, valueOf, type Figure } from './figure.ts'
import { countIn, HOURS, killsIn, type Journal, type PatternName } from './journal.ts'
import type { Reading } from './reading.ts'
import type { Derived } from './sample.ts'

/** What is watched of a host. Each is a duty of its own, `host/<check>`, and a line of the report. */
export const CHECKS = ['service', 'memory', 'disk', 'cpu', 'status-checks', 'journal', 'clock', 'certificate', 'reach'] as const
export type CheckName = (typeof CHECKS)[number]

export const KIND_OF: Readonly<Record<CheckName, SignalKind>> = {
  service: 'host_down',
  memory: 'host_memory',
  disk: 'host_disk',
  cpu: 'host_cpu',
  'status-checks': 'host_down',
  journal: 'host_journal',
  clock: 'host_clock',
  certificate: 'host_certificate',
  reach: 'host_unreachable',
}

const DAY_MS = 86_400_000

export interface Facts {
  readonly reading: Reading
  readonly derived: Derived
  /** Names of figures that were seen in some audit of this host, or that were asked for: not to see them is trouble. */
  readonly expected: readonly string[]
}

/** N of the last M audits must be at the level, or above, before it counts. */
export type NofM = readonly [n: number, m: number]

export interface Rule {
  readonly name: string
  readonly check: CheckName
  readonly better: 'lower' | 'higher'
  /** At this value, or beyond it, the level is reached. Null: it has none. */
  readonly warning: number | null
  readonly critical: number | null
  /** So far back from its limit a value must be to count as good again. */
  readonly clearBy: number
  readonly fire: { readonly warning: NofM; readonly critical: NofM }
  /** Null: the rule says nothing about this host. */
  measure(facts: Facts): Figure<number> | null
}

/** systemd.unit(5), ActiveState: what runs, what is on its way, what does not run. */
function serviceTrouble({ reading }: Facts): Figure<number> | null {
  return mapFigure(reading.unit, ({ active }) => (active === 'active' ? 0 : active === 'failed' || active === 'inactive' ? 2 : 1))
}

const inJournal =
  (name: PatternName, hours: number) =>
  ({ reading }: Facts): Figure<number> =>
    mapFigure(reading.journal, (journal: Journal) => countIn(journal, name, hours))

const inCloud =
  (read: (cloud: NonNullable<Reading['cloud']>) => Figure<number>) =>
  ({ reading }: Facts): Figure<number> | null =>
    reading.cloud === null ? null : read(reading.cloud)

/** Figures by the names under which it is remembered that they can be had. */
export function figuresOf({ unit, memory, disk, journal, cpuTimes, cloud }: Reading): Readonly<Record<string, Figure<unknown>>> {
  const outside = cloud === null ? {} : { 'Lightsail state': cloud.state, 'Lightsail status checks': cloud.failedChecks }
  return { 'service state': unit, memory, disk, journal, 'CPU counters': cpuTimes, ...outside }
}

function unseen({ reading, expected }: Facts): Figure<number> {
  const missing = Object.entries(figuresOf(reading)).flatMap(([name, figure]) => (isKnown(figure) ? [] : [name]))
  const lost = missing.filter((name) => expected.includes(name)).length
  // What was never seen is no trouble, but it is no good news either.
  return lost === 0 && missing.length > 0 ? unknown('some figures were never seen here', reading.at) : known(lost, reading.at)
}

const AT_ONCE: NofM = [1, 1]

/** The limits, all of them. An audit is made every 10 minutes. */
export const RULES: readonly Rule[] = [
  // A restart passes through `activating`: that alone is trouble only when the next audit finds it again. Not of the bot's own
  // service: that one always runs when it is asked, which proves nothing.
  {
    name: 'service-state',
    check: 'service',
    better: 'lower',
    warning: 1,
    critical: 2,
    clearBy: 0,
    fire: { warning: [2, 2], critical: AT_ONCE },
    measure: (facts) => (facts.reading.own ? null : serviceTrouble(facts)),
  },
  // Restarts an hour. systemd itself gives up at 5 within 10 s (DefaultStartLimitBurst); slower loops are never stopped.
  {
    name: 'restarts',
    check: 'service',
    better: 'lower',
    warning: 2,
    critical: 5,
    clearBy: 1,
    fire: { warning: AT_ONCE, critical: AT_ONCE },
    measure: ({ derived }) => derived.restarts,
  },
  // Lightsail's state of the instance: anything but running (API reference, InstanceState).
  {
    name: 'instance-state',
    check: 'status-checks',
    better: 'lower',
    warning: null,
    critical: 1,
    clearBy: 0,
    fire: { warning: AT_ONCE, critical: AT_ONCE },
    measure: inCloud(({ state }) => mapFigure(state, (name) => (name === 'running' ? 0 : 1))),
  },
  // Minutes of the last 15 with a failed check: two in a row are what AWS's own alarms take (EC2 guide, status check alarms).
  {
    name: 'status-checks',
    check: 'status-checks',
    better: 'lower',
    warning: 1,
    critical: 2,
    clearBy: 0,
    fire: { warning: AT_ONCE, critical: AT_ONCE },
    measure: inCloud(({ failedChecks }) => mapFigure(failedChecks, ({ instance, system }) => Math.max(instance, system))),
  },
  // Percent of the memory that is not available. On 1 GB without swap the OOM killer comes at about 97 %.
  {
    name: 'memory',
    check: 'memory',
    better: 'lower',
    warning: 85,
    critical: 95,
    clearBy: 5,
    fire: { warning: [2, 3], critical: [2, 3] },
    measure: ({ derived }) => derived.memory,
  },
  // Kills for want of memory in the last hour: each one ended something that was at work.
  {
    name: 'out-of-memory',
    check: 'memory',
    better: 'lower',
    warning: 1,
    critical: 2,
    clearBy: 0,
    fire: { warning: AT_ONCE, critical: AT_ONCE },
    measure: ({ reading }) => killsIn(reading.journal, 1),
  },
  // Percent used, as df counts it. ext4 keeps 5 % for root, and journald by itself stops growing at 10 % of the disk (journald.conf(5)).
  {
    name: 'disk',
    check: 'disk',
    better: 'lower',
    warning: 80,
    critical: 90,
    clearBy: 3,
    fire: { warning: [2, 2], critical: [2, 2] },
    measure: ({ derived }) => derived.disk,
  },
  // Percent. The old daemon needed 0.65; half an hour at the top is something that does not end.
  {
    name: 'cpu',
    check: 'cpu',
    better: 'lower',
    warning: 80,
    critical: 95,
    clearBy: 10,
    fire: { warning: [3, 3], critical: [3, 3] },
    measure: ({ derived }) => derived.cpu,
  },
  // Percent of burst capacity left. At 0 the instance is held at its baseline (Lightsail guide, "burst capacity").
  {
    name: 'burst',
    check: 'cpu',
    better: 'higher',
    warning: 20,
    critical: 5,
    clearBy: 10,
    fire: { warning: [2, 3], critical: [2, 3] },
    measure: inCloud(({ burst }) => burst),
  },
  // Failures in three hours: the old daemon tried twice an hour, so four are "more than 3 in a row". The bot's own sync reports itself.
  {
    name: 'token-errors',
    check: 'journal',
    better: 'lower',
    warning: 2,
    critical: 4,
    clearBy: 1,
    fire: { warning: AT_ONCE, critical: AT_ONCE },
    measure: (facts) => (facts.reading.own ? null : inJournal('tokenError', 3)(facts)),
  },
  // Sessions of a day that used all their turns: each is expected, but five are all that a day has (JADA_SESSIONS_PER_DAY).
  {
    name: 'max-turns',
    check: 'journal',
    better: 'lower',
    warning: 5,
    critical: null,
    clearBy: 1,
    fire: { warning: AT_ONCE, critical: AT_ONCE },
    measure: inJournal('maxTurns', HOURS),
  },
  // Crashes an hour that something caught: one may be an accident.
  {
    name: 'tracebacks',
    check: 'journal',
    better: 'lower',
    warning: 3,
    critical: 20,
    clearBy: 2,
    fire: { warning: AT_ONCE, critical: AT_ONCE },
    measure: inJournal('traceback', 1),
  },
  // Seconds. Slack refuses requests that are 5 minutes off (signature check), Google tokens that are not yet valid.
  {
    name: 'clock-skew',
    check: 'clock',
    better: 'lower',
    warning: 30,
    critical: 300,
    clearBy: 10,
    fire: { warning: [2, 2], critical: [2, 2] },
    measure: ({ reading }) => {
      const skew = valueOf(reading.clock)?.skewMs ?? null
      if (!isKnown(reading.clock)) return reading.clock
      return skew === null ? null : known(Math.abs(skew) / 1000, reading.clock.at)
    },
  },
  // The kernel's own word (adjtimex, STA_UNSYNC). Right after a boot it is not yet so.
  {
    name: 'clock-synchronized',
    check: 'clock',
    better: 'lower',
    warning: 1,
    critical: null,
    clearBy: 0,
    fire: { warning: [3, 3], critical: AT_ONCE },
    measure: ({ reading }) => {
      if (!isKnown(reading.clock)) return reading.clock
      const { synchronized } = reading.clock.value
      return synchronized === null
        ? unknown('the host does not say whether its clock is synchronized', reading.at)
        : known(synchronized ? 0 : 1, reading.at)
    },
  },
  // Days left. Let's Encrypt gives 90, and Caddy renews when 30 are left: under 14 it has failed for two weeks.
  {
    name: 'certificate',
    check: 'certificate',
    better: 'higher',
    warning: 14,
    critical: 3,
    clearBy: 1,
    fire: { warning: [2, 2], critical: [2, 2] },
    measure: ({ reading: { certificate, at } }) =>
      certificate === undefined ? null : mapFigure(certificate, ({ endsAt }) => (endsAt - at) / DAY_MS),
  },
  // Figures that cannot be had although they once could, or must be: half an hour without them is blindness.
  {
    name: 'reach',
    check: 'reach',
    better: 'lower',
    warning: 1,
    critical: null,
    clearBy: 0,
    fire: { warning: [3, 3], critical: AT_ONCE },
    measure: unseen,
  },
]
