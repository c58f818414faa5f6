// @ts-check
/** @import { Fields, Place } from './types.js' */
import { attributes } from './html.js'
import { fieldsOf, lookUp, stringOf, stringOrNone } from './json.js'

/** What the app needs to know of an element that can be clicked or filled in. */

/**
 * Where an element stands: in which block of what, and whether it waits for the modal's submit.
 *
 * @typedef {{ blockId: string, isInput?: boolean, dispatches?: boolean, describedBy?: string, isRequired?: boolean }} Slot
 */

/**
 * Only what an id may hold, and nothing lost.
 *
 * @param {string} text
 */
const slug = (text) => text.replaceAll(/[^A-Za-z0-9-]/g, (found) => `_${found.charCodeAt(0).toString(16)}_`)

/**
 * An id for the page, the same each time the blocks are drawn.
 *
 * @param {Place} place
 * @param {...string} names
 */
export const domId = ({ where }, ...names) => ['sl', where.kind, where.viewId ?? where.ts ?? '', ...names].map(slug).join('-')

/** @param {Place} place */
const whereAttributes = ({ where }) => ({ 'data-kind': where.kind, 'data-ts': where.ts, 'data-view-id': where.viewId })

/**
 * @param {Fields} element
 * @param {Slot} slot
 * @param {Place} place
 * @param {string | undefined} value
 */
export function targetAttributes(element, slot, place, value) {
  const { confirm } = element
  return attributes({
    'data-action-id': stringOf(element['action_id']),
    'data-block-id': slot.blockId,
    'data-value': value,
    'data-type': stringOf(element['type']),
    'data-confirm': confirm === undefined ? undefined : JSON.stringify(fieldsOf(confirm)),
    'data-input': slot.isInput === true,
    'data-dispatch': slot.dispatches === true,
    ...whereAttributes(place),
  })
}

/**
 * What a person has put in already, in the words of the view's state.
 *
 * @param {Fields} element
 * @param {Slot} slot
 * @param {Place} place
 */
function heldValue(element, { blockId }, { where }) {
  const block = lookUp(where.values ?? {}, blockId)
  return block && lookUp(block, stringOf(element['action_id']))
}

/**
 * A text, date, time or user: what was put in, or else what the app proposed.
 *
 * @param {Fields} element
 * @param {Slot} slot
 * @param {Place} place
 * @param {string} name Of the value in the state: `value`, `selected_date`.
 */
export function pickedText(element, slot, place, name) {
  const held = heldValue(element, slot, place)
  return held === undefined ? stringOrNone(element[name.replace(/^(?:selected_)?/, 'initial_')]) : stringOrNone(held[name])
}

/**
 * The values of the options picked.
 *
 * @param {Fields} element
 * @param {Slot} slot
 * @param {Place} place
 * @returns {string[]}
 */
export function pickedOptions(element, slot, place) {
  const held = heldValue(element, slot, place)
  const many = held ? held['selected_options'] : element['initial_options']
  const one = held ? held['selected_option'] : element['initial_option']
  const all = Array.isArray(many) ? many : [one]
  return all.flatMap((option) => stringOrNone(fieldsOf(option)['value']) ?? [])
}
