import { Client, ProtocolError, type Transport } from '@modelcontextprotocol/client'
import type { Clock } from '../../clock.ts'
import { JadaError } from '../../errors.ts'
import type { Log } from '../../log.ts'
import { within } from './deadline.ts'
import { toDefinition, type Definition } from './definition.ts'
import { isNotMade, reasonOf } from './failure.ts'
import { createHttpTransport } from './http.ts'
import { capOutput, outputText } from './output.ts'
import { hide, type Limits, type Server } from './server.ts'
import { createStdioTransport } from './stdio.ts'

/**
 * What a call came to. `answered`: by the server, `failed` when it says so. `not-made`: it certainly took no effect.
 * `cut`: nobody knows. Reasons are words of ours; `text` is the server's.
 */
export type Called =
  | { readonly kind: 'answered'; readonly failed: boolean; readonly text: string }
  | { readonly kind: 'not-made' | 'cut'; readonly reason: string }

/** One running server, spoken to by one session. */
export interface Connection {
  isOpen(): boolean
  /** Its tools as it describes them now. */
  tools(signal: AbortSignal): Promise<readonly Definition[]>
  call(tool: Definition, input: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<Called>
  /** Ends it; for a child process resolves when it is gone. */
  close(): Promise<void>
}

export interface ConnectionDeps {
  readonly clock: Clock
  readonly log: Log
  readonly limits: Limits
  readonly base: Readonly<Record<string, string>>
}

/** Deadlines are kept by our clock: the client's own would never come first. */
const NEVER_MS = 2 ** 31 - 1

const CLIENT = { name: 'jada-bot', version: '1' }

interface Joined {
  readonly transport: Transport
  ending(): string | null
  /** Before the connection is closed: whatever the other side should hear. */
  bye(): Promise<void>
}

function join(deps: ConnectionDeps, server: Server): Joined {
  if (server.transport === 'stdio') {
    const transport = createStdioTransport(deps, server)
    return { transport, ending: () => transport.ending(), bye: () => Promise.resolve() }
  }
  const http = createHttpTransport(server, deps.limits)
  const { transport } = http
  return { transport, ending: () => http.ending(), bye: () => transport.terminateSession().catch(() => undefined) }
}

/** A client whose end is known, and which ends what it is joined to. */
function createEnd(client: Client, joined: Joined, { clock, limits }: ConnectionDeps) {
  let open = true
  let closing: Promise<void> | null = null
  const end = async (): Promise<void> => {
    if (open) await within(clock, limits.killMs, null, () => joined.bye()).catch(() => undefined)
    open = false
    await client.close().catch(() => undefined)
    await joined.transport.close().catch(() => undefined)
  }
  // The client knows one listener only.
  Object.assign(client, { onclose: () => void (open = false) })
  return { isOpen: () => open, close: () => (closing ??= end()) }
}

type Told = Parameters<typeof toDefinition>[0]

/** What a server tells of a tool, without values that only it was given. */
const hidden = (server: Server, tool: Told): Told => JSON.parse(hide(server, JSON.stringify(tool))) as Told

/** Starts a server, or connects to it. Throws a JadaError whose message says why it cannot be used. */
export async function openConnection(deps: ConnectionDeps, server: Server, stopping: AbortSignal): Promise<Connection> {
  const { clock, limits, log } = deps
  // It offers nothing: no server may ask our model, our files or a person for anything.
  const client = new Client(CLIENT, { capabilities: {} })
  const joined = join(deps, server)
  const { isOpen, close } = createEnd(client, joined, deps)
  const cannot = (error: unknown): JadaError =>
    new JadaError('mcp-start', reasonOf(error, joined.ending()), { retry: 'later', cause: error })
  let listed: readonly Definition[] | null = null
  client.setNotificationHandler('notifications/tools/list_changed', () => {
    listed = null
  })
  try {
    await within(clock, limits.startMs, stopping, (signal) => client.connect(joined.transport, { signal, timeout: NEVER_MS }))
  } catch (error) {
    const reason = cannot(error)
    log.warn('mcp', `${server.name} cannot be used: ${reason.message}`)
    await close()
    throw reason
  }
  const list = async (inner: AbortSignal): Promise<readonly Definition[]> => {
    const { tools } = await client.listTools(undefined, { signal: inner, timeout: NEVER_MS })
    return tools.map(({ name, description, inputSchema }) => toDefinition(hidden(server, { name, description, inputSchema })))
  }
  return {
    isOpen,
    close,
    tools: async (signal) => {
      try {
        return (listed ??= await within(clock, limits.startMs, signal, list))
      } catch (error) {
        throw cannot(error)
      }
    },
    call: async (tool, input, signal) => {
      if (!isOpen()) return { kind: 'not-made', reason: joined.ending() ?? 'it has ended' }
      try {
        return await callTool(client, server, tool, input, (run) => within(clock, limits.callMs, signal, run))
      } catch (error) {
        const reason = reasonOf(error, joined.ending())
        log.warn('mcp', `${server.name}: a call of ${tool.name} failed: ${reason}`)
        // Whatever hangs must not go on with it after a person has looked.
        if (error instanceof JadaError) await close()
        return { kind: isNotMade(error) ? 'not-made' : 'cut', reason }
      }
    },
  }
}

type Input = Readonly<Record<string, unknown>>
type Run = <T>(run: (signal: AbortSignal) => Promise<T>) => Promise<T>

async function callTool(client: Client, server: Server, tool: Definition, input: Input, run: Run): Promise<Called> {
  // Without its output schema: a result that does not fit it must not make a call undone that was made.
  const toolDefinition = { name: tool.name, inputSchema: { ...tool.inputSchema, type: 'object' as const } }
  try {
    const call = { name: tool.name, arguments: input }
    const result = await run((signal) => client.callTool(call, { signal, timeout: NEVER_MS, toolDefinition }))
    return { kind: 'answered', failed: result.isError === true, text: capOutput(hide(server, outputText(result))) }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { kind: 'answered', failed: true, text: capOutput(hide(server, error.message)) }
  }
}
