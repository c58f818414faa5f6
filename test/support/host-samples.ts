import { known } from '../../src/services/host/figure.ts'
import { createTally, type Journal } from '../../src/services/host/journal.ts'
import type { Cloud, Collector, Reading } from '../../src/services/host/reading.ts'
import { NOON } from './incident-samples.ts'

const MB = 1024 * 1024

const noJournal = (at: number = NOON): Journal => createTally(at).journal(false)

/** A day of a journal in which `counts` lines matched, all within the last hour. */
export function journalWith(counts: Partial<Record<'tokenError' | 'maxTurns' | 'traceback' | 'outOfMemory', number>>): Journal {
  const journal = noJournal()
  const first = (count: number): number[] => [count, ...Array.from({ length: 23 }, () => 0)]
  const named = Object.entries(counts).map(([name, count]) => [name, first(count)])
  return { ...journal, lines: 1204, oldestAt: NOON - 86_000_000, counts: { ...journal.counts, ...Object.fromEntries(named) } }
}

/** A server like the old daemon's, and all is well with it. */
export function wellReading(at: number = NOON, change: Partial<Reading> = {}): Reading {
  // Since its boot it was busy one percent of the time, and received ten bytes for each millisecond.
  const uptimeMs = at - NOON + 86_400_000
  return {
    at,
    source: 'local',
    host: 'jada-server',
    unitName: 'jada-agent.service',
    own: false,
    unit: known({ active: 'active', sub: 'running', result: 'success', restarts: 0, since: NOON - 86_000_000, memoryBytes: 144 * MB }, at),
    uptimeMs: known(uptimeMs, at),
    memory: known({ totalBytes: 914 * MB, availableBytes: 475 * MB }, at),
    cpuTimes: known({ busy: uptimeMs / 1000, total: uptimeMs / 10 }, at),
    network: known({ received: uptimeMs * 10, sent: uptimeMs * 2 }, at),
    disk: known({ totalBytes: 39_000 * MB, availableBytes: 15_000 * MB }, at),
    clock: known({ skewMs: null, synchronized: true }, at),
    journal: known(noJournal(at), at),
    cloud: null,
    ...change,
  }
}

export function wellCloud(at: number = NOON, change: Partial<Cloud> = {}): Cloud {
  return {
    state: known('running', at),
    cpu: known(2, at),
    burst: known(74, at),
    network: known({ received: 2000, sent: 900 }, at),
    failedChecks: known({ instance: 0, system: 0 }, at),
    ...change,
  }
}

export const wellCollector: Collector = { collect: (now) => Promise.resolve(wellReading(now)) }
