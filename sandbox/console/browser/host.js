// @ts-check
/** @import { HostView } from '../protocol.ts' */
/** @import { Switch } from './switches.js' */
import { byId, make, whenChanged } from './dom.js'
import { model, onChange } from './model.js'
import { askWorld } from './talk.js'
import { groupView, headView, requestView, showState } from './world.js'

/** @param {HostView} view @returns {['good' | 'bad' | 'busy', string]} */
function stateOf({ name, why, switches }) {
  if (name === null) return ['busy', `Not played here: ${why}.`]
  const wrong = switches.filter(({ isOn }) => isOn).map((one) => one.name)
  if (wrong.length === 0) return ['good', `${name} is healthy.`]
  return ['bad', `${name}: ${wrong.join('; ')}.`]
}

/** @param {HostView['switches'][number]} one @returns {Switch} */
const switchOf = ({ fault, name, says }) => ({
  name,
  says,
  isOn: (parts) => parts.host.switches.some((other) => other.fault === fault && other.isOn),
  act: (isOn) => ({ act: 'host', do: fault, on: !isOn }),
})

const COUNTS = ['has not looked', 'has looked once', 'has looked twice']

/** @param {number} looks */
const looksText = (looks) =>
  `The bot looks every 10 minutes, and ${COUNTS[looks] ?? `has looked ${looks} times`} since the last switch. A trouble is over after two good looks.`

/** Without sshd: what is missing, and what the bot does instead. */
const missingView = () =>
  make(
    'p',
    { class: 'hint' },
    'The bot is told of no other host and watches this machine itself. Install what is missing and start the sandbox again.',
  )

/** The switches, and the look after them. @param {HostView} view */
function switchesView({ switches }) {
  const of = (/** @type {'host' | 'way'} */ where) => switches.filter((one) => one.where === where).map(switchOf)
  const look = make('button', { type: 'button' }, 'Look now')
  look.addEventListener('click', () => void askWorld({ act: 'look' }))
  return [
    make('div', { class: 'look' }, look, make('span', { id: 'host-looks' })),
    groupView('On the host', of('host'), false),
    groupView('On the way there', of('way'), false),
    make('ol', { id: 'host-requests', class: 'requests', 'aria-label': 'Latest requests to Lightsail' }),
  ]
}

/** The watched host, with what can be wrong with it. */
export function mountHost() {
  const root = byId('host', HTMLElement)
  root.append(headView('host', 'The host'))
  const build = whenChanged((/** @type {string | null} */ name) => {
    const view = model.parts.host
    if (view !== undefined) root.append(...(name === null ? [missingView()] : switchesView(view)))
  })
  const draw = whenChanged((/** @type {HostView} */ view) => {
    showState('host', ...stateOf(view))
    if (view.name === null) return
    byId('host-looks', HTMLElement).textContent = looksText(view.looks)
    byId('host-requests', HTMLElement).replaceChildren(...view.requests.map(requestView))
  })
  onChange(() => {
    if (model.parts.host === undefined) return
    build(model.parts.host.name)
    draw(model.parts.host)
  })
}
