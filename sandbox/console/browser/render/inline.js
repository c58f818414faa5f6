// @ts-check
/** @import { Markup } from './html.js' */
import { html, join } from './html.js'

/**
 * How a line of text is marked up. Atoms (code, links, mentions) are found first, so that nothing inside them is taken for
 * a mark; then styles, which may hold each other.
 *
 * @typedef {object} Grammar
 * @property {RegExp} atom Global.
 * @property {(found: RegExpMatchArray) => Markup | undefined} toAtom Nothing: it was only text after all.
 * @property {RegExp} style Global; each alternative is a named group around the inner text.
 * @property {Readonly<Record<string, (inner: Markup) => Markup>>} styles By the group's name.
 * @property {(text: string) => Markup} leaf What is left.
 */

/** Stand around the number of an atom; what a message holds of them is replaced. */
const OWN = /[\uE000\uE001]/g
const ATOM = /\uE000(\d+)\uE001/g

/**
 * @param {string} text
 * @param {Grammar} grammar
 */
export function renderInline(text, grammar) {
  /** @type {Markup[]} */
  const atoms = []
  const clean = text.replaceAll(OWN, '\uFFFD')
  let marked = ''
  let from = 0
  for (const found of clean.matchAll(grammar.atom)) {
    const atom = grammar.toAtom(found)
    if (atom === undefined) continue
    marked += `${clean.slice(from, found.index)}\uE000${atoms.length}\uE001`
    atoms.push(atom)
    from = found.index + found[0].length
  }
  return styled(marked + clean.slice(from), grammar, atoms)
}

/**
 * @param {string} text
 * @param {Grammar} grammar
 * @param {readonly Markup[]} atoms
 * @returns {Markup}
 */
function styled(text, grammar, atoms) {
  /** @type {Markup[]} */
  const parts = []
  let from = 0
  for (const found of text.matchAll(grammar.style)) {
    const [name, inner] = Object.entries(found.groups ?? {}).find(([, value]) => value !== undefined) ?? []
    const style = name === undefined ? undefined : grammar.styles[name]
    if (inner === undefined || style === undefined) continue
    parts.push(plain(text.slice(from, found.index), grammar, atoms), style(styled(inner, grammar, atoms)))
    from = found.index + found[0].length
  }
  return join([...parts, plain(text.slice(from), grammar, atoms)])
}

/**
 * @param {string} text
 * @param {Grammar} grammar
 * @param {readonly Markup[]} atoms
 */
function plain(text, grammar, atoms) {
  return join(text.split(ATOM).map((part, index) => (index % 2 === 0 ? grammar.leaf(part) : html`${atoms[Number(part)]}`)))
}

/** @type {Readonly<Record<string, (inner: Markup) => Markup>>} */
export const STYLES = {
  bold: (inner) => html`<strong>${inner}</strong>`,
  italic: (inner) => html`<em>${inner}</em>`,
  strike: (inner) => html`<s>${inner}</s>`,
}

/** @param {string} text */
export const codeView = (text) => html`<code class="sl-code">${text}</code>`

/** @param {string} text */
export const codeBlockView = (text) => html`<pre class="sl-pre" tabindex="0">${text}</pre>`
