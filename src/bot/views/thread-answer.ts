import type { KnownBlock, TableBlock } from '@slack/types'
import type { ThreadAnswer } from '../../services/incidents/ports.ts'
import type { MessageView } from './alert.ts'
import { section } from './blocks.ts'
import { cut } from './text.ts'

/** A table of Slack has at most 100 rows of 20 cells. */
const MOST_ROWS = 20

// Cells are raw text: nothing in them means anything to Slack, so what was escaped for the text is shown as it was.
const plain = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

function table(rows: NonNullable<ThreadAnswer['table']>): TableBlock {
  const cells = rows.slice(0, MOST_ROWS).map((row) => row.map((cell) => ({ type: 'raw_text' as const, text: plain(cut(cell, 400)) || '-' })))
  return { type: 'table', rows: cells, column_settings: (rows[0] ?? []).map(() => ({ is_wrapped: true })) }
}

/** What is said in a thread: one text, or its first line and a table that holds the rest. */
export function answerView({ text, table: rows }: ThreadAnswer): MessageView {
  if (rows === null) return { text }
  const blocks: KnownBlock[] = [section(text.split('\n')[0] ?? text), table(rows)]
  return { text, blocks }
}
