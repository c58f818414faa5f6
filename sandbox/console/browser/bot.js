// @ts-check
/** @import { BotView } from '../protocol.ts' */
import { byId, make, whenChanged } from './dom.js'
import { model, onChange } from './model.js'
import { askWorld } from './talk.js'
import { headView, showState } from './world.js'

/** @type {Readonly<Record<BotView['state'], readonly ['good' | 'bad' | 'busy', string]>>} */
const STATES = {
  stopped: ['bad', 'Stopped.'],
  starting: ['busy', 'Starting.'],
  running: ['good', 'Running'],
  stopping: ['busy', 'Stopping.'],
  died: ['bad', 'It exited on its own; its last lines are below.'],
}

const HANDS = /** @type {const} */ ([
  ['start', 'Start', 'It goes on where it was.'],
  ['stop', 'Stop', 'It finishes its work first.'],
  ['kill', 'kill -9', 'Gone at once, in mid-work.'],
])

/** The process, and what it says. */
export function mountBot() {
  const log = make('pre', { class: 'log', tabindex: '0', 'aria-label': 'Log of the bot' })
  const buttons = HANDS.map(([what, name, says]) => {
    const button = make('button', { type: 'button', class: 'switch' }, make('strong', {}, name), make('span', {}, says))
    button.addEventListener('click', () => void askWorld({ act: 'bot', do: what }))
    return { what, button }
  })
  const grid = make('div', { class: 'switch-grid three' }, ...buttons.map(({ button }) => button))
  byId('bot', HTMLElement).append(headView('bot', 'The bot'), grid, log)
  const draw = whenChanged((/** @type {BotView} */ { state, pid }) => {
    const [mood, text] = STATES[state]
    showState('bot', mood, state === 'running' ? `${text}, process ${pid}.` : text)
    const runs = pid !== null
    for (const { what, button } of buttons) button.disabled = runs === (what === 'start')
  })
  const drawLog = whenChanged((/** @type {string[]} */ lines) => {
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40
    log.textContent = lines.join('\n')
    if (isAtEnd) log.scrollTop = log.scrollHeight
  })
  onChange(() => {
    const { bot, log: lines } = model.parts
    if (bot !== undefined) draw(bot)
    if (lines !== undefined) drawLog(lines)
  })
}
