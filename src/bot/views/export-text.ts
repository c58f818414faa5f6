import { cutMarked } from './agent-text.ts'
import type { MessageView } from './alert.ts'
import { cut, escape } from './text.ts'

/** Markdown for people's own documents, and how Slack is made to show it as it is. */

export interface Reader {
  /** Display names by Slack id, as far as they are known. */
  readonly names: ReadonlyMap<string, string>
  readonly zone: string
}

/** Text from outside on one line, in which nothing is Markdown or HTML. */
export const outside = (text: string, most: number): string =>
  cut(text.replaceAll(/\s+/g, ' ').trim(), most)
    .replaceAll('`', "'")
    .replaceAll(/[\\[\]<>*|]/g, String.raw`\$&`)

/** A person by name; whoever is not known, by id. */
export const nameOf = (id: string, { names }: Reader): string => outside(names.get(id) ?? id, 80)

/** `2026-03-02 12:00:05 UTC (04:00 PST)`; with the local day where it is another one. */
export function when(at: number | null, { zone }: Reader): string {
  if (at === null) return 'unknown'
  const utc = new Date(at).toISOString()
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at)
  const time = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  }).format(at)
  return `${utc.slice(0, 19).replace('T', ' ')} UTC (${utc.startsWith(day) ? '' : `${day} `}${time})`
}

const unescape = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

/** What one of Slack's codes shows: a person, a moment, a link. */
function shown(code: string, reader: Reader): string {
  const [, seconds] = /^!date\^(\d+)\^/.exec(code) ?? []
  if (seconds !== undefined) return when(Number(seconds) * 1000, reader)
  const [what = '', label] = code.split('|', 2)
  return what.startsWith('@') ? nameOf(what.slice(1), reader) : outside(unescape(label ?? what), 300)
}

/** Words that were made for Slack, in which text from outside is escaped: their codes read out, their emphasis left out. */
export function fromSlack(text: string, reader: Reader): string {
  return text
    .split(/<([^<>]*)>/)
    .map((part, index) => {
      if (index % 2 === 1) return shown(part, reader)
      const plain = unescape(part.replaceAll(/(^|\s)\*(\S[^*]*)\*(?=$|[\s.:,])/g, '$1$2'))
      return plain.replaceAll(/[\\[\]<>*|]/g, String.raw`\$&`)
    })
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** How long it is once Slack's three characters are escaped. */
export const sizeOf = (text: string): number => fenced(text).length

/** Slack's characters escaped, lines kept; no run of backticks is left that could end a code block. */
const fenced = (text: string): string =>
  text
    .replaceAll(/`{2,}/g, (run) => "'".repeat(run.length))
    .split('\n')
    .map((line) => escape(line))
    .join('\n')

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0)

/** As many lines from both ends as have room; where the middle was cut out, a line says how many of them (`what`) are missing. */
export function fitMiddle(lines: readonly string[], room: number, what: string): string[] {
  const sizes = lines.map((line) => sizeOf(line) + 1)
  if (sum(sizes) <= room) return [...lines]
  let left = room - 120
  let [from, to] = [0, lines.length]
  while (from < to) {
    const size = (from <= lines.length - to ? sizes[from] : sizes[to - 1]) ?? 0
    if (size > left) break
    left -= size
    if (from <= lines.length - to) from += 1
    else to -= 1
  }
  return [...lines.slice(0, from), `- … ${to - from} of ${lines.length} ${what} left out here …`, ...lines.slice(to)]
}

/** A command may be answered five times (Slack's limit of a response_url). */
const MOST_MESSAGES = 5
const MOST_CHARACTERS = 11_000
const LONGEST_LINE = 1500

/** So much goes into the messages there may be, however its lines fall. */
export const EXPORT_ROOM = MOST_MESSAGES * (MOST_CHARACTERS - 300 - LONGEST_LINE)

/** Lines together as long as a message allows. */
function pages(text: string): string[] {
  const full: string[] = []
  let page = ''
  for (const line of fenced(text)
    .split('\n')
    .map((one) => cutMarked(one, LONGEST_LINE))) {
    if (page !== '' && page.length + line.length + 1 > MOST_CHARACTERS - 300) {
      full.push(page)
      page = line
    } else page = page === '' ? line : `${page}\n${line}`
  }
  return [...full, page]
}

/** Markdown as code blocks, in as many messages as it takes; `title` names it above each. What does not fit into five is left out, and that is said. */
export function codeMessages(markdown: string, title: string): MessageView[] {
  const all = pages(markdown)
  const some = all.slice(0, MOST_MESSAGES)
  const end = all.length > some.length ? `\n${all.length - some.length} more pages did not fit and were left out.` : ''
  return some.map((page, index) => {
    const part = some.length === 1 ? '' : `, part ${index + 1} of ${some.length}`
    return { text: `${title}${part}. Only you see this: copy it.\n\`\`\`\n${page}\n\`\`\`${index === some.length - 1 ? end : ''}` }
  })
}
