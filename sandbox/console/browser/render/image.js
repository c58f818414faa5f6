// @ts-check
/** @import { Fields, RenderContext } from './types.js' */
import { attributes, html } from './html.js'
import { stringOf } from './json.js'
import { linkView, safeImageUrl, safeUrl } from './link.js'

/**
 * An image, or its description and address where loading it would tell a stranger that it is looked at.
 *
 * @param {Fields} image
 * @param {RenderContext} context
 * @param {string} style
 */
export function imageView(image, context, style) {
  const alt = stringOf(image['alt_text'])
  const src = safeImageUrl(image['image_url'], context.origin)
  if (src !== undefined) return html`<img ${attributes({ class: style, src, alt, loading: 'lazy' })} />`
  const url = safeUrl(image['image_url'])
  const host = url === undefined ? undefined : html` (${linkView(url, URL.parse(url)?.host || url)})`
  return html`<span class="${style} sl-image-placeholder">Image, not loaded here: ${alt || 'without description'}${host}</span>`
}
