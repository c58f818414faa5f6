// @ts-check
/** @import { SheetView } from '../protocol.ts' */
import { byId, make, whenChanged } from './dom.js'
import { model, onChange } from './model.js'
import { askWorld } from './talk.js'
import { headView, showState } from './world.js'

let tab = ''
/** The one cell that the Tab key reaches; the arrows go to the others. */
let place = { row: 1, col: 0 }

const table = make('table', { class: 'grid', 'aria-label': 'Port sheet' })
const tabs = make('div', { class: 'sheet-tabs', role: 'group', 'aria-label': 'Tabs of the port sheet' })

/** @param {number} row @param {number} col */
const cellAt = (row, col) => table.rows[row]?.cells[col]?.querySelector('input') ?? null

/** @param {number} row @param {number} col */
function goTo(row, col) {
  const next = cellAt(row, col)
  if (next === null) return
  const before = cellAt(place.row, place.col)
  if (before !== null) before.tabIndex = -1
  place = { row, col }
  next.tabIndex = 0
  next.focus()
  next.select()
}

/** Where a cell stands now: rows above it come and go. @param {Element} inside */
function placeOf(inside) {
  const cell = inside.closest('td, th')
  const row = inside.closest('tr')
  return cell instanceof HTMLTableCellElement && row !== null ? { row: row.rowIndex, col: cell.cellIndex } : place
}

/** @param {HTMLInputElement} input */
function commit(input) {
  if (input.value === input.dataset['held']) return
  input.dataset['held'] = input.value
  void askWorld({ act: 'type', tab, ...placeOf(input), text: input.value })
}

/** @param {KeyboardEvent} event */
function move(event) {
  const input = /** @type {HTMLInputElement} */ (event.currentTarget)
  const { row, col } = placeOf(input)
  const { selectionStart, selectionEnd, value } = input
  const all = selectionStart === 0 && selectionEnd === value.length
  if (event.key === 'Escape') {
    if (input.value === input.dataset['held']) return
    input.value = input.dataset['held'] ?? ''
    event.stopPropagation()
  } else if (event.key === 'Enter') goTo(row + 1, col)
  else if (event.key === 'ArrowDown') goTo(row + 1, col)
  else if (event.key === 'ArrowUp') goTo(row - 1, col)
  else if (event.key === 'ArrowLeft' && (all || selectionEnd === 0)) goTo(row, col - 1)
  else if (event.key === 'ArrowRight' && (all || selectionStart === value.length)) goTo(row, col + 1)
  else return
  event.preventDefault()
  if (event.key === 'Enter') commit(input)
}

/** @param {boolean} isHeader */
function cellView(isHeader) {
  const input = make('input', { tabindex: '-1', autocomplete: 'off', spellcheck: 'false' })
  input.addEventListener('change', () => commit(input))
  input.addEventListener('keydown', move)
  // However one got here: from here the arrows go on.
  input.addEventListener('focus', () => (place = placeOf(input)))
  return make(isHeader ? 'th' : 'td', isHeader ? { scope: 'col' } : {}, input)
}

/** @param {SheetView} sheet @param {number} row */
function rowView(sheet, row) {
  const cells = (sheet.rows[row] ?? []).map(() => cellView(row === 0))
  if (row === 0) return make('tr', {}, ...cells, make('td', {}))
  const remove = make('button', { type: 'button', class: 'row-delete', title: 'Delete this row' }, '×')
  remove.addEventListener('click', () => void askWorld({ act: 'delete-row', tab, row: placeOf(remove).row }))
  return make('tr', {}, ...cells, make('td', { class: 'row-tools' }, remove))
}

/** Writes what the sheet holds now; what somebody is typing stays. @param {HTMLTableRowElement} line @param {SheetView} sheet @param {number} row */
function fillRow(line, sheet, row) {
  const texts = sheet.rows[row] ?? []
  const name = row === 0 ? '' : (texts[0] ?? `row ${row + 1}`)
  line.querySelector('button')?.setAttribute('aria-label', `Delete the row of ${name}`)
  for (const [col, text] of texts.entries()) {
    const input = line.cells[col]?.querySelector('input')
    if (input === null || input === undefined) continue
    const isTyped = input.dataset['held'] !== undefined && input.value !== input.dataset['held']
    input.setAttribute('aria-label', row === 0 ? `Header of column ${col + 1}` : `${sheet.rows[0]?.[col] ?? ''} of ${name}`)
    input.dataset['kind'] = row === 0 ? 'header' : sheet.kinds[col]
    input.dataset['held'] = text
    input.size = Math.min(24, Math.max(4, ...sheet.rows.map((cells) => cells[col]?.length ?? 0)))
    if (!isTyped && input.value !== text) input.value = text
  }
}

