// @ts-check
/** @import { Markup } from './html.js' */
/** @import { Grammar } from './inline.js' */
/** @import { RenderContext } from './types.js' */
import { withEmoji } from './emoji.js'
import { html } from './html.js'
import { codeView, renderInline, STYLES } from './inline.js'
import { linkView, safeUrl } from './link.js'
import { referenceView } from './reference.js'

/** A character after a backslash, code, an image or link, an address or one of Slack's references in angle brackets. */
const ATOM =
  /\\([!-/:-@[-`{-~])|`([^`\n]+)`|(!?)\[([^\][\n]{1,500})\]\(\s?([^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)\s?\)|<([^<>\n]+)>|\bhttps?:\/\/[^\s<>|`*)\]]{1,3000}/g

const STYLE =
  /\*\*(?!\s)(?<bold>[^\n]{1,2000}?)(?<!\s)\*\*|(?<![\p{L}\p{N}_])__(?!\s)(?<bold2>[^\n]{1,2000}?)(?<!\s)__(?![\p{L}\p{N}_])|\*(?![\s*])(?<italic>[^*\n]+)(?<!\s)\*|(?<![\p{L}\p{N}_])_(?![\s_])(?<italic2>[^_\n]+)(?<!\s)_(?![\p{L}\p{N}_])|~~(?!\s)(?<strike>[^~\n]+)(?<!\s)~~/gu

/**
 * @param {string} typed
 */
function typedLink(typed) {
  const url = typed.replace(/[.,:;!?'"*_~]+$/, '')
  return html`${linkView(url, url)}${typed.slice(url.length)}`
}

/**
 * @param {string} label
 * @param {string} url
 * @returns {Markup | undefined}
 */
function labelled(label, url) {
  return safeUrl(url) === undefined ? undefined : linkView(url, label)
}

/**
 * A line of Markdown.
 *
 * @param {string} text
 * @param {RenderContext} context
 */
export function markdownLine(text, context) {
  /** @type {Grammar} */
  const grammar = {
    atom: ATOM,
    toAtom: ([all, escaped, code, bang, label, url, inside]) => {
      if (escaped !== undefined) return html`${escaped}`
      if (code !== undefined) return codeView(code)
      if (inside !== undefined) return referenceView(inside, context)
      if (label === undefined || url === undefined) return typedLink(all)
      return labelled(bang === '' ? label : `Image, not loaded here: ${label}`, url)
    },
    style: STYLE,
    styles: {
      ...STYLES,
      bold2: (inner) => html`<strong>${inner}</strong>`,
      italic2: (inner) => html`<em>${inner}</em>`,
    },
    leaf: withEmoji,
  }
  return renderInline(text, grammar)
}
