import { deserializeMessage, serializeMessage, type JSONRPCMessage, type Transport } from '@modelcontextprotocol/client'
import { JadaError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { startChild, type Child, type ChildDeps } from './child.ts'
import { logged, logStderr, onLines } from './lines.ts'
import type { Limits, StdioServer } from './server.ts'

/**
 * A child process as a transport. The client's own one hands down more of the environment than PATH and HOME, and ends only the
 * process that it started, not what that one started.
 */
export interface StdioTransport extends Transport {
  /** How the process ended; null: it runs, or was never started. */
  ending(): string | null
}

export interface StdioDeps extends ChildDeps {
  readonly log: Log
  readonly limits: Limits
}

/** Lines on stdout that are no messages. */
const MOST_GARBAGE = 100

/** Hands on what of stdout is a message; a server that writes too much else is given up. */
function createReader({ log }: StdioDeps, server: StdioServer, hear: (message: JSONRPCMessage) => void, giveUp: (why: string) => void) {
  let garbage = 0
  return (line: string): void => {
    if (line === '') return
    let message: JSONRPCMessage
    try {
      message = deserializeMessage(line)
    } catch {
      garbage += 1
      if (garbage === 1) log.warn('mcp', `${server.name} writes what is no message: ${logged(server, line)}`)
      if (garbage === MOST_GARBAGE) giveUp(`${MOST_GARBAGE} lines of its output are no messages`)
      return
    }
    hear(message)
  }
}

export function createStdioTransport(deps: StdioDeps, server: StdioServer): StdioTransport {
  const { log, limits } = deps
  let child: Child | null = null
  let gaveUp: string | null = null
  const giveUp = (why: string): void => {
    gaveUp ??= why
    log.warn('mcp', `${server.name}: ${why}; it is ended`)
    void transport.close()
  }
  const transport: StdioTransport = {
    ending: () => gaveUp ?? child?.ending() ?? null,
    start: async () => {
      const read = createReader(deps, server, (message) => transport.onmessage?.(message), giveUp)
      child = await startChild(deps, server, (process) => {
        onLines(process.stdout, limits.messageBytes, read, () => giveUp(`a message is longer than ${limits.messageBytes / 1e6} MB`))
        logStderr(process.stderr, server, log)
        process.once('close', () => transport.onclose?.())
      })
    },
    send: (message) =>
      new Promise((resolve, reject) => {
        if (child === null || child.ending() !== null) {
          reject(new JadaError('mcp-ended', child?.ending() ?? 'it does not run'))
          return
        }
        child.process.stdin.write(serializeMessage(message), (error) => (error instanceof Error ? reject(error) : resolve()))
      }),
    close: async () => child?.end(),
  }
  return transport
}
