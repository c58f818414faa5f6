// @ts-check
/** @import { Chart, Series } from './chart.js' */
/** @import { Markup } from './html.js' */
import { axisOf, exact, round, short, shorten } from './chart-scale.js'
import { attributes, html, join } from './html.js'

/** Lines, areas and bars over an axis of categories. */

const WIDTH = 560
const HEIGHT = 260
const TOP = 12
const LEFT = 56
const RIGHT = 12

/**
 * Where things stand in the picture.
 *
 * @typedef {{ x: (index: number) => number, y: (value: number) => number, band: number, bottom: number, zero: number }} Scale
 */

/** Labels wider than their place are slanted. @param {readonly string[]} categories */
const areSlanted = (categories) => {
  const longest = Math.max(0, ...categories.map((label) => label.length))
  return longest * 7 > (WIDTH - LEFT - RIGHT) / Math.max(1, categories.length)
}

/**
 * @param {Chart} chart
 * @param {{ low: number, high: number }} axis
 * @returns {Scale}
 */
function scaleOf({ categories, xLabel }, { low, high }) {
  const bottom = HEIGHT - (areSlanted(categories) ? 62 : 24) - (xLabel === '' ? 0 : 18)
  const band = (WIDTH - LEFT - RIGHT) / Math.max(1, categories.length)
  /** @param {number} value */
  const y = (value) => round(bottom - ((value - low) / (high - low)) * (bottom - TOP))
  return { x: (index) => round(LEFT + band * (index + 0.5)), y, band, bottom, zero: y(0) }
}

/**
 * @param {readonly number[]} ticks
 * @param {Scale} scale
 */
function grid(ticks, { y }) {
  return ticks.map((tick) => {
    const at = y(tick)
    const style = tick === 0 ? 'sl-axis' : 'sl-grid'
    return html`<line class="${style}" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" /><text
        x="${LEFT - 6}"
        y="${at + 4}"
        text-anchor="end"
        >${short(tick)}</text
      >`
  })
}

/**
 * @param {Chart} chart
 * @param {Scale} scale
 */
function labels({ categories, xLabel, yLabel }, { x, bottom }) {
  const slanted = areSlanted(categories)
  const middle = (TOP + bottom) / 2
  const ticks = categories.map((label, index) => {
    const [left, top] = [x(index), bottom + (slanted ? 14 : 17)]
    const turn = attributes({
      transform: slanted ? `rotate(-35 ${left} ${top})` : undefined,
      'text-anchor': slanted ? 'end' : 'middle',
    })
    return html`<text x="${left}" y="${top}" ${turn}>${shorten(label, slanted ? 12 : 20)}</text>`
  })
  const below = html`<text class="sl-axis-name" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 4}" text-anchor="middle">${xLabel}</text>`
  const beside = html`<text class="sl-axis-name" x="12" y="${middle}" text-anchor="middle" transform="rotate(-90 12 ${middle})"
    >${yLabel}</text
  >`
  return html`${ticks}${below}${beside}`
}

/** @param {Series} series @param {string} label @param {number} value */
const tip = ({ name }, label, value) => html`<title>${name}, ${label}: ${exact(value)}</title>`

/**
 * @param {Chart} chart
 * @param {Scale} scale
 */
function bars({ series, categories }, { x, y, band, zero }) {
  const width = Math.min(48, (band * 0.76) / Math.max(1, series.length))
  return series.map((one, place) =>
    join(
      one.values.map((value, index) => {
        if (value === undefined) return html``
        const left = round(x(index) + (place - series.length / 2) * width)
        const [top, height] = [Math.min(y(value), zero), Math.abs(y(value) - zero)]
        return html`<rect
          class="sl-fill-${place % 12}"
          x="${left}"
          y="${round(top)}"
          width="${round(Math.max(1, width - 1))}"
          height="${round(height)}"
          >${tip(one, categories[index] ?? '', value)}</rect
        >`
      }),
    ),
  )
}

/**
 * Points without a gap between them.
 *
 * @param {Series} series
 * @param {Scale} scale
 */
function runs({ values }, { x, y }) {
  /** @type {(readonly [number, number])[][]} */
  const found = [[]]
  for (const [index, value] of values.entries()) {
    if (value === undefined) found.push([])
    else found.at(-1)?.push([x(index), y(value)])
  }
  return found.filter((run) => run.length > 0)
}

/** The second six of the colours are told apart from the first by dashes. @param {number} place */
const dashOf = (place) => (place % 12 > 5 ? '6 3' : undefined)

/**
 * @param {Chart} chart
 * @param {Scale} scale
 */
function lines({ kind, series, categories }, scale) {
  return series.map((one, place) => {
    const paths = runs(one, scale).map((run) => {
      const points = run.map((point) => point.join(',')).join(' ')
      const stroke = html`<polyline
        class="sl-stroke-${place % 12}"
        points="${points}"
        ${attributes({ 'stroke-dasharray': dashOf(place) })}
      />`
      if (kind !== 'area') return stroke
      const [first, last] = [run[0]?.[0] ?? 0, run.at(-1)?.[0] ?? 0]
      return html`<polygon
          class="sl-area sl-fill-${place % 12}"
          points="${first},${scale.zero} ${points} ${last},${scale.zero}"
        />${stroke}`
    })
    const dots = one.values.map((value, index) =>
      value === undefined
        ? undefined
        : html`<circle class="sl-fill-${place % 12}" cx="${scale.x(index)}" cy="${scale.y(value)}" r="3.5"
            >${tip(one, categories[index] ?? '', value)}</circle
          >`,
    )
    return html`${paths}${dots}`
  })
}

/**
 * @param {Chart} chart
 * @param {string} said What is drawn, in words.
 * @returns {Markup}
 */
export function plotView(chart, said) {
  const axis = axisOf(chart.series.flatMap(({ values }) => values.filter((value) => value !== undefined)))
  const scale = scaleOf(chart, axis)
  const marks = chart.kind === 'bar' ? bars(chart, scale) : lines(chart, scale)
  return html`<svg class="sl-plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" ${attributes({ 'aria-label': said })}>
    ${grid(axis.ticks, scale)}${marks}${labels(chart, scale)}
  </svg>`
}
