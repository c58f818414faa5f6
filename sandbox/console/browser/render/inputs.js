// @ts-check
/** @import { Markup } from './html.js' */
/** @import { Fields, Place } from './types.js' */
/** @import { Slot } from './target.js' */
import { attributes, html, join } from './html.js'
import { fieldsOf, listOf, numberOf, stringOf, wordsOf } from './json.js'
import { domId, pickedOptions, pickedText, targetAttributes } from './target.js'
import { textView } from './text.js'

/** Elements that hold a value. */

/**
 * What is said to everybody about a field: its id for the label, or a name where it has none.
 *
 * @param {Fields} element
 * @param {Slot} slot
 * @param {Place} place
 */
function fieldAttributes(element, slot, place) {
  const placeholder = wordsOf(element['placeholder'])
  return attributes({
    id: domId(place, slot.blockId, stringOf(element['action_id'])),
    'aria-label': slot.isInput ? undefined : placeholder || stringOf(element['type']).replaceAll('_', ' '),
    'aria-describedby': slot.describedBy,
    'aria-invalid': slot.describedBy?.includes('error') ? 'true' : undefined,
    required: slot.isRequired === true,
    autofocus: element['focus_on_load'] === true && place.where.kind === 'modal',
  })
}

/**
 * @param {Fields} element
 * @param {Slot} slot
 * @param {Place} place
 */
export function textInput(element, slot, place) {
  const held = pickedText(element, slot, place, 'value')
  const rest = attributes({
    placeholder: wordsOf(element['placeholder']) || undefined,
    minlength: numberOf(element['min_length']),
    maxlength: numberOf(element['max_length']),
    autocomplete: 'off',
  })
  const all = html`${fieldAttributes(element, slot, place)} ${targetAttributes(element, slot, place, undefined)} ${rest}`
  // The parser takes one line break after the tag: without ours that would be the value's own first one.
  if (element['multiline'] === true) return html`<textarea class="sl-field" rows="4" ${all}>${`\n${held ?? ''}`}</textarea>`
  const type = element['type'] === 'url_text_input' ? 'url' : 'text'
  return html`<input class="sl-field" ${attributes({ type, value: held ?? '' })} ${all} />`
}

/**
 * @param {'date' | 'time'} type
 * @returns {(element: Fields, slot: Slot, place: Place) => Markup}
 */
export const clockInput = (type) => (element, slot, place) => {
  const held = pickedText(element, slot, place, `selected_${type}`) ?? ''
  const zone = stringOf(element['timezone'])
  const shown = attributes({ type, value: held, title: wordsOf(element['placeholder']) || undefined })
  const input = html`<input
    class="sl-field sl-field-short"
    ${shown}
    ${fieldAttributes(element, slot, place)}
    ${targetAttributes(element, slot, place, held)}
  />`
  return zone === '' ? input : html`<span class="sl-row">${input}<small>${zone}</small></span>`
}

/**
 * @param {Fields} option
 * @param {readonly string[]} picked
 */
function optionView(option, picked) {
  const value = stringOf(option['value'])
  return html`<option ${attributes({ value, selected: picked.includes(value) })}>${wordsOf(option['text'])}</option>`
}

/**
 * @param {Fields} element
 * @param {Slot} slot
 * @param {Place} place
 * @param {readonly string[]} picked
 * @param {Markup} options
 */
function menuView(element, slot, place, picked, options) {
  const none = attributes({ value: '', selected: picked.length === 0, disabled: slot.isRequired !== false })
  const placeholder = html`<option ${none}>${wordsOf(element['placeholder']) || 'Choose'}</option>`
  const target = targetAttributes(element, slot, place, picked[0] ?? '')
  return html`<select class="sl-field sl-field-short" ${fieldAttributes(element, slot, place)} ${target}>
    ${placeholder}${options}
  </select>`
}

/**
 * @param {Fields} element
 * @param {Slot} slot
 * @param {Place} place
 */
export function staticSelect(element, slot, place) {
  const picked = pickedOptions(element, slot, place)
  const options = listOf(element['options']).map((option) => optionView(option, picked))
  const groups = listOf(element['option_groups']).map((group) => {
    const inside = listOf(group['options']).map((option) => optionView(option, picked))
    return html`<optgroup ${attributes({ label: wordsOf(group['label']) })}>${inside}</optgroup>`
  })
  return menuView(element, slot, place, picked, join([...options, ...groups]))
}

/**
 * @param {Fields} element
 * @param {Slot} slot
 * @param {Place} place
 */
export function usersSelect(element, slot, place) {
  const held = pickedText(element, slot, place, 'selected_user')
  const picked = held === undefined ? [] : [held]
  const people = Object.entries(place.context.users).map(([value, text]) => optionView({ value, text }, picked))
  return menuView(element, slot, place, picked, join(people))
}

/**
 * Check boxes or radio buttons.
 *
 * @param {'checkbox' | 'radio'} type
 * @returns {(element: Fields, slot: Slot, place: Place) => Markup}
 */
export const choices = (type) => (element, slot, place) => {
  const picked = pickedOptions(element, slot, place)
  const name = domId(place, slot.blockId, stringOf(element['action_id']))
  const options = listOf(element['options']).map((option) => {
    const value = stringOf(option['value'])
    const required = type === 'radio' && slot.isRequired === true
    const own = attributes({ type, name, value, checked: picked.includes(value), required, 'aria-describedby': slot.describedBy })
    const description = fieldsOf(option['description'])
    const note = wordsOf(description) === '' ? undefined : html`<small>${textView(description, place.context)}</small>`
    return html`<label class="sl-choice"
      ><input ${own} ${targetAttributes(element, slot, place, value)} /><span
        >${textView(option['text'], place.context)}${note}</span
      ></label
    >`
  })
  const label = attributes({ 'aria-label': slot.isInput ? undefined : stringOf(element['type']).replaceAll('_', ' ') })
  return html`<span class="sl-choices" role="group" ${label}>${join(options)}</span>`
}