/** What a row is known by when the table changes: its charter, and which of them when there are several. @param {SheetView} sheet */
function keysOf({ title, rows }) {
  /** @type {Map<string, number>} */
  const seen = new Map()
  return rows.map(([id = ''], row) => {
    const name = row === 0 ? 'header' : `charter ${id}`
    const count = seen.get(name) ?? 0
    seen.set(name, count + 1)
    return `${title} ${name} ${count}`
  })
}

/**
 * Each row of the sheet: the same element as before wherever that can be, so that nothing is lost of what is being typed.
 *
 * @param {SheetView} sheet
 */
function linesOf(sheet) {
  const keys = keysOf(sheet)
  const before = [...table.rows]
  const known = new Map(before.map((line) => [line.dataset['key'] ?? '', line]))
  const isSameLength = before.length === keys.length
  return keys.map((key, row) => {
    const there = before[row]
    // Its id was changed, and nothing else about the rows.
    const renamed = isSameLength && there !== undefined && !keys.includes(there.dataset['key'] ?? '') && row > 0 ? there : undefined
    const line = known.get(key) ?? renamed
    const kept = line !== undefined && line.cells.length === (sheet.rows[row]?.length ?? 0) + 1 ? line : rowView(sheet, row)
    kept.dataset['key'] = key
    return kept
  })
}

/** Brings the table up to date, and leaves the person where they are. @param {SheetView} sheet */
function drawTable(sheet) {
  const wasInside = table.contains(document.activeElement)
  const lines = linesOf(sheet)
  const gone = [...table.rows].filter((line) => !lines.includes(line))
  for (const line of gone) line.remove()
  for (const [row, line] of lines.entries()) {
    if (table.rows[row] !== line) table.insertBefore(line, table.rows[row] ?? null)
    fillRow(line, sheet, row)
  }
  const active = document.activeElement
  const isInside = active instanceof HTMLInputElement && table.contains(active)
  place = isInside ? placeOf(active) : { row: Math.min(place.row, sheet.rows.length - 1), col: place.col }
  for (const input of table.querySelectorAll('input[tabindex="0"]')) input.setAttribute('tabindex', '-1')
  const here = cellAt(place.row, place.col)
  if (here === null) return
  here.tabIndex = 0
  // The row they were in is gone.
  if (wasInside && !table.contains(document.activeElement)) here.focus()
}

const draw = whenChanged((/** @type {SheetView[]} */ sheets, /** @type {string} */ chosen) => {
  const sheet = sheets.find(({ title }) => title === chosen) ?? sheets[0]
  if (sheet === undefined) return
  tab = sheet.title
  const buttons = sheets.map(({ title }) => {
    const button = make('button', { type: 'button', 'aria-pressed': String(title === tab) }, title)
    button.addEventListener('click', () => {
      tab = title
      draw(model.parts.sheets ?? [], tab)
    })
    return button
  })
  tabs.replaceChildren(...buttons)
  drawTable(sheet)
  const charters = sheets.reduce((sum, { rows }) => sum + rows.length - 1, 0)
  showState('sheet', 'good', `${charters} charters in ${sheets.length} tabs; type into any cell.`)
})

/** The port sheet as the office sees it. */
export function mountSheet() {
  const add = make('button', { type: 'button' }, 'Add a charter')
  add.addEventListener('click', () => void askWorld({ act: 'add-row', tab }))
  const sync = make('button', { type: 'button' }, 'Sync now')
  sync.addEventListener('click', () => void askWorld({ act: 'sync' }))
  const wide = make('button', { type: 'button' }, 'Large')
  const enlarge = (/** @type {boolean} */ isLarge) => {
    document.body.classList.toggle('has-large-sheet', isLarge)
    wide.textContent = isLarge ? 'Small' : 'Large'
  }
  wide.addEventListener('click', () => enlarge(!document.body.classList.contains('has-large-sheet')))
  byId('sheet', HTMLElement).addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') enlarge(false)
  })
  const bar = make('div', { class: 'sheet-bar' }, tabs, add, sync, wide)
  byId('sheet', HTMLElement).append(headView('sheet', 'Port sheet'), bar, make('div', { class: 'grid-frame' }, table))
  onChange(() => {
    const { sheets } = model.parts
    if (sheets !== undefined) draw(sheets, tab)
  })
}
