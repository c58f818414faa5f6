// @ts-check
/** @import { Slot } from './target.js' */
/** @import { Fields, Place } from './types.js' */
import { elementView } from './elements.js'
import { attributes, html } from './html.js'
import { fieldsOf, lookUp, stringOf, wordsOf } from './json.js'
import { domId } from './target.js'
import { plainView } from './text.js'

/** Elements of several parts: a label for one of them would name only that one. */
const GROUPS = new Set(['checkboxes', 'radio_buttons'])

/**
 * The input block: label, element, hint, and what the app complained about.
 *
 * @param {Fields} block
 * @param {Slot} slot
 * @param {Place} place
 */
export function inputView(block, { blockId }, place) {
  const element = fieldsOf(block['element'])
  const isOptional = block['optional'] === true
  const error = lookUp(place.where.errors ?? {}, blockId)
  const errorId = error === undefined ? undefined : domId(place, blockId, 'error')
  const hintId = block['hint'] === undefined ? undefined : domId(place, blockId, 'hint')
  const describedBy = [errorId, hintId].filter((id) => id !== undefined).join(' ')
  const own = { isInput: true, dispatches: block['dispatch_action'] === true, isRequired: !isOptional }
  const control = elementView(element, { blockId, ...own, ...(describedBy === '' ? {} : { describedBy }) }, place)
  const label = html`${plainView(wordsOf(block['label']))}${isOptional ? html` <span class="sl-optional">(optional)</span>` : undefined}`
  const notes = [
    errorId === undefined ? undefined : html`<p class="sl-error" ${attributes({ id: errorId })}>${error}</p>`,
    hintId === undefined ? undefined : html`<p class="sl-hint" ${attributes({ id: hintId })}>${plainView(wordsOf(block['hint']))}</p>`,
  ]
  const style = error === undefined ? 'sl-input' : 'sl-input sl-input-wrong'
  if (GROUPS.has(stringOf(element['type'])))
    return html`<fieldset class="${style}">
      <legend>${label}</legend>
      ${control}${notes}
    </fieldset>`
  const target = attributes({ for: domId(place, blockId, stringOf(element['action_id'])) })
  return html`<div class="${style}"><label ${target}>${label}</label>${control}${notes}</div>`
}
