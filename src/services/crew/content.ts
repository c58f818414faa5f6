import type { Charter, Field } from '../sheets/charter.ts'
import { maskId, maskKnown, maskLike, type KnownMask } from './mask.ts'
import type { ChecklistSection, CrewContent } from './page.ts'

export interface ContentSource {
  readonly charter: Charter
  /** The row is gone from the port sheet. */
  readonly removed: boolean
  readonly checklist: readonly ChecklistSection[]
  readonly officeNotes: string
  /** What `sheet.yml` calls private. Money and contact are, whatever it says. */
  readonly privateFields: ReadonlySet<Field>
}

const SHORT_TEXT = 200
const LONG_TEXT = 3000
/** More people than any vessel takes: then somebody typed something else into that cell, such as a phone number. */
const MOST_GUESTS = 999

const cut = (text: string, most: number): string =>
  text.length <= most
    ? text
    : `${text
        .slice(0, most - 1)
        .toWellFormed()
        .trimEnd()}…`

/** Half a word, which could be half a number that is not known any more, goes with what is cut off. */
const bounded = (text: string, most: number): string => (text.length <= most * 2 ? text : text.slice(0, most * 2).replace(/\S+$/, ''))

const short = (known: KnownMask, text: string): string =>
  cut(
    maskLike(known.short(bounded(text, SHORT_TEXT)))
      .replaceAll(/\s+/g, ' ')
      .trim(),
    SHORT_TEXT,
  )

const free = (known: KnownMask, text: string): string => cut(maskLike(known.free(bounded(text, LONG_TEXT))).trim(), LONG_TEXT)

/**
 * A charter as the crew may see it. Only what is named here gets onto the page, and every text of it is masked: what an office types into
 * a column of notes is often a phone number or a sum. Items of the checklist keep the numbers of harbours: they lose only what this
 * charter's private columns hold.
 */
export function crewContent({ charter, removed, checklist, officeNotes, privateFields }: ContentSource): CrewContent {
  const known = maskKnown(charter, privateFields)
  const text = (field: 'vessel' | 'source' | 'client' | 'captain' | 'crew' | 'agreement'): string =>
    privateFields.has(field) ? '' : short(known, charter[field])
  const { guests } = charter
  return {
    id: maskId(known.short(charter.id)),
    date: charter.date,
    start: charter.start,
    end: charter.end,
    vessel: text('vessel'),
    source: text('source'),
    client: text('client'),
    guests: guests === null || guests > MOST_GUESTS || privateFields.has('guests') ? null : guests,
    captain: text('captain'),
    crew: text('crew'),
    agreement: text('agreement'),
    status: short(known, charter.status),
    notes: privateFields.has('notes') ? '' : free(known, charter.notes),
    officeNotes: free(known, officeNotes),
    checklist: checklist.map(({ title, items }) => ({ title: known.free(title), items: items.map((item) => known.free(item)) })),
    removed,
  }
}

/** A checklist that somebody wrote for one charter, as it may be kept: without anybody's number or sum. */
export function maskChecklist(checklist: readonly ChecklistSection[]): ChecklistSection[] {
  return checklist.map(({ title, items }) => ({
    title: cut(maskLike(title).trim(), SHORT_TEXT),
    items: items.map((item) => cut(maskLike(item).trim(), SHORT_TEXT)),
  }))
}
