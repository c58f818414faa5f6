// @ts-check
/** @import { Fields, RenderContext } from './types.js' */
/** @import { Markup } from './html.js' */
import { attributes, html, join } from './html.js'
import { fieldsOf, listOf, numberOf, stringOf } from './json.js'
import { richTextView } from './rich-text.js'

/**
 * A table that scrolls by itself where it is wider than the page.
 *
 * @param {Markup} rows
 * @param {string} name
 * @param {Markup} [caption]
 */
export const scrollingTable = (rows, name, caption) =>
  html`<div class="sl-scroll" role="region" tabindex="0" ${attributes({ 'aria-label': name })}>
    <table class="sl-table">
      ${caption}${rows}
    </table>
  </div>`

/**
 * @param {Fields} cell
 * @param {RenderContext} context
 */
function cellView(cell, context) {
  return cell['type'] === 'rich_text' ? richTextView(cell, context) : html`${stringOf(cell['text'])}`
}

/**
 * @param {unknown} rows
 * @param {RenderContext} context
 * @param {(column: number, cell: Fields) => string} styleOf
 * @param {number | undefined} headColumn
 */
function rowsView(rows, context, styleOf, headColumn) {
  const lines = (Array.isArray(rows) ? rows : []).map((row, index) => {
    const cells = listOf(row).map((cell, column) => {
      const view = cellView(cell, context)
      const style = attributes({ class: styleOf(column, cell) || undefined })
      if (index === 0) return html`<th scope="col" ${style}>${view}</th>`
      return column === headColumn ? html`<th scope="row" ${style}>${view}</th>` : html`<td ${style}>${view}</td>`
    })
    return html`<tr>
      ${join(cells)}
    </tr>`
  })
  const [head, ...rest] = lines
  return html`<thead>
      ${head}
    </thead>
    <tbody>
      ${rest}
    </tbody>`
}

/**
 * @param {Fields} block
 * @param {RenderContext} context
 */
export function tableView(block, context) {
  const settings = Array.isArray(block['column_settings']) ? block['column_settings'].map(fieldsOf) : []
  /** @param {number} column @param {Fields} cell */
  const styleOf = (column, cell) => {
    const { align, is_wrapped } = settings[column] ?? {}
    const side = align === 'center' || align === 'right' ? align : undefined
    const natural = cell['type'] === 'raw_number' && align === undefined ? 'right' : undefined
    return [side ?? natural, is_wrapped === true ? 'wrap' : undefined].flatMap((one) => (one ? [`sl-${one}`] : [])).join(' ')
  }
  return scrollingTable(rowsView(block['rows'], context, styleOf, undefined), 'Table')
}

/**
 * @param {Fields} block
 * @param {RenderContext} context
 */
export function dataTableView(block, context) {
  const caption = stringOf(block['caption'])
  /** @param {number} _column @param {Fields} cell */
  const styleOf = (_column, cell) => (cell['type'] === 'raw_number' ? 'sl-right' : '')
  const rows = rowsView(block['rows'], context, styleOf, numberOf(block['row_header_column_index']))
  return scrollingTable(
    rows,
    caption,
    html`<caption>
      ${caption}
    </caption>`,
  )
}
