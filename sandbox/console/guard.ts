import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const TOKEN_HEADER = 'x-console-token'

export interface Refusal {
  readonly status: number
  readonly why: string
}

export interface Lock {
  /** `127.0.0.1:40123`. */
  readonly host: string
  readonly token: string
}

const refuse = (status: number, why: string): Refusal => ({ status, why })

function isSame(given: string | string[] | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(String(given)), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Only this page, opened from this machine: other names for us (DNS rebinding), other sites and other programs' forms are refused. */
export function refusalOf({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>, lock: Lock): Refusal | null {
  if (headers.host !== lock.host) return refuse(403, 'This page answers only on its own address.')
  const { origin } = headers
  if (origin !== undefined && origin !== `http://${lock.host}`) return refuse(403, 'Requests from other pages are refused.')
  if (headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate')
    return refuse(403, 'Requests from other sites are refused.')
  if (method === 'GET') return null
  if (method !== 'POST') return refuse(405, 'Only GET and POST are known here.')
  return isSame(headers[TOKEN_HEADER], lock.token) ? null : refuse(403, 'The page must send its own token. Load it again.')
}
