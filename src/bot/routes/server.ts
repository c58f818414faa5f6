import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describeError, JadaError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { json, page, toApiRequest, toRequest, write, type ApiRoute, type Route } from './reply.ts'

export interface HttpDeps {
  readonly log: Log
  readonly port: number
  readonly host: string
  /** GET routes by their exact path. */
  readonly routes: Readonly<Record<string, Route>>
  /** Routes for other systems, by their exact path. */
  readonly api?: Readonly<Record<string, ApiRoute>>
  /** Bolt's listener for `POST /slack/events`; null in Socket Mode. */
  readonly slackEvents: RequestListener | null
}

export interface HttpServer {
  /** Resolves with the port. Throws JadaError `port` when it is taken. */
  start(): Promise<number>
  stop(): Promise<void>
}

async function answer(deps: HttpDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = URL.parse(request.url ?? '/', 'http://bot.invalid')
  if (url === null) {
    write(response, json(400, { error: 'bad address' }))
    return
  }
  if (url.pathname === '/slack/events' && deps.slackEvents !== null) {
    deps.slackEvents(request, response)
    return
  }
  const api = Object.hasOwn(deps.api ?? {}, url.pathname) ? deps.api?.[url.pathname] : undefined
  if (api !== undefined) {
    write(response, await api(toApiRequest(request)))
    return
  }
  const route = Object.hasOwn(deps.routes, url.pathname) ? deps.routes[url.pathname] : undefined
  if (route === undefined) {
    write(response, page(404, { title: 'There is no such page', lines: ['Check the address, or go back to Slack.'], good: false }))
    return
  }
  if (request.method !== 'GET') {
    write(response, { ...json(405, { error: 'use GET' }), headers: { allow: 'GET' } })
    return
  }
  write(response, await route(toRequest(request, url.searchParams)))
}

const LAST_ANSWERS_MS = 2000

/** Our own server: Bolt's would listen on every interface. A route that throws is an answer of 500, not a dead process. */
export function createHttpServer(deps: HttpDeps): HttpServer {
  const server: Server = createServer((request, response) => {
    answer(deps, request, response).catch((error: unknown) => {
      // The path without its query: that one may hold a code.
      deps.log.error('http', `${request.method ?? ''} ${(request.url ?? '').split('?')[0] ?? ''}: ${describeError(error)}`)
      if (!response.headersSent) write(response, json(500, { error: 'internal' }))
    })
  })
  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', (error) => {
          const message = `Cannot listen on ${deps.host}:${deps.port} (${describeError(error)}). Is another bot running? Set PORT to a free one.`
          reject(new JadaError('port', message, { retry: 'later' }))
        })
        server.listen(deps.port, deps.host, () => {
          resolve((server.address() as AddressInfo).port)
        })
      }),
    stop: () =>
      new Promise((resolve) => {
        // Answers under way are finished; whoever then still holds a connection open is not waited for.
        const force = setTimeout(() => {
          server.closeAllConnections()
        }, LAST_ANSWERS_MS)
        server.close(() => {
          clearTimeout(force)
          resolve()
        })
      }),
  }
}
