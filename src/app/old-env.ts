/** What an .env file says, read as shells, systemd and the usual libraries agree on; where they do not, a line is told and not guessed. Pure. */

export interface OldEnv {
  readonly values: ReadonlyMap<string, string>
  /** Names that stand there more than once; the last one counts, as it does for all of them. */
  readonly repeated: readonly string[]
  /** Lines, from 1, that are no setting. Never with their text: it may be a secret. */
  readonly unread: readonly { readonly line: number; readonly why: string }[]
}

const LINE = /^(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=(.*)$/s

type Value = { readonly value: string } | { readonly why: string }

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/** What stands in quotes, up to the closing one; behind it only a comment may follow. */
function quoted(text: string, quote: '"' | "'"): Value {
  let value = ''
  for (let at = 1; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === quote) {
      return /^\s*(?:#.*)?$/.test(text.slice(at + 1)) ? { value } : { why: 'something stands behind its closing quote' }
    }
    if (char === '\\' && quote === '"') {
      at += 1
      value += ESCAPES[text.charAt(at)] ?? text.charAt(at)
    } else value += char
  }
  return { why: 'its quote is not closed on that line' }
}

function readValue(raw: string): Value {
  const text = raw.trim()
  const [first] = text
  const isLiteral = first === "'"
  const read = first === '"' || first === "'" ? quoted(text, first) : { value: text.replace(/(?:^|\s+)#.*$/s, '') }
  if ('why' in read) return read
  return !isLiteral && /\$(?:\{|\(|[A-Za-z_])/.test(read.value) ? { why: 'it refers to another variable' } : read
}

export function readOldEnv(text: string): OldEnv {
  const values = new Map<string, string>()
  const repeated = new Set<string>()
  const unread: { line: number; why: string }[] = []
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n|\r/)
    .entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const [, name, rest = ''] = LINE.exec(line) ?? []
    const read = name === undefined ? { why: 'it is no NAME=value' } : readValue(rest)
    if (name === undefined || 'why' in read) {
      unread.push({ line: index + 1, why: 'why' in read ? read.why : '' })
      continue
    }
    if (values.has(name)) repeated.add(name)
    values.set(name, read.value)
  }
  return { values, repeated: [...repeated], unread }
}
