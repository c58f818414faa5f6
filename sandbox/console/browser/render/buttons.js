// @ts-check
/** @import { Fields, Place } from './types.js' */
/** @import { Slot } from './target.js' */
import { withEmoji } from './emoji.js'
import { attributes, html, join } from './html.js'
import { fieldsOf, listOf, lookUp, stringOf, stringOrNone, wordsOf } from './json.js'
import { linkAttributes, safeUrl } from './link.js'
import { targetAttributes } from './target.js'

/** @type {Readonly<Record<string, string>>} */
const STYLE_CLASS = { primary: ' sl-button-primary', danger: ' sl-button-danger' }

/**
 * A button, or a link that looks like one: its click is reported to the app as well.
 *
 * @param {Fields} element
 * @param {Slot} slot
 * @param {Place} place
 */
export function buttonView(element, slot, place) {
  const label = withEmoji(wordsOf(element['text']))
  const style = `sl-button${lookUp(STYLE_CLASS, stringOf(element['style'])) ?? ''}`
  const target = targetAttributes(element, slot, place, stringOf(element['value']))
  const name = attributes({ 'aria-label': stringOrNone(element['accessibility_label']) })
  const { url } = element
  if (url === undefined) return html`<button type="button" class="${style}" ${target} ${name}>${label}</button>`
  const safe = safeUrl(url)
  if (safe === undefined) {
    const why = attributes({ title: 'Its link is not opened here: it is neither http, https, mailto nor sms' })
    return html`<button type="button" class="${style}" ${target} ${name} ${why}>${label}</button>`
  }
  return html`<a class="${style} sl-button-link" ${linkAttributes(safe)} ${target} ${name}>${label}</a>`
}

/**
 * @param {Fields} element
 * @param {Slot} slot
 * @param {Place} place
 */
export function overflowView(element, slot, place) {
  const options = listOf(element['options']).map((option) => {
    const target = targetAttributes(element, slot, place, stringOf(option['value']))
    const description = wordsOf(option['description'])
    const note = description === '' ? undefined : html`<small>${withEmoji(description)}</small>`
    const label = html`<span>${withEmoji(wordsOf(option['text']))}</span>${note}`
    const safe = safeUrl(option['url'])
    return safe === undefined
      ? html`<li><button type="button" class="sl-menu-item" ${target}>${label}</button></li>`
      : html`<li><a class="sl-menu-item sl-link" ${linkAttributes(safe)} ${target}>${label}</a></li>`
  })
  return html`<details class="sl-overflow">
    <summary class="sl-button" aria-label="More actions" title="More actions">…</summary>
    <ul class="sl-menu">
      ${join(options)}
    </ul>
  </details>`
}

/**
 * @param {Fields} element
 * @param {Slot} slot
 * @param {Place} place
 */
export function feedbackView(element, slot, place) {
  const buttons = ['positive_button', 'negative_button'].map((name) => {
    const { text, value, accessibility_label } = fieldsOf(element[name])
    return buttonView({ ...element, text, value, accessibility_label }, slot, place)
  })
  return html`<span class="sl-row">${join(buttons)}</span>`
}
