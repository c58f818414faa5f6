// @ts-check
/** @import { Markup } from './html.js' */
/** @import { Slot } from './target.js' */
/** @import { Fields, Place } from './types.js' */
import { alertView, cardView, carouselView, planView, taskView } from './cards.js'
import { chartView } from './chart.js'
import { elementsRow, elementView } from './elements.js'
import { html, join } from './html.js'
import { imageView } from './image.js'
import { inputView } from './input.js'
import { fieldsOf, listOf, lookUp, stringOf, unknownView, wordsOf } from './json.js'
import { markdownView } from './markdown.js'
import { richTextView } from './rich-text.js'
import { dataTableView, tableView } from './table.js'
import { plainView, textView } from './text.js'

/** @typedef {(block: Fields, slot: Slot, place: Place) => Markup} View */

/** @type {View} */
const section = (block, slot, place) => {
  const { text, fields, accessory } = block
  const words = text === undefined ? undefined : html`<div class="sl-text">${textView(text, place.context)}</div>`
  const pairs = listOf(fields).map((field) => html`<div class="sl-text">${textView(field, place.context)}</div>`)
  const columns = pairs.length === 0 ? undefined : html`<div class="sl-fields">${join(pairs)}</div>`
  const side = accessory === undefined ? undefined : html`<div class="sl-accessory">${elementView(fieldsOf(accessory), slot, place)}</div>`
  return html`<div class="sl-section">
    <div class="sl-section-main">${words}${columns}</div>
    ${side}
  </div>`
}

/** @type {View} */
const contextLine = (block, _slot, { context }) => {
  const parts = listOf(block['elements']).map((element) =>
    element['type'] === 'image' ? imageView(element, context, 'sl-icon') : html`<span>${textView(element, context)}</span>`,
  )
  return html`<div class="sl-context">${join(parts)}</div>`
}

/** @type {View} */
const image = (block, _slot, { context }) => {
  const title = wordsOf(block['title'])
  const caption = title === '' ? undefined : html`<figcaption>${plainView(title)}</figcaption>`
  return html`<figure class="sl-figure">${caption}${imageView(block, context, 'sl-image')}</figure>`
}

/** @type {View} */
const row = (block, slot, place) => elementsRow(listOf(block['elements']), slot, place)

/** @type {Readonly<Record<string, View>>} */
const BLOCKS = {
  section,
  header: (block) => html`<h3 class="sl-header">${plainView(wordsOf(block['text']))}</h3>`,
  context: contextLine,
  divider: () => html`<hr class="sl-divider" />`,
  actions: row,
  context_actions: row,
  image,
  input: inputView,
  rich_text: (block, _slot, { context }) => richTextView(block, context),
  markdown: (block, _slot, { context }) => markdownView(stringOf(block['text']), context),
  table: (block, _slot, { context }) => tableView(block, context),
  data_table: (block, _slot, { context }) => dataTableView(block, context),
  data_visualization: (block, _slot, place) => chartView(block, place),
  alert: (block, _slot, place) => alertView(block, place),
  card: cardView,
  carousel: carouselView,
  task_card: (block, _slot, place) => taskView(block, place),
  plan: (block, _slot, place) => planView(block, place),
}

/**
 * @param {unknown} blocks
 * @param {Place} place
 */
export function blocksView(blocks, place) {
  const views = listOf(blocks).map((block) => {
    const view = lookUp(BLOCKS, stringOf(block['type']))
    return view === undefined ? unknownView('block', block) : view(block, { blockId: stringOf(block['block_id']) }, place)
  })
  return join(views)
}
