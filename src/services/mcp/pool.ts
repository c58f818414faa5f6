import { JadaError } from '../../errors.ts'
import type { Connection, ConnectionDeps } from './connection.ts'
import type { Server } from './server.ts'

export type Opened = { readonly kind: 'open'; readonly connection: Connection } | { readonly kind: 'failed'; readonly reason: string }

/** Servers that run, each for one session. */
export interface Pool {
  /** The session's connection to a server; begins one when there is none, or when it has ended. */
  get(sessionId: number, server: Server): Promise<Opened>
  drop(sessionId: number, server: string): Promise<void>
  release(sessionId: number): Promise<void>
  stop(): Promise<void>
}

/** A server that did not start is not tried again at each of a session's calls. */
const RETRY_MS = 60_000

interface Slot {
  readonly opened: Promise<Opened>
  result: Opened | null
  failedAt: number | null
}

async function open(deps: ConnectionDeps, server: Server, stopping: AbortSignal): Promise<Opened> {
  try {
    // Loaded only when it is used: most bots attach no server.
    const { openConnection } = await import('./connection.ts')
    return { kind: 'open', connection: await openConnection(deps, server, stopping) }
  } catch (error) {
    if (error instanceof JadaError) return { kind: 'failed', reason: error.message }
    throw error
  }
}

const STOPPING: Opened = { kind: 'failed', reason: 'the bot is being stopped' }

export function createPool(deps: ConnectionDeps): Pool {
  const { clock } = deps
  const sessions = new Map<number, Map<string, Slot>>()
  const stopping = new AbortController()
  const isUsable = ({ result, failedAt }: Slot): boolean =>
    result === null || (result.kind === 'open' ? result.connection.isOpen() : failedAt !== null && clock.monotonic() - failedAt < RETRY_MS)
  const begin = (server: Server): Slot => {
    const slot: Slot = { opened: open(deps, server, stopping.signal), result: null, failedAt: null }
    const settle = (result: Opened): void => {
      slot.result = result
      if (result.kind === 'failed') slot.failedAt = clock.monotonic()
    }
    slot.opened.then(settle, () => settle({ kind: 'failed', reason: 'it cannot be started' }))
    return slot
  }
  const end = async (slot: Slot | undefined): Promise<void> => {
    const result = await slot?.opened.catch(() => null)
    if (result?.kind === 'open') await result.connection.close()
  }
  const release = async (sessionId: number): Promise<void> => {
    const slots = [...(sessions.get(sessionId)?.values() ?? [])]
    sessions.delete(sessionId)
    await Promise.all(slots.map((slot) => end(slot)))
  }
  return {
    get: (sessionId, server) => {
      if (stopping.signal.aborted) return Promise.resolve(STOPPING)
      const slots = sessions.get(sessionId) ?? new Map<string, Slot>()
      sessions.set(sessionId, slots)
      const there = slots.get(server.name)
      if (there !== undefined && isUsable(there)) return there.opened
      const slot = begin(server)
      slots.set(server.name, slot)
      return slot.opened
    },
    drop: async (sessionId, server) => {
      const slots = sessions.get(sessionId)
      const slot = slots?.get(server)
      slots?.delete(server)
      await end(slot)
    },
    release,
    stop: async () => {
      stopping.abort()
      await Promise.all([...sessions.keys()].map((id) => release(id)))
    },
  }
}
