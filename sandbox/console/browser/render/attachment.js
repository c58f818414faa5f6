// @ts-check
/** @import { Markup } from './html.js' */
/** @import { Fields, Place } from './types.js' */
import { blocksView } from './blocks.js'
import { html } from './html.js'
import { imageView } from './image.js'
import { listOf, lookUp, stringOf } from './json.js'
import { linkView } from './link.js'
import { mrkdwnView } from './mrkdwn.js'
import { dateView } from './reference.js'

/** @type {Readonly<Record<string, string>>} */
const NAMED = { good: '#2eb67d', warning: '#daa038', danger: '#a30200' }

/** @param {unknown} color */
function barView(color) {
  const text = stringOf(color)
  const [, digits] = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(text) ?? []
  const fill = lookUp(NAMED, text) ?? (digits === undefined ? undefined : `#${digits}`)
  // A picture and no inline style: the page's policy may forbid the latter.
  return html`<svg class="sl-bar" aria-hidden="true">
    ${fill === undefined ? undefined : html`<rect width="100%" height="100%" fill="${fill}" />`}
  </svg>`
}

/**
 * @param {string} style
 * @param {unknown} text
 * @param {(text: string) => Markup} view
 */
const part = (style, text, view) => (stringOf(text) === '' ? undefined : html`<div class="${style}">${view(stringOf(text))}</div>`)

/**
 * The older form: title, text and fields instead of blocks.
 *
 * @param {Fields} attachment
 * @param {Place} place
 */
function oldParts(attachment, { context }) {
  const { author_name, author_link, title, title_link, text, fields, image_url, thumb_url, footer, ts, fallback } = attachment
  /** @param {string} words */
  const marked = (words) => mrkdwnView(words, context)
  const columns = listOf(fields).map(
    (field) => html`<div class="sl-text"><strong>${stringOf(field['title'])}</strong><br />${marked(stringOf(field['value']))}</div>`,
  )
  const picture = image_url ?? thumb_url
  const at = Number(ts)
  const parts = [
    part('sl-text', author_name, (name) => linkView(author_link, name)),
    part('sl-text', title, (words) => html`<strong>${linkView(title_link, words)}</strong>`),
    part('sl-text', text, marked),
    columns.length === 0 ? undefined : html`<div class="sl-fields">${columns}</div>`,
    picture === undefined
      ? undefined
      : imageView({ image_url: picture, alt_text: stringOf(title) || 'attached image' }, context, 'sl-image'),
    part('sl-context', footer, (words) => html`${words}`),
    ts === undefined || !(at > 0) ? undefined : html`<div class="sl-context">${dateView(at, '{date_short_pretty} {time}', context)}</div>`,
  ].filter((one) => one !== undefined)
  return parts.length === 0 && attachment['blocks'] === undefined ? html`${part('sl-text', fallback, marked)}` : html`${parts}`
}

/**
 * @param {Fields} attachment
 * @param {Place} place
 */
export function attachmentView(attachment, place) {
  const before = part('sl-text', attachment['pretext'], (text) => mrkdwnView(text, place.context))
  return html`${before}
    <div class="sl-attachment">
      ${barView(attachment['color'])}
      <div class="sl-attachment-body">${oldParts(attachment, place)}${blocksView(attachment['blocks'], place)}</div>
    </div>`
}
