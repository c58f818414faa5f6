// @ts-check
/** @import { Piece } from './html.js' */
import { attributes, html } from './html.js'

const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'sms:'])
const BLANK = attributes({ target: '_blank', rel: 'noopener noreferrer' })

/**
 * The address if following it is harmless; what a browser makes of it counts, not how it looks.
 *
 * @param {unknown} url
 * @returns {string | undefined}
 */
export function safeUrl(url) {
  if (typeof url !== 'string') return undefined
  const parsed = URL.parse(url)
  return parsed !== null && SCHEMES.has(parsed.protocol) ? parsed.href : undefined
}

/** Attributes of every link out of the page. @param {string} url An address from `safeUrl`. */
export const linkAttributes = (url) => html`${attributes({ href: url })} ${BLANK}`

/**
 * A link, or only its label when it leads somewhere it must not.
 *
 * @param {unknown} url
 * @param {Piece} label
 */
export function linkView(url, label) {
  const safe = safeUrl(url)
  return safe === undefined ? html`${label}` : html`<a class="sl-link" ${linkAttributes(safe)}>${label}</a>`
}

/**
 * The address of an image that may be loaded: its bytes in the message, or from the page's own server.
 *
 * @param {unknown} url
 * @param {string | undefined} origin
 * @returns {string | undefined}
 */
export function safeImageUrl(url, origin) {
  const text = typeof url === 'string' ? url : ''
  if (/^data:image\/(?:png|jpeg|gif|webp|avif|svg\+xml)[;,]/i.test(text)) return text
  const parsed = origin === undefined ? null : URL.parse(text, origin)
  return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.origin === origin ? parsed.href : undefined
}
