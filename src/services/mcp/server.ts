import type { Secret } from '../../secret.ts'

/** A server of `mcp.json`. */
export type Server = StdioServer | HttpServer

/** A program that is started for a session. Of our environment it gets PATH and HOME, and what is declared for it. */
export interface StdioServer {
  readonly name: string
  readonly transport: 'stdio'
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, Secret>>
  /** Values that were taken from the bot's environment: they are hidden in whatever the server says. */
  readonly hidden: readonly Secret[]
}

/** A server that runs elsewhere, spoken to over streamable HTTP. */
export interface HttpServer {
  readonly name: string
  readonly transport: 'http'
  readonly url: string
  readonly headers: Readonly<Record<string, Secret>>
  readonly hidden: readonly Secret[]
}

/** How long things may take, and how much may come. */
export interface Limits {
  readonly startMs: number
  readonly callMs: number
  /** From the polite signal to the one that cannot be refused. */
  readonly killMs: number
  /** Of one message, in bytes. */
  readonly messageBytes: number
}

export const LIMITS: Limits = { startMs: 20_000, callMs: 60_000, killMs: 5000, messageBytes: 4_000_000 }

/** A value shorter than this is no secret, and would be found in any text. */
const SHORTEST_SECRET = 6

/** A text of the server without the values that only it was given. */
export function hide({ hidden }: Pick<Server, 'hidden'>, text: string): string {
  return hidden.reduce((shown, secret) => {
    const value = secret.reveal()
    return value.length < SHORTEST_SECRET ? shown : shown.replaceAll(value, '[secret]')
  }, text)
}
