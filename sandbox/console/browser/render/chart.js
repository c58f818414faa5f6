// @ts-check
/** @import { Markup } from './html.js' */
/** @import { Fields, Place } from './types.js' */
import { plotView } from './chart-plot.js'
import { exact } from './chart-scale.js'
import { attributes, html, join } from './html.js'
import { fieldsOf, listOf, numberOf, stringOf, unknownView } from './json.js'
import { pieView } from './pie.js'
import { scrollingTable } from './table.js'
import { domId } from './target.js'

/** One line, or one row of bars; a value is missing where the message gives none. @typedef {{ name: string, values: (number | undefined)[] }} Series */
/** @typedef {{ kind: string, categories: string[], series: Series[], xLabel: string, yLabel: string }} Chart */

const KINDS = new Set(['line', 'bar', 'area'])

/**
 * @param {Fields} chart
 * @returns {Chart}
 */
function readSeries(chart) {
  const { categories, x_label, y_label } = fieldsOf(chart['axis_config'])
  const series = listOf(chart['series']).map(({ name, data }) => ({ name: stringOf(name), points: listOf(data) }))
  const named = Array.isArray(categories) ? categories.map(stringOf) : []
  const labels = named.length > 0 ? named : [...new Set(series.flatMap(({ points }) => points.map(({ label }) => stringOf(label))))]
  return {
    kind: stringOf(chart['type']),
    categories: labels,
    series: series.map(({ name, points }) => ({
      name,
      values: labels.map((label) => numberOf(points.find((point) => point['label'] === label)?.['value'])),
    })),
    xLabel: stringOf(x_label),
    yLabel: stringOf(y_label),
  }
}

/**
 * The same in figures, for those who do not see the picture.
 *
 * @param {Chart} chart
 * @param {string} title
 */
function figures({ categories, series, xLabel }, title) {
  const names = series.map(({ name }) => html`<th scope="col" class="sl-right">${name}</th>`)
  const rows = categories.map((label, index) => {
    const cells = series.map(({ values }) => {
      const value = values[index]
      return html`<td class="sl-right">${value === undefined ? 'none' : exact(value)}</td>`
    })
    return html`<tr>
      <th scope="row">${label}</th>
      ${cells}
    </tr>`
  })
  const head = html`<thead>
    <tr>
      <th scope="col">${xLabel || 'Label'}</th>
      ${names}
    </tr>
  </thead>`
  return html`<details class="sl-figures">
    <summary>In figures</summary>
    ${scrollingTable(
      html`${head}
        <tbody>
          ${rows}
        </tbody>`,
      `${title}, in figures`,
    )}
  </details>`
}

/**
 * A sentence about what is drawn.
 *
 * @param {Chart} chart
 */
function summary({ kind, categories, series }) {
  const parts = series.map(({ name, values }) => {
    const known = values.filter((value) => value !== undefined)
    if (known.length === 0) return `${name}: no values`
    return `${name}: from ${exact(Math.min(...known))} to ${exact(Math.max(...known))}, last ${exact(known.at(-1) ?? 0)}`
  })
  const range = categories.length === 0 ? '' : `, ${categories[0]} to ${categories.at(-1)}`
  return `${kind} chart${range}. ${parts.join('; ')}`
}

/**
 * @param {readonly { name: string, note?: string }[]} entries
 */
function legend(entries) {
  const items = entries.map(
    ({ name, note }, index) =>
      html`<li>
        <svg class="sl-swatch" viewBox="0 0 10 10" aria-hidden="true">
          <rect class="sl-fill-${index % 12}" width="10" height="10" rx="2" />
        </svg>
        ${name}${note === undefined ? undefined : html` <small>${note}</small>`}
      </li>`,
  )
  return html`<ul class="sl-legend">
    ${join(items)}
  </ul>`
}

/**
 * @param {Fields} chart
 * @param {string} title
 * @param {Markup} described
 */
function pie(chart, title, described) {
  const parts = listOf(chart['segments']).map(({ label, value }) => ({ name: stringOf(label), value: numberOf(value) ?? 0 }))
  const total = parts.reduce((sum, { value }) => sum + Math.max(0, value), 0)
  const noted = parts.map(({ name, value }) => {
    const share = total > 0 ? Math.round((Math.max(0, value) / total) * 100) : 0
    return { name, note: `${exact(value)} (${share} %)` }
  })
  const said = `pie chart. ${noted.map(({ name, note }) => `${name}: ${note}`).join('; ')}`
  return html`<div class="sl-pie">${pieView(parts, `${title}: ${said}`, described)}${legend(noted)}</div>`
}

/**
 * @param {Fields} block
 * @param {Place} place
 */
export function chartView(block, place) {
  const title = stringOf(block['title'])
  const chart = fieldsOf(block['chart'])
  const kind = stringOf(chart['type'])
  if (kind !== 'pie' && !KINDS.has(kind)) return unknownView('block', block)
  const id = domId(place, stringOf(block['block_id']) || title, 'chart')
  const heading = html`<figcaption ${attributes({ id })}>${title}</figcaption>`
  const described = attributes({ 'aria-describedby': id })
  if (kind === 'pie') return html`<figure class="sl-chart">${heading}${pie(chart, title, described)}</figure>`
  const read = readSeries(chart)
  const names = legend(read.series.map(({ name }) => ({ name })))
  const plot = html`<div class="sl-scroll" tabindex="0" role="region" ${attributes({ 'aria-label': `${title}, chart` })}>
    ${plotView(read, `${title}: ${summary(read)}`)}
  </div>`
  return html`<figure class="sl-chart">${heading}${plot}${names}${figures(read, title)}</figure>`
}
