import { decideAudit, FRESH_HOST_STATE, verdictOf, type Audit } from '../../src/services/host/audit.ts'
import { known, unknown } from '../../src/services/host/figure.ts'
import type { Journal } from '../../src/services/host/journal.ts'
import type { Reading } from '../../src/services/host/reading.ts'
import type { Sample } from '../../src/services/host/sample.ts'
import type { Health } from '../../src/services/status/read-health.ts'
import { OLD_MS } from '../../src/services/status/read-health.ts'
import { journalWith, wellCloud, wellReading } from './host-samples.ts'
import { NOON } from './incident-samples.ts'

const MB = 1024 * 1024
const TEN = 600_000

export interface Day {
  readonly audit: Audit | null
  readonly samples: readonly Sample[]
}

/** Audits ten minutes apart, the last one at noon. */
function audits(count: number, read: (at: number) => Reading): Day {
  let [state, audit]: [typeof FRESH_HOST_STATE, Audit | null] = [FRESH_HOST_STATE, null]
  const samples: Sample[] = []
  for (let index = count - 1; index >= 0; index -= 1) {
    const decided = decideAudit(read(NOON - index * TEN), samples, state)
    ;({ state, audit } = decided)
    samples.push(decided.sample)
  }
  return { audit, samples }
}

const wave = (at: number, height: number): number => Math.sin((at - NOON) / 9_000_000) * height

const remote = (at: number, change: Partial<Reading> = {}): Reading =>
  wellReading(at, {
    source: 'lightsail',
    host: 'jada-prod',
    memory: known({ totalBytes: 914 * MB, availableBytes: (430 + wave(at, 80)) * MB }, at),
    clock: known({ skewMs: 400, synchronized: true }, at),
    cloud: wellCloud(at, { cpu: known(4 + wave(at, 3), at), network: known({ received: 2400 + wave(at, 1500), sent: 900 }, at) }),
    ...change,
  })

export const dayOfAudits = (): Day => audits(144, (at) => remote(at))

const worst: Journal['worst'] = [
  { at: NOON - 300_000, text: '[port-sheet] token error: HTTP Error 400: Bad Request', times: 41 },
  { at: NOON - 7_200_000, text: 'Traceback (most recent call last): <!channel> https://evil.example', times: 1 },
]

export const dayOfTrouble = (): Day =>
  audits(40, (at) =>
    remote(at, {
      unit: known({ active: 'failed', sub: 'failed', result: 'oom-kill', restarts: 3, since: at - 720_000, memoryBytes: null }, at),
      memory: known({ totalBytes: 914 * MB, availableBytes: 40 * MB }, at),
      disk: unknown('SSH: the host did not answer in time', at),
      journal: known({ ...journalWith({ tokenError: 41, outOfMemory: 2, traceback: 1 }), worst }, at),
      cloud: wellCloud(at, { failedChecks: known({ instance: 3, system: 0 }, at), burst: known(14, at) }),
    }),
  )

const none = (at: number) => unknown('systemd does not run here', at)
export const laptop = (): Day =>
  audits(1, (at) =>
    wellReading(at, { host: 'laptop', unit: none(at), clock: none(at), journal: unknown('journalctl is not installed here', at) }),
  )

export const ownService = (): Day => audits(30, (at) => wellReading(at, { own: true, unitName: 'jada-bot.service' }))

export function healthOf({ audit, samples }: Day = { audit: null, samples: [] }, now: number = NOON): Health {
  const limits = { sessionsPerDay: 5, reservedSessions: 0, maxTurns: 30, dailyBudget: 5_000_000 }
  const spend = { micros: 0, calls: 0 }
  return {
    now,
    audit,
    verdict: audit === null ? 'unknown' : verdictOf(audit),
    stale: audit !== null && now - audit.at > OLD_MS,
    running: false,
    samples,
    quota: {
      now,
      limits,
      hasKey: true,
      pause: null,
      used: 2,
      dayEndsAt: NOON + 432e5,
      today: spend as never,
      month: spend as never,
      sessions: [],
      tasks: {},
      dryAt: null,
    },
    lastSync: null,
    lastPoll: null,
  }
}
