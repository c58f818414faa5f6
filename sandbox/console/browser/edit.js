// @ts-check
/** @import { Message } from '../../slack/types.ts' */
import { make } from './dom.js'
import { model, renderContext } from './model.js'
import { askInSlack } from './talk.js'

/** A text as it was typed, from what Slack made of it. @param {string} text */
function asTyped(text) {
  const { users, channels } = renderContext()
  return text
    .replaceAll(/<@(\w+)(?:\|[^>]*)?>/g, (all, /** @type {string} */ id) => (id in users ? `@${users[id]}` : all))
    .replaceAll(
      /<#(\w+)(?:\|([^>]*))?>/g,
      (_all, /** @type {string} */ id, /** @type {string | undefined} */ name) => `#${name ?? channels[id] ?? id}`,
    )
    .replaceAll(/<(https?:[^>|]+)(?:\|[^>]*)?>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}

/**
 * One's own message, changed: the bot hears of it as well.
 *
 * @param {Message} message
 * @param {string | null} threadTs
 */
export function editMessage({ ts, text }, threadTs) {
  const field = make('textarea', { rows: '3', 'aria-label': 'Text of the message' })
  const cancel = make('button', { type: 'button' }, 'Cancel')
  const save = make('button', { type: 'submit', class: 'primary' }, 'Save')
  const form = make('form', {}, make('h2', {}, 'Edit message'), field, make('div', { class: 'modal-buttons' }, cancel, save))
  const dialog = make('dialog', { class: 'modal confirm edit', 'aria-label': 'Edit message' }, form)
  field.value = asTyped(text)
  cancel.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const typed = field.value.trim()
    if (typed === '') return
    dialog.close()
    void askInSlack({ act: 'edit', user: model.me, ts, text: typed }, threadTs)
  })
  document.body.append(dialog)
  dialog.showModal()
  field.focus()
}
