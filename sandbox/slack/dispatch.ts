import { post } from './http-dispatch.ts'
import type { Settings } from './settings.ts'
import type { Envelope, Sockets } from './sockets.ts'
import type { AckResult } from './types.ts'

export interface Dispatcher {
  /** Whether anybody could be listening. */
  reachable(): boolean
  /** Delivers over a socket when one is connected, else to the events URL. */
  send(envelope: Envelope): Promise<AckResult>
  setEventsUrl(url: string): void
}

export function createDispatcher(sockets: Sockets, settings: Settings, eventsUrl: string | undefined): Dispatcher {
  const { signingSecret, ackTimeoutMs } = settings
  let url = eventsUrl
  return {
    reachable: () => sockets.connected() > 0 || url !== undefined,
    setEventsUrl(next) {
      url = next
    },
    async send(envelope) {
      if (sockets.connected() > 0) return { via: 'socket', body: await sockets.send(envelope) }
      if (url === undefined) throw new Error('dispatch failed: no socket is connected and there is no eventsUrl')
      return { via: 'http', body: await post(url, signingSecret, ackTimeoutMs, envelope) }
    },
  }
}
