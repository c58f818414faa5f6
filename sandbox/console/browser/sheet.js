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

/** @param {HTMLInputElement} input @param {number} row @param {number} col */
function commit(input, row, col) {
  if (input.value === input.dataset['held']) return
  input.dataset['held'] = input.value
  void askWorld({ act: 'type', tab, row, col, text: input.value })
}

/** @param {KeyboardEvent} event @param {number} row @param {number} col */
function move(event, row, col) {
  const input = /** @type {HTMLInputElement} */ (event.currentTarget)
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
  if (event.key === 'Enter') commit(input, row, col)
}

/** @param {SheetView} sheet @param {number} row @param {number} col */
function cellView(sheet, row, col) {
  const text = sheet.rows[row]?.[col] ?? ''
  const header = sheet.rows[0]?.[col] ?? ''
  const name = row === 0 ? `Header of column ${col + 1}` : `${header} of ${sheet.rows[row]?.[0] ?? `row ${row + 1}`}`
  const input = make('input', {
    'aria-label': name,
    tabindex: '-1',
    'data-kind': row === 0 ? 'header' : sheet.kinds[col],
    autocomplete: 'off',
    spellcheck: 'false',
  })
  input.value = text
  input.dataset['held'] = text
  input.size = Math.min(24, Math.max(4, ...sheet.rows.map((cells) => cells[col]?.length ?? 0)))
  input.addEventListener('change', () => commit(input, row, col))
  input.addEventListener('keydown', (event) => move(event, row, col))
  // However one got here: what is being typed is put back into this cell when the table is drawn anew.
  input.addEventListener('focus', () => (place = { row, col }))
  return make(row === 0 ? 'th' : 'td', row === 0 ? { scope: 'col' } : {}, input)
}

/** @param {SheetView} sheet @param {number} row */
function rowView(sheet, row) {
  const cells = (sheet.rows[row] ?? []).map((_, col) => cellView(sheet, row, col))
  if (row === 0) return make('tr', {}, ...cells, make('td', {}))
  const id = sheet.rows[row]?.[0] ?? ''
  const remove = make(
    'button',
    { type: 'button', class: 'row-delete', 'aria-label': `Delete the row of ${id}`, title: 'Delete this row' },
    '×',
  )
  remove.addEventListener('click', () => void askWorld({ act: 'delete-row', tab, row }))
  return make('tr', {}, ...cells, make('td', { class: 'row-tools' }, remove))
}

/** Draws all of it, and keeps the person where they were, with what they are typing. @param {SheetView} sheet */
function drawTable(sheet) {
  const active = document.activeElement
  const typing = active instanceof HTMLInputElement && table.contains(active) ? { value: active.value, held: active.dataset['held'] } : null
  table.replaceChildren(...sheet.rows.map((_, row) => rowView(sheet, row)))
  place = { row: Math.min(place.row, sheet.rows.length - 1), col: place.col }
  const here = cellAt(place.row, place.col)
  if (here === null) return
  here.tabIndex = 0
  if (typing === null) return
  if (typing.value !== typing.held) here.value = typing.value
  here.focus()
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
