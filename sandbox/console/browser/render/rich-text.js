// @ts-check
/** @import { Markup } from './html.js' */
/** @import { Fields, RenderContext } from './types.js' */
import { emojiView } from './emoji.js'
import { attributes, html, join, withBreaks } from './html.js'
import { fieldsOf, listOf, lookUp, numberOf, stringOf, stringOrNone, unknownView } from './json.js'
import { codeBlockView } from './inline.js'
import { linkView } from './link.js'
import { broadcastView, channelView, dateView, userView } from './reference.js'

/** @param {string} name Hexadecimal code points with dashes between. */
function characterOf(name) {
  const points = name.split('-').map((one) => Number.parseInt(one, 16))
  return points.every((point) => point > 0 && point <= 0x10ffff) ? String.fromCodePoint(...points) : undefined
}

/** @param {string} value */
function colorView(value) {
  const fill = /^#[0-9a-f]{3,8}$/i.test(value) ? value : undefined
  if (fill === undefined) return html`${value}`
  return html`<svg class="sl-swatch" viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" fill="${fill}" /></svg> ${value}`
}

/** @type {Readonly<Record<string, (element: Fields, context: RenderContext) => Markup>>} */
const INLINE = {
  text: ({ text }) => withBreaks(stringOf(text)),
  link: ({ url, text }) => linkView(url, stringOrNone(text) ?? stringOf(url)),
  emoji: ({ name, unicode }) => emojiView(stringOf(name), characterOf(stringOf(unicode))),
  user: ({ user_id }, context) => userView(stringOf(user_id), context),
  usergroup: ({ usergroup_id }) => html`<span class="sl-mention">@${stringOf(usergroup_id)}</span>`,
  channel: ({ channel_id }, context) => channelView(stringOf(channel_id), context),
  team: ({ team_id }) => html`<span class="sl-mention">@${stringOf(team_id)}</span>`,
  broadcast: ({ range }) => broadcastView(stringOf(range)),
  color: ({ value }) => colorView(stringOf(value)),
  date: ({ timestamp, format, url, fallback }, context) =>
    dateView(numberOf(timestamp) ?? Number.NaN, stringOf(format), context, { url: stringOrNone(url), fallback: stringOrNone(fallback) }),
}

/** @type {readonly (readonly [string, (inner: Markup) => Markup])[]} */
const STYLES = [
  ['code', (inner) => html`<code class="sl-code">${inner}</code>`],
  ['strike', (inner) => html`<s>${inner}</s>`],
  ['underline', (inner) => html`<u>${inner}</u>`],
  ['italic', (inner) => html`<em>${inner}</em>`],
  ['bold', (inner) => html`<strong>${inner}</strong>`],
]

/**
 * @param {unknown} elements
 * @param {RenderContext} context
 */
function inlineView(elements, context) {
  const views = listOf(elements).map((element) => {
    const view = lookUp(INLINE, stringOf(element['type']))
    if (view === undefined) return unknownView('element', element)
    const style = fieldsOf(element['style'])
    return STYLES.reduce((inner, [name, wrap]) => (style[name] === true ? wrap(inner) : inner), view(element, context))
  })
  return join(views)
}

/** @param {Fields} element */
const borderOf = (element) => (element['border'] === 1 ? ' sl-bordered' : '')

/**
 * @param {Fields} list
 * @param {RenderContext} context
 */
function listView(list, context) {
  const indent = Math.min(8, Math.max(0, Math.trunc(numberOf(list['indent']) ?? 0)))
  const items = join(listOf(list['elements']).map((item) => html`<li>${inlineView(item['elements'], context)}</li>`))
  const style = attributes({ class: `sl-list sl-indent-${indent}${borderOf(list)}` })
  if (list['style'] !== 'ordered')
    return html`<ul ${style}>
      ${items}
    </ul>`
  return html`<ol ${style} ${attributes({ start: Math.trunc(numberOf(list['offset']) ?? 0) + 1 })}>
    ${items}
  </ol>`
}

/** @type {Readonly<Record<string, (element: Fields, context: RenderContext) => Markup>>} */
const PARTS = {
  rich_text_section: ({ elements }, context) => html`<div class="sl-rich-section">${inlineView(elements, context)}</div>`,
  rich_text_list: listView,
  rich_text_quote: (quote, context) =>
    html`<blockquote class="sl-quote${borderOf(quote)}">${inlineView(quote['elements'], context)}</blockquote>`,
  rich_text_preformatted: ({ elements }) =>
    codeBlockView(
      listOf(elements)
        .map(({ text, url }) => stringOf(text ?? url))
        .join(''),
    ),
}

/**
 * @param {Fields} block
 * @param {RenderContext} context
 */
export function richTextView(block, context) {
  const parts = listOf(block['elements']).map((part) => {
    const view = lookUp(PARTS, stringOf(part['type']))
    return view === undefined ? unknownView('element', part) : view(part, context)
  })
  return html`<div class="sl-rich">${join(parts)}</div>`
}
