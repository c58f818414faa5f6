// @ts-check
/** @import { Act } from '../acts.ts' */
import { askFirst } from './confirm.js'
import { openThread } from './conversation.js'
import { changed, model } from './model.js'
import { askInSlack } from './talk.js'

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

/** @param {HTMLElement} element */
async function report(element) {
  const found = actOf(element)
  if (found === null) return
  element.setAttribute('aria-busy', 'true')
  await askInSlack(found.act, found.threadTs)
  element.removeAttribute('aria-busy')
}

/** @param {HTMLElement} element @param {Event} event */
function act(element, event) {
  const { confirm } = element.dataset
  const link = element instanceof HTMLAnchorElement ? element : null
  element.closest('details.sl-overflow')?.removeAttribute('open')
  if (confirm === undefined) return void report(element)
  event.preventDefault()
  void askFirst(JSON.parse(confirm)).then((yes) => {
    if (!yes) return
    if (link !== null) window.open(link.href, '_blank', 'noopener,noreferrer')
    void report(element)
  })
}

/** @param {EventTarget | null} target @param {string} selector */
const around = (target, selector) => {
  const found = target instanceof Element ? target.closest(selector) : null
  return found instanceof HTMLElement ? found : null
}

/** @param {HTMLElement} tool */
async function useTool(tool) {
  const { ts = '' } = tool.dataset
  if (tool.dataset['tool'] === 'thread') return openThread(ts, { focus: true })
  if (tool.dataset['tool'] === 'dismiss') {
    model.dismissed.add(tool.dataset['key'] ?? '')
    return changed()
  }
  const question = {
    title: { text: 'Delete the message?' },
    text: { text: 'It is deleted in Slack, and the bot is told.' },
    confirm: { text: 'Delete' },
    style: 'danger',
  }
  if (await askFirst(question)) await askInSlack({ act: 'delete', user: model.me, ts })
}

/** Listens once for the whole page: what is drawn later is heard as well. */
export function listenToActions() {
  document.addEventListener('click', (event) => {
    const thread = around(event.target, '[data-thread-ts]')
    const tool = around(event.target, '[data-tool]')
    const element = around(event.target, '[data-action-id]')
    if (thread?.classList.contains('thread-link') === true) openThread(thread.dataset['threadTs'] ?? '', { focus: true })
    else if (tool !== null) void useTool(tool)
    else if (element !== null && CLICKED.has(element.dataset['type'] ?? '')) act(element, event)
  })
  document.addEventListener('change', (event) => {
    const element = around(event.target, '[data-action-id]')
    if (element === null || CLICKED.has(element.dataset['type'] ?? '')) return
    // A field of a form waits for its submit, unless the app wants to hear of it at once.
    if (element.dataset['input'] === undefined || element.dataset['dispatch'] !== undefined) act(element, event)
  })
}
