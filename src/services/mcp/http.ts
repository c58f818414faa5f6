import { StreamableHTTPClientTransport, type FetchLike } from '@modelcontextprotocol/client'
import type { HttpServer, Limits } from './server.ts'

/** Breaks an answer off that is longer than it may be; a stream that only listens (GET) may go on for ever. */
function capped(most: number): FetchLike {
  return async (url, init) => {
    const response = await fetch(url, init)
    if (response.body === null || init?.method === 'GET' || response.status < 200) return response
    let bytes = 0
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        bytes += chunk.byteLength
        if (bytes > most) controller.error(new Error(`an answer is longer than ${most / 1e6} MB`))
        else controller.enqueue(chunk)
      },
    })
    const { status, statusText, headers } = response
    return new Response(response.body.pipeThrough(count), { status, statusText, headers })
  }
}

export function createHttpTransport(server: HttpServer, limits: Limits): StreamableHTTPClientTransport {
  const headers = Object.fromEntries(Object.entries(server.headers).map(([name, value]) => [name, value.reveal()]))
  return new StreamableHTTPClientTransport(new URL(server.url), { requestInit: { headers }, fetch: capped(limits.messageBytes) })
}
