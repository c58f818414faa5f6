// @ts-check
/** @import { Markup } from './html.js' */
/** @import { RenderContext } from './types.js' */
import { attributes, html, join } from './html.js'
import { codeBlockView } from './inline.js'
import { markdownLine } from './markdown-inline.js'
import { scrollingTable } from './table.js'

/** A part of a text: what it looks like, and where the next one begins. @typedef {{ view: Markup, next: number }} Part */
/** @typedef {(lines: readonly string[], at: number, context: RenderContext, depth: number) => Part | undefined} Reader */

const FENCE = /^ {0,3}(`{3,}|~{3,})/
const HEADING = /^ {0,3}(#{1,6})\s+(\S.*)$/
const RULE = /^ {0,3}(?:-\s*){3,}$|^ {0,3}(?:\*\s*){3,}$|^ {0,3}(?:_\s*){3,}$/
const QUOTE = /^ {0,3}> ?/
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/
const ROW = /^\s*\|.*\|\s*$/
const ROW_RULE = /^\s*\|(?:\s*:?-+:?\s*\|)+\s*$/
/** Deeper nesting is shown flat. */
const DEEPEST = 5

/** @type {Reader} */
function fence(lines, at) {
  const [, mark] = FENCE.exec(lines[at] ?? '') ?? []
  if (mark === undefined) return undefined
  let end = at + 1
  while (end < lines.length && !(lines[end] ?? '').trim().startsWith(mark)) end++
  return { view: codeBlockView(lines.slice(at + 1, end).join('\n')), next: end + 1 }
}

/** @type {Reader} */
function heading(lines, at, context) {
  const [, marks, words = ''] = HEADING.exec(lines[at] ?? '') ?? []
  if (marks === undefined) return undefined
  // The page's own headings end at 2, a message's begin below them.
  const text = markdownLine(
    words
      .trimEnd()
      .replace(/(?<=\s)#{1,6}$/, '')
      .trimEnd(),
    context,
  )
  const level = Math.min(3, marks.length)
  const views = [
    html`<h3 class="sl-heading">${text}</h3>`,
    html`<h4 class="sl-heading">${text}</h4>`,
    html`<h5 class="sl-heading">${text}</h5>`,
  ]
  return { view: html`${views[level - 1]}`, next: at + 1 }
}

/** @type {Reader} */
function rule(lines, at) {
  return RULE.test(lines[at] ?? '') ? { view: html`<hr class="sl-divider" />`, next: at + 1 } : undefined
}

/** @type {Reader} */
function quote(lines, at, context, depth) {
  let end = at
  while (QUOTE.test(lines[end] ?? '')) end++
  if (end === at || depth > DEEPEST) return undefined
  const inside = lines.slice(at, end).map((line) => line.replace(QUOTE, ''))
  return { view: html`<blockquote class="sl-quote">${blocksOf(inside, context, depth + 1)}</blockquote>`, next: end }
}

/** @type {Reader} */
function list(lines, at, context, depth) {
  const [, indent = '', mark] = ITEM.exec(lines[at] ?? '') ?? []
  if (mark === undefined || depth > DEEPEST) return undefined
  const isOrdered = /\d/.test(mark)
  /** @type {Markup[]} */
  const items = []
  let next = at
  while (next < lines.length) {
    const [, before, sign, words = ''] = ITEM.exec(lines[next] ?? '') ?? []
    if (before?.length !== indent.length || sign === undefined || /\d/.test(sign) !== isOrdered) break
    let end = next + 1
    while (end < lines.length && isInside(lines[end] ?? '', indent.length)) end++
    const inside = blocksOf(lines.slice(next + 1, end), context, depth + 1)
    items.push(html`<li>${taskMark(words, context)}${inside}</li>`)
    next = end
  }
  const all = join(items)
  if (!isOrdered)
    return {
      view: html`<ul class="sl-list sl-indent-0">
        ${all}
      </ul>`,
      next,
    }
  return {
    view: html`<ol class="sl-list sl-indent-0" ${attributes({ start: Number.parseInt(mark, 10) })}>
      ${all}
    </ol>`,
    next,
  }
}

/**
 * @param {string} line
 * @param {number} indent
 */
const isInside = (line, indent) => line.trim() !== '' && line.length - line.trimStart().length > indent

/**
 * @param {string} words
 * @param {RenderContext} context
 */
function taskMark(words, context) {
  const [, mark, rest = ''] = /^\[([ xX])\]\s+(.*)$/.exec(words) ?? []
  if (mark === undefined) return markdownLine(words, context)
  const box = attributes({ type: 'checkbox', disabled: true, checked: mark !== ' ' })
  return html`<label><input ${box} /> ${markdownLine(rest, context)}</label>`
}

/** @param {string} line */
const cellsOf = (line) =>
  line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())

/** @param {string} rule */
function sideOf(rule) {
  if (!rule.endsWith(':')) return undefined
  return rule.startsWith(':') ? 'sl-center' : 'sl-right'
}

/** @type {Reader} */
function table(lines, at, context) {
  if (!ROW.test(lines[at] ?? '') || !ROW_RULE.test(lines[at + 1] ?? '')) return undefined
  const sides = cellsOf(lines[at + 1] ?? '').map(sideOf)
  let end = at + 2
  while (ROW.test(lines[end] ?? '')) end++
  /** @param {string} line @param {'th' | 'td'} tag */
  const row = (line, tag) => {
    const cells = cellsOf(line).map((cell, column) => {
      const style = attributes({ class: sides[column] })
      const view = markdownLine(cell, context)
      return tag === 'th' ? html`<th scope="col" ${style}>${view}</th>` : html`<td ${style}>${view}</td>`
    })
    return html`<tr>
      ${join(cells)}
    </tr>`
  }
  const rest = lines.slice(at + 2, end).map((line) => row(line, 'td'))
  return {
    view: scrollingTable(
      html`<thead>
          ${row(lines[at] ?? '', 'th')}
        </thead>
        <tbody>
          ${rest}
        </tbody>`,
      'Table',
    ),
    next: end,
  }
}

const READERS = [fence, heading, rule, quote, list, table]

/** @type {(...given: Parameters<Reader>) => Part} */
function readPart(...given) {
  for (const read of READERS) {
    const part = read(...given)
    if (part !== undefined) return part
  }
  return paragraph(...given)
}

/** @type {(...given: Parameters<Reader>) => Part} */
function paragraph(lines, at, context, depth) {
  let end = at + 1
  while (end < lines.length && (lines[end] ?? '').trim() !== '' && !startsPart(lines, end, context, depth)) end++
  const words = lines.slice(at, end).map((line) => markdownLine(line.trim(), context))
  return { view: html`<p>${join(words, html`<br />`)}</p>`, next: end }
}

/** @type {(...given: Parameters<Reader>) => boolean} */
const startsPart = (lines, at, _context, depth) => {
  const line = lines[at] ?? ''
  if (FENCE.test(line) || HEADING.test(line) || RULE.test(line)) return true
  if (depth <= DEEPEST && (QUOTE.test(line) || ITEM.test(line))) return true
  return ROW.test(line) && ROW_RULE.test(lines[at + 1] ?? '')
}

/**
 * @param {readonly string[]} lines
 * @param {RenderContext} context
 * @param {number} depth
 * @returns {Markup}
 */
function blocksOf(lines, context, depth) {
  /** @type {Markup[]} */
  const parts = []
  let at = 0
  while (at < lines.length) {
    if ((lines[at] ?? '').trim() === '') {
      at++
      continue
    }
    const part = readPart(lines, at, context, depth)
    parts.push(part.view)
    at = part.next
  }
  return join(parts)
}

/**
 * The subset of Markdown that a message needs; HTML in it is text like any other.
 *
 * @param {string} text
 * @param {RenderContext} context
 */
export function markdownView(text, context) {
  return html`<div class="sl-markdown">${blocksOf(text.split(/\r?\n/), context, 0)}</div>`
}
