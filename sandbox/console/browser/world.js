// @ts-check
/** @import { Switch } from './switches.js' */
/** @import { GoogleView, Parts, SlackView } from '../protocol.ts' */
import { byId, make, whenChanged } from './dom.js'
import { model, onChange } from './model.js'
import { GOOGLE, SLACK } from './switches.js'
import { askWorld } from './talk.js'

/** @param {Switch} one */
function switchView(one) {
  const button = make('button', { type: 'button', class: 'switch' }, make('strong', {}, one.name), make('span', {}, one.says))
  const state = () => /** @type {Parts} */ (model.parts)
  button.addEventListener('click', () => void askWorld(one.act(one.isOn?.(state()) ?? false)))
  onChange(() => {
    if (model.parts.stage === undefined) return
    if (one.isOn !== undefined) button.setAttribute('aria-pressed', String(one.isOn(state())))
    button.disabled = one.isIdle?.(state()) ?? false
  })
  return button
}

/** @param {string} name @param {readonly Switch[]} switches @param {boolean} [isThree] Three in a row. */
export function groupView(name, switches, isThree = switches.length % 3 === 0) {
  const title = name === '' ? [] : [make('legend', {}, name)]
  return make(
    'fieldset',
    { class: 'switches' },
    ...title,
    make('div', { class: `switch-grid${isThree ? ' three' : ''}` }, ...switches.map(switchView)),
  )
}

/**
 * The head of a far end: its name, and how it is.
 *
 * @param {string} id
 * @param {string} name
 */
export function headView(id, name) {
  const go = make('button', { type: 'button', id: `${id}-go` }, name)
  go.addEventListener('click', () => {
    const head = byId(`${id}-name`, HTMLElement)
    head.closest('section')?.scrollIntoView({ block: 'start' })
    head.focus({ preventScroll: true })
  })
  byId('world-nav', HTMLElement).append(go)
  return make(
    'header',
    { class: 'end-head' },
    make('h2', { id: `${id}-name`, tabindex: '-1' }, name),
    make('p', { id: `${id}-state`, class: 'state', role: 'status' }),
  )
}

/**
 * @param {string} id
 * @param {'good' | 'bad' | 'busy'} mood
 * @param {string} text
 */
export function showState(id, mood, text) {
  const line = byId(`${id}-state`, HTMLElement)
  line.dataset['mood'] = mood
  byId(`${id}-go`, HTMLElement).dataset['mood'] = mood
  line.textContent = text
}

/** @param {number} at @param {Intl.DateTimeFormatOptions} form */
export const inZone = (at, form) => new Date(at).toLocaleString('en-GB', { timeZone: model.parts.stage?.timeZone, ...form })

/** @param {number} at */
const momentOf = (at) => inZone(at, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })

/** @param {GoogleView} view @returns {['good' | 'bad' | 'busy', string]} */
function googleState({ token, fault }) {
  const trouble = fault === null ? '' : ' Google is faulty now.'
  if (token.state === 'none') return ['busy', `No consent yet.${trouble}`]
  if (token.state === 'revoked') return ['bad', `Access was revoked: a person must consent.${trouble}`]
  if (token.state === 'expired') return ['bad', `The token has passed its lifetime: a person must consent.${trouble}`]
  const until = token.expiresAt === undefined ? '' : `, ends ${momentOf(token.expiresAt)}`
  return [fault === null ? 'good' : 'bad', `Token of ${token.email} alive${until}.${trouble}`]
}

/** @param {SlackView} view @returns {['good' | 'bad' | 'busy', string]} */
function slackState({ isUp, connected, isLimited, isRefusing }) {
  if (!isUp) return ['bad', 'Down.']
  if (isRefusing) return ['bad', "Up, but refuses the bot's token."]
  if (isLimited) return ['bad', 'Up, but answers 429 to posts and edits.']
  return connected > 0 ? ['good', 'Up; the bot is connected.'] : ['busy', 'Up; the bot is not connected.']
}

/** @param {GoogleView['requests'][number]} request */
export function requestView({ at, what, status, error }) {
  const time = inZone(at, { timeStyle: 'medium' })
  const said = status === 0 ? 'no answer' : `${status}${error === '' ? '' : ` ${error}`}`
  const isGood = status > 0 && status < 400
  return make('li', {}, make('time', {}, time), ` ${what} `, make('strong', { class: isGood ? 'good' : 'bad' }, said))
}

/** Google, with its faults. */
export function mountGoogle() {
  const requests = make('ol', { class: 'requests', 'aria-label': 'Latest requests to Google' })
  const sync = make('input', { type: 'checkbox', id: 'sync-after', checked: true })
  const label = make('label', { class: 'sync-after' }, sync, ' After a switch, @mara asks for a sync, so as not to wait up to 30 min')
  byId('google', HTMLElement).append(
    headView('google', 'Google'),
    ...GOOGLE.map(([name, switches]) => groupView(name, switches)),
    label,
    requests,
  )
  const drawGoogle = whenChanged((/** @type {GoogleView} */ view) => {
    showState('google', ...googleState(view))
    requests.replaceChildren(...view.requests.map(requestView))
  })
  onChange(() => {
    if (model.parts.google !== undefined) drawGoogle(model.parts.google)
  })
}

/** Slack, with its faults. */
export function mountSlack() {
  byId('slack-far', HTMLElement).append(headView('slack-far', 'Slack'), ...SLACK.map(([name, switches]) => groupView(name, switches)))
  const drawSlack = whenChanged((/** @type {SlackView} */ view) => showState('slack-far', ...slackState(view)))
  onChange(() => {
    if (model.parts.slack !== undefined) drawSlack(model.parts.slack)
  })
}
