// @ts-check
import { byId } from './dom.js'
import { renderContext } from './model.js'
import { renderMrkdwn } from './render/index.js'

/** @param {unknown} object A text object of Slack's. @param {string} otherwise */
function wordsOf(object, otherwise) {
  const text = /** @type {{ text?: unknown } | null | undefined} */ (object)?.text
  return typeof text === 'string' && text !== '' ? text : otherwise
}

/**
 * What Slack asks before it sends a click.
 *
 * @param {Record<string, unknown>} question
 * @returns {Promise<boolean>}
 */
export function askFirst(question) {
  const dialog = byId('confirm', HTMLDialogElement)
  byId('confirm-title', HTMLElement).textContent = wordsOf(question['title'], 'Are you sure?')
  const text = /** @type {{ type?: unknown } | undefined} */ (question['text'])
  const words = wordsOf(text, '')
  if (text?.type === 'mrkdwn') byId('confirm-text', HTMLElement).innerHTML = renderMrkdwn(words, renderContext())
  else byId('confirm-text', HTMLElement).textContent = words
  byId('confirm-no', HTMLButtonElement).textContent = wordsOf(question['deny'], 'Cancel')
  const yes = byId('confirm-yes', HTMLButtonElement)
  yes.textContent = wordsOf(question['confirm'], 'Yes')
  yes.classList.toggle('danger', question['style'] === 'danger')
  dialog.returnValue = 'no'
  dialog.showModal()
  return new Promise((resolve) => dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }))
}
