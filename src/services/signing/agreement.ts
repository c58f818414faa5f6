import { createHash } from 'node:crypto'
import { Marked, type RendererObject, type TokenizerObject } from 'marked'
import { JadaError } from '../../errors.ts'
import { maskKnown } from '../crew/mask.ts'
import type { Charter, Field } from '../sheets/charter.ts'

/** The operator's template, checked. */
export interface Agreement {
  readonly template: string
}

/** What a template may name, and the column it comes from. Money, contact and notes are not here, whatever `sheet.yml` says. */
const PLACEHOLDERS = {
  guest: null,
  charter: 'id',
  date: 'date',
  start: 'start',
  end: 'end',
  vessel: 'vessel',
  captain: 'captain',
  guests: 'guests',
} as const satisfies Readonly<Record<string, Field | null>>

type Placeholder = keyof typeof PLACEHOLDERS

const isKnown = (name: string): name is Placeholder => Object.hasOwn(PLACEHOLDERS, name)

const PATTERN = /\{\{([^{}]*)\}\}/g
const LONGEST_TEMPLATE = 60_000

const fail = (problem: string): never => {
  throw new JadaError('config-file', `agreement.md cannot be used: ${problem}`)
}

/** Reads `agreement.md`. Throws JadaError `config-file` that names what is wrong and what there is. */
export function parseAgreement(text: string, privateFields: ReadonlySet<Field>): Agreement {
  const template = text.replaceAll(/\r\n?/g, '\n').trim()
  if (template === '') fail('it is empty')
  if (template.length > LONGEST_TEMPLATE) fail(`it is longer than ${LONGEST_TEMPLATE} characters`)
  const names = [...new Set([...template.matchAll(PATTERN)].map((match) => (match[1] ?? '').trim()))]
  const usable = Object.entries(PLACEHOLDERS).flatMap(([name, field]) => (field !== null && privateFields.has(field) ? [] : [name]))
  const known = `Known are ${usable.map((name) => `{{${name}}}`).join(', ')}`
  const hidden = names.filter((name) => isKnown(name) && !usable.includes(name))
  if (hidden.length > 0) fail(`{{${hidden.join('}}, {{')}}} is a private column of sheet.yml and cannot be shown to guests. ${known}`)
  const unknown = names.filter((name) => !isKnown(name))
  if (unknown.length > 0) fail(`{{${unknown.join('}}, {{')}}} is not known. ${known}`)
  if (/\{\{|\}\}/.test(template.replaceAll(PATTERN, ''))) fail('a placeholder is not closed; write it like {{guest}}')
  return { template }
}

/** Values are text: nothing in them is markup, a link, or another placeholder. */
function literal(value: string): string {
  return value
    .normalize('NFC')
    .replaceAll(/[\p{Cf}\p{Cc}]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_[\]()<>&~|{}]/g, String.raw`\$&`)
    .replace(/^[#+=:-]/, String.raw`\$&`)
    .replace(/^(\d+)([.)])/, String.raw`$1\$2`)
}

const clockTime = (minutes: number): string => {
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60]
  return `${hour % 12 === 0 ? 12 : hour % 12}:${String(minute).padStart(2, '0')} ${hour < 12 ? 'AM' : 'PM'}`
}

/** `Wednesday, November 4, 2026`. */
export function dayInWords(date: string): string {
  const at = new Date(`${date}T12:00:00Z`)
  return Number.isNaN(at.getTime()) ? date : new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', dateStyle: 'full' }).format(at)
}

const OPEN = 'to be confirmed'

/** The exact text for this guest, in Markdown. What the charter's private columns hold is hidden, wherever else the office wrote it. */
export function fillAgreement({ template }: Agreement, charter: Charter, guest: string, privateFields: ReadonlySet<Field>): string {
  // A guest's own name is on the guest's own page, also where the column of all names is private.
  const mask = maskKnown(charter, new Set([...privateFields].filter((field) => field !== 'guestNames')))
  const values: Readonly<Record<Placeholder, string>> = {
    guest: mask.short(guest),
    charter: mask.short(charter.id),
    date: dayInWords(charter.date),
    start: clockTime(charter.start),
    end: clockTime(charter.end),
    vessel: mask.short(charter.vessel),
    captain: mask.short(charter.captain),
    guests: charter.guests === null ? '' : String(charter.guests),
  }
  return template.replaceAll(PATTERN, (_whole, inner: string) => {
    const name = inner.trim()
    const value = isKnown(name) ? literal(values[name]) : ''
    return value === '' ? OPEN : value
  })
}

export const documentHash = (document: string): string => createHash('sha256').update(document).digest('hex')

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')

const SAFE = new Set(['http:', 'https:', 'mailto:'])

/**
 * Without the tokenizers of HTML, a `<` is a character like any other. A renderer alone would not do: after an inline `<pre>` marked 18
 * passes text on unescaped. Bare addresses are no links either, or a guest's name could be one.
 */
const NO_HTML: TokenizerObject = { html: () => undefined, tag: () => undefined, url: () => undefined, autolink: () => undefined }

const RENDERER: RendererObject = {
  html: ({ text }) => escape(text),
  image: ({ text }) => escape(text),
  checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  // The page has its own first heading.
  heading({ tokens, depth }) {
    const level = Math.min(depth + 1, 6)
    return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`
  },
  link({ href, tokens }) {
    const words = this.parser.parseInline(tokens)
    const address = URL.parse(href)
    return address === null || !SAFE.has(address.protocol)
      ? words
      : `<a href="${escape(address.href)}" target="_blank" rel="noopener noreferrer">${words}</a>`
  },
}

const markdown = new Marked({ gfm: true, async: false, tokenizer: NO_HTML, renderer: RENDERER })

/** Safe HTML: no element of the text's own, and links only to http, https and mailto. */
export function renderAgreement(document: string): string {
  return markdown.parse(document, { async: false })
}
