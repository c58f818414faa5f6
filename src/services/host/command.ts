import { spawn } from 'node:child_process'
import { errorCode } from '../../errors.ts'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly stdin?: string
  /** More than this on standard output ends the program; the rest is never read. */
  readonly mostBytes: number
  /** Each whole line of standard output. Without it all of it is in the result. */
  readonly line?: (text: string) => void
}

/** How a program ended. `cut`: it had more to say than may be read. */
export type Ended =
  | { readonly kind: 'ended'; readonly code: number | null; readonly stdout: string; readonly stderr: string; readonly cut: boolean }
  | { readonly kind: 'missing' }
  | { readonly kind: 'timeout'; readonly stdout: string }

const MOST_STDERR = 4000
/** A line longer than this is no line that anybody reads. */
const LONGEST_LINE = 1_000_000

/** Splits what comes into lines without keeping more than one; `line` undefined: keeps it all. */
function createSink(line: Command['line'], mostBytes: number) {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  let tooLong = false
  return {
    /** False: it is enough. */
    take: (chunk: Buffer): boolean => {
      const room = mostBytes - bytes
      bytes += chunk.length
      text += decoder.decode(chunk.subarray(0, Math.max(0, room)), { stream: true })
      if (line !== undefined) {
        const parts = text.split('\n')
        text = parts.pop() ?? ''
        for (const part of parts) {
          if (!tooLong) line(part)
          tooLong = false
        }
        if (text.length > LONGEST_LINE) [text, tooLong] = ['', true]
      }
      return bytes <= mostBytes
    },
    // What was cut in the middle is no line.
    rest: (cut: boolean): string => {
      if (line !== undefined && !cut && !tooLong && text !== '') line(text)
      return line === undefined ? text : ''
    },
  }
}

/** Runs a program of the system, without a shell, against a deadline. Never throws; nothing of it outlives this call. */
export function runCommand(command: Command, signal: AbortSignal): Promise<Ended> {
  const { file, args, env, timeoutMs, stdin, mostBytes, line } = command
  const timeout = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const sink = createSink(line, mostBytes)
  return new Promise((resolve) => {
    let stderr = ''
    let cut = false
    const child = spawn(file, args, { env: { ...env, LC_ALL: 'C' }, signal: timeout, killSignal: 'SIGKILL', stdio: 'pipe' })
    child.stdout.on('data', (chunk: Buffer) => {
      if (cut || sink.take(chunk)) return
      cut = true
      child.kill('SIGKILL')
    })
    child.stderr.on('data', (chunk: Buffer) => {
      if (stderr.length < MOST_STDERR) stderr = `${stderr}${chunk.toString('utf8')}`.slice(0, MOST_STDERR)
    })
    // A program that does not read what it is told has its reasons, and its exit code says them.
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin ?? '')
    child.once('error', (error) => {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EACCES') resolve({ kind: 'missing' })
      else if (child.pid === undefined) resolve({ kind: 'timeout', stdout: '' })
    })
    child.once('close', (code) => {
      const stdout = sink.rest(cut)
      resolve(timeout.aborted ? { kind: 'timeout', stdout } : { kind: 'ended', code, stdout, stderr, cut })
    })
  })
}
