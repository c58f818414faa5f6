import type { Cell } from '../google/sheets-api.ts'
import type { QuarantinedRow } from './charter.ts'
import type { Column } from './columns.ts'
import type { DataProblem, SheetReading } from './outcome.ts'
import { readTab, type TabReading } from './rows.ts'
import type { LocatedTab } from './tabs.ts'

/** A tab's cells as they were fetched. */
export interface TabCells {
  readonly tab: LocatedTab
  readonly cells: readonly (readonly Cell[])[]
  /** Names exactly this content, under this zone and these column rules. */
  readonly contentHash: string
}

export interface Fetched {
  readonly timeZone: string
  readonly tabs: readonly TabCells[]
  readonly missing: readonly string[]
}

export type SoundTab = TabReading & { kind: 'read' }

/** Everything that was fetched, validated; `tabs` holds those whose header could be used. */
export interface Validated {
  /** Titles of all tabs that should be there. */
  readonly wanted: readonly string[]
  readonly tabs: readonly { readonly source: TabCells; readonly reading: SoundTab }[]
  readonly problems: readonly DataProblem[]
  readonly summary: Omit<SheetReading, 'changes'>
}

const EMPTY: SoundTab = { kind: 'read', charters: [], quarantined: [], unknownColumns: [], idCells: new Map() }

/** Quarantines charters whose id an earlier tab of the same reading has too. */
function withoutDoubles(tab: string, reading: SoundTab, earlier: ReadonlyMap<string, string>): SoundTab {
  const doubled = reading.charters.filter((charter) => earlier.has(charter.id))
  if (doubled.length === 0) return reading
  const rows: QuarantinedRow[] = doubled.map(({ id }) => {
    const { row, cell } = reading.idCells.get(id) ?? { row: 0, cell: '' }
    return { tab, row, id, problems: [{ cell, problem: `the id ${id} stands in the tab ${earlier.get(id) ?? ''} as well` }] }
  })
  return {
    ...reading,
    charters: reading.charters.filter((charter) => !earlier.has(charter.id)),
    quarantined: [...reading.quarantined, ...rows],
  }
}

/** Validates every tab before anything is written. Pure. */
export function validateTabs(columns: readonly Column[], fetched: Fetched): Validated {
  const tabs: { source: TabCells; reading: SoundTab }[] = []
  const problems: DataProblem[] = fetched.missing.map((tab) => ({ code: 'missing-tab', tab }))
  const tabOf = new Map<string, string>()
  for (const source of fetched.tabs) {
    const { title } = source.tab
    // A tab without a single cell has no header to drift: it is an empty month, and the loss rule judges it.
    const reading = source.cells.length === 0 ? EMPTY : readTab(columns, title, fetched.timeZone, source.cells)
    if (reading.kind === 'drift') {
      problems.push({ code: 'header-drift', tab: title, missing: reading.missing, doubled: reading.doubled })
      continue
    }
    const sound = withoutDoubles(title, reading, tabOf)
    for (const { id } of sound.charters) tabOf.set(id, title)
    tabs.push({ source, reading: sound })
  }
  const wanted = [...fetched.tabs.map(({ tab }) => tab.title), ...fetched.missing]
  return { wanted, tabs, problems, summary: { tabs: wanted, ...summarise(fetched, tabs) } }
}

function summarise(fetched: Fetched, tabs: Validated['tabs']): Omit<Validated['summary'], 'tabs'> {
  return {
    charters: tabs.reduce((sum, { reading }) => sum + reading.charters.length, 0),
    quarantined: tabs.flatMap(({ reading }) => reading.quarantined),
    renamed: fetched.tabs.flatMap(({ tab }) => (tab.title === tab.current ? [] : [{ title: tab.title, current: tab.current }])),
    unknownColumns: tabs.flatMap(({ source, reading }) => reading.unknownColumns.map((name) => ({ tab: source.tab.title, name }))),
  }
}
