/*
 * Joins the drawing to the form, tells the bot that a person has the page open, and prints. Without this file the page works as well: the
 * typed name is then the signature.
 */

/** The size the drawing is kept in, whatever the screen's is. */
const WIDTH = 600
const HEIGHT = 240
const MOST_BYTES = 60 * 1024

/** @typedef {[number, number]} Point */

/**
 * @param {Point[][]} strokes
 * @returns {string}
 */
function toPath(strokes) {
  return strokes.map((points) => `M${points.map(([x, y]) => `${x} ${y}`).join('L')}`).join('')
}

/**
 * @param {string} path
 * @returns {Point[][]}
 */
function fromPath(path) {
  return path
    .split('M')
    .filter((stroke) => stroke !== '')
    .map((stroke) =>
      stroke.split('L').map((point) => {
        const [x = 0, y = 0] = point.split(' ').map(Number)
        return /** @type {Point} */ ([x, y])
      }),
    )
}

/**
 * @param {number} value
 * @param {number} most
 */
const within = (value, most) => Math.min(Math.max(Math.round(value), 0), most)

/**
 * Half of the points until it fits: a line that long is drawn well enough with fewer.
 * @param {Point[][]} strokes
 * @returns {string}
 */
function fitting(strokes) {
  let kept = strokes
  for (let path = toPath(kept); ; path = toPath(kept)) {
    if (path.length <= MOST_BYTES) return path
    const thinner = kept.map((points) => points.filter((_, index) => index % 2 === 0 || index === points.length - 1))
    if (toPath(thinner).length === path.length) return ''
    kept = thinner
  }
}

/**
 * @param {HTMLElement} area
 * @param {HTMLInputElement} field
 */
function startPad(area, field) {
  const canvas = /** @type {HTMLCanvasElement} */ (area.querySelector('canvas'))
  const status = /** @type {HTMLElement} */ (area.querySelector('[data-status]'))
  area.hidden = false
  const pad = new SignaturePad(canvas, { minWidth: 1, maxWidth: 2.8, penColor: '#000' })
  let width = 0

  /** @param {string} words */
  const say = (words) => {
    status.textContent = words
    canvas.setAttribute('aria-label', field.value === '' ? 'Your drawn signature: empty' : 'Your drawn signature')
  }

  /** The screen was turned, or the page was shown again with what was drawn. */
  const redraw = () => {
    const now = canvas.clientWidth
    if (now === width || now === 0) return
    width = now
    const sharpness = Math.max(globalThis.devicePixelRatio || 1, 1)
    canvas.width = now * sharpness
    canvas.height = canvas.clientHeight * sharpness
    canvas.getContext('2d')?.scale(sharpness, sharpness)
    pad.clear()
    const scale = now / WIDTH
    const { dotSize, minWidth, maxWidth, penColor, velocityFilterWeight, compositeOperation } = pad
    /** @param {Point[]} points */
    const toGroup = (points) => ({
      dotSize,
      minWidth,
      maxWidth,
      penColor,
      velocityFilterWeight,
      compositeOperation,
      points: points.map(([x, y], index) => ({ x: x * scale, y: y * scale, pressure: 0.5, time: index * 16 })),
    })
    pad.fromData(fromPath(field.value).map(toGroup))
  }

  const keep = () => {
    const scale = WIDTH / canvas.clientWidth
    const strokes = pad
      .toData()
      .map(({ points }) =>
        points
          .map(({ x, y }) => /** @type {Point} */ ([within(x * scale, WIDTH), within(y * scale, HEIGHT)]))
          .filter(([x, y], index, all) => index === 0 || x !== all[index - 1]?.[0] || y !== all[index - 1]?.[1]),
      )
    field.value = fitting(strokes)
    say('Drawing kept.')
  }

  pad.addEventListener('endStroke', keep)
  area.querySelector('[data-clear]')?.addEventListener('click', () => {
    pad.clear()
    field.value = ''
    say('Drawing cleared.')
  })
  new ResizeObserver(redraw).observe(canvas)
  redraw()
  say('')
}

/** A link preview only reads the page; this says that somebody has it before them. */
function tellViewed() {
  if (document.visibilityState !== 'visible') {
    document.addEventListener('visibilitychange', tellViewed, { once: true })
    return
  }
  const body = new URLSearchParams({ action: 'view' })
  fetch(location.pathname, { method: 'POST', body, keepalive: true, credentials: 'omit' }).catch(() => undefined)
}

const form = document.querySelector('form[data-sign]')
if (form !== null) {
  const area = form.querySelector('[data-pad]')
  const field = form.querySelector('input[name="drawing"]')
  if (area instanceof HTMLElement && field instanceof HTMLInputElement && typeof SignaturePad === 'function') startPad(area, field)
  tellViewed()
}

/** @type {HTMLElement | null} */
const summary = document.querySelector('[data-summary]')
summary?.focus()

/** @type {HTMLElement | null} */
const print = document.querySelector('[data-print]')
if (print !== null) {
  print.hidden = false
  print.addEventListener('click', () => {
    globalThis.print()
  })
}
