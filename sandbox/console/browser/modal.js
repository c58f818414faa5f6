// @ts-check
/** @import { OpenModal } from '../../slack/types.ts' */
import { complainIn, valueOf } from './actions.js'
import { byId } from './dom.js'
import { keepFocus } from './keep-focus.js'
import { checkFields, clearComplaint, focusWrong } from './modal-checks.js'
import { model, onChange, renderContext } from './model.js'
import { renderView } from './render/index.js'
import { ask } from './talk.js'

const dialog = byId('modal', HTMLDialogElement)

/** @typedef {Record<string, Record<string, string>>} Typed */

const fields = () =>
  [...dialog.querySelectorAll('[data-action-id][data-block-id]')].filter(
    (field) => field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement,
  )

/** What stands in the fields now, by block and action. @returns {Typed} */
function readFields() {
  /** @type {Typed} */
  const values = {}
  for (const field of fields()) {
    const { blockId = '', actionId = '' } = field.dataset
    values[blockId] = { ...values[blockId], [actionId]: valueOf(field) ?? '' }
  }
  return values
}

/** Puts back what was typed before the dialog was drawn again, wherever there is still a place for it. @param {Typed} typed */
function fillFields(typed) {
  for (const field of fields()) {
    const held = typed[field.dataset['blockId'] ?? '']?.[field.dataset['actionId'] ?? '']
    if (held === undefined) continue
    if (field instanceof HTMLInputElement && /^(?:checkbox|radio)$/.test(field.type)) field.checked = held.split(',').includes(field.value)
    else if (!(field instanceof HTMLSelectElement) || [...field.options].some(({ value }) => value === held)) field.value = held
  }
}

const topModal = () => (model.parts.modals ?? []).findLast(({ user }) => user === model.me)

async function close() {
  const open = topModal()
  if (open === undefined) return
  const why = await ask({ act: 'close', user: model.me, viewId: open.viewId })
  if (why !== null) complainIn(dialog, why)
}

async function submit() {
  const open = topModal()
  if (open === undefined || dialog.hasAttribute('aria-busy') || !checkFields(dialog)) return
  dialog.setAttribute('aria-busy', 'true')
  const why = await ask({ act: 'submit', user: model.me, viewId: open.viewId, values: readFields() })
  dialog.removeAttribute('aria-busy')
  if (why !== null) complainIn(dialog, why)
}

/** What is drawn now: the view's id, and all that was drawn. */
let shown = { viewId: '', all: '' }
/** What was typed into dialogs that lie below another one, by view. @type {Map<string, Typed>} */
const drafts = new Map()

function focusFirst() {
  const places = ['[autofocus]', '.sl-input :is(input, textarea, select)', '.sl-modal-foot button:last-child']
  const first = places.map((place) => dialog.querySelector(place)).find((one) => one instanceof HTMLElement)
  if (first instanceof HTMLElement) first.focus()
}

/** @param {OpenModal} open @param {string} all */
function drawOpen(open, all) {
  const isSame = open.viewId === shown.viewId
  if (shown.viewId !== '') drafts.set(shown.viewId, readFields())
  const hadErrors = dialog.querySelector('.sl-input-wrong') !== null
  const scrolled = isSame ? (dialog.querySelector('.sl-modal-body')?.scrollTop ?? 0) : 0
  shown = { viewId: open.viewId, all }
  const isLost = keepFocus(dialog, () => {
    dialog.innerHTML = renderView({ ...open.view, errors: open.errors ?? {} }, renderContext())
    // We say ourselves, and beside the field, what is missing.
    dialog.querySelector('form')?.setAttribute('novalidate', '')
    fillFields(drafts.get(open.viewId) ?? {})
  })
  dialog.setAttribute('aria-label', dialog.querySelector('h2')?.textContent ?? 'Dialog of the app')
  dialog.querySelector('.sl-modal-body')?.scrollTo({ top: scrolled })
  if (!dialog.open) dialog.showModal()
  if (open.errors !== undefined && (!hadErrors || isLost)) focusWrong(dialog)
  else if (!isSame || isLost) focusFirst()
}

/** @param {OpenModal | undefined} open */
function draw(open) {
  const all = open === undefined ? '' : JSON.stringify(open)
  if (all === shown.all) return
  if (open !== undefined) return drawOpen(open, all)
  shown = { viewId: '', all: '' }
  dialog.close()
  dialog.removeAttribute('aria-busy')
  // The button that opened it may be gone.
  if (document.activeElement === document.body) byId('composer-text', HTMLTextAreaElement).focus()
}

/** The dialogs of the app: the chosen person's topmost one is shown. */
export function mountModal() {
  dialog.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })
  dialog.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('[data-close]') !== null) void close()
  })
  for (const kind of ['input', 'change']) dialog.addEventListener(kind, ({ target }) => clearComplaint(target))
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault()
    void close()
  })
  // A browser closes a dialog without asking when Escape comes twice: it stays until Slack has closed it.
  dialog.addEventListener('close', () => {
    if (topModal() === undefined || dialog.open) return
    dialog.showModal()
    void close()
  })
  onChange(() => {
    const open = new Set((model.parts.modals ?? []).map(({ viewId }) => viewId))
    for (const viewId of drafts.keys()) if (!open.has(viewId)) drafts.delete(viewId)
    draw(topModal())
  })
}
