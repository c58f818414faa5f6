/** Slack's limits that our views come near to (docs.slack.dev, Block Kit reference). */
export const LIMITS = {
  sectionText: 3000,
  fieldText: 2000,
  contextText: 2000,
  headerText: 150,
  messageText: 9500,
  noteText: 12_000,
  buttonValue: 2000,
  url: 3000,
} as const

/** Text from outside, so that it cannot be a mention, a link or a channel-wide call; line breaks become spaces. */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(/\s+/g, ' ')
}

/** At most so many characters; never half of one that takes two. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** As many lines as fit, with what was left out said at the end. */
export function fitLines(lines: readonly string[], most: number): string {
  let text = ''
  for (const [index, line] of lines.entries()) {
    const next = text === '' ? line : `${text}\n${line}`
    const rest = `\n… and ${lines.length - index} more`
    if (next.length + rest.length > most) {
      const others = lines.length > 1 ? `\n… and ${lines.length - 1} more` : ''
      return index === 0 ? `${cut(line, most - others.length)}${others}` : `${text}${rest}`
    }
    text = next
  }
  return text
}

/** The first line and as many of the last as fit: of a long story, the beginning and the end. */
export function fitEnds(lines: readonly string[], most: number): string {
  if (lines.join('\n').length <= most) return lines.join('\n')
  const first = lines[0] ?? ''
  const last: string[] = []
  let length = first.length + 30
  for (const line of lines.slice(1).toReversed()) {
    length += line.length + 1
    if (length > most) break
    last.unshift(line)
  }
  return cut([first, `… ${lines.length - 1 - last.length} left out …`, ...last].join('\n'), most)
}

/** A moment in the reader's own zone; `{fallback}` for clients that cannot, in UTC. */
export function moment(time: number | null): string {
  if (time === null) return 'unknown'
  const fallback = `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return `<!date^${Math.floor(time / 1000)}^{date_short_pretty} {time}|${fallback}>`
}

/** A length of time in words: `45 s`, `12 min`, `3 h 10 m`, `6 d 4 h`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} m`
  const days = Math.floor(hours / 24)
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`
}

export function ago(time: number | null, now: number): string {
  if (time === null) return 'never'
  return now - time < 2000 ? 'just now' : `${duration(now - time)} ago`
}
