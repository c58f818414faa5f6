import type { CharterChange, QuarantinedRow } from './charter.ts'
import type { DataProblem } from './outcome.ts'

/** Plain words about the sheet, shared by cards, answers, the log and the terminal. No private columns. */

const listed = (items: readonly string[], most = 5): string =>
  items.length <= most ? items.join(', ') : `${items.slice(0, most).join(', ')} and ${items.length - most} more`

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

export function describeProblem(problem: DataProblem): string {
  switch (problem.code) {
    case 'missing-tab':
      return `The tab "${problem.tab}" is missing. Create it, or change JADA_SHEET_TAB.`
    case 'header-drift': {
      const missing = problem.missing.length > 0 ? [`missing: ${listed(problem.missing)}`] : []
      const doubled = problem.doubled.length > 0 ? [`twice: ${listed(problem.doubled)}`] : []
      return `The header of the tab "${problem.tab}" changed (${[...missing, ...doubled].join('; ')}). Rename the columns back, or add the new names to sheet.yml.`
    }
    case 'held':
      return `${problem.removed.length} of ${counted(problem.before, 'charter')} would disappear from the tab "${problem.tab}" (${listed(problem.removed)}). Nothing of that tab is applied until an operator confirms.`
  }
}

export function describeQuarantine(row: QuarantinedRow): string[] {
  return row.problems.map(({ cell, problem }) => `tab ${row.tab}, cell ${cell}: ${problem}`)
}

/** What a sync brought, as a sentence: `2 charters added, 1 changed.` */
export function describeChanges(changes: readonly CharterChange[]): string {
  const kinds = (['added', 'changed', 'restored', 'removed'] as const).flatMap((what) => {
    const count = changes.filter((change) => change.what === what).length
    return count === 0 ? [] : [{ what, count }]
  })
  const [first, ...rest] = kinds
  if (first === undefined) return 'No charter changed.'
  return `${[`${counted(first.count, 'charter')} ${first.what}`, ...rest.map(({ what, count }) => `${count} ${what}`)].join(', ')}.`
}
