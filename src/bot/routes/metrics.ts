import { BlockList } from 'node:net'
import type { Gauge } from '../../services/status/read-metrics.ts'
import { json, type ApiRequest, type ApiRoute, type Reply } from './reply.ts'

export interface MetricsDeps {
  /** Figures of the process itself come with those of the store. */
  readonly read: () => Promise<readonly Gauge[]>
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6')

/** From this machine, and not through a proxy on it: whatever a proxy adds says that somebody else asks. */
function isLocal({ remoteAddress = '', headers }: Pick<ApiRequest, 'remoteAddress' | 'headers'>): boolean {
  if (headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined || headers['x-real-ip'] !== undefined) return false
  return loopback.check(remoteAddress, remoteAddress.includes(':') ? 'ipv6' : 'ipv4')
}

const escapeLabel = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

function line(name: string, { labels, value }: Gauge['samples'][number]): string {
  const pairs = Object.entries(labels ?? {}).map(([label, text]) => `${label}="${escapeLabel(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`
}

/** Prometheus' text format, version 0.0.4. A gauge without a sample is left out. */
function render(gauges: readonly Gauge[]): string {
  return gauges
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, samples }) => {
      const lines = samples.map((sample) => line(name, sample)).join('')
      return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines}`
    })
    .join('')
}

/** `GET /metrics`, for whoever is on this machine; to everybody else there is no such route. */
export function createMetricsRoute({ read }: MetricsDeps): ApiRoute {
  return async (request): Promise<Reply> => {
    if (!isLocal(request)) return json(404, { error: 'not found' })
    if (request.method !== 'GET') return { ...json(405, { error: 'use GET' }), headers: { allow: 'GET' } }
    return {
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
      body: render(await read()),
    }
  }
}
