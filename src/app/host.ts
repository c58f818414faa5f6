import { hostname } from 'node:os'
import type { Config } from '../config.ts'
import { createLocalCollector } from '../services/host/local.ts'
import type { Collector, Reading } from '../services/host/reading.ts'

/** The watched host: who looks at it, and what it is called. */
export interface Host {
  readonly collector: Collector
  readonly target: Pick<Reading, 'source' | 'host' | 'unitName'>
}

/** What programs of the system inherit of us: no secrets. */
function baseOf({ variables }: Pick<Config, 'variables'>): Readonly<Record<string, string>> {
  const path = variables.get('PATH')
  return path === undefined ? {} : { PATH: path }
}

/** Joins the collector; `collector`: what a test has put in its place. */
export function createHost(config: Config, collector?: Collector): Host {
  const { unit } = config.host
  const target = { source: 'local' as const, host: hostname(), unitName: unit }
  const local = { unit, host: target.host, env: baseOf(config), folder: config.dataDir, proc: '/proc', journalFile: null }
  return { target, collector: collector ?? createLocalCollector(local) }
}
