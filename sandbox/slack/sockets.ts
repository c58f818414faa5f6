import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'

import type { Fields, SocketControl } from './types.ts'

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api'

export interface Envelope {
  type: EnvelopeType
  payload: Fields
  accepts_response_payload: boolean
  retry_attempt?: number
  retry_reason?: string
}

export interface Sockets extends SocketControl {
  isRefusing(): boolean
  /** Adds a one-time ticket to the address. */
  ticketUrl(base: string): string
  attach(server: Server): void
  /** Resolves with the payload of the ack. */
  send(envelope: Envelope): Promise<unknown>
  close(): void
}

const PING_MS = 10_000
const REFRESH_MS = 5000

interface Waiting {
  socket: WebSocket
  resolve(payload: unknown): void
  reject(error: Error): void
}

interface Pool {
  ackTimeoutMs: number
  open: Set<WebSocket>
  waiting: Map<string, Waiting>
}

function readAck(data: string): { envelope_id?: string; payload?: unknown } {
  try {
    return (JSON.parse(data) ?? {}) as { envelope_id?: string; payload?: unknown }
  } catch {
    return {}
  }
}

/** Sends to one of the open sockets, in turn, as Slack spreads envelopes over an app's connections. */
function deliver(pool: Pool, turn: number, envelope: Envelope): Promise<unknown> {
  const ready = [...pool.open]
  const socket = ready[turn % Math.max(1, ready.length)]
  if (!socket) return Promise.reject(new Error('dispatch failed: no socket is connected'))
  const id = randomUUID()
  return new Promise((resolve, reject) => {
    const late = new Error(`operation_timeout: no ack within ${pool.ackTimeoutMs} ms`)
    const timer = setTimeout(() => settle(() => reject(late)), pool.ackTimeoutMs)
    timer.unref()
    const settle = (finish: () => void) => {
      clearTimeout(timer)
      pool.waiting.delete(id)
      finish()
    }
    pool.waiting.set(id, {
      socket,
      resolve: (payload) => settle(() => resolve(payload)),
      reject: (error) => settle(() => reject(error)),
    })
    const retry = envelope.type === 'events_api' ? { retry_attempt: 0, retry_reason: '' } : {}
    socket.send(JSON.stringify({ envelope_id: id, ...retry, ...envelope }))
  })
}

function hello(connections: number, appId: string): string {
  return JSON.stringify({
    type: 'hello',
    num_connections: connections,
    debug_info: { host: 'applink-sandbox', build_number: 1, approximate_connection_time: 18_060 },
    connection_info: { app_id: appId },
  })
}

function lose(pool: Pool, socket: WebSocket) {
  pool.open.delete(socket)
  for (const waiting of pool.waiting.values()) {
    if (waiting.socket === socket) waiting.reject(new Error('dispatch failed: the socket closed before the ack'))
  }
}

function welcome(pool: Pool, socket: WebSocket, appId: string, changed: () => void) {
  pool.open.add(socket)
  socket.send(hello(pool.open.size, appId))
  changed()
  const pinging = setInterval(() => socket.ping('Ping from applink-sandbox'), PING_MS)
  pinging.unref()
  socket.on('message', (data: Buffer) => {
    const ack = readAck(data.toString())
    pool.waiting.get(ack.envelope_id ?? '')?.resolve(ack.payload ?? {})
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    clearInterval(pinging)
    lose(pool, socket)
    changed()
  })
}

function refresh(open: Iterable<WebSocket>) {
  for (const socket of open) {
    socket.send(
      JSON.stringify({
        type: 'disconnect',
        reason: 'refresh_requested',
        debug_info: { host: 'applink-sandbox' },
      }),
    )
    setTimeout(() => socket.terminate(), REFRESH_MS).unref()
  }
}

export function createSockets(appId: string, ackTimeoutMs: number, onChange: (connected: number) => void): Sockets {
  const pool: Pool = { ackTimeoutMs, open: new Set(), waiting: new Map() }
  const tickets = new Set<string>()
  const server = new WebSocketServer({ noServer: true })
  let refusing = false
  let turn = 0
  const changed = () => onChange(pool.open.size)
  const terminateAll = () => {
    for (const socket of pool.open) socket.terminate()
  }

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer) {
    const url = new URL(request.url ?? '/', 'ws://localhost')
    if (url.pathname !== '/link/' || !tickets.delete(url.searchParams.get('ticket') ?? '')) {
      stream.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n')
      return
    }
    server.handleUpgrade(request, stream, head, (socket) => welcome(pool, socket, appId, changed))
  }

  return {
    connected: () => pool.open.size,
    drop: terminateAll,
    refuse(yes) {
      refusing = yes
    },
    refresh: () => refresh(pool.open),
    isRefusing: () => refusing,
    ticketUrl(base) {
      const ticket = randomUUID()
      tickets.add(ticket)
      return `${base}/link/?ticket=${ticket}&app_id=${appId}`
    },
    attach: (http) => void http.on('upgrade', upgrade),
    send(envelope) {
      turn += 1
      return deliver(pool, turn, envelope)
    },
    close: terminateAll,
  }
}
