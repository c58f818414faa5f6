import { createInterface } from 'node:readline'
import type { Interface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

import { wrap } from './look.ts'
import type { Look } from './look.ts'

/** Where lines go and where they come from: a person's terminal with a prompt, or a pipe. */
export interface Screen {
  readonly isInteractive: boolean
  show(lines: readonly string[]): void
  /** The sandbox's own voice. */
  say(text: string): void
  /** The line that is about to be worked on, for a transcript. */
  echo(line: string): void
  /** Each line once. */
  readonly lines: AsyncIterable<string>
  /** Ctrl-C while a prompt stands. */
  onInterrupt(listener: () => void): void
  /** Waiting for the next line. */
  ready(): void
  close(): void
}

export interface ScreenDeps {
  readonly input: Readable & { isTTY?: boolean }
  readonly output: Writable & { isTTY?: boolean }
  readonly look: Look
}

const PROMPT = '> '
const VOICE = '-- '

export function createScreen({ input, output, look }: ScreenDeps): Screen {
  const isInteractive = input.isTTY === true && output.isTTY === true
  const reader: Interface = createInterface(isInteractive ? { input, output, prompt: PROMPT } : { input })
  // From the first moment: lines of a pipe come long before anybody asks for them.
  const lines = reader[Symbol.asyncIterator]()
  let isOpen = true
  reader.once('close', () => (isOpen = false))
  const show = (lines: readonly string[]): void => {
    if (lines.length === 0) return
    // Over the prompt and what is half typed, then both again below.
    const clear = isInteractive ? '\r\u001B[J' : ''
    output.write(`${clear}${lines.join('\n')}\n`)
    if (isInteractive && isOpen) reader.prompt(true)
  }
  return {
    isInteractive,
    show,
    say: (text) => show(wrap(`${VOICE}${text}`, look.width, ' '.repeat(VOICE.length)).map((line) => look.tint('blue', line))),
    echo(line) {
      if (!isInteractive) show(['', look.bold(`${PROMPT}${line}`)])
    },
    lines,
    onInterrupt: (listener) => void reader.on('SIGINT', listener),
    ready() {
      if (isInteractive) reader.prompt(true)
    },
    close: () => reader.close(),
  }
}
