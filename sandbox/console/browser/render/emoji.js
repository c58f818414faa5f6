// @ts-check
import { html, join } from './html.js'
import { lookUp } from './json.js'

/** The few that a status message may use; any other stays as it is written. @type {Readonly<Record<string, string>>} */
const CHARACTERS = {
  white_check_mark: '\u2705',
  heavy_check_mark: '\u2714\uFE0F',
  x: '\u274C',
  warning: '\u26A0\uFE0F',
  rotating_light: '\u{1F6A8}',
  red_circle: '\u{1F534}',
  large_yellow_circle: '\u{1F7E1}',
  large_green_circle: '\u{1F7E2}',
  large_blue_circle: '\u{1F535}',
  white_circle: '\u26AA',
  bell: '\u{1F514}',
  no_bell: '\u{1F515}',
  hourglass: '\u231B',
  hourglass_flowing_sand: '\u23F3',
  lock: '\u{1F512}',
  key: '\u{1F511}',
  link: '\u{1F517}',
  eyes: '\u{1F440}',
  tada: '\u{1F389}',
  rocket: '\u{1F680}',
  boat: '\u26F5',
  sailboat: '\u26F5',
  anchor: '\u2693',
  calendar: '\u{1F4C6}',
  bar_chart: '\u{1F4CA}',
  memo: '\u{1F4DD}',
  robot_face: '\u{1F916}',
  wave: '\u{1F44B}',
  '+1': '\u{1F44D}',
  thumbsup: '\u{1F44D}',
  '-1': '\u{1F44E}',
  thumbsdown: '\u{1F44E}',
  information_source: '\u2139\uFE0F',
  question: '\u2753',
  exclamation: '\u2757',
  arrow_right: '\u27A1\uFE0F',
}

/**
 * @param {string} name
 * @param {string} [character] When the message brings it along.
 */
export function emojiView(name, character) {
  const shown = lookUp(CHARACTERS, name) ?? character
  if (shown === undefined) return html`:${name}:`
  return html`<span class="sl-emoji" role="img" aria-label="${name.replaceAll('_', ' ')}" title=":${name}:">${shown}</span>`
}

/** Text with the emoji in it that we know. @param {string} text */
export function withEmoji(text) {
  const parts = text.split(/:([a-z0-9_+-]+):/g)
  return join(parts.map((part, index) => (index % 2 === 0 ? html`${part}` : emojiView(part))))
}
