import type { Readable } from 'node:stream'
import { redact, type Log } from '../../log.ts'
import { hide, type StdioServer } from './server.ts'

/** Whole lines of a stream. Of one that never ends no more than `most` characters are kept: then `tooLong` is called. */
export function onLines(stream: Readable, most: number, take: (line: string) => void, tooLong: () => void): void {
  let pending = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (pending + chunk).split('\n')
    pending = lines.pop() ?? ''
    for (const line of lines) take(line.trimEnd())
    if (pending.length <= most) return
    pending = ''
    tooLong()
  })
  stream.on('error', () => undefined)
}

/** Lines of a server that are logged, of each start, and how long they may be. */
const MOST_LINES = 50
const LONGEST_LINE = 500

/** What a server said, for the log: without what looks like a credential, and shortened. */
export const logged = (server: StdioServer, text: string): string => redact(hide(server, text)).slice(0, LONGEST_LINE)

/** What the server writes for people. */
export function logStderr(stream: Readable, server: StdioServer, log: Log): void {
  let count = 0
  const say = (line: string): void => {
    if (line === '' || count > MOST_LINES) return
    count += 1
    log.info('mcp', count > MOST_LINES ? `${server.name} says more, which is left out` : `${server.name} says: ${logged(server, line)}`)
  }
  onLines(stream, LONGEST_LINE * 4, say, () => say('(a line without an end)'))
}
