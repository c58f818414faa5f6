import { isIP } from 'node:net'
import { connect } from 'node:tls'
import { errorCode } from '../../errors.ts'
import { known, unknown, type Figure } from './figure.ts'
import type { Certificate, Collector } from './reading.ts'

const TIMEOUT_MS = 5000

/** Why nothing could be read, in words. */
function troubleOf(error: unknown, host: string): string {
  return `${host} could not be asked for its certificate (${errorCode(error) ?? 'no answer'})`
}

/** The certificate that is shown at an https address. Only its end is read and nothing is sent, so it need not be one that is trusted. */
export function readCertificate(address: URL, now: number, signal: AbortSignal): Promise<Figure<Certificate>> {
  const host = address.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve) => {
    const name = isIP(host) === 0 ? { servername: host } : {}
    const socket = connect({ host, port: Number(address.port || 443), timeout: TIMEOUT_MS, rejectUnauthorized: false, ...name })
    const end = (figure: Figure<Certificate>): void => {
      signal.removeEventListener('abort', late)
      socket.destroy()
      resolve(figure)
    }
    const late = (): void => end(unknown(`${host} did not show its certificate in time`, now))
    signal.addEventListener('abort', late, { once: true })
    socket.once('timeout', late)
    socket.once('error', (error) => end(unknown(troubleOf(error, host), now)))
    socket.once('secureConnect', () => {
      const endsAt = Date.parse(socket.getPeerCertificate().valid_to)
      end(Number.isNaN(endsAt) ? unknown(`${host} showed no certificate`, now) : known({ host, endsAt }, now))
    })
  })
}

/** A look at a host together with one at the bot's public address; without an https address nothing is added. */
export function withCertificate(collector: Collector, publicUrl: string | undefined): Collector {
  const address = publicUrl === undefined ? null : new URL(publicUrl)
  if (address?.protocol !== 'https:') return collector
  return {
    collect: async (now, signal) => {
      const [reading, certificate] = await Promise.all([collector.collect(now, signal), readCertificate(address, now, signal)])
      return { ...reading, certificate }
    },
  }
}
