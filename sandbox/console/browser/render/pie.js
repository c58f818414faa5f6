// @ts-check
/** @import { Markup } from './html.js' */
import { exact, round } from './chart-scale.js'
import { attributes, html } from './html.js'

const RADIUS = 90
const MIDDLE = 100

/** @param {number} share Of the whole, clockwise from the top. */
function pointAt(share) {
  const angle = share * 2 * Math.PI
  return `${round(MIDDLE + RADIUS * Math.sin(angle))},${round(MIDDLE - RADIUS * Math.cos(angle))}`
}

/**
 * @param {readonly { name: string, value: number }[]} parts What is not more than zero takes no room.
 * @param {string} said What is drawn, in words.
 * @param {Markup} described
 */
export function pieView(parts, said, described) {
  const total = parts.reduce((sum, { value }) => sum + Math.max(0, value), 0)
  let from = 0
  const slices = parts.map(({ name, value }, index) => {
    const share = total > 0 ? Math.max(0, value) / total : 0
    if (share === 0) return undefined
    const tip = html`<title>${name}: ${exact(value)}</title>`
    const begin = from
    from += share
    if (share > 0.9995)
      return html`<circle class="sl-slice sl-fill-${index % 12}" cx="${MIDDLE}" cy="${MIDDLE}" r="${RADIUS}">${tip}</circle>`
    const path = `M${MIDDLE},${MIDDLE} L${pointAt(begin)} A${RADIUS},${RADIUS} 0 ${share > 0.5 ? 1 : 0} 1 ${pointAt(from)} Z`
    return html`<path class="sl-slice sl-fill-${index % 12}" d="${path}">${tip}</path>`
  })
  const empty = html`<circle class="sl-grid" cx="${MIDDLE}" cy="${MIDDLE}" r="${RADIUS}" fill="none" />`
  return html`<svg class="sl-pie-plot" viewBox="0 0 200 200" role="img" ${attributes({ 'aria-label': said })} ${described}>
    ${total > 0 ? slices : empty}
  </svg>`
}
