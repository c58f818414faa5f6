// @ts-check
/** @import { Fields, HeldValues, RenderContext, Where } from './types.js' */
import { blocksView } from './blocks.js'
import { attributes, html, join } from './html.js'
import { fieldsOf, listOf, stringOf, wordsOf } from './json.js'

/** @param {unknown} errors By block id. */
function errorsOf(errors) {
  const pairs = Object.entries(fieldsOf(errors)).map(([block, text]) => [block, stringOf(text)])
  return /** @type {Record<string, string>} */ (Object.fromEntries(pairs))
}

/**
 * What was complained about without a block to stand at.
 *
 * @param {Fields} view
 * @param {Record<string, string>} errors
 */
function strayErrors(view, errors) {
  const ids = new Set(listOf(view['blocks']).flatMap((block) => (block['type'] === 'input' ? [block['block_id']] : [])))
  const stray = Object.entries(errors).filter(([block]) => !ids.has(block))
  return join(stray.map(([block, text]) => html`<p class="sl-error">${text} <small>(block ${block})</small></p>`))
}

/**
 * @param {Fields} view
 * @param {unknown} errors
 * @returns {Where}
 */
function whereOf(view, errors) {
  const values = /** @type {HeldValues} */ (fieldsOf(fieldsOf(view['state'])['values']))
  return {
    kind: view['type'] === 'home' ? 'home' : 'modal',
    viewId: stringOf(view['id']),
    values,
    errors: errorsOf(errors ?? view['errors']),
  }
}

/**
 * A modal as a form, a home tab as a section.
 *
 * @param {Fields} view
 * @param {RenderContext} context
 * @param {unknown} [errors]
 */
export function viewView(view, context, errors) {
  const where = whereOf(view, errors)
  const blocks = blocksView(view['blocks'], { context, where })
  const own = attributes({ 'data-view-id': where.viewId, 'data-kind': where.kind, 'data-callback-id': stringOf(view['callback_id']) })
  const title = wordsOf(view['title'])
  if (where.kind === 'home') {
    return html`<section class="sl-home" ${own}>
      <h2 class="sl-view-title">${title || 'Home'}</h2>
      ${blocks}
    </section>`
  }
  const send = wordsOf(view['submit'])
  const off = attributes({ disabled: view['submit_disabled'] === true })
  const submit = send === '' ? undefined : html`<button type="submit" class="sl-button sl-button-primary" ${off}>${send}</button>`
  return html`<form class="sl-modal" ${own}>
    <header class="sl-modal-head">
      <h2 class="sl-view-title">${title}</h2>
      <button type="button" class="sl-button sl-close" data-close aria-label="Close">&times;</button>
    </header>
    <div class="sl-modal-body">${strayErrors(view, where.errors ?? {})}${blocks}</div>
    <footer class="sl-modal-foot">
      <button type="button" class="sl-button" data-close>${wordsOf(view['close']) || 'Close'}</button>${submit}
    </footer>
  </form>`
}
