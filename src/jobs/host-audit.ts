import type { Log } from '../log.ts'
import { blindReading, decideAudit, verdictOf } from '../services/host/audit.ts'
import { toPastSample } from '../services/host/past.ts'
import type { HostPorts } from '../services/host/ports.ts'
import type { Collector, Reading } from '../services/host/reading.ts'
import type { IncidentPorts } from '../services/incidents/ports.ts'
import { report } from '../services/incidents/report.ts'
import type { JobPorts } from '../services/work/work.ts'
import type { Job, JobResult } from './job.ts'

type Ports = JobPorts & IncidentPorts & HostPorts

export interface HostAuditDeps {
  readonly log: Log
  readonly collector: Collector
  /** What is watched, for an audit that did not come about. */
  readonly target: Pick<Reading, 'source' | 'host' | 'unitName'>
}

const DEADLINE_MS = 60_000
/** A day, and the hour before it that the first figure of the day is compared with. */
const SAMPLES_MS = 26 * 3_600_000

/** Looks at the host, then state, sample and signals in one transaction. */
export function createHostAuditJob({ log, collector, target }: HostAuditDeps): Job<Ports> {
  const result = (reading: Reading, outcome: string): JobResult<Ports> => ({
    outcome,
    summary: '',
    commit: async (ports) => {
      const samples = await ports.host.samples(reading.at - SAMPLES_MS)
      const { audit, state, sample, signals } = decideAudit(reading, samples, await ports.host.state())
      await ports.host.write(state, audit)
      // The first audit of a day or more: what the provider has kept of it is better than nothing.
      if (samples.length === 0) for (const point of reading.past ?? []) await ports.host.addSample(toPastSample(point))
      await ports.host.addSample(sample)
      for (const signal of signals) await report(ports, signal, reading.at)
      const bad = audit.checks.filter(({ level }) => level === 'warning' || level === 'critical')
      for (const { name, level, text } of bad) log.warn('host', `${name} ${level}: ${text}`)
      log.debug('host', `audit of ${audit.host}: ${verdictOf(audit)}`)
    },
  })
  return {
    deadlineMs: DEADLINE_MS,
    run: async (_work, now, signal) => result(await collector.collect(now, signal), 'audited'),
    failed: (_work, now, { message }) => result(blindReading(target, `the audit broke off: ${message.slice(0, 200)}`, now), 'failed'),
  }
}
