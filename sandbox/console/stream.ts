import type { ServerResponse } from 'node:http'

import type { Parts } from './protocol.ts'
import { diffParts, freeze } from './snapshot.ts'
import type { Sent } from './snapshot.ts'

/** Server-sent events: everything first, then what changes. */
export interface Stream {
  open(response: ServerResponse): void
  /** Something may have changed; looks a moment later, so that many changes become one event. */
  changed(): void
  /** Says goodbye: the sandbox ends. */
  close(): void
}

const TOGETHER_MS = 25
const ALIVE_MS = 15_000

const event = (name: string, json: string): string => `event: ${name}\ndata: ${json}\n\n`

const joined = (sent: Sent): string => `{${[...sent].map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`

export function createStream(take: () => Parts): Stream {
  const listeners = new Set<ServerResponse>()
  let sent: Sent = new Map()
  let due: NodeJS.Timeout | undefined
  const send = (text: string): void => {
    for (const response of listeners) response.write(text)
  }
  const look = (): void => {
    clearTimeout(due)
    due = undefined
    if (listeners.size === 0) return
    const now = freeze(take())
    const change = diffParts(sent, now)
    sent = now
    if (change !== null) send(event('change', JSON.stringify(change)))
  }
  const alive = setInterval(() => send(': still here\n\n'), ALIVE_MS).unref()
  return {
    open(response) {
      // Brings the others up to date as well, so that all have the same parts.
      look()
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
      listeners.add(response)
      response.on('close', () => listeners.delete(response))
      sent = freeze(take())
      response.write(`retry: 1000\n${event('snapshot', joined(sent))}`)
    },
    changed() {
      due ??= setTimeout(look, TOGETHER_MS).unref()
    },
    close() {
      clearTimeout(due)
      clearInterval(alive)
      for (const response of listeners) response.end(event('end', '{}'))
    },
  }
}
