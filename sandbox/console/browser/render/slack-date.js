// @ts-check
/** @import { RenderContext } from './types.js' */
import { lookUp } from './json.js'

const DAY_MS = 86_400_000
/** The last moment that JavaScript's dates know. */
const LATEST_MS = 8_640_000_000_000_000

/** @type {Readonly<Record<string, Intl.DateTimeFormatOptions>>} */
const FORMATS = {
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
}

/** @type {readonly (readonly [Intl.RelativeTimeFormatUnit, number])[]} */
const UNITS = [
  ['day', DAY_MS],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
]

/**
 * @param {number} at
 * @param {RenderContext} context
 */
const isoDay = (at, { timeZone }) => new Intl.DateTimeFormat('en-CA', { timeZone }).format(at)

/**
 * @param {number} at
 * @param {RenderContext} context
 */
function nearDay(at, context) {
  const day = isoDay(at, context)
  if (day === isoDay(context.now, context)) return 'today'
  if (day === isoDay(context.now - DAY_MS, context)) return 'yesterday'
  return day === isoDay(context.now + DAY_MS, context) ? 'tomorrow' : undefined
}

/**
 * @param {number} at
 * @param {RenderContext} context
 */
function ago(at, { now }) {
  const [unit, size] = UNITS.find(([, size]) => Math.abs(at - now) >= size) ?? ['second', 1000]
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.round((at - now) / size), unit)
}

/**
 * @param {string} name
 * @param {number} at
 * @param {RenderContext} context
 */
function token(name, at, context) {
  const near = name.endsWith('_pretty') ? nearDay(at, context) : undefined
  if (near !== undefined) return near
  if (name === 'date_num') return isoDay(at, context)
  if (name === 'ago') return ago(at, context)
  const options = lookUp(FORMATS, name.replace(/_pretty$/, ''))
  return options && new Intl.DateTimeFormat('en-US', { ...options, timeZone: context.timeZone }).format(at)
}

/**
 * A moment in a format of Slack's `<!date^...>`; nothing when it holds something else, so that the fallback is shown.
 *
 * @param {number} at Milliseconds.
 * @param {string} format
 * @param {RenderContext} context
 * @returns {string | undefined}
 */
export function formatDate(at, format, context) {
  if (!(Math.abs(at) <= LATEST_MS)) return undefined
  let isKnown = true
  const text = format.replaceAll(/\{(\w+)\}/g, (_all, /** @type {string} */ name) => {
    const found = token(name, at, context)
    if (found === undefined) isKnown = false
    return found ?? ''
  })
  return isKnown ? text : undefined
}

/**
 * The moment of a message's `ts`; nothing when it is none.
 *
 * @param {unknown} ts Unix seconds with a serial after the dot.
 * @returns {number | undefined}
 */
export function timeOfTs(ts) {
  const at = Number(typeof ts === 'string' || typeof ts === 'number' ? ts : Number.NaN) * 1000
  return at > 0 && at <= LATEST_MS ? at : undefined
}
