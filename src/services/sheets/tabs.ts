import { DateTime } from 'luxon'
import type { SpreadsheetOutline } from '../google/sheets-api.ts'

/** `{yyyy}`, `{MM}`, `{MMMM yyyy}`: whatever stands in braces is a date format (Unicode LDML letters). */
const PLACEHOLDER = /\{([^}]+)\}/g

/** The tabs that must be read now: a fixed title, or this and the next month's by the pattern, in the sheet's zone. */
export function wantedTabs(pattern: string, now: number, zone: string): string[] {
  if (!/\{[^}]+\}/.test(pattern)) return [pattern]
  const month = DateTime.fromMillis(now, { zone, locale: 'en-US' }).startOf('month')
  const title = (date: DateTime): string => pattern.replaceAll(PLACEHOLDER, (_, format: string) => date.toFormat(format))
  return [...new Set([title(month), title(month.plus({ months: 1 }))])]
}

/** A tab seen before: which grid had which title. */
export interface KnownTab {
  readonly title: string
  readonly gridId: number
}

export interface LocatedTab {
  /** The title it is known by here; charters and messages use it. */
  readonly title: string
  /** Its title in the sheet now. */
  readonly current: string
  readonly gridId: number
}

/** Finds the wanted tabs by title, else by the grid id that title had before: a renamed tab is the same tab. */
export function locateTabs(
  wanted: readonly string[],
  known: readonly KnownTab[],
  outline: SpreadsheetOutline,
): { located: LocatedTab[]; missing: string[] } {
  const located: LocatedTab[] = []
  const missing: string[] = []
  for (const title of wanted) {
    const gridId = known.find((tab) => tab.title === title)?.gridId
    const found =
      outline.tabs.find((tab) => tab.title === title) ?? outline.tabs.find((tab) => tab.gridId === gridId && !wanted.includes(tab.title))
    if (found === undefined) missing.push(title)
    else located.push({ title, current: found.title, gridId: found.gridId })
  }
  return { located, missing }
}
