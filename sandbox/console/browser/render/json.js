// @ts-check
/** @import { Fields } from './types.js' */
import { html } from './html.js'

/** Reading JSON that may hold anything. */

/**
 * @param {unknown} value
 * @returns {value is Fields}
 */
const isFields = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * @param {unknown} value
 * @returns {Fields}
 */
export const fieldsOf = (value) => (isFields(value) ? value : {})

/**
 * @param {unknown} value
 * @returns {Fields[]}
 */
export const listOf = (value) => (Array.isArray(value) ? value.filter(isFields) : [])

/**
 * @param {unknown} value
 * @returns {string}
 */
export const stringOf = (value) => (typeof value === 'string' ? value : '')

/**
 * @param {unknown} value
 * @returns {string | undefined}
 */
export const stringOrNone = (value) => (typeof value === 'string' && value !== '' ? value : undefined)

/**
 * A number, or nothing; numbers so large that sums of them are infinite count as nothing.
 *
 * @param {unknown} value
 */
export const numberOf = (value) => (typeof value === 'number' && Math.abs(value) < 1e300 ? value : undefined)

/**
 * The words of a text object, or of a plain string.
 *
 * @param {unknown} value
 */
export const wordsOf = (value) => stringOf(typeof value === 'string' ? value : fieldsOf(value)['text'])

/**
 * What has this name in the object itself, not in what it inherits.
 *
 * @template T
 * @param {Readonly<Record<string, T>>} table
 * @param {string} name
 * @returns {T | undefined}
 */
export const lookUp = (table, name) => (Object.hasOwn(table, name) ? table[name] : undefined)

/**
 * What we cannot draw, honestly.
 *
 * @param {'block' | 'element'} what
 * @param {Fields} value
 */
export function unknownView(what, value) {
  const type = typeof value['type'] === 'string' ? value['type'] : JSON.stringify(value['type'] ?? null)
  return html`<div class="sl-unknown">
    <p>Unknown ${what} type "${type}": shown as it was sent</p>
    <pre tabindex="0">${JSON.stringify(value, null, 2)}</pre>
  </div>`
}
