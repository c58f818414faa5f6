// @ts-check

/**
 * The element with this id, which index.html has.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${kind.name} ${id}`)
}

/**
 * A new element. Text is only ever set as text.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean | undefined>} [attributes] True is an empty attribute; false and undefined are none.
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children)
  return element
}

/**
 * Runs `draw` when one of the values is another than the last time.
 *
 * @template {readonly unknown[]} T
 * @param {(...values: T) => void} draw
 * @returns {(...values: T) => void}
 */
export function whenChanged(draw) {
  /** @type {readonly unknown[] | undefined} */
  let last
  return (...values) => {
    if (last !== undefined && values.every((value, index) => value === last?.[index])) return
    last = values
    draw(...values)
  }
}
