import type { KnownBlock, TableBlock } from '@slack/types'
import type { ThreadAnswer } from '../../services/incidents/ports.ts'
import type { MessageView } from './alert.ts'
import { section } from './blocks.ts'
import { toldSection, unlinked } from './agent-text.ts'
import { cut } from './text.ts'

/** A table of Slack has at most 100 rows of 20 cells. */
const MOST_ROWS = 20
const LONGEST_CELL = 300

// Cells are raw text: nothing in them means anything to Slack. An empty one is refused.
function table(rows: readonly (readonly string[])[]): TableBlock {
  const cells = rows
    .slice(0, MOST_ROWS)
    .map((row) => row.map((cell) => ({ type: 'raw_text' as const, text: cut(cell.trim(), LONGEST_CELL) || '-' })))
  return { type: 'table', rows: cells, column_settings: (rows[0] ?? []).map(() => ({ is_wrapped: true })) }
}

/** What is said in a thread. Where Slack cannot draw the table, the text says all of it. */
export function answerView({ text, table: shown, verbatim = false }: ThreadAnswer): MessageView {
  if (verbatim) return { text: unlinked(text), blocks: [toldSection(text)] }
  if (shown === null) return { text }
  const blocks: KnownBlock[] = [section(shown.lead), table(shown.rows)]
  return { text, blocks }
}
