// @ts-check
/** @import { Markup } from './html.js' */
/** @import { Slot } from './target.js' */
/** @import { Fields, Place } from './types.js' */
import { elementsRow } from './elements.js'
import { html, join } from './html.js'
import { imageView } from './image.js'
import { fieldsOf, listOf, lookUp, stringOf } from './json.js'
import { linkView } from './link.js'
import { richTextView } from './rich-text.js'
import { textView } from './text.js'

/** Blocks that group: cards, alerts, an agent's plan and its tasks. */

/**
 * @param {unknown} value
 * @param {(value: unknown) => Markup} view
 */
const given = (value, view) => (value === undefined ? undefined : view(value))

/** @type {Readonly<Record<string, string>>} */
const LEVELS = { info: 'Note', warning: 'Warning', error: 'Error', success: 'Success' }

/**
 * @param {Fields} block
 * @param {Place} place
 */
export function alertView(block, { context }) {
  const level = stringOf(block['level'])
  const word = lookUp(LEVELS, level)
  const title = word === undefined ? undefined : html`<strong class="sl-alert-level">${word}</strong> `
  return html`<div role="note" class="sl-alert sl-alert-${word === undefined ? 'default' : level}">
    ${title}
    <div>${textView(block['text'], context)}</div>
  </div>`
}

/**
 * @param {Fields} block
 * @param {Slot} slot
 * @param {Place} place
 */
export function cardView(block, slot, place) {
  const { context } = place
  const { hero_image: hero, icon, title, subtitle, body, actions } = block
  const words = [
    given(title, (text) => html`<strong class="sl-card-title">${textView(text, context)}</strong>`),
    given(subtitle, (text) => html`<div class="sl-card-subtitle">${textView(text, context)}</div>`),
    given(body, (text) => html`<div>${textView(text, context)}</div>`),
  ]
  const parts = [
    given(hero, (image) => imageView(fieldsOf(image), context, 'sl-hero')),
    html`<div class="sl-card-head">
      ${given(icon, (image) => imageView(fieldsOf(image), context, 'sl-icon'))}
      <div>${words}</div>
    </div>`,
    given(actions, (buttons) => elementsRow(listOf(buttons), slot, place)),
  ]
  return html`<div class="sl-card">${parts}</div>`
}

/**
 * @param {Fields} block
 * @param {Slot} slot
 * @param {Place} place
 */
export function carouselView(block, slot, place) {
  const cards = listOf(block['elements']).map((card) => {
    const own = { ...slot, blockId: stringOf(card['block_id']) || slot.blockId }
    return html`<li>${cardView(card, own, place)}</li>`
  })
  return html`<ul class="sl-carousel" tabindex="0" aria-label="Cards">
    ${join(cards)}
  </ul>`
}

/** @type {Readonly<Record<string, string>>} */
const STATUS = { pending: 'waiting', in_progress: 'running', complete: 'done', error: 'failed' }

/**
 * @param {Fields} block
 * @param {Place} place
 */
export function taskView(block, { context }) {
  const status = lookUp(STATUS, stringOf(block['status'])) ?? 'unknown'
  const sources = listOf(block['sources']).map(({ url, text }) => html`<li>${linkView(url, stringOf(text))}</li>`)
  const parts = [
    given(block['details'], (text) => richTextView(fieldsOf(text), context)),
    given(block['output'], (text) => richTextView(fieldsOf(text), context)),
    sources.length === 0
      ? undefined
      : html`<ul class="sl-list sl-indent-0">
          ${sources}
        </ul>`,
  ]
  return html`<div class="sl-task">
    <div><span class="sl-status sl-status-${status}">${status}</span> <strong>${stringOf(block['title'])}</strong></div>
    ${parts}
  </div>`
}

/**
 * @param {Fields} block
 * @param {Place} place
 */
export function planView(block, place) {
  const tasks = listOf(block['tasks']).map((task) => html`<li>${taskView(task, place)}</li>`)
  return html`<div class="sl-plan">
    <strong>${stringOf(block['title'])}</strong>
    <ol>
      ${join(tasks)}
    </ol>
  </div>`
}
