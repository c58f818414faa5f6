import { StreamableHTTPClientTransport, type FetchLike } from '@modelcontextprotocol/client'
import type { HttpServer, Limits } from './server.ts'

/** Breaks an answer off that is longer than it may be; a stream that only listens (GET) may go on for ever. */
function capped(most: number, tooLong: () => void): FetchLike {
  return async (url, init) => {
    const response = await fetch(url, init)
    if (response.body === null || init?.method === 'GET' || response.status < 200) return response
    let length = 0
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        length += chunk.byteLength
        if (length <= most) {
          controller.enqueue(chunk)
          return
        }
        controller.terminate()
        tooLong()
      },
    })
    const { status, statusText, headers } = response
    return new Response(response.body.pipeThrough(count), { status, statusText, headers })
  }
}

/** A server elsewhere as a transport; `ending` says why it was given up. */
export function createHttpTransport(
  server: HttpServer,
  { messageBytes }: Limits,
): { transport: StreamableHTTPClientTransport; ending(): string | null } {
  const headers = Object.fromEntries(Object.entries(server.headers).map(([name, value]) => [name, value.reveal()]))
  let ending: string | null = null
  const tooLong = (): void => {
    ending = `an answer is longer than ${messageBytes / 1e6} MB`
    // Left alone it would try to get the rest.
    void transport.close()
  }
  const transport = new StreamableHTTPClientTransport(new URL(server.url), {
    requestInit: { headers },
    fetch: capped(messageBytes, tooLong),
  })
  return { transport, ending: () => ending }
}
