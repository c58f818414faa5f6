// @ts-check
/** @import { Markup } from './html.js' */
/** @import { Grammar } from './inline.js' */
/** @import { RenderContext } from './types.js' */
import { withEmoji } from './emoji.js'
import { EMPTY, html, join } from './html.js'
import { codeBlockView, codeView, renderInline, STYLES } from './inline.js'
import { linkView } from './link.js'
import { referenceView, unescapeEntities } from './reference.js'

/** Code, references, and addresses that somebody only typed. */
const ATOM = /`([^`\n]+)`|<([^<>\n]+)>|\bhttps?:\/\/(?:(?!&[lg]t;)[^\s<>|`*]){1,3000}/g

/** Marks count only around words: not in `2 * 3 * 4`, not in snake_case. */
const STYLE =
  /(?<![\p{L}\p{N}*])\*(?!\s)(?<bold>[^*\n]+)(?<!\s)\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(?!\s)(?<italic>[^_\n]+)(?<!\s)_(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}~])~(?!\s)(?<strike>[^~\n]+)(?<!\s)~(?![\p{L}\p{N}~])/gu

/**
 * @param {string} typed
 */
function typedLink(typed) {
  const url = typed.replace(/[.,:;!?)'"*_~\]]+$/, '')
  const address = unescapeEntities(url)
  return html`${linkView(address, address)}${unescapeEntities(typed.slice(url.length))}`
}

/**
 * @param {RenderContext} context
 * @returns {Grammar}
 */
const grammarOf = (context) => ({
  atom: ATOM,
  toAtom: ([all, code, inside]) => {
    if (code !== undefined) return codeView(unescapeEntities(code))
    return inside === undefined ? typedLink(all) : referenceView(inside, context)
  },
  style: STYLE,
  styles: STYLES,
  leaf: (text) => withEmoji(unescapeEntities(text)),
})

const QUOTE = /^(?:>|&gt;) ?/
const LONG_QUOTE = /^(?:>>>|&gt;&gt;&gt;) ?/
const BULLET = /^( *)[•◦▪] +/

/**
 * Lines one below the other, with breaks only between those that do not stand apart anyway.
 *
 * @param {readonly { view: Markup, isBlock: boolean }[]} lines
 */
const stack = (lines) =>
  join(lines.map(({ view, isBlock }, index) => (index === 0 || isBlock || lines[index - 1]?.isBlock ? view : html`<br />${view}`)))

/**
 * @param {readonly string[]} lines
 * @param {RenderContext} context
 * @returns {Markup}
 */
function linesView(lines, context) {
  const grammar = grammarOf(context)
  /** @type {{ view: Markup, isBlock: boolean }[]} */
  const done = []
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    if (LONG_QUOTE.test(line)) {
      const rest = [line.replace(LONG_QUOTE, ''), ...lines.slice(index + 1)]
      done.push({ view: quoteView(rest, grammar), isBlock: true })
      break
    }
    if (QUOTE.test(line)) {
      let end = index
      while (QUOTE.test(lines[end] ?? '')) end++
      const quoted = lines.slice(index, end).map((one) => one.replace(QUOTE, ''))
      done.push({ view: quoteView(quoted, grammar), isBlock: true })
      index = end - 1
    } else if (BULLET.test(line)) {
      done.push({ view: html`<span class="sl-bullet">${renderInline(line, grammar)}</span>`, isBlock: true })
    } else done.push({ view: renderInline(line, grammar), isBlock: false })
  }
  return stack(done)
}

/**
 * @param {readonly string[]} lines
 * @param {Grammar} grammar
 */
function quoteView(lines, grammar) {
  const views = lines.map((line) => ({ view: renderInline(line, grammar), isBlock: false }))
  return html`<blockquote class="sl-quote">${stack(views)}</blockquote>`
}

/**
 * Slack's mrkdwn.
 *
 * @param {string} text With Slack's entities, as it is sent.
 * @param {RenderContext} context
 */
export function mrkdwnView(text, context) {
  const parts = text.split(/```([\s\S]+?)```/)
  return join(
    parts.map((part, index) => {
      if (index % 2 === 1) return codeBlockView(unescapeEntities(part).replace(/^\n|\n$/g, ''))
      // A code block stands apart: the line breaks next to it are its own.
      const after = index === 0 ? part : part.replace(/^\n/, '')
      const words = index === parts.length - 1 ? after : after.replace(/\n$/, '')
      return words === '' ? EMPTY : linesView(words.split('\n'), context)
    }),
  )
}
