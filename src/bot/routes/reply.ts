import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { PAGE_HEADERS, pageView } from '../views/page.ts'

/** What a route needs of a request. Query strings hold states and codes: they are never logged. */
export interface Request {
  readonly query: URLSearchParams
  readonly cookies: ReadonlyMap<string, string>
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Route = (request: Request) => Promise<Reply>

/** A request of another system. */
export interface ApiRequest {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** Whoever opened the connection: perhaps a proxy. */
  readonly remoteAddress?: string | undefined
  /** The body; null: it is longer than `mostBytes`. Rejects when the connection breaks. */
  readonly body: (mostBytes: number) => Promise<Uint8Array | null>
}

/** A route that takes any method and answers in JSON. */
export type ApiRoute = (request: ApiRequest) => Promise<Reply>

/** A request for a page that is found by the token in its path. */
export interface PageRequest extends ApiRequest {
  /** As it stands in the path: anything but a slash. */
  readonly token: string
}

/** A page at `/something/:token`. `HEAD` is answered wherever `GET` is. */
export interface PageRoute {
  readonly methods: readonly ('GET' | 'POST')[]
  readonly answer: (request: PageRequest) => Promise<Reply>
}

export function page(
  status: number,
  words: { title: string; lines: readonly string[]; good: boolean },
  headers: Record<string, string> = {},
): Reply {
  return { status, headers: { ...PAGE_HEADERS, ...headers }, body: pageView(words) }
}

export function json(status: number, body: unknown): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: `${JSON.stringify(body)}\n`,
  }
}

export function redirect(location: string, headers: Record<string, string>): Reply {
  return { status: 302, headers: { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', ...headers }, body: '' }
}

function readCookies(header: string | undefined): Map<string, string> {
  const pairs = (header ?? '').split(';').map((part) => part.trim().split('='))
  return new Map(pairs.flatMap(([name, value]) => (name === undefined || value === undefined ? [] : [[name, value] as const])))
}

export function toRequest(request: IncomingMessage, query: URLSearchParams): Request {
  return { query, cookies: readCookies(request.headers.cookie) }
}

/** What comes beyond this after an answer was decided on is not even thrown away: the connection is closed. */
const MOST_DRAINED = 1024 * 1024

/** Reads to the end where it can, so that the sender is there to hear the answer. */
async function readBody(request: IncomingMessage, mostBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length <= mostBytes) chunks.push(chunk)
    if (length > MOST_DRAINED) break
  }
  return length > mostBytes ? null : Buffer.concat(chunks)
}

export function toApiRequest(request: IncomingMessage): ApiRequest {
  return {
    method: request.method ?? 'GET',
    headers: request.headers,
    remoteAddress: request.socket.remoteAddress,
    body: (mostBytes) => readBody(request, mostBytes),
  }
}

export function write(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers, connection: 'close' })
  response.end(reply.body)
}
