import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

type BotState = 'stopped' | 'starting' | 'running' | 'stopping' | 'died'

export type BotChange = { type: 'log'; line: string } | { type: 'state'; state: BotState; how?: string }

/** The unmodified app as a process of its own. */
export interface Bot {
  /** Resolves when it answers; rejects with the last lines of its log when it exits instead. */
  start(): Promise<void>
  /** SIGTERM, and SIGKILL for one that does not go. */
  stop(): Promise<void>
  /** `kill -9`. */
  kill(): Promise<void>
  state(): BotState
  pid(): number | undefined
  log(lines?: number): string[]
  on(listener: (change: BotChange) => void): () => void
}

export interface BotOptions {
  /** The file to run, in `cwd`. */
  main: string
  cwd: string
  env: Record<string, string>
  /** Whether it answers people now. */
  isReady: () => Promise<boolean>
}

const START_MS = 20_000
const STOP_MS = 10_000
const LOOK_MS = 40
const LOG_LINES = 1000

/** The end of the log, and whoever wants to hear of each line and each state. */
function createJournal() {
  const lines: string[] = []
  const listeners = new Set<(change: BotChange) => void>()
  const tell = (change: BotChange): void => {
    for (const listener of listeners) listener(change)
  }
  return {
    tell,
    tail: (count: number): string[] => lines.slice(-count),
    add(line: string): void {
      lines.push(line)
      if (lines.length > LOG_LINES) lines.shift()
      tell({ type: 'log', line })
    },
    on(listener: (change: BotChange) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

type Journal = ReturnType<typeof createJournal>

interface Run {
  child: ChildProcess
  gone: Promise<void>
}

function launch({ main, cwd, env }: BotOptions, journal: Journal, ended: (how: string) => void): Run {
  // A group of its own: Ctrl-C in the terminal is for the sandbox, which then stops the bot in order.
  const child = spawn(process.execPath, [main], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => journal.add(line))
  const gone = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      ended(how)
      resolve()
    }
    child.once('error', (error) => end(`it could not be started: ${error.message}`))
    child.once('close', (code, signal) => end(signal === null ? `exit code ${code}` : `by ${signal}`))
  })
  return { child, gone }
}

export function createBot(options: BotOptions): Bot {
  const journal = createJournal()
  let state: BotState = 'stopped'
  let run: Run | undefined
  const become = (next: BotState, how?: string): void => {
    state = next
    journal.tell({ type: 'state', state, ...(how === undefined ? {} : { how }) })
  }
  const ended = (how: string): void => {
    run = undefined
    become(state === 'stopping' ? 'stopped' : 'died', how)
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (run === undefined) return
    const { child, gone } = run
    if (state !== 'stopping') become('stopping')
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await gone
    clearTimeout(late)
  }
  return {
    async start() {
      if (run !== undefined) throw new Error('the bot runs already')
      become('starting')
      run = launch(options, journal, ended)
      await whenReady(options, () => state, journal)
      become('running')
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    state: () => state,
    pid: () => run?.child.pid,
    log: (lines = 20) => journal.tail(lines),
    on: (listener) => journal.on(listener),
  }
}

async function whenReady({ isReady }: BotOptions, state: () => BotState, journal: Journal): Promise<void> {
  const end = performance.now() + START_MS
  while (state() === 'starting') {
    if (await isReady()) return
    if (performance.now() > end) throw new Error(`the bot did not become ready within ${START_MS / 1000} s\n${journal.tail(20).join('\n')}`)
    await pause(LOOK_MS)
  }
  throw new Error(`the bot exited while it started; its last lines:\n${journal.tail(20).join('\n')}`)
}
