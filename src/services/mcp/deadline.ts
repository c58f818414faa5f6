import type { Clock } from '../../clock.ts'
import { JadaError } from '../../errors.ts'

/** Runs against a deadline and the caller's signal; when one of them ends it, throws JadaError `mcp-timeout` or `mcp-aborted`. */
export async function within<T>(
  clock: Clock,
  ms: number,
  caller: AbortSignal | null,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController()
  let cleanUp = (): void => undefined
  const ended = new Promise<never>((_resolve, reject) => {
    const end = (code: string, words: string): void => {
      reject(new JadaError(code, words, { retry: 'later' }))
      own.abort()
    }
    const aborted = (): void => end('mcp-aborted', 'it was stopped')
    const cancel = clock.after(ms, () => end('mcp-timeout', `it did not answer within ${ms / 1000} s`))
    caller?.addEventListener('abort', aborted, { once: true })
    if (caller?.aborted === true) aborted()
    cleanUp = () => {
      cancel()
      caller?.removeEventListener('abort', aborted)
    }
  })
  try {
    return await Promise.race([run(own.signal), ended])
  } finally {
    cleanUp()
  }
}
