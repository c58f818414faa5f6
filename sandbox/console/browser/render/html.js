// @ts-check

/** @type {Readonly<Record<string, string>>} */
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/**
 * Text as it must stand between tags and in quoted attributes.
 *
 * @param {unknown} text
 */
export const escapeHtml = (text) => String(text).replaceAll(/[&<>"']/g, (found) => ENTITIES[found] ?? '')

/** Markup we wrote ourselves. Only the functions of this file make it, so that no text of a message becomes some. */
export class Markup {
  /** @type {string} */
  #text

  /** @param {string} text */
  constructor(text) {
    this.#text = text
  }

  get isEmpty() {
    return this.#text === ''
  }

  toString() {
    return this.#text
  }
}

/** @typedef {Markup | string | number | undefined | readonly (Markup | string | undefined)[]} Piece */

/**
 * @param {Piece} piece
 * @returns {string}
 */
function toText(piece) {
  if (piece === undefined) return ''
  if (piece instanceof Markup) return piece.toString()
  if (typeof piece === 'string' || typeof piece === 'number') return escapeHtml(piece)
  return piece.map((one) => toText(one)).join('')
}

/**
 * Template for markup: everything put into it is escaped, unless it is markup itself.
 *
 * @param {TemplateStringsArray} strings
 * @param {...Piece} pieces
 */
export function html(strings, ...pieces) {
  return new Markup(strings.map((text, index) => text + toText(pieces[index])).join(''))
}

export const EMPTY = html``

/** A name of our own in an attribute: no other text may become one. */
const ATTRIBUTE = /^[a-z][a-z-]*$/i

/**
 * Attributes for a tag; those that are undefined or false are left out.
 *
 * @param {Readonly<Record<string, string | number | boolean | undefined>>} values
 */
export function attributes(values) {
  const set = Object.entries(values).flatMap(([name, value]) => {
    if (!ATTRIBUTE.test(name)) throw new Error(`no name of an attribute: ${name}`)
    if (value === undefined || value === false) return []
    return [value === true ? name : `${name}="${escapeHtml(value)}"`]
  })
  return new Markup(set.join(' '))
}

/**
 * @param {readonly Markup[]} parts
 * @param {Markup} [between]
 */
export function join(parts, between = EMPTY) {
  return new Markup(parts.map((part) => part.toString()).join(between.toString()))
}

/** @param {string} text */
export function withBreaks(text) {
  return join(
    text.split('\n').map((line) => html`${line}`),
    html`<br />`,
  )
}
