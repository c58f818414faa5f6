import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Life, Said } from './session-setting.ts'

const CHILD = new URL('session-child.ts', import.meta.url).pathname

/** How a life ended. */
export type LifeEnd = { readonly how: 'ended' } | { readonly how: 'killed' } | { readonly how: 'broken'; readonly why: string }

export interface SessionProcess {
  /** Lives until nothing is left to do, or until it is killed. The log goes into `log`. */
  live(life: Life, log: string[]): Promise<LifeEnd>
  /** SIGKILL; resolves when it is dead. */
  kill(): Promise<void>
  /** Lets it end by itself. */
  end(): Promise<void>
}

/** A process of `session-child.ts`. */
export function startSessionProcess(): SessionProcess {
  const env = {
    PATH: process.env['PATH'] ?? '',
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(tmpdir(), 'jada-compile-cache'),
  }
  const child = spawn(process.execPath, [CHILD], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  // It may die while it is written to.
  child.stdin.on('error', () => undefined)
  const errors: string[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  // Closed is later than exited: all that it said has then been heard.
  const closed = once(child, 'close')
  return {
    live: async (life, log) => {
      child.stdin.write(`${JSON.stringify(life)}\n`)
      for (;;) {
        const { done, value } = await lines.next()
        if (done === true) {
          await closed
          if (child.signalCode === 'SIGKILL') return { how: 'killed' }
          return { how: 'broken', why: `it ended with ${String(child.exitCode ?? child.signalCode)}: ${errors.join('')}` }
        }
        const said = JSON.parse(value) as Said
        if ('end' in said) return { how: 'ended' }
        log.push(said.log)
      }
    },
    kill: async () => {
      child.kill('SIGKILL')
      await closed
    },
    end: async () => {
      child.stdin.end()
      await closed
    },
  }
}
