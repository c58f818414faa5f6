// @ts-check

/** Reading of values and labels for charts. */

const FORMAT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 })
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

/** @param {number} value */
export const exact = (value) => FORMAT.format(value)

/** @param {number} value */
export const short = (value) => (Math.abs(value) >= 10_000 ? COMPACT.format(value) : FORMAT.format(value))

/**
 * Round values for an axis that holds zero and all the given ones.
 *
 * @param {readonly number[]} values
 * @returns {{ low: number, high: number, ticks: number[] }}
 */
export function axisOf(values) {
  const least = Math.min(0, ...values)
  const most = Math.max(0, ...values)
  const span = most - least
  // Values too small to tell apart are drawn as zero.
  if (!(span > 1e-12)) return { low: 0, high: 1, ticks: [0, 1] }
  const power = 10 ** Math.floor(Math.log10(span / 4))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => span / one <= 5) ?? span
  const first = Math.floor(least / step)
  const count = Math.ceil(most / step) - first
  const ticks = Array.from({ length: count + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)))
  return { low: ticks[0] ?? 0, high: ticks.at(-1) ?? 1, ticks }
}

/**
 * @param {string} text
 * @param {number} most
 */
export const shorten = (text, most) => {
  const letters = Array.from(text)
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text
}

/** For coordinates. @param {number} value */
export const round = (value) => Math.round(value * 10) / 10
