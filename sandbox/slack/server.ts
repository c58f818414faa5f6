import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Faults } from './faults.ts'
import { type ApiRequest, parseApiRequest, readBody } from './request.ts'
import type { UrlAnswer } from './response-urls.ts'
import type { ApiAnswer, ApiCall, Fields, SlackFault } from './types.ts'

export interface Routes {
  faults: Faults
  calls: ApiCall[]
  scopes: string[]
  now(): number
  /** Before every request: what has become due meanwhile. */
  settle(): void
  api(method: string, request: ApiRequest): ApiAnswer
  responseUrl(id: string, body: Fields | undefined): UrlAnswer
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  const isText = typeof body === 'string'
  response.writeHead(status, {
    'content-type': isText ? 'text/html' : 'application/json; charset=utf-8',
    ...headers,
  })
  response.end(isText ? body : JSON.stringify(body))
}

/** Spoils the answer; for the kinds where the call itself never happens. */
function spoil(response: ServerResponse, fault: SlackFault): ApiAnswer {
  const error = (code: string): ApiAnswer => ({ ok: false, error: code })
  switch (fault.kind) {
    case '429':
      send(response, 429, error('ratelimited'), { 'retry-after': String(fault.retryAfterS ?? 1) })
      return error('ratelimited')
    case '5xx':
      send(response, 503, 'Service Unavailable')
      return error('http_503')
    case 'error':
      send(response, 200, error(fault.error ?? 'internal_error'))
      return error(fault.error ?? 'internal_error')
    case 'timeout':
      // Never answered: the caller hangs up, or stop() does.
      return error('sandbox_timeout')
    case 'reset':
    case 'lost-answer':
      response.destroy()
      return error('sandbox_reset')
  }
}

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  url: URL
  body: string
}

function answerApi(routes: Routes, { request, response, url, body }: Exchange, method: string) {
  const parsed = parseApiRequest(request, url, body)
  const call: ApiCall = {
    method,
    args: parsed?.args ?? {},
    at: routes.now(),
    answer: { ok: false },
  }
  routes.calls.push(call)
  const note = (answer: ApiAnswer) => {
    call.answer = answer.error === undefined ? { ok: answer.ok } : { ok: answer.ok, error: answer.error }
  }
  const fault = routes.faults.take(method)
  if (fault) call.fault = fault.kind
  if (fault && fault.kind !== 'lost-answer') return note(spoil(response, fault))
  const answer: ApiAnswer = parsed ? routes.api(method, parsed) : { ok: false, error: 'invalid_json' }
  note(answer)
  if (fault) return response.destroy()
  return send(response, 200, answer, { 'x-oauth-scopes': routes.scopes.join(',') })
}

function readJson(body: string): Fields | undefined {
  try {
    const value = JSON.parse(body) as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined
  } catch {
    return undefined
  }
}

function answerUrl(routes: Routes, { response, body }: Exchange, id: string) {
  const fault = routes.faults.take('response_url')
  if (fault && fault.kind !== 'lost-answer') return spoil(response, fault)
  const answer = routes.responseUrl(id, readJson(body))
  return fault ? response.destroy() : send(response, answer.status, answer.body)
}

async function handle(routes: Routes, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const exchange = { request, response, url, body: await readBody(request) }
  routes.settle()
  const method = /^\/api\/([\w.]+)$/u.exec(url.pathname)?.[1]
  if (method !== undefined) return answerApi(routes, exchange, method)
  const id = /^\/response\/\w+\/([\w-]+)$/u.exec(url.pathname)?.[1]
  if (id !== undefined && request.method === 'POST') return answerUrl(routes, exchange, id)
  return send(response, 404, 'Not Found')
}

export interface HttpServer {
  server: Server
  /** Resolves with the port. */
  listen(port: number): Promise<number>
  close(): Promise<void>
}

export function createHttpServer(routes: Routes): HttpServer {
  const server = createServer((request, response) => {
    handle(routes, request, response).catch((error: unknown) => {
      if (!response.headersSent && !response.destroyed) send(response, 500, String(error))
    })
  })
  return {
    server,
    listen(port) {
      return new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
      })
    },
    close() {
      if (!server.listening) return Promise.resolve()
      return new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}
