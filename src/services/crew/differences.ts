import type { ChecklistSection, CrewContent } from './page.ts'
import { clockTime, dayWords } from './wording.ts'

const same = (text: string): string => text
const count = (guests: number | null): string => (guests === null ? '' : String(guests))

const SHORT_ENOUGH = 60
const MOST_ITEMS = 3

/** `Captain Sam → Lee`, `Captain added: Lee`, `Captain removed (was Sam)`. */
function describe(label: string, before: string, after: string): string[] {
  if (before === after) return []
  if (before === '') return [after.length > SHORT_ENOUGH ? `${label} added` : `${label} added: ${after}`]
  if (after === '') return [before.length > SHORT_ENOUGH ? `${label} removed` : `${label} removed (was ${before})`]
  return [before.length + after.length > SHORT_ENOUGH ? `${label} changed` : `${label} ${before} → ${after}`]
}

const itemsOf = (checklist: readonly ChecklistSection[]): string[] => checklist.flatMap(({ items }) => items)

function named(verb: string, items: readonly string[]): string[] {
  if (items.length === 0) return []
  const shown = items.slice(0, MOST_ITEMS).map((item) => `"${item}"`)
  const more = items.length - shown.length
  return [`Checklist ${verb}: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`]
}

function checklistChanges(before: readonly ChecklistSection[], after: readonly ChecklistSection[]): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const [old, fresh] = [itemsOf(before), itemsOf(after)]
  const changes = [
    ...named(
      'added',
      fresh.filter((item) => !old.includes(item)),
    ),
    ...named(
      'removed',
      old.filter((item) => !fresh.includes(item)),
    ),
  ]
  return changes.length > 0 ? changes : ['Checklist in another order']
}

function presence(before: CrewContent, after: CrewContent): string[] {
  if (before.removed === after.removed) return []
  return [after.removed ? 'No longer in the port sheet' : 'Back in the port sheet']
}

/** What is other in `after`, in words, the gravest first. Empty: the same in everything a page shows. Pure. */
export function differences(before: CrewContent, after: CrewContent): string[] {
  const of = <F extends keyof CrewContent>(label: string, field: F, words: (value: CrewContent[F]) => string): string[] =>
    describe(label, words(before[field]), words(after[field]))
  return [
    ...presence(before, after),
    ...of('Status', 'status', same),
    ...of('Date', 'date', dayWords),
    ...of('Start', 'start', clockTime),
    ...of('End', 'end', clockTime),
    ...of('Vessel', 'vessel', same),
    ...of('Captain', 'captain', same),
    ...of('Crew', 'crew', same),
    ...of('Guests', 'guests', count),
    ...of('Booked by', 'client', same),
    ...of('Platform', 'source', same),
    ...of('Agreement', 'agreement', same),
    ...of('Notes', 'notes', same),
    ...of('Notes from the office', 'officeNotes', same),
    ...checklistChanges(before.checklist, after.checklist),
  ]
}
