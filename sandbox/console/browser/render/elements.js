// @ts-check
/** @import { Markup } from './html.js' */
/** @import { Slot } from './target.js' */
/** @import { Fields, Place } from './types.js' */
import { buttonView, feedbackView, overflowView } from './buttons.js'
import { html } from './html.js'
import { imageView } from './image.js'
import { choices, clockInput, staticSelect, textInput, usersSelect } from './inputs.js'
import { lookUp, stringOf, unknownView } from './json.js'

/** @type {Readonly<Record<string, (element: Fields, slot: Slot, place: Place) => Markup>>} */
const ELEMENTS = {
  button: buttonView,
  icon_button: buttonView,
  feedback_buttons: feedbackView,
  overflow: overflowView,
  static_select: staticSelect,
  users_select: usersSelect,
  datepicker: clockInput('date'),
  timepicker: clockInput('time'),
  checkboxes: choices('checkbox'),
  radio_buttons: choices('radio'),
  plain_text_input: textInput,
  url_text_input: textInput,
  image: (element, _slot, place) => imageView(element, place.context, 'sl-thumb'),
}

/**
 * @param {Fields} element
 * @param {Slot} slot
 * @param {Place} place
 */
export function elementView(element, slot, place) {
  const view = lookUp(ELEMENTS, stringOf(element['type']))
  return view === undefined ? unknownView('element', element) : view(element, slot, place)
}

/**
 * @param {readonly Fields[]} elements
 * @param {Slot} slot
 * @param {Place} place
 */
export function elementsRow(elements, slot, place) {
  return html`<div class="sl-actions">${elements.map((element) => elementView(element, slot, place))}</div>`
}
