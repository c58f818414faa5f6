import type { ContextBlock, SectionBlock } from '@slack/types'
import { cut, escape, LIMITS } from './text.ts'

/**
 * Text of people and of the model on cards. Three nets: what means something to Slack is escaped, blocks are `verbatim` (Slack
 * then makes no links of its own), and in plain message texts, where that cannot be said, addresses are broken up.
 */

/** Marks that turn the direction of text: what is approved must stand in the order in which it is read. */
const DIRECTIONS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/** Text from outside on one line; cut before it is escaped, because half an entity would be another text. */
export const outside = (text: string, most: number): string =>
  escape(cut(text.replaceAll(DIRECTIONS, '').trim(), most)).replaceAll('`', "'")

/** At most so many characters of a text that is escaped and marked up already: no half a mark or entity is left at its end. */
export const cutMarked = (text: string, most: number): string => cut(text, most).replace(/(?:<[^<>]*|&[a-z]{0,4})…$/, '…')

// Shows nothing and takes no room, and what stands on both sides of it is no address any more.
const JOINER = '\u2060'

/** The same for texts without blocks: nothing that Slack would take for an address stays one. */
export function unlinked(text: string): string {
  return text
    .replaceAll('://', `:${JOINER}//`)
    .replaceAll(/(?<=[\p{L}\p{N}])\.(?=\p{L}{2})/gu, `.${JOINER}`)
    .replaceAll(/@(?=\w)/g, `@${JOINER}`)
}

/** Escaped, and no longer than `most` although escaping makes it longer. */
export function fitted(line: string, most: number): string {
  let room = most
  for (;;) {
    const text = outside(line, room)
    if (text.length <= most || room <= 1) return text
    room = Math.floor(room * 0.75)
  }
}

/** Someone else's words as a quotation: each line its own, at most `most` characters with all marks, and it says when it is cut. */
export function quoted(text: string, most: number): string {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const told = `_Cut here; all of it is ${count(text.length, 'character')}._`
  const shown: string[] = []
  let room = most - told.length - 2
  for (const line of lines) {
    const drawn = `> ${outside(line, line.length)}`
    if (drawn.length > room) {
      if (room > 40) shown.push(`> ${fitted(line, room - 3)}`)
      return [...shown, told].join('\n')
    }
    shown.push(drawn)
    room -= drawn.length + 1
  }
  return shown.length === 0 ? '> (nothing)' : shown.join('\n')
}

/** Text that may hold words from outside. */
export function toldSection(text: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: cut(text, LIMITS.sectionText), verbatim: true } }
}

// Five times as long when every character is escaped: still no more than a section takes.
const LONGEST_LINE = 500

/** A quotation of any length as sections, each within what Slack takes. `most` counts characters of all of them. */
export function quotedSections(title: string, text: string, most: number): SectionBlock[] {
  // Between words where there are any.
  const piece = new RegExp(`.{1,${LONGEST_LINE}}(?=\\s|$)|.{1,${LONGEST_LINE}}`, 'gsu')
  const pieces = text.split(/\r?\n/).flatMap((line) => line.match(piece) ?? [''])
  const texts = [title]
  for (const line of quoted(pieces.join('\n'), most - title.length).split('\n')) {
    const last = texts.at(-1) ?? ''
    if (last.length + line.length + 1 <= LIMITS.sectionText) texts[texts.length - 1] = `${last}\n${line}`
    else texts.push(line)
  }
  return texts.map((one) => toldSection(one))
}

export function toldFields(pairs: readonly (readonly [name: string, value: string])[]): SectionBlock {
  return {
    type: 'section',
    fields: pairs.map(([name, value]) => ({ type: 'mrkdwn' as const, text: cut(`*${name}*\n${value}`, LIMITS.fieldText), verbatim: true })),
  }
}

export function toldContext(text: string): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: cut(text, LIMITS.contextText), verbatim: true }] }
}

/** The label of a button: it formats nothing, and looks like no mention either. */
export const label = (text: string): string =>
  cut(text.trim().replaceAll(/\s+/g, ' ').replaceAll('<', '‹').replaceAll('>', '›') || '(empty)', 75)

/** A person by id; ids come from Slack, and whatever else stands there rings nobody. */
export const person = (id: string | null): string => (id !== null && /^[UW][A-Z0-9]{2,}$/.test(id) ? `<@${id}>` : 'somebody')

const DOLLAR = 1_000_000

/** Money as people read it: `$0.14`. */
export function dollars(millionths: number): string {
  if (millionths > 0 && millionths < DOLLAR / 100) return 'under $0.01'
  return `$${(millionths / DOLLAR).toFixed(2)}`
}

/** A count with its noun: `1 turn`, `2 turns`. */
export const count = (number: number, one: string, many = `${one}s`): string => `${number} ${number === 1 ? one : many}`

/** `12.3k`: tokens in few characters. */
export function tokens(number: number): string {
  if (number < 1000) return String(number)
  return number < 1_000_000 ? `${(number / 1000).toFixed(1)}k` : `${(number / 1_000_000).toFixed(2)}M`
}
