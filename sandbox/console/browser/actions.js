// @ts-check
/** @import { Act } from '../acts.ts' */
import { askFirst } from './confirm.js'
import { complainAtHome, openThread } from './conversation.js'
import { toggleMessageMenu } from './message-menu.js'
import { changed, model, notify } from './model.js'
import { ask } from './talk.js'

/** Clicks and picks in what the bot has sent, as Slack's client reports them. */

const CLICKED = new Set(['button', 'icon_button', 'feedback_buttons', 'overflow'])

/**
 * The value of an element that holds one: several check boxes are joined by commas.
 *
 * @param {HTMLElement} element
 * @returns {string | undefined}
 */
export function valueOf(element) {
  const { type, actionId, blockId, value } = element.dataset
  if (type !== undefined && CLICKED.has(type)) return value === '' ? undefined : value
  if (element instanceof HTMLInputElement && element.type === 'checkbox') {
    const all = element.closest('[role="group"]')?.querySelectorAll('input:checked') ?? []
    return [...all].map((one) => /** @type {HTMLInputElement} */ (one).value).join(',')
  }
  if (element instanceof HTMLInputElement && element.type === 'radio') {
    const group = element.closest('[role="group"]')
    const picked = group?.querySelector(
      `input:checked[data-action-id="${CSS.escape(actionId ?? '')}"][data-block-id="${CSS.escape(blockId ?? '')}"]`,
    )
    return picked instanceof HTMLInputElement ? picked.value : undefined
  }
  if (element instanceof HTMLInputElement || element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement)
    return element.value === '' ? undefined : element.value
  return value
}

/** @param {HTMLElement} element @returns {{ act: Act, threadTs: string | null } | null} */
function actOf(element) {
  const { kind, ts, viewId, actionId = '' } = element.dataset
  const value = valueOf(element)
  const picked = value === undefined ? {} : { value }
  const threadTs = element.closest('#thread') === null ? null : model.threadTs
  if ((kind === 'message' || kind === 'ephemeral') && ts !== undefined) {
    const ephemeral = kind === 'ephemeral' ? { ephemeral: true } : {}
    return { act: { act: 'click', user: model.me, ts, actionId, ...picked, ...ephemeral }, threadTs }
  }
  if (viewId === undefined) return null
  return { act: { act: 'click-view', user: model.me, viewId, actionId, ...picked }, threadTs }
}

/** Says in a dialog what is wrong, where a screen reader hears it. @param {HTMLElement} dialog @param {string} text */
export function complainIn(dialog, text) {
  const line = dialog.querySelector('.modal-trouble') ?? document.createElement('p')
  line.className = 'modal-trouble'
  line.setAttribute('role', 'alert')
  line.textContent = text
  dialog.append(line)
}

/** @param {HTMLElement} element */
async function report(element) {
  const found = actOf(element)
  if (found === null) return
  const dialog = element.closest('dialog')
  element.setAttribute('aria-busy', 'true')
  const why = await ask(found.act)
  element.removeAttribute('aria-busy')
  if (why === null) return
  // It is said where the person looks.
  if (dialog !== null) complainIn(dialog, why)
  else if (element.dataset['kind'] === 'home') complainAtHome(why)
  else notify(why, found.threadTs)
}

/** Puts back what was picked before: the person has thought better of it. @param {HTMLElement} element */
function unpick(element) {
  if (element instanceof HTMLSelectElement) element.value = [...element.options].find((option) => option.defaultSelected)?.value ?? ''
  else if (element instanceof HTMLInputElement && /^(?:checkbox|radio)$/.test(element.type)) {
    const all = element.closest('[role="group"]')?.querySelectorAll('input') ?? [element]
    for (const one of all) one.checked = one.defaultChecked
  } else if (element instanceof HTMLInputElement) element.value = element.defaultValue
}

/** @param {HTMLElement} element @param {Event} event */
function act(element, event) {
  const { confirm } = element.dataset
  const link = element instanceof HTMLAnchorElement ? element : null
  closeOverflow(element.closest('details.sl-overflow'), true)
  if (confirm === undefined) return void report(element)
  event.preventDefault()
  void askFirst(JSON.parse(confirm)).then((yes) => {
    if (!yes) return unpick(element)
    if (link !== null) window.open(link.href, '_blank', 'noopener,noreferrer')
    return void report(element)
  })
}

/** @param {Element | null} menu @param {boolean} takesFocus */
function closeOverflow(menu, takesFocus) {
  menu?.removeAttribute('open')
  const button = takesFocus ? menu?.querySelector('summary') : null
  if (button instanceof HTMLElement) button.focus()
}

/** An open overflow menu goes when the person turns to something else, and with Escape. */
function listenToOverflows() {
  const open = () => document.querySelector('details.sl-overflow[open]')
  document.addEventListener(
    'keydown',
    (event) => {
      const menu = open()
      if (event.key !== 'Escape' || menu === null) return
      event.preventDefault()
      event.stopPropagation()
      closeOverflow(menu, true)
    },
    { capture: true },
  )
  for (const turn of /** @type {const} */ (['pointerdown', 'focusin']))
    document.addEventListener(turn, ({ target }) => {
      const menu = open()
      if (menu !== null && target instanceof Node && !menu.contains(target)) closeOverflow(menu, false)
    })
}

/** @param {EventTarget | null} target @param {string} selector */
const around = (target, selector) => {
  const found = target instanceof Element ? target.closest(selector) : null
  return found instanceof HTMLElement ? found : null
}

/** @param {HTMLElement} tool */
function useTool(tool) {
  const { ts = '' } = tool.dataset
  if (tool.dataset['tool'] === 'thread') return openThread(ts, { focus: true })
  if (tool.dataset['tool'] === 'more') return toggleMessageMenu(tool)
  model.dismissed.add(tool.dataset['key'] ?? '')
  return changed()
}

/** Listens once for the whole page: what is drawn later is heard as well. */
export function listenToActions() {
  listenToOverflows()
  document.addEventListener('click', (event) => {
    const thread = around(event.target, '[data-thread-ts]')
    const tool = around(event.target, '[data-tool]')
    const element = around(event.target, '[data-action-id]')
    if (thread?.classList.contains('thread-link') === true) openThread(thread.dataset['threadTs'] ?? '', { focus: true })
    else if (tool !== null) useTool(tool)
    else if (element !== null && CLICKED.has(element.dataset['type'] ?? '')) act(element, event)
  })
  document.addEventListener('change', (event) => {
    const element = around(event.target, '[data-action-id]')
    if (element === null || CLICKED.has(element.dataset['type'] ?? '')) return
    // A field of a form waits for its submit, unless the app wants to hear of it at once.
    if (element.dataset['input'] === undefined || element.dataset['dispatch'] !== undefined) act(element, event)
  })
}
