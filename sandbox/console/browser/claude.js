// @ts-check
/** @import { ClaudeView } from '../protocol.ts' */
import { byId, make, whenChanged } from './dom.js'
import { model, onChange } from './model.js'
import { CLAUDE } from './switches.js'
import { groupView, headView, inZone, showState } from './world.js'

const number = new Intl.NumberFormat('en-US')

/** @param {ClaudeView} view @returns {['good' | 'bad' | 'busy', string]} */
function stateOf({ fault, replies, tokens }) {
  if (fault !== null) return ['bad', 'Claude is faulty now.']
  if (replies === 0) return ['good', 'Nobody has asked yet.']
  const cached = tokens.cached === 0 ? '' : `, ${number.format(tokens.cached)} more from its cache`
  return [
    'good',
    `${replies} ${replies === 1 ? 'reply' : 'replies'}; ${number.format(tokens.input)} tokens read${cached}, ${number.format(tokens.output)} written.`,
  ]
}

/** @param {ClaudeView['requests'][number]} request */
function requestView({ at, what, status, error, input, output }) {
  const said = status === 0 ? 'no answer' : `${status}${error === '' ? '' : ` ${error}`}`
  const tokens = output === 0 ? '' : ` (${number.format(input)} in, ${number.format(output)} out)`
  return make(
    'li',
    {},
    make('time', {}, inZone(at, { timeStyle: 'medium' })),
    ` ${what}${tokens} `,
    make('strong', { class: status === 200 ? 'good' : 'bad' }, said),
  )
}

/** @param {ClaudeView['scripts'][number]} script */
function chosenBy({ kind, words }) {
  if (kind !== null) return ['kind ', make('code', {}, kind)]
  return words.length === 0 ? ['any other'] : words.flatMap((word, index) => [index === 0 ? '' : ' or ', make('code', {}, word)])
}

/** @param {ClaudeView['scripts'][number]} script */
const scriptView = (script) => [make('dt', {}, ...chosenBy(script)), make('dd', {}, script.says)]

/** What to type first, and where the other kinds of tasks come from. */
const hintView = () =>
  make(
    'p',
    { class: 'hint' },
    'Try: ',
    make('code', {}, '/jada task add general Check the agreements'),
    '. Or add a charter to the port sheet, clear its captain, and sync.',
  )

/** The model, with its faults and what it can be made to do. */
export function mountClaude() {
  const requests = make('ol', { class: 'requests', 'aria-label': 'Latest requests to Claude' })
  const scripts = make('dl', { class: 'scripts' })
  const usage = make(
    'p',
    {},
    'Type ',
    make('code', {}, '/jada task add general <title>'),
    ' with one of these words in the title. The office has kinds of its own:',
  )
  byId('claude', HTMLElement).append(
    headView('claude', 'Claude'),
    hintView(),
    ...CLAUDE.map(([name, switches]) => groupView(name, switches)),
    make('details', { class: 'scripts-frame' }, make('summary', {}, 'What a task makes it do'), usage, scripts),
    requests,
  )
  const drawScripts = whenChanged((/** @type {ClaudeView['scripts']} */ all) => scripts.replaceChildren(...all.flatMap(scriptView)))
  const draw = whenChanged((/** @type {ClaudeView} */ view) => {
    showState('claude', ...stateOf(view))
    drawScripts(view.scripts)
    requests.replaceChildren(...view.requests.map(requestView))
  })
  onChange(() => {
    if (model.parts.claude !== undefined) draw(model.parts.claude)
  })
}
