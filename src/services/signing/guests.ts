import { guestKey } from './request.ts'

/** The guests of a charter, as far as the port sheet names them. */
export interface GuestList {
  /** Each once, in the sheet's order. */
  readonly names: readonly string[]
  /** How many the sheet counts; null: it does not say. */
  readonly expected: number | null
  /** How the names go with the count. */
  readonly match: 'same' | 'unknown' | 'none-named' | 'too-few' | 'too-many'
}

/** More names than any vessel takes, or a longer one than anybody has: then that cell holds something else. */
export const MOST_GUESTS = 100
export const LONGEST_NAME = 100

const BREAKS = /[;\n\r]+/
const ALL_BREAKS = /[;,\n\r|]+|\s(?:and|und|y|&|\+)\s|\s\/\s/iu
/** Such a part belongs to the name before it. */
const SUFFIX = /^(?:jr|sr|ii|iii|iv|md|phd|esq)\.?$/i
const NO_NAME =
  /^(?:tb[acd]|n\/?a|none|unknown|guests?|others?|etc\.?|pending|see(?: the)? (?:below|above|list|attach|e?-?mail|notes?|contract|booking|column|row|sheet|manifest|other)\b.*)$/i
/** What offices put beside a name: it is nobody's business on another page, and no part of the name. */
const CONTACTS = /(?:mailto:)?[^\s@<>()]+@[^\s@<>()]+|\+?\d[\d\s().-]{5,}\d/g

function clean(part: string): string {
  const text = part
    .normalize('NFC')
    .replaceAll(/(?![\t\n])[\p{Cf}\p{Cc}]/gu, '')
    .replaceAll(CONTACTS, ' ')
    .replaceAll(/[<(]\s*[>)]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    // Numbers and marks of a list.
    .replace(/^(?:\d{1,3}[.):]|[-*•·–—])\s*/u, '')
    .replace(/^[\s,:-]+|[\s,:-]+$/g, '')
  return /\p{L}/u.test(text) && !NO_NAME.test(text) ? text.slice(0, LONGEST_NAME).toWellFormed() : ''
}

function namesIn(cell: string, breaks: RegExp): string[] {
  const parts: string[] = []
  for (const raw of cell.split(breaks)) {
    const part = raw.trim()
    if (SUFFIX.test(part) && parts.length > 0) parts.push(`${parts.pop() ?? ''} ${part}`)
    else parts.push(part)
  }
  const names = new Map<string, string>()
  for (const name of parts.map(clean)) if (name !== '' && !names.has(guestKey(name))) names.set(guestKey(name), name)
  return [...names.values()].slice(0, MOST_GUESTS)
}

function matchOf(names: number, expected: number | null): GuestList['match'] {
  if (names === 0) return 'none-named'
  if (expected === null) return 'unknown'
  if (names === expected) return 'same'
  return names < expected ? 'too-few' : 'too-many'
}

/**
 * Reads the cell of guest names. `Ruiz, Ana; Ruiz, Leo` are two people and `Ana Ruiz, Leo Ruiz` are two as well: where both readings are
 * possible, the sheet's number of guests says which is meant.
 */
export function readGuests(cell: string, guests: number | null): GuestList {
  const all = namesIn(cell, ALL_BREAKS)
  const byLine = namesIn(cell, BREAKS)
  const names = byLine.length > 1 && all.length !== guests && byLine.length === guests ? byLine : all
  return { names, expected: guests, match: matchOf(names.length, guests) }
}

const people = (count: number): string => `${count} ${count === 1 ? 'guest' : 'guests'}`

/** What the office should know about the list; null: nothing. */
export function guestNote({ names, expected, match }: GuestList): string | null {
  switch (match) {
    case 'same':
      return null
    case 'unknown':
      return `The sheet does not say how many guests come; ${people(names.length)} ${names.length === 1 ? 'is' : 'are'} named.`
    case 'none-named':
      return 'The sheet names no guests. Fill in the guest names, one after the other with commas between them.'
    case 'too-few':
      return `The sheet counts ${people(expected ?? 0)} but names ${names.length}: the others have no agreement yet.`
    case 'too-many':
      return `The sheet counts ${people(expected ?? 0)} but names ${names.length}: correct one of the two.`
  }
}
