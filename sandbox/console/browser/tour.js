// @ts-check
/** @import { TourView } from '../protocol.ts' */
import { openThread } from './conversation.js'
import { byId, whenChanged } from './dom.js'
import { changed, model, onChange } from './model.js'
import { askWorld } from './talk.js'

const panel = byId('tour', HTMLElement)
const start = byId('tour-start', HTMLButtonElement)
const pause = byId('tour-pause', HTMLButtonElement)
const next = byId('tour-next', HTMLButtonElement)

/** @param {TourView} view */
const isOn = ({ state }) => state === 'running' || state === 'paused'

/** The part of the page a step speaks of. @param {TourView['place']} place @returns {Element | null} */
function partOf(place) {
  if (place === null || place === 'tour') return null
  if (place !== 'card') return document.querySelector(`[data-place="${place}"]`)
  const cards = document.querySelectorAll('#feed li:has(.sl-attachment)')
  return cards[cards.length - 1] ?? document.querySelector('[data-place="conversation"]')
}

/** @param {TourView} view */
function highlight(view) {
  for (const old of document.querySelectorAll('.spoken-of')) old.classList.remove('spoken-of')
  const part = isOn(view) ? partOf(view.place) : null
  if (part === null) return
  document.body.dataset['column'] = part.closest('#world') === null ? 'slack' : 'world'
  part.classList.add('spoken-of')
  part.scrollIntoView({ block: 'nearest', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' })
}

/** @param {TourView} view */
function drawWords(view) {
  const { state, step, steps, title, text, phase } = view
  panel.hidden = state === 'idle'
  panel.dataset['phase'] = phase
  byId('tour-step', HTMLElement).textContent = state === 'paused' ? `Step ${step} of ${steps}, paused` : `Step ${step} of ${steps}`
  byId('tour-title', HTMLElement).textContent = title
  byId('tour-text', HTMLElement).textContent = text
  byId('tour-done', HTMLElement).style.setProperty('--done', String(steps === 0 ? 0 : step / steps))
  pause.textContent = state === 'paused' ? 'Go on' : 'Pause'
  pause.hidden = !isOn(view)
  next.hidden = !isOn(view)
  start.textContent = state === 'idle' ? 'Take the tour (1 min)' : 'Tour from the start'
  start.classList.toggle('primary', !isOn(view))
}

/** Shows the operator's channel, with the thread only while it is spoken of. @param {TourView} view */
function arrange({ place, phase, threadTs }) {
  model.me = model.parts.stage?.people[0]?.id ?? model.me
  model.tab = 'channel'
  if (place === 'thread' && threadTs !== null && model.threadTs !== threadTs) openThread(threadTs, { focus: false })
  if (place === 'card' && phase === 'acting') model.threadTs = null
  changed()
}

const draw = whenChanged((/** @type {TourView} */ view) => {
  drawWords(view)
  if (isOn(view) && view.step > 0) arrange(view)
})

/** Tells the main story; the server plays it. */
export function mountTour() {
  start.addEventListener('click', () => void askWorld({ act: 'tour', do: 'start' }))
  pause.addEventListener('click', () => void askWorld({ act: 'tour', do: model.parts.tour?.state === 'paused' ? 'resume' : 'pause' }))
  next.addEventListener('click', () => void askWorld({ act: 'tour', do: 'next' }))
  byId('tour-stop', HTMLButtonElement).addEventListener('click', () => void askWorld({ act: 'tour', do: 'stop' }))
  onChange(() => {
    const { tour } = model.parts
    if (tour === undefined) return
    draw(tour)
    // After everything is drawn, the part spoken of among it.
    queueMicrotask(() => point(tour, document.querySelectorAll('#feed li').length))
  })
}

const point = whenChanged((/** @type {TourView} */ tour, /** @type {number} */ _messages) => highlight(tour))
