import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request after its body was read, so that handlers need no network. */
export interface Call {
  method: string
  url: URL
  headers: Record<string, string | undefined>
  /** Null: it was too large to be read. */
  body: string | null
}

export interface Reply {
  status: number
  headers: Record<string, string>
  body: string
}

/** What becomes of the connection: an answer, silence, or its end. */
export type Outcome = { kind: 'reply'; reply: Reply } | { kind: 'hang' } | { kind: 'reset' } | { kind: 'lost' }

export interface LoopbackServer {
  /** Gives the origin, e.g. `http://127.0.0.1:40123`. */
  listen(port: number): Promise<string>
  close(): Promise<void>
}

export interface LoopbackOptions {
  /** A longer body is not kept. */
  readonly maxBodyBytes: number
}

/** Serves `handle` on 127.0.0.1 only. Connections left hanging on purpose are closed by `close`. */
export function createLoopbackServer(handle: (call: Call) => Outcome | Promise<Outcome>, options: LoopbackOptions): LoopbackServer {
  const server = createServer((req, res) => {
    readCall(req, options.maxBodyBytes)
      .then(async (call) => settle(req, res, await handle(call)))
      .catch((error: unknown) => send(res, { status: 599, headers: { 'content-type': 'text/plain' }, body: failureText(error) }))
  })
  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, '127.0.0.1', () => {
          server.off('error', reject)
          resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
        })
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const failureText = (error: unknown): string => `The stand-in itself failed: ${String(error)}`

async function readCall(req: IncomingMessage, maxBodyBytes: number): Promise<Call> {
  const chunks: Buffer[] = []
  let size = 0
  // What is too large is read and thrown away, so that the sender gets to its answer.
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= maxBodyBytes) chunks.push(chunk)
  }
  const headers: Record<string, string | undefined> = {}
  for (const [name, value] of Object.entries(req.headers)) headers[name] = Array.isArray(value) ? value.join(', ') : value
  // The origin is of no interest, and a Host header is not to be trusted to be one.
  const url = new URL(`http://127.0.0.1${(req.url ?? '/').replace(/^\/+/, '/')}`)
  return { method: req.method ?? 'GET', url, headers, body: size > maxBodyBytes ? null : Buffer.concat(chunks).toString('utf8') }
}

function settle(req: IncomingMessage, res: ServerResponse, outcome: Outcome): void {
  switch (outcome.kind) {
    case 'reply':
      send(res, outcome.reply)
      return
    case 'hang':
      return
    case 'reset':
      req.socket.resetAndDestroy()
      return
    case 'lost':
      req.socket.destroy()
  }
}

function send(res: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.body)
  res.writeHead(reply.status, { ...reply.headers, 'content-length': String(body.length) })
  res.end(body)
}
