// @ts-check
/** @import { RenderContext } from './types.js' */
import { withEmoji } from './emoji.js'
import { html, join } from './html.js'
import { fieldsOf, stringOf } from './json.js'
import { mrkdwnView } from './mrkdwn.js'

/** @param {string} text */
export function plainView(text) {
  return join(text.split('\n').map(withEmoji), html`<br />`)
}

/**
 * A text object: `plain_text` or `mrkdwn`.
 *
 * @param {unknown} value
 * @param {RenderContext} context
 */
export function textView(value, context) {
  const { type, text } = fieldsOf(value)
  return type === 'mrkdwn' ? mrkdwnView(stringOf(text), context) : plainView(stringOf(text))
}
