// @ts-check
/** @import { OpenModal } from '../../slack/types.ts' */
import { valueOf } from './actions.js'
import { byId, whenChanged } from './dom.js'
import { model, onChange, renderContext } from './model.js'
import { renderView } from './render/index.js'
import { ask } from './talk.js'

const dialog = byId('modal', HTMLDialogElement)

/** @typedef {Record<string, Record<string, string>>} Typed */

/** What stands in the fields now, by block and action. @returns {Typed} */
function readFields() {
  /** @type {Typed} */
  const values = {}
  for (const field of dialog.querySelectorAll('[data-action-id][data-block-id]')) {
    if (!(field instanceof HTMLElement) || !/^(?:INPUT|SELECT|TEXTAREA)$/.test(field.tagName)) continue
    const { blockId = '', actionId = '' } = field.dataset
    values[blockId] = { ...values[blockId], [actionId]: valueOf(field) ?? '' }
  }
  return values
}

/** Puts back what was typed before the dialog was drawn again. @param {Typed} typed */
function fillFields(typed) {
  for (const field of dialog.querySelectorAll('input[data-action-id], textarea[data-action-id]')) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || /checkbox|radio/.test(field.type)) continue
    const held = typed[field.dataset['blockId'] ?? '']?.[field.dataset['actionId'] ?? '']
    if (held !== undefined && field.value === '') field.value = held
  }
}

/** @param {string} text */
function say(text) {
  const line = dialog.querySelector('.modal-trouble') ?? document.createElement('p')
  line.className = 'modal-trouble'
  line.setAttribute('role', 'alert')
  line.textContent = text
  dialog.append(line)
}

const topModal = () => (model.parts.modals ?? []).findLast(({ user }) => user === model.me)

async function close() {
  const open = topModal()
  if (open === undefined) return
  const why = await ask({ act: 'close', user: model.me, viewId: open.viewId })
  if (why !== null) say(why)
}

async function submit() {
  const open = topModal()
  if (open === undefined) return
  dialog.setAttribute('aria-busy', 'true')
  const why = await ask({ act: 'submit', user: model.me, viewId: open.viewId, values: readFields() })
  dialog.removeAttribute('aria-busy')
  if (why !== null) say(why)
}

let shownView = ''

const draw = whenChanged((/** @type {OpenModal | undefined} */ open) => {
  if (open === undefined) {
    shownView = ''
    if (dialog.open) dialog.close()
    return
  }
  const typed = open.viewId === shownView ? readFields() : {}
  shownView = open.viewId
  dialog.innerHTML = renderView({ ...open.view, errors: open.errors ?? {} }, renderContext())
  dialog.setAttribute('aria-label', dialog.querySelector('h2')?.textContent ?? 'Dialog of the app')
  fillFields(typed)
  if (!dialog.open) dialog.showModal()
  const first = dialog.querySelector('[aria-invalid="true"], [autofocus], .sl-input input, .sl-input textarea, .sl-input select')
  if (first instanceof HTMLElement) first.focus()
})

/** The dialogs of the app: the chosen person's topmost one is shown. */
export function mountModal() {
  dialog.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })
  dialog.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('[data-view-close]') !== null) void close()
  })
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault()
    void close()
  })
  onChange(() => draw(topModal()))
}
