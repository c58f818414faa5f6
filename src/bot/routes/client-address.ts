import { isIP } from 'node:net'
import type { ApiRequest } from './reply.ts'

/** `::ffff:203.0.113.7` is how a socket of both kinds writes an IPv4 address. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')

/** An entry of `X-Forwarded-For`: some proxies add the port. */
function fromEntry(entry: string): string | null {
  const text = entry.trim()
  const address = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text
  return isIP(address) === 0 ? null : plain(address)
}

/**
 * Who asks: the other end of the connection, or, behind a proxy of ours, the last entry of `X-Forwarded-For`. The entries before it are
 * what the client itself wished to say.
 */
export function clientAddress(
  { headers, remoteAddress }: Pick<ApiRequest, 'headers' | 'remoteAddress'>,
  trustProxy: boolean,
): string | null {
  const socket = remoteAddress === undefined ? null : plain(remoteAddress)
  if (!trustProxy) return socket
  return (
    fromEntry(
      String(headers['x-forwarded-for'] ?? '')
        .split(',')
        .at(-1) ?? '',
    ) ?? socket
  )
}
