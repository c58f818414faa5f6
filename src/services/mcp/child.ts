import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import type { Clock } from '../../clock.ts'
import { errorCode, JadaError } from '../../errors.ts'
import type { Limits, StdioServer } from './server.ts'

/** A server's process, with all that it starts itself (`npx` starts the real server). */
export interface Child {
  readonly process: ChildProcessWithoutNullStreams
  /** How it ended; null: it runs. */
  ending(): string | null
  /** Asks it to end, makes it end, and resolves when it has. */
  end(): Promise<void>
}

export interface ChildDeps {
  readonly clock: Clock
  readonly limits: Pick<Limits, 'killMs'>
  /** PATH and HOME of the bot. */
  readonly base: Readonly<Record<string, string>>
}

function cannotStart(server: StdioServer, error: unknown): JadaError {
  const code = errorCode(error)
  const why =
    code === 'ENOENT'
      ? `the program ${server.command}, or its folder ${server.cwd}, was not found`
      : `the program ${server.command} cannot be started (${code ?? 'unknown'})`
  return new JadaError('mcp-start', why, { retry: 'later' })
}

/** Signals the process and all that it started. */
function signal({ pid }: ChildProcessWithoutNullStreams, name: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, name)
  } catch {
    // Nobody is left.
  }
}

function launch({ base }: ChildDeps, server: StdioServer): ChildProcessWithoutNullStreams {
  const declared = Object.entries(server.env).map(([name, value]) => [name, value.reveal()] as const)
  // A group of its own: it is ended as a whole, and hears no Ctrl-C of our terminal.
  const options = { cwd: server.cwd, env: { ...base, ...Object.fromEntries(declared) }, detached: true }
  return spawn(server.command, server.args, { ...options, stdio: 'pipe' })
}

/** How long somebody outside the group may hold its pipes after it has ended. */
const PIPES_MS = 1000

function watch({ clock, limits }: ChildDeps, child: ChildProcessWithoutNullStreams): Child {
  let ending: string | null = null
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, name) => {
      ending = name === null ? `it ended with exit code ${code ?? 0}` : `it ended on ${name}`
      signal(child, 'SIGKILL')
      const cancel = clock.after(PIPES_MS, () => {
        child.stdout.destroy()
        child.stderr.destroy()
      })
      child.once('close', cancel)
      resolve()
    })
  })
  return {
    process: child,
    ending: () => ending,
    end: async () => {
      if (ending !== null) return
      child.stdin.end()
      signal(child, 'SIGTERM')
      const cancel = clock.after(limits.killMs, () => signal(child, 'SIGKILL'))
      await exited
      cancel()
    },
  }
}

/** Starts a server's process. Throws JadaError `mcp-start`. `ready` is called before anything of it can be missed. */
export function startChild(deps: ChildDeps, server: StdioServer, ready: (child: ChildProcessWithoutNullStreams) => void): Promise<Child> {
  return new Promise((resolve, reject) => {
    const child = launch(deps, server)
    child.once('error', (error) => reject(cannotStart(server, error)))
    child.once('spawn', () => resolve(watch(deps, child)))
    // A write after its end is told by whoever writes.
    child.stdin.on('error', () => undefined)
    ready(child)
  })
}
