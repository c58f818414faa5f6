import { hostname } from 'node:os'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { withCertificate } from '../services/host/certificate.ts'
import { createLightsail } from '../services/host/lightsail.ts'
import { createLocalCollector } from '../services/host/local.ts'
import type { Collector, Reading } from '../services/host/reading.ts'
import { createRemoteCollector } from '../services/host/remote.ts'

const SSH_MS = 15_000

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
export function createHost(config: Config, clock: Clock, collector?: Collector): Host {
  const { unit, lightsail, runDir, sshPort: port } = config.host
  const { publicUrl } = config.http
  if (lightsail !== undefined) {
    const { instance } = lightsail
    const remote = { lightsail: createLightsail(lightsail), clock, instance, unit, env: baseOf(config), runDir, port, sshMs: SSH_MS }
    const target = { source: 'lightsail' as const, host: instance, unitName: unit }
    return { target, collector: collector ?? withCertificate(createRemoteCollector(remote), publicUrl) }
  }
  const target = { source: 'local' as const, host: hostname(), unitName: unit }
  const local = { unit, host: target.host, env: baseOf(config), folder: config.dataDir, proc: '/proc' }
  return { target, collector: collector ?? withCertificate(createLocalCollector(local), publicUrl) }
}
